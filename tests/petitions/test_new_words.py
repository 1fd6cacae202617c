"""What a citizen writes later waits in sight of officials until one of them acts on it, whatever state it came to."""

from datetime import timedelta

import pytest
from django.urls import reverse

from congvu.base import clock
from congvu.petitions.actions import answering, arranging, citizens, timing
from congvu.petitions.actions.receiving import receive
from congvu.petitions.models import Petition
from congvu.petitions.queries import queue
from congvu.petitions.queries.queue import Asked
from congvu.petitions.submissions import Submission, Who
from tests.petitions.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def ended(law, lamp, binh):
    """A lamp that was answered and closed."""
    dung = Who(name="Phạm Thị Dung", email="dung@citizen.example")
    given = Submission(
        service=lamp, channel="portal", content="Đèn hỏng.", language="vi", who=dung, place="Chợ"
    )
    petition = receive(given, at=NOW).petition
    answering.answer(petition, text="Đã thay bóng.", proof="Biên bản 7", by=binh, at=NOW)
    return answering.close(petition, by=binh, at=NOW)


def waiting(seat) -> list[Petition]:
    pks = list(queue.found(seat, Asked(tab="wrote"), now=NOW))
    assert queue.counts(seat, now=NOW)["wrote"] == len(pks)
    return [Petition.objects.get(pk=one) for one in pks]


def test_words_about_an_ended_request_wait_in_sight_until_somebody_acts(ended, binh, client_of):
    assert waiting(binh) == []
    citizens.add(ended, text="Đèn lại tắt rồi.", at=NOW + HOUR)
    citizens.add(ended, text="Tắt từ tối qua.", at=NOW + 2 * HOUR)
    assert [one.wrote_at for one in waiting(binh)] == [NOW + HOUR]
    here, listed = reverse("petitions:petition", args=[ended.handle]), reverse("petitions:queue")
    with clock.demonstration(NOW + 3 * HOUR):
        client = client_of(binh)
        page = client.get(here).content.decode().split("What is asked")[0]
        assert ("Đèn lại tắt rồi." in page, "Tắt từ tối qua." in page) == (True, True)
        assert "The citizen wrote" in client.get(listed, {"tab": "wrote"}).content.decode()
        assert "The citizen wrote" in client.get(listed, {"tab": "all"}).content.decode()
        assert client.post(reverse("petitions:act", args=[ended.handle, "note"]), {"text": "Đã gọi."})
        assert "nobody has acted" not in client.get(here).content.decode()
    assert waiting(binh) == []


def test_whoever_only_looks_at_who_asked_has_not_acted(ended, chi):
    citizens.add(ended, text="Đèn lại tắt rồi.", at=NOW + HOUR)
    arranging.look(ended, by=chi, at=NOW + 2 * HOUR)
    assert waiting(chi) == [ended]


def test_the_answer_to_a_question_waits_too_and_who_waits_longest_comes_first(ended, law, lamp, binh):
    given = Submission(
        service=lamp, channel="portal", content="Hố ga.", language="vi", who=Who(), place="Chợ"
    )
    asked = receive(given, at=NOW).petition
    timing.suspend(asked, question="Ở đâu?", by=binh, at=NOW)
    citizens.add(ended, text="Đèn lại tắt rồi.", at=NOW + 2 * HOUR)
    citizens.reply(asked, text="Trước chợ.", at=NOW + HOUR)
    assert waiting(binh) == [asked, ended]
    timing.suspend(asked, question="Cổng nào?", by=binh, at=NOW + 3 * HOUR)
    assert waiting(binh) == [ended]

"""Letters that do not arrive: officials and citizens read it, and somebody tells it in another way."""

from datetime import timedelta

import pytest
from django.urls import reverse

from congvu.base import clock
from congvu.mail import messages
from congvu.mail.models import Transfer
from congvu.mail.parcels import SecrecyMarkError
from congvu.petitions import keys, tasks
from congvu.petitions.actions import telling, timing
from congvu.petitions.actions.receiving import receive
from congvu.petitions.models import Step
from congvu.petitions.queries.missed import unsettled
from congvu.petitions.submissions import Submission, Who
from tests.petitions.citizen import Citizen
from tests.petitions.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def received(law, lamp):
    """A lamp of Dung, received, with her key."""
    dung = Who(name="Phạm Thị Dung", email="dung@citizen.example")
    given = Submission(
        service=lamp, channel="portal", content="Đèn hỏng.", language="vi", who=dung, place="Chợ"
    )
    return receive(given, at=NOW)


def test_a_letter_that_bounced_stands_on_the_petition_until_the_citizen_was_told(received, chi, client_of):
    petition, dung = received.petition, Citizen()
    tasks.work(NOW)
    assert unsettled(petition) == []
    Transfer.objects.update(state=Transfer.State.FAILED, reason="address")
    here = reverse("petitions:petition", args=[petition.handle])
    with clock.demonstration(NOW + HOUR):
        client = client_of(chi)
        page = client.get(here).content.decode()
        assert ("did not reach the citizen" in page, "does not exist at the other server" in page) == (
            True,
            True,
        )
        assert "Letter did not arrive" in client.get(reverse("petitions:queue")).content.decode()
        dung.follows(petition.number, keys.shown(received.key))
        followed = f"/1022/ubnd/follow/{petition.number}/"
        assert "could not be delivered" in dung.opens(followed).content.decode()
        act = reverse("petitions:act", args=[petition.handle, "told-otherwise"])
        assert client.post(act, {"text": "Đã gọi điện lúc 9 giờ."}).status_code == 302
        page = client.get(here).content.decode()
        assert ("did not reach the citizen" in page, "Told the citizen in another way" in page) == (
            False,
            True,
        )
        assert "Letter did not arrive" not in client.get(reverse("petitions:queue")).content.decode()
        assert client.get(act).status_code == 403
        assert "Đã gọi điện" not in dung.opens(followed).content.decode()


def test_what_a_withheld_letter_would_have_told_is_notice_once_somebody_told_it(received, chi, monkeypatch):
    def refuse(_parcel):
        raise SecrecyMarkError("secret")

    petition = received.petition
    tasks.work(NOW)
    timing.extend(petition, reason="Chờ vật tư.", is_told=False, by=chi, at=NOW + HOUR)
    monkeypatch.setattr(telling, "unsealed", refuse)
    tasks.work(NOW + HOUR)
    (letter,) = unsettled(petition)
    assert (letter.is_sent, notices(petition)) == (False, 0)
    telling.tell_otherwise(petition, text="Đã gửi qua bưu điện.", by=chi, at=NOW + 2 * HOUR)
    assert (unsettled(petition), notices(petition)) == ([], 1)


def test_what_happens_while_a_letter_is_written_is_told_by_the_next_one_together(received, chi, monkeypatch):
    petition, unsealed, written = received.petition, telling.unsealed, []

    def slowly(parcel):
        if not written:
            timing.extend(petition, reason="Chờ vật tư.", is_told=False, by=chi, at=NOW + HOUR)
        written.append(parcel)
        return unsealed(parcel)

    monkeypatch.setattr(telling, "unsealed", slowly)
    tasks.work(NOW + HOUR)
    assert (notices(petition), Step.objects.filter(told_at__isnull=False).exists()) == (0, False)
    tasks.work(NOW + HOUR)
    assert (notices(petition), len(written)) == (1, 2)
    assert "Chờ vật tư." in messages.read(written[1].raw).text
    assert Step.objects.filter(petition=petition, tells=True, told_at=None).count() == 0


def notices(petition):
    return Step.objects.filter(petition=petition, kind="extension.notified").count()

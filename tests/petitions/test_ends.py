"""How petitions end: never in silence, and when they are destroyed, whole."""

from datetime import timedelta

import pytest

from congvu.base import blobs, keys
from congvu.ledger import queries as ledger
from congvu.ledger.disposal.holders import Marked
from congvu.ledger.sequencer import settle
from congvu.mail.messages import read
from congvu.mail.models import Message
from congvu.petitions import tasks
from congvu.petitions.actions import answering, arranging, citizens, drafting, sending, timing
from congvu.petitions.actions.drafting import SentError
from congvu.petitions.actions.receiving import receive
from congvu.petitions.actions.steps import WrongStateError
from congvu.petitions.holder import Petitions
from congvu.petitions.models import Attachment, Petition, Reporter, Step, UnsentFile, UnsentPetition
from congvu.petitions.queries import petitions as queries
from congvu.petitions.submissions import File, Submission, Who
from tests.petitions.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)
DUNG = Who(name="Phạm Thị Dung", email="dung@citizen.example")
PHOTO = File(name="a.jpg", media_type="image/jpeg", data=b"photo")


@pytest.fixture
def two(law, lamp, an):
    """Two petitions about one lamp, the second merged into the first."""
    given = {"service": lamp, "channel": "portal", "content": "Đèn hỏng.", "language": "vi", "place": "Chợ"}
    first, second = (receive(Submission(**given, who=DUNG), at=NOW).petition for _ in range(2))
    arranging.merge(second, into=first, by=an, at=NOW)
    return first, second


def last(petition: Petition) -> Step:
    return queries.steps(petition)[-1]


def test_whose_petition_was_merged_is_told_of_a_refusal_and_of_another_agency_too(two, chi):
    first, second = two
    answering.refuse(first, reason="Không thuộc thẩm quyền.", is_told=False, by=chi, at=NOW + HOUR)
    refused = next(one for one in queries.steps(second) if one.kind == "petition.refused")
    assert (refused.text, refused.tells) == ("Không thuộc thẩm quyền.", True)
    citizens.dispute(first, text="Thuộc.", at=NOW + 2 * HOUR)
    sending.redirect(first, to="Sở", text="Của Sở.", is_told=True, by=chi, at=NOW + 3 * HOUR)
    assert (last(second).kind, last(second).text) == ("petition.redirected", "Của Sở.")
    second.refresh_from_db()
    assert second.state == "merged"


@pytest.mark.parametrize("end", ["merged", "redirected"])
def test_every_end_can_be_disputed_and_the_petition_goes_its_own_way(two, chi, binh, end):
    first, second = two
    if end == "redirected":
        sending.redirect(first, to="Sở", text="Của Sở.", is_told=True, by=chi, at=NOW)
    ended = {"merged": second, "redirected": first}[end]
    found = citizens.dispute(ended, text="Không đúng.", at=NOW + HOUR)
    assert (found.state, found.merged_into, found.closed_at) == ("disputed", None, None)
    answered = answering.answer(ended, text="Đã sửa.", proof="Ảnh", by=binh, at=NOW + 2 * HOUR)
    assert answered.state == "answered"


def test_what_was_sent_away_was_neither_in_time_nor_late(two, chi):
    first, _second = two
    found = sending.redirect(first, to="Sở", text="Của Sở.", is_told=True, by=chi, at=NOW + 300 * HOUR)
    assert found.is_late is None


def test_petitions_cannot_be_merged_in_a_circle(two, an):
    first, second = two
    with pytest.raises(WrongStateError):
        arranging.merge(first, into=second, by=an, at=NOW)
    with pytest.raises(arranging.SamePetitionError):
        arranging.merge(first, into=first, by=an, at=NOW)


def test_a_refusal_is_said_once_and_its_stage_is_told_by_name(two, chi):
    first, _second = two
    answering.refuse(first, reason="Vì sao.", is_told=True, by=chi, at=NOW)
    said = [one.kind for one in queries.steps(first, public_only=True) if one.text == "Vì sao."]
    assert said == ["petition.refused"]
    ids = Step.objects.filter(petition=first, kind__startswith="stage.").values_list("entry", flat=True)
    steps = {
        one.kind: one.disclosures["step"] for one in ledger.evidence(list(ids), agency=first.agency.handle)
    }
    assert steps["petitions.stage.notified"] in {
        one.data.get("step") for one in Step.objects.filter(petition=first, data__stage="answered")
    }


def test_a_complaint_that_is_disputed_stays_so_when_it_is_taken_on_again(law, complaint, chi):
    given = Submission(service=complaint, channel="portal", content="Khiếu nại.", language="vi", who=DUNG)
    petition = receive(given, at=NOW).petition
    answering.answer(petition, text="Đã giải quyết.", proof="QĐ", by=chi, at=NOW)
    citizens.dispute(petition, text="Chưa.", at=NOW)
    found = timing.accept(petition, text="", complexity="plain", is_remote=False, by=chi, at=NOW)
    assert found.state == "disputed"


def test_evidence_tells_which_files_and_which_proof(lamp, binh, two):
    given = Submission(
        service=lamp, channel="portal", content="x", language="vi", who=DUNG, place="Chợ", files=[PHOTO]
    )
    petition = receive(given, at=NOW).petition
    answering.answer(petition, text="Xong.", proof="BB 1", files=[PHOTO], by=binh, at=NOW)
    ids = [one.entry for one in queries.steps(petition)]
    told = {one.kind: one.disclosures for one in ledger.evidence(ids, agency=petition.agency.handle)}
    received, answered = told["petitions.petition.received"], told["petitions.answer.given"]
    assert received["files"] == answered["files"] != received["digest"]
    assert len(answered["proof"]) == 64


def test_a_destroyed_petition_leaves_nothing(two, agency, lamp):
    first, second = two
    unsent = drafting.begin(lamp, at=NOW)
    drafting.attach(unsent, PHOTO, at=NOW)
    given = Submission(
        service=lamp, channel="portal", content="x", language="vi", who=DUNG, place="Chợ", files=[PHOTO]
    )
    sent = drafting.hand_in(unsent, given, prove=lambda: None, at=NOW)
    with pytest.raises(SentError):
        drafting.attach(unsent, PHOTO, at=NOW)
    assert UnsentFile.objects.count() == 0
    tasks.work(NOW)
    settle()
    marked = Marked(agency.handle, subjects={sent.handle, first.handle})
    holder = Petitions()
    holder.follow(marked)
    letters = Message.objects.filter(handle__in=marked.subjects)
    assert letters.count() == 2
    reporter = Reporter.objects.get(petition=sent).handle
    (photo,) = Attachment.objects.values_list("blob", flat=True)
    assert marked.blobs == {photo}
    holder.forget(sorted(marked.subjects), agency=agency.handle)
    blobs.destroy_many(sorted(marked.blobs))
    assert set(holder.traces(marked).values()) == {0}
    assert (keys.get_many([reporter]), UnsentPetition.objects.count()) == ({}, 0)
    second.refresh_from_db()
    assert second.merged_into is None


def test_a_destroyed_letter_is_named_by_no_petition_any_more(lamp, agency):
    given = Submission(
        service=lamp, channel="email", content="x", language="vi", who=DUNG, place="Chợ", message="m" * 26
    )
    receive(given, at=NOW)
    marked, holder = Marked(agency.handle, subjects={"m" * 26}), Petitions()
    assert holder.traces(marked)["petition"] == 1
    holder.forget(["m" * 26], agency=agency.handle)
    assert (set(holder.traces(marked).values()), Petition.objects.count()) == ({0}, 1)


def test_what_nobody_sent_is_destroyed_without_anybody_coming_back(lamp):
    unsent = drafting.begin(lamp, at=NOW)
    drafting.keep(unsent, {"content": "x"}, at=NOW)
    blob = UnsentPetition.objects.get().blob
    tasks.work(NOW + 13 * HOUR)
    assert (UnsentPetition.objects.count(), blobs.missing([blob])) == (0, {blob})


def test_whose_petition_was_merged_sees_the_released_pictures_of_the_answer_and_disputes_it_as_one(
    two, binh, chi
):
    first, second = two
    assert queries.last_end(second) == "merged"
    Petition.objects.filter(pk=first.pk).update(is_public=True)
    answering.answer(first, text="Đã thay.", proof="", files=[PHOTO], by=binh, at=NOW)
    (own,) = queries.attachments(first)
    assert (queries.repeated(second), queries.repeated(first)) == ([own], [])
    citizens.dispute(second, text="Vẫn tắt.", at=NOW + HOUR)
    assert (queries.repeated(second), Petition.objects.get(pk=second.pk).disputed_ends) == ([own], "answered")
    arranging.show_picture(own, is_shown=False)
    assert queries.repeated(second) == []
    Petitions().forget([first.handle], agency=first.agency.handle)
    assert last(second).kind == "petition.disputed"


def test_the_citizen_is_told_that_an_official_works_on_it(law, lamp, binh):
    given = Submission(service=lamp, channel="portal", content="x", language="en", who=DUNG, place="Chợ")
    petition = receive(given, at=NOW).petition
    tasks.work(NOW)
    sending.assign(petition, to=binh.person, by=binh, at=NOW + HOUR)
    tasks.work(NOW + HOUR)
    told = [
        one.data for one in Step.objects.filter(petition=petition, kind="stage.reached").exclude(told_at=None)
    ]
    assert [one["stage"] for one in told] == ["in_progress"]
    assert "An official is working on it now." in read(blobs.get(Message.objects.latest("pk").blob)).text

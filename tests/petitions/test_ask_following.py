"""Citizens follow what they asked: by number and secret, in words, with proofs that they can check at home."""

import hashlib
from datetime import timedelta

import pytest

import congvu_verify
from congvu.base import clock
from congvu.ledger.sequencer import settle
from congvu.petitions import keys
from congvu.petitions.actions import answering, timing
from congvu.petitions.actions.receiving import receive
from congvu.petitions.guarding import checking
from congvu.petitions.guarding.pace import Pace
from congvu.petitions.models import Attachment, Petition, Step
from congvu.petitions.submissions import File, Submission, Who
from tests.petitions.citizen import SITE, Citizen
from tests.petitions.conftest import NOW
from tests.petitions.photos import photo

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _now(data_folder, monkeypatch):
    monkeypatch.setattr(checking, "_pace", Pace(timedelta(minutes=1)))
    with clock.demonstration(NOW + HOUR):
        yield


@pytest.fixture
def lit(lamp):
    """A broken lamp, reported by Dung with a photo."""
    return receive(
        Submission(
            service=lamp,
            channel="portal",
            content="Đèn đường không sáng.",
            language="vi",
            who=Who(name="Phạm Thị Dung", email="dung@citizen.example"),
            place="Trước trường học",
            files=[File(name="den.jpg", media_type="image/jpeg", data=photo(), width=64, height=48)],
        ),
        at=NOW,
    )


@pytest.fixture
def dung(lit):
    """Dung, who knows number and secret."""
    citizen = Citizen()
    assert citizen.follows(lit.petition.number, keys.shown(lit.key).upper()).status_code == 302
    return citizen


def test_number_and_key_open_the_request_and_the_number_alone_opens_nothing(lit, dung):
    here = address(lit.petition)
    shown = dung.opens(here).content.decode()
    for said in (
        "With a unit",
        "Office",
        "Đèn đường không sáng.",
        "Trước trường học",
        "Registered with a number",
    ):
        assert said in shown, said
    stranger = Citizen()
    for page in ("", "rate/", "dispute/", "reply/", "text/", f"file/{Attachment.objects.get().handle}/"):
        asked = stranger.opens(here + page).content.decode()
        assert (
            "Đèn đường" in asked,
            "Secret key" in asked,
            f"/requests/ubnd/{lit.petition.number}/" in asked,
        ) == (
            False,
            True,
            True,
        ), page
    wrong = stranger.follows(lit.petition.number, "a" * 16)
    assert (wrong.status_code, "do not belong together" in wrong.content.decode()) == (422, True)
    assert stranger.follows("26-999999-9", lit.key).status_code == 422
    assert dung.sends("/1022/ubnd/leave/") == "ubnd"
    assert "Đèn đường" not in dung.opens(here).content.decode()


def test_times_are_the_agencys_wherever_the_reader_is(lit, dung, agency):
    agency.zone = "Asia/Almaty"
    agency.save()
    assert "07:00" in dung.opens(address(lit.petition)).content.decode()
    shown = dung.opens(f"/requests/{agency.slug}/{lit.petition.number}/").content.decode()
    assert "07:00" in shown


def test_an_answer_is_seen_with_its_photo_disputed_and_rated(lit, dung, binh):
    here = address(lit.petition)
    proof = File(name="moi.jpg", media_type="image/jpeg", data=photo(), width=64, height=48)
    answering.answer(
        lit.petition, text="Đã thay bóng.", proof="Biên bản 12", files=[proof], by=binh, at=NOW + HOUR
    )
    shown = dung.opens(here).content.decode()
    theirs = Attachment.objects.get(name="moi.jpg")
    assert ("Đã thay bóng." in shown, "Biên bản 12" in shown, theirs.handle in shown) == (True, True, True)
    assert "Trần Văn Bình" not in shown
    picture = dung.opens(f"{here}file/{theirs.handle}/")
    assert (picture["Content-Type"], picture.content) == ("image/jpeg", proof.data)
    assert "Write what is not true" in dung.sends(f"{here}dispute/", 422, text=" ").content.decode()
    dung.sends(f"{here}dispute/", text="Đèn vẫn tắt.")
    assert Petition.objects.get().state == "disputed"
    assert "Đèn vẫn tắt." in dung.opens(here).content.decode()
    dung.sends(f"{here}dispute/", text="Lần nữa.")
    assert "moved on meanwhile" in dung.opens(here).content.decode()
    assert "Choose one of the five." in dung.sends(f"{here}rate/", 422).content.decode()
    dung.sends(f"{here}rate/", 422, score="6")
    dung.sends(f"{here}rate/", score="2", text="Chậm.")
    assert Petition.objects.get().score == 2


def test_a_question_of_the_agency_is_answered(lit, dung, binh):
    here = address(lit.petition)
    timing.suspend(lit.petition, question="Cột số mấy?", by=binh, at=NOW + HOUR)
    assert "Cột số mấy?" in dung.opens(here).content.decode()
    dung.sends(f"{here}reply/", text="Cột số 12.")
    assert Petition.objects.get().state == "in_progress"
    assert "Cột số 12." in dung.opens(here).content.decode()


def test_a_receipt_proves_what_was_written_and_names_no_official(lit, dung, binh):
    here = address(lit.petition)
    answering.answer(lit.petition, text="Đã thay bóng.", proof="Biên bản", by=binh, at=NOW + HOUR)
    received, registered, answered = (
        Step.objects.get(kind=kind) for kind in ("petition.received", "petition.registered", "answer.given")
    )
    pending = dung.opens(f"{here}receipt/{received.handle}/", 409)
    assert "not ready yet" in pending.content.decode()
    settle()
    proven = [
        congvu_verify.verify(dung.opens(f"{here}receipt/{one.handle}/").content)
        for one in (received, registered, answered)
    ]
    written = hashlib.sha256(dung.opens(f"{here}text/").content).hexdigest()
    assert [(one.ok, one.facts.disclosed) for one in proven] == [
        (True, {"petition": lit.petition.handle, "received_on": "2026-03-02", "digest": written}),
        (True, {"petition": lit.petition.handle, "number": lit.petition.number}),
        (
            True,
            {"petition": lit.petition.handle, "digest": hashlib.sha256("Đã thay bóng.".encode()).hexdigest()},
        ),
    ]
    internal = Step.objects.create(
        agency=lit.petition.agency,
        handle="a" * 26,
        petition=lit.petition,
        kind="note.made",
        at=NOW,
        by=binh.person,
    )
    assert dung.opens(f"{here}receipt/{internal.handle}/", 404).status_code == 404


def test_who_tries_keys_fast_is_slowed_down(lit, settings):
    settings.CONGVU_PETITION_PACE = 2
    stranger = Citizen()
    found = [stranger.follows(lit.petition.number, "b" * 16).status_code for _ in range(4)]
    assert found == [422, 422, 429, 429]


def address(petition: Petition) -> str:
    """Where a petition is followed."""
    return f"{SITE}/follow/{petition.number}/"

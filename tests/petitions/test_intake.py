"""Petitions by mail, from the letter to the citizen's letter, and what never becomes one."""

from datetime import UTC, datetime

import pytest

from congvu.base import blobs
from congvu.directory.actions.addresses import give_unit_address
from congvu.directory.policies import OPERATOR
from congvu.ledger.readers import advance, rewind
from congvu.ledger.sequencer import settle
from congvu.mail import messages
from congvu.mail.actions.accepting import deliver
from congvu.mail.models import Message, Transfer
from congvu.mail.parcels import Parcel
from congvu.petitions import tasks
from congvu.petitions.actions import answering, timing
from congvu.petitions.intake.actions import IN_A_DAY, open_intake
from congvu.petitions.intake.readers import Letters
from congvu.petitions.models import Petition
from congvu.petitions.post import Letter
from congvu.petitions.queries import petitions as queries
from tests.conftest import FOUNDED_AT
from tests.petitions.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)
LETTER = """From: Phạm Thị Dung <dung@citizen.example>
To: 1022@ubnd.example
Subject: {subject}
Date: Mon, 2 Mar 2026 09:00:00 +0700
Message-ID: <{id}@citizen.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
{more}
{text}
"""


@pytest.fixture
def box(agency, office, lamp, law):
    """The agency's 1022 address, whose letters become petitions about lamps."""
    lamp.needs_place = False
    lamp.save()
    address = give_unit_address(unit=office, local_part="1022", by=OPERATOR, now=FOUNDED_AT)
    open_intake(address, service=lamp, by=OPERATOR, at=datetime(2026, 1, 6, tzinfo=UTC))
    return address


@pytest.fixture
def post(agency, box):
    """Let letters come to the address, and the clerk work."""

    def posted(*letters: dict[str, str], at=NOW) -> list[Letter]:
        parcels = [_parcel(one, at) for one in letters]
        assert {one.code for one in deliver(parcels)} == {250}
        settle()
        while advance(Letters(), agency=agency.handle):
            pass
        tasks.work(at)
        return list(Letter.objects.order_by("id"))

    return posted


def _parcel(letter: dict[str, str], at: datetime) -> Parcel:
    said = {"subject": "Đèn hỏng", "text": "Đèn đường không sáng.", "more": "", "id": "1"} | letter
    return Parcel(
        channel="mx",
        mail_from="dung@citizen.example",
        recipients=("1022@ubnd.example",),
        raw=LETTER.format(**said).replace("\n", "\r\n").encode(),
        at=at,
    )


def _written() -> list[messages.Reading]:
    rows = Message.objects.filter(sender_address="1022@ubnd.example").order_by("id")
    return [messages.read(blobs.get(one.blob)) for one in rows]


def test_a_letter_becomes_a_petition_and_its_citizen_gets_number_key_and_due_day(post, agency):
    (letter,) = post({})
    petition = Petition.objects.get()
    assert (letter.state, letter.petition, petition.message) == ("taken", petition, letter.message)
    assert (petition.channel, petition.content) == ("email", "Đèn đường không sáng.")
    (answer,) = _written()
    key = queries.secret(petition)
    assert [one.address for one in answer.to] == ["dung@citizen.example"]
    assert answer.from_.address == "1022@ubnd.example"
    assert petition.number in answer.subject
    assert all(said in answer.text for said in (petition.number, key[:4], petition.agency.name["vi"]))
    assert Transfer.objects.filter(recipient="dung@citizen.example").count() == 1
    tasks.work(NOW)
    assert len(_written()) == 1


def test_an_answer_with_the_number_is_added_and_lets_the_work_go_on(post, binh):
    post({})
    petition = Petition.objects.get()
    timing.suspend(petition, question="Cột đèn số mấy?", by=binh, at=NOW)
    post({"subject": f"Re: [{petition.number}] x", "text": "Cột số 7.", "id": "2"})
    petition.refresh_from_db()
    assert (petition.state, [one.state for one in Letter.objects.order_by("id")]) == (
        "in_progress",
        ["taken", "added"],
    )
    assert queries.steps(petition)[-1].text == "Cột số 7."


def test_machines_and_loops_make_no_petitions(post):
    letters = post(
        {"more": "Auto-Submitted: auto-replied\n", "id": "a"},
        *({"id": str(n)} for n in range(IN_A_DAY + 2)),
    )
    states = [one.state for one in letters]
    assert (states[0], states.count("taken"), states.count("held")) == ("automatic", IN_A_DAY, 2)
    assert Petition.objects.count() == IN_A_DAY


def test_a_letter_that_is_read_twice_stays_one_petition(post, agency):
    post({})
    Letters().reset(agency=agency.handle)

    rewind(Letters(), agency=agency.handle)
    while advance(Letters(), agency=agency.handle):
        pass
    tasks.work(NOW)
    assert (Petition.objects.count(), [one.state for one in Letter.objects.all()]) == (1, ["taken"])


def test_every_step_since_the_last_letter_stands_in_one(post, binh):
    post({})
    petition = Petition.objects.get()
    answering.answer(petition, text="Đã thay bóng đèn.", proof="Biên bản", by=binh, at=NOW)
    tasks.work(NOW)
    assert "Đã thay bóng đèn." in _written()[-1].text
    assert len(_written()) == 2

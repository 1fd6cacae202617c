"""Petitions by mail, from the letter to the citizen's letter, and what never becomes one."""

import base64
from datetime import UTC, date, datetime, timedelta

import pytest

from congvu.base import blobs
from congvu.directory.actions.addresses import give_unit_address
from congvu.directory.models import Address
from congvu.directory.policies import OPERATOR, NotAllowedError
from congvu.ledger.readers import advance, rewind
from congvu.ledger.sequencer import settle
from congvu.mail import messages
from congvu.mail.actions.accepting import deliver
from congvu.mail.models import Item, Message, Transfer
from congvu.mail.parcels import Parcel
from congvu.mail.queries import places
from congvu.petitions import tasks
from congvu.petitions.actions import answering, timing
from congvu.petitions.actions.receiving import receive
from congvu.petitions.intake.actions import IN_A_DAY, close_intake, open_intake
from congvu.petitions.intake.readers import Letters
from congvu.petitions.models import Petition, Step
from congvu.petitions.post import Letter, MailIntake
from congvu.petitions.queries import petitions as queries
from congvu.petitions.submissions import Submission, Who
from congvu.rules.actions import adopt
from congvu.rules.models import Obligation
from congvu.rules.readers import Judge
from tests.conftest import FOUNDED_AT
from tests.petitions.conftest import NOW
from tests.petitions.photos import photo

pytestmark = pytest.mark.django_db(transaction=True)
LETTER = """From: Phạm Thị Dung <dung@citizen.example>
To: {to}
Subject: {subject}
Date: Mon, 2 Mar 2026 09:00:00 +0700
Message-ID: <{id}@citizen.example>
MIME-Version: 1.0
Content-Type: {kind}
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
    plain = {"kind": "text/plain; charset=utf-8", "text": "Đèn đường không sáng.", "more": ""}
    said = plain | {"subject": "Đèn hỏng", "id": "1", "to": "1022@ubnd.example"} | letter
    return Parcel(
        channel="mx",
        mail_from="dung@citizen.example",
        recipients=tuple(said["to"].split(", ")),
        raw=LETTER.format(**said).replace("\n", "\r\n").encode(),
        at=at,
    )


def _photographed(text: str) -> dict[str, str]:
    """Return a letter's words with a picture beside them."""
    picture = base64.b64encode(photo("PNG")).decode()
    head = "Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=a.png"
    parts = (
        f"Content-Type: text/plain; charset=utf-8\n\n{text}",
        f"Content-Type: image/png\n{head}\n\n{picture}",
    )
    said = "".join(f"--b\n{one}\n" for one in parts) + "--b--"
    return {"kind": 'multipart/mixed; boundary="b"', "text": said}


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
    answering.close(petition, by=binh, at=NOW)
    tasks.work(NOW)
    assert len(_written()) == 3


def test_a_letter_that_the_service_refuses_waits_for_a_person_and_holds_up_nobody(post, lamp):
    lamp.needs_place = True
    lamp.save()
    (letter,) = post({})
    assert (letter.state, Petition.objects.count()) == ("held", 0)


def test_a_letter_that_does_not_come_from_where_it_says_becomes_nothing(post, monkeypatch):
    post({})
    monkeypatch.setattr("congvu.petitions.intake.actions.is_doubtful", lambda _message: True)
    petition = Petition.objects.get()
    letters = post({"id": "2"}, {"subject": petition.number, "text": "Thôi, không cần.", "id": "3"})
    assert [one.state for one in letters] == ["taken", "held", "held"]
    assert len(_written()) == 1


def test_who_quotes_our_letter_does_not_give_the_secret_to_officials(post):
    post({})
    petition, quoted = Petition.objects.get(), _written()[0].text
    post({"subject": petition.number, "text": "Cột số 7.\n" + quoted.upper(), "id": "2"})
    text, key = queries.steps(petition)[-1].text, queries.secret(petition)
    assert "Cột số 7." in text
    assert key not in "".join(text.lower().split("-"))


def test_what_a_letter_added_is_added_once_with_its_pictures(post, agency):
    post({})
    petition = Petition.objects.get()
    post({"subject": petition.number, "id": "2", **_photographed("Ảnh đây.")})
    Letters().reset(agency=agency.handle)
    rewind(Letters(), agency=agency.handle)
    while advance(Letters(), agency=agency.handle):
        pass
    tasks.work(NOW)
    added = [one for one in queries.steps(petition) if one.kind == "petition.added"]
    assert [(one.text, one.message) for one in added] == [("Ảnh đây.", Letter.objects.last().message)]
    (picture,) = queries.attachments(petition)
    assert (picture.step_id, picture.public_blob, picture.media_type) == (added[0].pk, "", "image/png")


def test_an_address_that_closed_and_opened_again_takes_what_came_while_it_was_open(post, box, lamp):
    (intake,) = MailIntake.objects.all()
    close_intake(intake, by=OPERATOR, at=NOW)
    again = open_intake(box, service=lamp, by=OPERATOR, at=NOW + timedelta(hours=2))
    MailIntake.objects.filter(pk=again.pk).update(closed_at=NOW + timedelta(hours=3))
    times = [NOW - timedelta(hours=1), NOW + timedelta(hours=1), NOW + timedelta(hours=2)]
    for number, at in enumerate(times):
        post({"id": str(number)}, at=at)
    assert [one.at for one in Letter.objects.order_by("id")] == [times[0], times[2]]


def test_nobodys_own_letters_become_petitions(agency, binh, lamp):
    own = Address.objects.get(agency=agency, local_part="binh")
    with pytest.raises(NotAllowedError):
        open_intake(own, service=lamp, by=OPERATOR, at=NOW)


@pytest.mark.parametrize(
    ("name", "email", "count"),
    [("Dung\r\nBcc: x@x.example\u2028\0", "dung@citizen.example", 1), ("Dung", "dung@[citizen", 0)],
)
def test_no_name_and_no_address_holds_up_the_letters_of_others(box, lamp, name, email, count):
    who = Who(name=name, email=email)
    given = {"service": lamp, "channel": "app", "content": "Đèn hỏng.", "language": "vi"}
    for one in (who, Who(name="An", email="an@citizen.example")):
        receive(Submission(who=one, **given), at=NOW)
    assert tasks.work(NOW) == count + 1
    assert tasks.work(NOW) == 0
    assert [one.to[0].name for one in _written()] == [*["Dung Bcc: x@x.example"] * count, "An"]


def test_what_fails_does_not_hold_up_what_comes_after(post, monkeypatch):
    monkeypatch.setattr(tasks, "RUN", 1)
    real = tasks.take_in

    def failing(letter, *, at):
        if letter.pk == Letter.objects.order_by("id")[0].pk:
            raise ValueError
        return real(letter, at=at)

    monkeypatch.setattr(tasks, "take_in", failing)
    letters = post({"id": "a"}, {"id": "b"})
    assert [one.state for one in letters] == ["waiting", "taken"]


def test_no_mailbox_keeps_a_letter_with_a_secret(post):
    post({})
    (letter,) = Message.objects.filter(sender_address="1022@ubnd.example")
    assert not Item.objects.filter(message=letter).exists()


def test_evidence_says_that_the_term_was_told_only_where_the_letter_says_it(box, lamp):
    given = {"service": lamp, "channel": "app", "content": "Đèn hỏng.", "language": "vi"}
    who = Who(name="Dung", email="dung@citizen.example")
    lamp.forwards_at_once = False
    first = receive(Submission(who=who, **given), at=NOW).petition
    tasks.work(NOW)
    assert first.due_at is not None
    assert not Step.objects.filter(petition=first, kind="term.notified").exists()
    lamp.forwards_at_once = True
    second = receive(Submission(who=who, **given), at=NOW).petition
    tasks.work(NOW)
    assert Step.objects.filter(petition=second, kind="term.notified").count() == 1


def test_only_who_receives_citizens_opens_the_box_also_what_came_before_and_after_it(
    box, agency, an, seat_of
):
    clerk = seat_of("Hoàng Thị Mai", unit="vp", title={"vi": "Văn thư"}, functions=("clerk",))
    receiver = seat_of("Vũ Văn Long", unit="ubnd", title={"vi": "Tiếp dân"}, functions=("citizen_reception",))

    def readers():
        opened = {one: {str(place.handle) for place in places.other_places(one, now=NOW)} for one in seats}
        return [box.handle in opened[one] for one in seats], [len(opened[one]) > 1 for one in seats]

    seats = (clerk, receiver, an)
    assert readers() == ([False, True, True], [True, False, True])
    close_intake(MailIntake.objects.get(), by=OPERATOR, at=NOW)
    assert readers()[0] == [False, True, True]


def test_nothing_is_owed_as_mail_in_a_box_of_petitions(post, box, agency, chi):
    day = date(2026, 1, 8)
    adopt(
        by=chi,
        book="vn.binh-duong.mail-2009",
        valid_from=day,
        number="2",
        at=datetime(2026, 1, 7, 1, tzinfo=UTC),
    )
    post({"to": "1022@ubnd.example, vanphong@ubnd.example"})
    while advance(Judge(), agency=agency.handle):
        pass
    owed = Obligation.objects.filter(agency=agency, norm="acknowledge").values_list("box", flat=True)
    assert set(owed) == {Address.objects.get(local_part="vanphong").handle}

"""A letter through the gate: recorded, handed to a real Dovecot, recorded again, and answered for each recipient."""

import hashlib
import re
import subprocess

import pytest

from congvu.base import blobs
from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.mail.door.limits import Limits
from congvu.mail.lmtp.models import Handing
from congvu.mail.models import Item, Message, Receipt
from tests import requires
from tests.mail.gate.conftest import Lmtp, hand_in
from tests.mail.letters import raw

pytestmark = pytest.mark.django_db(transaction=True)

OWN = re.compile(rb"\A(?:Return-Path|Delivered-To|Received):[^\n]*\n(?:[ \t][^\n]*\n)*")


def as_sent(stored: bytes) -> bytes:
    """Take away what servers put before a message."""
    text = stored.replace(b"\r\n", b"\n")
    while match := OWN.match(text):
        text = text[match.end() :]
    return text.replace(b"\n", b"\r\n")


def states() -> dict[str, tuple[str, str]]:
    return {row.recipient: (row.state, row.reason) for row in Handing.objects.all()}


def steps(recipient: str) -> list[str]:
    return list(Receipt.objects.filter(recipient=recipient).order_by("id").values_list("step", flat=True))


def kinds(agency) -> list[str]:
    sequencer.settle()
    return [one.kind for one in ledger.entries_from(agency.handle, 2026, 0, 1_000) if "message" in one.kind]


def test_a_letter_lies_in_dovecot_and_in_the_browser_with_one_outcome(gate, imap, agency, binh):
    data = raw(subject="Giấy mời", text="Kính mời.\r\n.một dấu chấm đầu dòng")
    said = hand_in(gate, "binh@ubnd.example", data=data)
    session = Handing.objects.get().session
    assert said == {"binh@ubnd.example": (250, f"2.0.0 <binh@ubnd.example> {session} Saved")}
    assert [as_sent(one) for one in imap.messages("binh")] == [data]
    item = Item.objects.select_related("message", "mailbox").get()
    assert (item.message.subject, item.mailbox.person, item.message.channel) == (
        "Giấy mời",
        binh.person,
        "gate",
    )
    stored = blobs.get(item.message.blob)
    assert (as_sent(stored), hashlib.sha256(stored).hexdigest()) == (data, item.message.digest)
    assert states() == {"binh@ubnd.example": ("delivered", "")}
    assert kinds(agency) == ["mail.message.accepted", "mail.message.delivered"]
    assert session in imap.log.read_text()


def test_what_dovecot_has_is_what_was_recorded(gate, imap, agency, binh):
    hand_in(gate, "binh@ubnd.example")
    lines = imap.messages("binh")[0].split(b"\n")
    ours = blobs.get(Message.objects.get().blob).replace(b"\r\n", b"\n")
    assert b"\n".join(lines).endswith(ours)


def test_each_recipient_is_answered_alone(gate, imap, agency, an, binh):
    said = hand_in(gate, "an@ubnd.example", "binh@ubnd.example", "stranger@elsewhere.example")
    assert {one: code for one, (code, _) in said.items()} == {
        "an@ubnd.example": 250,
        "binh@ubnd.example": 250,
        "stranger@elsewhere.example": 250,  # the mail server knows it, we do not: handed on, and not watched
    }
    assert states() == {"an@ubnd.example": ("delivered", ""), "binh@ubnd.example": ("delivered", "")}
    assert Message.objects.count() == 1
    assert len(imap.messages("stranger")) == 1


def test_the_same_bytes_again_are_delivered_once(gate, imap, agency, binh):
    data = raw()
    first, second = (hand_in(gate, "binh@ubnd.example", data=data) for _ in range(2))
    assert (first["binh@ubnd.example"][0], second["binh@ubnd.example"]) == (250, (250, "2.0.0 Stored"))
    assert (len(imap.messages("binh")), Item.objects.count(), Message.objects.count()) == (1, 1, 1)
    assert kinds(agency) == ["mail.message.accepted", "mail.message.delivered"]


def test_a_second_recipient_of_the_same_bytes_shares_the_message(gate, imap, agency, an, binh):
    data = raw(to="an@ubnd.example, binh@ubnd.example")
    hand_in(gate, "binh@ubnd.example", data=data)
    hand_in(gate, "an@ubnd.example", data=data)
    assert (Message.objects.count(), Item.objects.count()) == (1, 2)
    assert kinds(agency) == ["mail.message.accepted", "mail.message.delivered", "mail.message.delivered"]


def test_who_gets_a_blind_copy_is_named_to_nobody(gate, imap, agency, an, binh):
    data = raw(to="binh@ubnd.example")
    hand_in(
        gate, "an@ubnd.example", data=data
    )  # a server that hands each recipient in alone, the hidden one first
    hand_in(gate, "binh@ubnd.example", data=data)
    [lies] = imap.messages("binh")
    assert (b"an@ubnd.example" in lies, b"an@ubnd.example" in blobs.get(Message.objects.get().blob)) == (
        False,
        False,
    )
    assert Item.objects.count() == 2


def test_recipients_beyond_the_limit_are_put_off_and_come_with_the_next_transaction(
    opened, imap, agency, an, binh
):
    gate = opened(imap.ports["lmtp"], limits=Limits(recipients=1))
    data = raw(to="an@ubnd.example, binh@ubnd.example")
    first = hand_in(gate, "an@ubnd.example", "binh@ubnd.example", data=data)
    assert {one: code for one, (code, _) in first.items()} == {
        "an@ubnd.example": 250,
        "binh@ubnd.example": 452,
    }
    assert hand_in(gate, "binh@ubnd.example", data=data)["binh@ubnd.example"][0] == 250
    assert (Message.objects.count(), states()) == (
        1,
        {"an@ubnd.example": ("delivered", ""), "binh@ubnd.example": ("delivered", "")},
    )


def test_swaks_hands_in_what_nobody_has_opened_yet(gate, imap, agency, binh):
    program = requires.program("swaks", package="swaks")
    words = ["--protocol", "LMTP", "--server", f"127.0.0.1:{gate.port()}", "--to", "binh@ubnd.example"]
    said = subprocess.run([program, *words], capture_output=True, text=True, timeout=30, check=False)
    assert said.returncode == 0, said.stdout
    assert (steps("binh@ubnd.example"), len(imap.messages("binh"))) == (["delivered"], 1)


def test_several_letters_share_a_connection_on_both_sides(gate, imap, agency, binh):
    before = imap.log.read_text().count("Connect from")  # of those who waited for the start
    with Lmtp("127.0.0.1", gate.port()) as client:
        for number in range(5):
            said = client.hand_in("binh@ubnd.example", data=raw(message_id=f"{number}@dan.example"))
            assert said["binh@ubnd.example"][0] == 250
    assert len(imap.messages("binh")) == 5
    assert imap.log.read_text().count("Connect from") - before == 1


def test_mail_for_somebody_who_left_stays_in_the_house(gate, imap, agency, binh):
    from congvu.base import clock  # noqa: PLC0415 -- only here
    from congvu.directory.actions.appointments import end_appointment  # noqa: PLC0415 -- only here
    from congvu.directory.policies import OPERATOR  # noqa: PLC0415 -- only here
    from congvu.directory.queries import legal_day  # noqa: PLC0415 -- only here

    now = clock.now()
    end_appointment(membership=binh.membership, valid_to=legal_day(agency, now), by=OPERATOR, now=now)
    said = hand_in(gate, "binh@ubnd.example")
    assert said == {"binh@ubnd.example": (250, "2.0.0 Stored")}
    assert Item.objects.get().mailbox.kind == "hand_over"
    assert imap.messages("binh") == []


def test_a_mark_of_state_secrecy_is_refused_and_reaches_nobody(gate, imap, agency, binh):
    said = hand_in(gate, "binh@ubnd.example", subject="TỐI MẬT")
    assert said["binh@ubnd.example"][0] == 550
    assert (imap.messages("binh"), Message.objects.count(), Handing.objects.count()) == ([], 0, 0)
    assert kinds(agency) == ["mail.message.refused"]


def test_a_message_that_goes_in_circles_is_refused(gate, imap, agency, binh):
    data = b"Received: from a by b; x\r\n" * 51 + raw()
    assert hand_in(gate, "binh@ubnd.example", data=data)["binh@ubnd.example"][0] == 554
    assert imap.messages("binh") == []


def test_evidence_names_who_did_not_get_a_letter(gate, agency, binh, opened):
    assert steps("binh@ubnd.example") == []
    hand_in(gate, "binh@ubnd.example")
    assert steps("binh@ubnd.example") == ["delivered"]

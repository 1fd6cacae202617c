"""Copies that a real Postfix sends of what it took over: whose they are, what they prove, and that they count once."""

import smtplib
import time

import pytest

from bench.installation import free_ports
from congvu.base import clock
from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.mail.gate.journal import DOMAIN
from congvu.mail.models import Item, Message, Receipt
from congvu.mail.outcomes import rows
from tests.mail.gate.conftest import Lmtp
from tests.mail.journal.conftest import journal_at
from tests.mail.letters import raw

pytestmark = pytest.mark.django_db(transaction=True)
BINH, CHI = "binh@ubnd.example", "chi@ubnd.example"


def send(server, *recipients, data=None, **fields):
    fields.setdefault("to", BINH)
    with smtplib.SMTP("127.0.0.1", server.port) as client:
        return client.sendmail("dung@dan.example", recipients, data or raw(**fields))


def wait(count, model=Item):
    """Wait until there are so many rows; return how many there are a moment later."""
    end = time.monotonic() + 60
    while model.objects.count() < count and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.3)
    return model.objects.count()


def copy_of(*recipients, data, port, helo="postfix.example"):
    with Lmtp("127.0.0.1", port, local_hostname=helo) as client:
        return client.hand_in(*(f"{one}.{DOMAIN}" for one in recipients), data=data)


def steps(recipient=BINH):
    return list(Receipt.objects.filter(recipient=recipient).order_by("id").values_list("step", flat=True))


def told(agency):
    sequencer.settle()
    found = [one for one in ledger.entries_from(agency.handle, 2026, 0, 1_000) if "message" in one.kind]
    return [(one.kind.removeprefix("mail.message."), one.attributes.get("channel", "")) for one in found]


def test_a_copy_proves_that_postfix_took_a_letter_over_and_no_more(postfix, agency, binh):
    send(postfix, BINH)
    assert wait(1) == 1
    postfix.wait_delivered(1)
    item = Item.objects.get()
    assert (item.message.channel, item.mailbox.person, item.owes_acknowledgement) == (
        "journal",
        binh.person,
        False,
    )
    assert (steps(), told(agency)) == (["journaled"], [("accepted", "journal"), ("journaled", "")])
    found = rows.seen([item.message], now=clock.now())[item.message.pk]
    assert [(track.steps, list(track.faults(item.message.handle))) for track in found.tracks] == [
        (("journaled",), [])
    ]


def test_hidden_recipients_are_known_to_the_journal_and_to_nobody_else(postfix, agency, binh, chi, client_of):
    send(postfix, BINH, CHI, "somebody@elsewhere.example")
    assert (wait(2), Message.objects.count()) == (2, 1)
    assert (steps(BINH), steps(CHI)) == (["journaled"], ["journaled"])
    item = Item.objects.get(mailbox__person=binh.person)
    pages = [client_of(binh).get(f"/mail/message/{item.handle}/{part}") for part in ("", "receipts/", "raw/")]
    assert [page.status_code for page in pages] == [200, 200, 200]
    content = b"".join(b"".join(page) for page in pages)
    assert (b"chi@" in content, DOMAIN.encode() in content, b"elsewhere" in content) == (False, False, False)


def test_mail_to_private_addresses_leaves_nothing(postfix, agency, binh):
    send(postfix, "stranger@ubnd.example")
    postfix.wait_delivered(1)
    time.sleep(0.5)
    assert (Message.objects.count(), told(agency)) == (0, [])


def test_nobody_but_postfix_makes_copies(postfix, binh):
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(postfix, f"{BINH}.{DOMAIN}")


def test_the_same_letter_copied_twice_counts_once(journal, agency, binh, chi):
    data = raw()
    first = copy_of(BINH, data=data, port=journal.port())
    again = copy_of(
        BINH, CHI, data=b"Received: from filter by x; y\r\n" + data + b"\r\n", port=journal.port()
    )
    assert {code for code, _ in (first | again).values()} == {250}
    assert (Message.objects.count(), Item.objects.count(), steps(BINH)) == (1, 2, ["journaled"])
    assert [kind for kind, _ in told(agency)] == ["accepted", "journaled", "journaled"]


def test_a_letter_that_is_copied_and_comes_through_the_gate_counts_once(journal, gate, imap, agency, binh):
    for number, ways in enumerate((("copy", "gate"), ("gate", "copy"))):
        data = raw(message_id=f"{number}@dan.example")
        for way in ways:
            if way == "copy":
                copy_of(BINH, data=data, port=journal.port())
            else:
                with Lmtp("127.0.0.1", gate.port()) as client:
                    assert client.hand_in(BINH, data=b"Received: from a by b; c\r\n" + data)[BINH][0] == 250
    assert (Message.objects.count(), Item.objects.count(), len(imap.messages("binh"))) == (2, 2, 2)
    assert steps() == ["journaled", "delivered", "delivered"]
    assert [kind for kind, _ in told(agency)] == [
        "accepted",
        "journaled",
        "delivered",
        "accepted",
        "delivered",
    ]


def test_a_copy_in_circles_is_refused_and_so_is_what_is_no_copy(journal, agency, binh):
    looping = b"Received: from a by b; c\r\n" * 51 + raw()
    assert {code for code, _ in copy_of(BINH, data=looping, port=journal.port()).values()} == {554}
    with Lmtp("127.0.0.1", journal.port()) as client:
        assert client.hand_in(BINH, data=raw())[BINH][0] == 550
    assert Message.objects.count() == 0


def test_a_marked_letter_leaves_the_fact_and_nothing_else(journal, agency, binh):
    said = copy_of(BINH, data=raw(subject="TỐI MẬT"), port=journal.port())
    assert {code for code, _ in said.values()} == {550}
    assert (Message.objects.count(), told(agency)) == (0, [("refused", "journal")])


def test_a_copy_waits_at_postfix_while_the_journal_is_away(started, data_folder, agency, binh):
    port = free_ports(1)[0]
    with started(port) as postfix:
        send(postfix, BINH)
        postfix.wait_delivered(1)  # Dovecot has it: nobody waits for the journal
        journal = journal_at(port)
        found = wait(1)
        journal.close()
    assert (found, steps()) == (1, ["journaled"])

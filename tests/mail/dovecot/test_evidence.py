"""From a person's hand in a mail program to evidence: gate, Dovecot, its log, and what is recorded."""

import imaplib
import subprocess
import time

import pytest

from bench.peers.dovecot import PASSWORD, Dovecot
from congvu.base import clock
from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.mail.dovecot import actions, follow
from congvu.mail.dovecot.models import ImapCopy, LogPosition
from congvu.mail.hosts.dovecot import EVENTS
from congvu.mail.lmtp.models import Handing
from congvu.mail.models import Item, Receipt
from tests.mail.gate.conftest import hand_in

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("imap", [{"extra": EVENTS}], indirect=True),
]
BINH = "binh@ubnd.example"


def say(imap: Dovecot, *commands: str, user: str = BINH) -> None:
    client = imaplib.IMAP4("127.0.0.1", imap.ports["imap"])
    client.login(user, PASSWORD)
    client.select()
    for command in commands:
        tag = client._new_tag()
        client.send(tag + b" " + command.encode() + b"\r\n")
        while not (line := client.readline()).startswith(tag):
            assert line
    client.logout()


def read_log(imap: Dovecot) -> None:
    """Read the log until it has been still for longer than a program pauses."""
    end = time.monotonic() + 2.6
    while time.monotonic() < end:
        follow.catch_up(imap.log)
        time.sleep(0.2)


def told(agency, *names: str) -> list[tuple[str, ...]]:
    """Return kinds of the log, each with the attributes that are named."""
    sequencer.settle()
    rows = [one for one in ledger.entries_from(agency.handle, 2026, 0, 1_000) if "message" in one.kind]
    return [
        (one.kind, *(str(one.attributes[name]) for name in names if name in one.attributes)) for one in rows
    ]


def steps() -> list[str]:
    return list(Receipt.objects.order_by("id").values_list("step", flat=True))


def test_a_letter_opened_in_a_mail_program_is_opened_for_the_house(gate, imap, agency, binh):
    hand_in(gate, BINH)
    say(imap, "UID FETCH 1 (BODY[])")
    read_log(imap)
    item = Item.objects.get()
    assert item.opened_at is not None
    assert told(agency, "through") == [
        ("mail.message.accepted",),
        ("mail.message.delivered",),
        ("mail.message.fetched", "imap"),
        ("mail.message.opened", "imap"),
    ]
    entry = Receipt.objects.get(step="opened")
    assert entry.recipient == BINH
    assert ledger.entry(entry.entry, agency=agency.handle).disclosures["actor"] == binh.person.handle


def test_handing_over_is_not_reading(gate, imap, agency, binh):
    hand_in(gate, BINH)
    say(imap, "UID FETCH 1:* (BODY.PEEK[])")
    say(imap, "UID FETCH 1:* (BODY.PEEK[])")
    read_log(imap)
    assert Item.objects.get().opened_at is None
    assert steps() == ["accepted", "delivered", "fetched"]


def test_the_owner_sees_that_an_administrator_read_a_letter(gate, imap, agency, binh, an, client_of):
    hand_in(gate, BINH)
    configuration = str(imap.folder / "dovecot.conf")
    for _ in range(2):
        words = ["doveadm", "-c", configuration, "fetch", "-u", BINH, "text", "mailbox", "INBOX"]
        subprocess.run(words, check=True, capture_output=True)
    read_log(imap)
    assert steps() == ["accepted", "delivered", "inspected"]
    assert told(agency, "through")[-1] == ("mail.message.inspected", "command")
    page = client_of(binh).get(f"/mail/message/{Item.objects.get().handle}/receipts/")
    assert Item.objects.get().opened_at is None
    assert (page.status_code, "administrator" in page.content.decode().lower()) == (200, True)


def test_the_page_of_the_letter_says_when_an_administrator_read_it(gate, imap, agency, binh, chi, client_of):
    hand_in(gate, BINH, "chi@ubnd.example")
    words = [
        "doveadm",
        "-c",
        str(imap.folder / "dovecot.conf"),
        "fetch",
        "-u",
        BINH,
        "text",
        "mailbox",
        "INBOX",
    ]
    subprocess.run(words, check=True, capture_output=True)
    read_log(imap)
    at = Receipt.objects.get(step="inspected").at
    pages = [
        client_of(seat).get(f"/mail/message/{Item.objects.get(mailbox__person=seat.person).handle}/")
        for seat in (binh, chi)
    ]
    assert [page.context["inspections"] for page in pages] == [[at], []]  # it is the owner's business alone
    assert "cv-notice--warning" in pages[0].content.decode()


def test_a_letter_is_followed_into_the_folder_that_it_is_moved_to(gate, imap, agency, binh):
    hand_in(gate, BINH)
    say(
        imap,
        "CREATE Archive",
        "UID MOVE 1 Archive",
        "RENAME Archive Old",
        "SELECT Old",
        "UID FETCH 1 (BODY[])",
    )
    read_log(imap)
    assert Item.objects.get().opened_at is not None
    assert [(one.folder, one.uid) for one in ImapCopy.objects.all()] == [("Old", 1)]


def test_a_private_mailbox_is_never_watched(gate, imap, agency, binh):
    hand_in(gate, "stranger@elsewhere.example", BINH)
    say(imap, "UID FETCH 1 (BODY[])", user="stranger@elsewhere.example")
    read_log(imap)
    assert steps() == ["accepted", "delivered"]
    assert ImapCopy.objects.count() == 1


def test_lines_count_once_however_often_they_are_read(gate, imap, agency, binh):
    hand_in(gate, BINH)
    say(imap, "UID FETCH 1 (BODY[])")
    read_log(imap)
    LogPosition.objects.all().delete()
    read_log(imap)
    assert steps() == ["accepted", "delivered", "fetched", "opened"]


def test_an_outage_of_the_reader_is_made_up_for(gate, imap, agency, binh):
    hand_in(gate, BINH)
    follow.catch_up(imap.log)
    say(imap, "UID FETCH 1 (BODY[])")
    time.sleep(0.3)
    imap.log.rename(imap.log.with_name("dovecot.log.1"))
    imap.again()
    read_log(imap)
    assert Item.objects.get().opened_at is not None


def test_what_a_dead_gate_left_open_is_found_in_the_log(gate, imap, agency, binh, monkeypatch):
    """The gate dies after the message and before the answer is recorded: the next one looks it up."""
    monkeypatch.setattr(actions, "GRACE", -actions.AGAIN)
    hand_in(gate, BINH)
    row = Handing.objects.get()
    Item.objects.all().delete()
    Receipt.objects.filter(step="delivered").delete()
    Handing.objects.update(state="open", session="", life="another")
    follow.catch_up(imap.log)
    assert actions.resolve(life=gate.life, now=clock.now(), has_log=True) == 1
    found = Handing.objects.get()
    assert (found.state, found.session) == ("delivered", row.session)
    assert (Item.objects.count(), len(imap.messages("binh"))) == (1, 1)

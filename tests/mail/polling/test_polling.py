"""Mailboxes on a real Dovecot that are looked into: what is found, when, once, and nothing there is changed."""

import argparse
import imaplib
import shutil
import ssl
from dataclasses import replace
from datetime import timedelta

import pytest

from bench.peers.dovecot import PASSWORD
from congvu.base import blobs, clock
from congvu.base.blobs import BlobMissingError
from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.mail.commands import poll
from congvu.mail.models import Item, Message, Receipt
from congvu.mail.polling import actions, server, tasks
from congvu.mail.polling.models import PolledMailbox
from congvu.mail.polling.troubles import TroubleError
from tests.mail.gate.conftest import Lmtp
from tests.mail.journal.conftest import journal_at
from tests.mail.letters import raw
from tests.mail.polling.conftest import drop, place_at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def row(data_folder, binh, place):
    return actions.start_polling(address=binh.address, place=place, now=clock.now() - timedelta(seconds=2))


def look() -> PolledMailbox:
    PolledMailbox.objects.update(next_at=clock.now())
    tasks.look(clock.now())
    return PolledMailbox.objects.get()


def flags(imap) -> list[bytes]:
    client = imaplib.IMAP4("127.0.0.1", imap.ports["imap"])
    client.starttls(ssl._create_unverified_context())  # noqa: S323 -- our own server
    client.login("binh", PASSWORD)
    client.select(readonly=True)
    found = client.fetch("1:*", "(FLAGS)")[1]
    client.logout()
    return found


def told(agency) -> list[tuple[str, str]]:
    sequencer.settle()
    found = ledger.entries_from(agency.handle, 2026, 0, 1_000)
    return [
        (one.kind, one.attributes.get("channel", ""))
        for one in found
        if ".polling." in one.kind or ".message." in one.kind
    ]


def test_a_letter_is_found_where_it_lies_and_left_as_it_is(imap, row, agency, binh):
    drop(imap, subject="Giấy mời")
    now = look()
    item = Item.objects.select_related("message", "mailbox").get()
    assert (item.message.subject, item.message.channel, item.mailbox.person) == (
        "Giấy mời",
        "poll",
        binh.person,
    )
    assert item.owes_acknowledgement
    assert flags(imap) == [rb"1 (FLAGS (\Recent))"]
    assert (now.trouble, now.failures, now.last_uid, now.skipped) == ("", 0, 1, 0)
    assert told(agency) == [
        ("mail.polling.started", ""),
        ("mail.message.accepted", "poll"),
        ("mail.message.delivered", "poll"),
    ]


def test_what_was_found_is_not_found_again(imap, row):
    drop(imap)
    look()
    PolledMailbox.objects.update(last_uid=0)  # as after a crash before the position was written
    look()
    assert (Message.objects.count(), Receipt.objects.count()) == (1, 2)


def test_mailboxes_that_are_numbered_anew_bring_nothing_twice(imap, row):
    for number in range(3):
        drop(imap, message_id=f"{number}@dan.example")
    before = look().validity
    for name in ("dovecot-uidlist", "dovecot.index.log", "dovecot.index", "dovecot.index.cache"):
        (imap.folder / "mail" / "binh" / name).unlink(missing_ok=True)
    (imap.folder / "mail" / "binh" / "dovecot-uidlist").write_text(
        "3 V1 N10 G0123456789abcdef0123456789abcdef\n"
    )
    shutil.chown(imap.folder / "mail" / "binh" / "dovecot-uidlist", "nobody")
    drop(imap, message_id="new@dan.example")
    now = look()
    assert now.validity != before
    assert (Message.objects.count(), Item.objects.count()) == (4, 4)


def test_what_lay_there_before_is_left_alone(imap, place, binh, data_folder):
    drop(imap)
    actions.start_polling(address=binh.address, place=place, now=clock.now() + timedelta(minutes=1))
    look()
    assert Message.objects.count() == 0


def test_a_letter_that_was_copied_before_is_known_to_have_arrived(imap, row, agency):
    journal = journal_at(0)
    data = raw()
    with Lmtp("127.0.0.1", journal.port()) as client:
        assert client.hand_in("binh@ubnd.example.congvu-journal.invalid", data=data)
    journal.close()
    assert Item.objects.get().owes_acknowledgement is False
    drop(imap, data=data)
    look()
    look()
    assert Item.objects.get().owes_acknowledgement is True
    assert list(Receipt.objects.order_by("id").values_list("step", flat=True)) == [
        "accepted",
        "journaled",
        "delivered",
    ]


def test_a_copy_for_one_and_a_find_for_another_are_each_proved(imap, row, place, binh, chi):
    """Found in one mailbox, then copied for two: the second mailbox is still to be looked into."""
    data = raw()
    for user in ("binh", "chi"):
        drop(imap, user=user, data=data)
    look()
    journal = journal_at(0)
    with Lmtp("127.0.0.1", journal.port()) as client:
        names = [f"{one}@ubnd.example.congvu-journal.invalid" for one in ("binh", "chi")]
        assert client.hand_in(*names, data=data)
    journal.close()
    other = replace(place, user="chi")
    actions.start_polling(address=chi.address, place=other, now=row.began_at)
    for _ in range(2):
        PolledMailbox.objects.update(next_at=clock.now(), last_uid=0)
        tasks.look(clock.now())
    assert Message.objects.count() == 1
    assert list(Receipt.objects.order_by("id").values_list("step", "recipient")) == [
        ("accepted", ""),
        ("delivered", "binh@ubnd.example"),
        ("journaled", "chi@ubnd.example"),
        ("delivered", "chi@ubnd.example"),
    ]


def test_a_server_that_is_away_is_asked_less_and_less_often(imap, row, agency):
    imap.stop()
    pauses = []
    for _ in range(3):
        now = look()
        pauses.append(round((now.next_at - now.looked_at).total_seconds()))
    assert (now.trouble, now.failures, pauses) == ("connection", 3, [120, 240, 480])
    imap.start()
    drop(imap)
    assert (look().trouble, Message.objects.count()) == ("", 1)


def test_a_letter_that_is_too_large_is_counted_and_passed_over(imap, row, settings):
    drop(imap, text="x" * 3_000, message_id="large@dan.example")
    drop(imap, message_id="small@dan.example")
    settings.CONGVU_MESSAGE_LIMIT = 2_000
    now = look()
    assert (now.skipped, now.last_uid, Message.objects.get().message_id) == (1, 2, "small@dan.example")


def test_a_marked_letter_leaves_the_fact_alone(imap, row, agency):
    drop(imap, subject="TỐI MẬT")
    assert look().last_uid == 1
    assert (Message.objects.count(), told(agency)[-1]) == (0, ("mail.message.refused", "poll"))


def test_the_password_is_sealed_and_destroyed_with_the_row(imap, row, data_folder):
    handle = row.blob
    assert blobs.get(handle).decode() == PASSWORD
    assert not any(PASSWORD.encode() in one.read_bytes() for one in data_folder.rglob("*") if one.is_file())
    actions.end_polling(row=row, now=clock.now())
    with pytest.raises(BlobMissingError):
        blobs.get(handle)
    assert PolledMailbox.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"authority": ""}, "tls"),
        ({"password": "wrong"}, "login"),
        ({"folder": "Nowhere"}, "folder"),
        ({"host": "127.0.0.1"}, "tls"),
        ({"port": 1}, "connection"),
    ],
)
def test_what_is_wrong_is_said_in_one_word(place, fields, word):
    with pytest.raises(TroubleError) as error, server.visit(replace(place, **fields)):
        pass
    assert error.value.word == word


EXAMINED = {
    b"EXAMINE": b"* OK [UIDVALIDITY 7] .\r\n* 1 EXISTS\r\ntag OK done\r\n",
    b"SEARCH": b"* SEARCH 1\r\ntag OK done\r\n",
}
KNOWN = b'* 1 FETCH (UID 1 RFC822.SIZE 100 INTERNALDATE "23-Nov-2029 10:00:00 +0700")\r\ntag OK done\r\n'


@pytest.mark.parametrize(
    ("script", "word"),
    [
        ({b"EXAMINE": b"tag OK done\r\n"}, "answer"),
        ({b"EXAMINE": b"* OK [UIDVALIDITY x] .\r\ntag OK done\r\n"}, "answer"),
        ({b"EXAMINE": b"* " + b"x" * 1_100_000 + b"\r\ntag OK done\r\n"}, "answer"),
        ({b"EXAMINE": b"* 1 EXISTS\r\n" * 500_000}, "answer"),
        (EXAMINED | {b"SEARCH": b"* SEARCH 1 -2 x\r\ntag OK done\r\n"}, "answer"),
        (EXAMINED | {b"SEARCH": b"* SEARCH 99999999999999\r\ntag OK done\r\n"}, "answer"),
        (EXAMINED | {b"INTERNALDATE": b"* 1 FETCH (UID 1 RFC822.SIZE 100)\r\ntag OK done\r\n"}, "answer"),
        (EXAMINED | {b"INTERNALDATE": b"* 1 FETCH (UID 9 RFC822.SIZE 100)\r\ntag OK done\r\n"}, "answer"),
        (EXAMINED | {b"INTERNALDATE": KNOWN, b"BODY": b"* 1 FETCH (UID 1 BODY[] {4000000000}\r\n"}, "answer"),
        (EXAMINED | {b"INTERNALDATE": KNOWN, b"BODY": b"* 1 FETCH (UID 1 BODY[] {50}\r\n" + b"x" * 50 + b")\r\ntag OK done\r\n"}, "answer"),
        (EXAMINED | {b"INTERNALDATE": KNOWN, b"BODY": b"* 1 FETCH (UID 2 BODY[] {100}\r\n" + b"x" * 100 + b")\r\ntag OK done\r\n"}, "answer"),
        (EXAMINED | {b"INTERNALDATE": KNOWN, b"BODY": b"* BYE enough\r\n"}, "answer"),
    ],
)  # fmt: skip
def test_a_hostile_server_is_left_and_brings_nothing(hostile, authority, data_folder, binh, script, word):
    place = place_at(hostile(script), authority, starttls=False)
    actions.start_polling(address=binh.address, place=place, now=clock.now() - timedelta(seconds=2))
    now = look()
    assert (now.trouble, now.failures, Message.objects.count()) == (word, 1, 0)


def test_a_server_that_drips_is_left_when_its_time_is_over(hostile, authority):
    place = place_at(hostile({b"EXAMINE": b"* 1 EXISTS\r\n"}), authority, starttls=False)
    with pytest.raises(TroubleError) as error, server.visit(place, seconds=0.3):
        pass
    assert error.value.word == "time"


def run(capsys, *words: str) -> tuple[int, str]:
    parser = argparse.ArgumentParser()
    poll.register(parser.add_subparsers())
    arguments = parser.parse_args(["poll", *words])
    status = arguments.run(arguments)
    said = capsys.readouterr()
    return status, said.out + said.err


def test_the_commands_of_whoever_runs_the_machine(imap, pem, agency, binh, data_folder, tmp_path, capsys):
    secret = tmp_path / "password"
    secret.write_text(f"{PASSWORD}\n")
    words = [
        "--mailbox",
        "binh@ubnd.example",
        "--host",
        "localhost",
        "--port",
        str(imap.ports["imap"]),
        "--starttls",
    ]
    words += ["--user", "binh", "--password-file", str(secret)]
    status, said = run(capsys, "add", *words)
    assert (status, "certificate that is trusted" in said, PolledMailbox.objects.count()) == (2, True, 0)
    words += ["--authority", str(pem)]
    assert run(capsys, "add", *words)[0] == 0
    assert run(capsys, "add", *words) == (2, "congvu: this folder is looked into already\n")
    number = PolledMailbox.objects.get().pk
    assert run(capsys, "check")[0] == 0
    status, said = run(capsys, "list")
    assert (status, said.splitlines()[-1], PASSWORD in said) == (0, "1 mailboxes elsewhere", False)
    imap.stop()
    look()
    assert run(capsys, "list")[0] == run(capsys, "check")[0] == 1
    assert run(capsys, "remove", str(number))[0] == 0
    assert told(agency) == [("mail.polling.started", ""), ("mail.polling.ended", "")]

"""What mail programs do with a letter, done with real ones against a real Dovecot, and what is made of its log.

Three letters lie in the inbox, with the UIDs 1 to 3; a behavior says what it proves about which of them.
"""

import imaplib
import itertools
import poplib
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.peers import dovecot
from bench.peers.dovecot import MASTER, PASSWORD, Dovecot
from congvu.mail.dovecot.behavior import Watch
from congvu.mail.dovecot.records import record
from congvu.mail.hosts.dovecot import EVENTS
from tests import requires
from tests.mail.letters import raw

FLUSH_SECONDS = 10.0
numbers = itertools.count(1)
Deeds = list[tuple[str, str, int]]


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    why = dovecot.missing()
    if why:
        requires.missing(why)
    with (
        tempfile.TemporaryDirectory(prefix="congvu-") as folder,
        Dovecot(Path(folder) / "dovecot", extra=EVENTS) as running,
    ):
        yield running


class Reader:
    """Somebody with three letters, and the ways to look at them."""

    def __init__(self, server: Dovecot) -> None:
        self.server = server
        self.user = f"user-{next(numbers)}@ubnd.example"
        self.begin = server.log.stat().st_size
        self.sessions = 0
        with smtplib.LMTP("127.0.0.1", server.ports["lmtp"]) as client:
            for number in range(3):
                client.sendmail("dung@dan.example", [self.user], raw(message_id=f"{number}@dan.example"))

    def imap(self, *, master: bool = False, box: str = "INBOX") -> imaplib.IMAP4:
        self.sessions += 1
        client = imaplib.IMAP4("127.0.0.1", self.server.ports["imap"])
        client.login(f"{self.user}*{MASTER}" if master else self.user, PASSWORD)
        client.select(box)
        return client

    def say(self, *commands: str, pause: float = 0.0, master: bool = False) -> None:
        """Say IMAP commands in one session; `pause` in seconds lies between them."""
        client = self.imap(master=master)
        for command in commands:
            tag = client._new_tag()
            client.send(tag + b" " + command.encode() + b"\r\n")
            while not (line := client.readline()).startswith(tag):
                assert line
            time.sleep(pause)
        client.logout()

    def doveadm(self, *words: str) -> None:
        configuration = str(self.server.folder / "dovecot.conf")
        subprocess.run(["doveadm", "-c", configuration, *words], check=True, capture_output=True)

    def deeds(self) -> Deeds:
        """Return what the log proves about the letters, each once."""
        watch, acts = Watch(), []
        for line in self._lines():
            one = record(line)
            if one and one.user in ("", self.user):
                acts += watch.take(one)
                watch = Watch(watch.state())  # as it is kept from line to line
        acts += watch.settle(datetime.now(UTC) + timedelta(minutes=1))
        told = [(one.deed, one.through, one.uid) for one in acts if one.through]
        return sorted(dict.fromkeys(told))

    def _lines(self) -> list[str]:
        """Return what was logged since, once a mark that we set ourselves has come through."""
        mark = f"mark-{next(numbers)}@ubnd.example"
        with smtplib.LMTP("127.0.0.1", self.server.ports["lmtp"]) as client:
            client.sendmail("dung@dan.example", [mark], raw())
        end = time.monotonic() + FLUSH_SECONDS
        while time.monotonic() < end:
            lines = self._said()
            if any(f"lmtp({mark})" in line for line in lines) and self._ended(lines) >= self.sessions:
                return self._still()
            time.sleep(0.05)
        raise AssertionError("the log stands still")

    def _still(self) -> list[str]:
        """Return what was said once nothing more comes: events come through another process than lines."""
        before, said = [], self._said()
        while said != before:
            time.sleep(0.5)
            before, said = said, self._said()
        return said

    def _said(self) -> list[str]:
        with self.server.log.open("rb") as file:
            file.seek(self.begin)
            return file.read().decode().splitlines()

    def _ended(self, lines: list[str]) -> int:
        """Count the sessions of ours that the log says are over; what they did stands before that."""
        told = [record(line) for line in lines]
        return len({one.session for one in told if one and one.kind == "ended" and one.user == self.user})


@pytest.fixture
def reader(server: Dovecot) -> Reader:
    return Reader(server)


SEEN = r"(\Seen)"
FETCHED_2 = ("fetched", "imap", 2)
OPENED_2 = ("opened", "imap", 2)
ALL_FETCHED = [("fetched", "imap", number) for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("commands", "proved"),
    [
        pytest.param(["UID FETCH 2 (UID RFC822.SIZE BODY[])"], [FETCHED_2, OPENED_2], id="opens-a-letter"),
        pytest.param(["UID FETCH 2 (RFC822)"], [FETCHED_2, OPENED_2], id="opens-a-letter-the-old-way"),
        pytest.param(["UID FETCH 2 (BODY[1])"], [FETCHED_2, OPENED_2], id="opens-the-text-alone"),
        pytest.param(
            ["UID FETCH 2 (BODY.PEEK[])", rf"UID STORE 2 +FLAGS.SILENT {SEEN}"],
            [FETCHED_2, OPENED_2],
            id="fetches-and-marks-as-seen",
        ),
        pytest.param(["UID FETCH 2 (BODY.PEEK[])"], [FETCHED_2], id="fetches-for-later"),
        pytest.param(["UID FETCH 1:3 (BODY.PEEK[])"], ALL_FETCHED, id="fetches-all-for-later"),
        pytest.param(["UID FETCH 1:3 (BODY[])"], ALL_FETCHED, id="fetches-all-and-marks-them-as-seen"),
        pytest.param(
            [f"UID FETCH {one} (BODY[])" for one in (1, 2, 3)], ALL_FETCHED, id="one-after-the-other-without-pause"
        ),
        pytest.param([rf"UID STORE 2 +FLAGS {SEEN}"], [], id="marks-as-seen-unread"),
        pytest.param([rf"UID STORE 1:3 +FLAGS {SEEN}"], [], id="marks-all-as-seen"),
        pytest.param(
            ["UID FETCH 1:3 (BODY.PEEK[])", rf"UID STORE 1:3 +FLAGS {SEEN}"], ALL_FETCHED, id="marks-fetched-ones-as-seen"
        ),
        pytest.param(["FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE)])"], [], id="lists-headers"),
        pytest.param(["UID FETCH 2 (ENVELOPE BODYSTRUCTURE)"], [], id="looks-at-the-structure"),
        pytest.param(["UID FETCH 2 (PREVIEW)"], [], id="preview-by-the-server"),
        pytest.param(["UID FETCH 1:3 (BODY.PEEK[TEXT]<0.200>)"], [], id="preview-by-the-program"),
        pytest.param(['UID SEARCH BODY "Kính"'.encode("ascii", "ignore").decode()], [], id="searches-in-texts"),
        pytest.param([r"UID STORE 2 +FLAGS (\Deleted)", "EXPUNGE"], [], id="deletes-unread"),
        pytest.param(["CREATE Archive", "UID COPY 2 Archive", "UID MOVE 3 Archive"], [], id="files-unread"),
    ],
)  # fmt: skip
def test_what_a_session_proves(reader: Reader, commands: list[str], proved: Deeds):
    reader.say(*commands)
    assert reader.deeds() == sorted(proved)


def test_a_person_who_takes_time_opens_each_letter(reader: Reader):
    reader.say(*[f"UID FETCH {one} (BODY[])" for one in (1, 2)], pause=1.5)
    assert [one for one in reader.deeds() if one[0] == "opened"] == [
        ("opened", "imap", 1),
        ("opened", "imap", 2),
    ]


def test_a_program_that_says_its_name_fetches_and_reads_nothing(reader: Reader):
    client = imaplib.IMAP4("127.0.0.1", reader.server.ports["imap"])
    client.xatom("ID", '("name" "OfflineIMAP" "version" "8")')
    client.login(reader.user, PASSWORD)
    client.select()
    client.uid("FETCH", "2", "(BODY[])")
    client.logout()
    assert reader.deeds() == [FETCHED_2]


def test_post_office_protocol_hands_over_and_proves_no_reading(reader: Reader):
    client = poplib.POP3("127.0.0.1", reader.server.ports["pop"])
    client.user(reader.user)
    client.pass_(PASSWORD)
    client.top(1, 0)
    client.retr(2)
    client.quit()
    assert reader.deeds() == [("fetched", "pop", 2)]


def test_an_administrator_at_the_command_line_is_told_apart(reader: Reader):
    reader.doveadm("fetch", "-u", reader.user, "text", "mailbox", "INBOX", "uid", "2")
    assert reader.deeds() == [("inspected", "command", 2)]


def test_an_administrator_with_a_master_password_is_told_apart(reader: Reader):
    reader.say("UID FETCH 2 (BODY[])", master=True)
    assert reader.deeds() == [("inspected", "master", 2)]


def test_a_letter_that_was_moved_is_opened_where_it_lies(reader: Reader):
    reader.say("CREATE Archive", "UID MOVE 2 Archive", "SELECT Archive", "UID FETCH 1 (BODY[])")
    assert reader.deeds() == [("fetched", "imap", 1), ("opened", "imap", 1)]


def test_mbsync_fetches_and_reads_nothing(reader: Reader, tmp_path: Path):
    program = requires.program("mbsync", package="isync")
    lines = [
        "IMAPStore far", "Host 127.0.0.1", f"Port {reader.server.ports['imap']}", f"User {reader.user}",
        f"Pass {PASSWORD}", "SSLType None", "AuthMechs LOGIN", "",
        "MaildirStore near", f"Path {tmp_path}/mail/", f"Inbox {tmp_path}/mail/INBOX", "",
        "Channel all", "Far :far:", "Near :near:", "Patterns INBOX", "Create Near", "SyncState *", "",
    ]  # fmt: skip
    (tmp_path / "mail").mkdir()
    (tmp_path / "mbsyncrc").write_text("\n".join(lines))
    subprocess.run(
        [program, "-c", str(tmp_path / "mbsyncrc"), "all"], check=True, capture_output=True, timeout=30
    )
    assert len(list((tmp_path / "mail").glob("INBOX/*/*"))) == 3
    assert reader.deeds() == ALL_FETCHED


def test_mutt_opens_the_letter_that_a_person_looks_at(reader: Reader, tmp_path: Path):
    program = requires.program("mutt", package="mutt")
    inbox = f"imap://127.0.0.1:{reader.server.ports['imap']}/INBOX"
    (tmp_path / "muttrc").write_text(
        f"set imap_user={reader.user}\nset imap_pass={PASSWORD}\nset ssl_starttls=no\nset ssl_force_tls=no\n"
        f"set folder={tmp_path}\nset record=\nset abort_noattach=no\nset pager=builtin\nset quit=yes\nset wait_key=no\nset sort=mailbox-order\nset confirmappend=no\n"
        f"push '<first-entry><next-entry><display-message><exit><sync-mailbox><exit>'\n"
    )
    words = ["script", "-qec", f"{program} -n -F {tmp_path}/muttrc -f {inbox}", "/dev/null"]
    home = {"HOME": str(tmp_path), "TERM": "xterm", "PATH": "/usr/bin:/bin"}
    subprocess.run(words, env=home, stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False)
    assert reader.deeds() == [FETCHED_2, OPENED_2]


def test_swaks_hands_in_and_reads_nothing(reader: Reader):
    program = requires.program("swaks", package="swaks")
    where = f"127.0.0.1:{reader.server.ports['lmtp']}"
    words = [program, "--protocol", "LMTP", "--server", where, "--to", reader.user]
    subprocess.run(words, check=True, capture_output=True, timeout=30)
    assert (reader.deeds(), len(reader.server.messages(reader.user))) == ([], 4)


def test_what_a_session_has_done_is_kept_from_line_to_line():
    kept = Watch(
        {"s": {"read": [["INBOX", 2]], "user": "u", "alone": [["INBOX", 1, "2026-11-22T02:00:00+00:00"]]}}
    )
    assert Watch(kept.state()).state() == kept.state()

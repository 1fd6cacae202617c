"""`kill -9` of the door while copies come in, and of the clerk while it looks into mailboxes of a real Dovecot.

Letters come in three ways: only as copies through the journal, only into Dovecot, and both ways at once. Whoever hands
a copy in does so again until it is acknowledged; every letter must be there once all the same, for whom it was meant.
"""

import collections
import contextlib
import os
import random
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from bench import certificate
from bench.installation import Installation, free_ports, wait_greeting
from bench.peers import dovecot
from bench.peers.dovecot import PASSWORD, Dovecot
from tests import requires
from tests.torture import clients, processes, proof
from tests.torture.chain import Nursery
from tests.torture.clients import CopyDialogue, LmtpDialogue, acknowledged

ROUNDS = int(os.environ.get("CONGVU_TORTURE_ROUNDS", "20"))
MAILBOXES = 5
TLS = "ssl = yes\nssl_cert = <{path}\nssl_key = <{path}\n"
# The door takes copies as soon as it lives; the clerk looks into mailboxes after two seconds, one after the other.
LIVES: Mapping[str, Callable[[random.Random], float]] = {
    "door": lambda chance: chance.expovariate(1 / 1.5),
    "clerk": lambda chance: chance.uniform(2.0, 5.0),
}
SECONDS_TO_FIND = 300.0
PAUSE = 0.7  # seconds between two letters of a client
COPIES, FINDS = ("copied", "both"), ("twins", "dropped")

pytestmark = pytest.mark.torture


class Hurry(threading.Thread):
    """Makes every mailbox due as soon as its visit is closed: here a minute is over at once."""

    def __init__(self, house: Installation) -> None:
        super().__init__(name="hurry", daemon=True)
        self._path, self._ending = house.data / "truth.sqlite3", threading.Event()

    def run(self) -> None:
        while not self._ending.wait(0.2):
            with contextlib.closing(sqlite3.connect(self._path, timeout=20)) as line, line:
                line.execute("UPDATE mail_polled_mailbox SET next_at = looked_at WHERE next_at > looked_at")

    def finish(self) -> None:
        self._ending.set()
        self.join(60)
        assert not self.is_alive()

    def positions(self) -> dict[int, tuple[int, str]]:
        """Return up to where each mailbox was looked into, and when the last visit was closed."""
        with contextlib.closing(sqlite3.connect(self._path, timeout=20)) as line:
            rows = line.execute("SELECT id, last_uid, looked_at FROM mail_polled_mailbox")
            return {number: (last, closed) for number, last, closed in rows}


class Killer(threading.Thread):
    """Ends one part again and again; `caught` counts visits that had taken something and were not closed."""

    def __init__(self, nursery: Nursery, hurry: Hurry, part: str, chance: random.Random) -> None:
        super().__init__(name=f"killer-{part}", daemon=True)
        self._nursery, self._hurry, self._part, self._chance = nursery, hurry, part, chance
        self.caught, self.error = 0, None

    def run(self) -> None:
        try:
            for _ in range(ROUNDS):
                before = self._hurry.positions()
                time.sleep(LIVES[self._part](self._chance))
                self._nursery.kill(self._part)
                after = self._hurry.positions()
                self.caught += any(
                    after[one][0] > last and after[one][1] == closed for one, (last, closed) in before.items()
                )
                self._nursery.begin(self._part)
        except BaseException as error:  # noqa: BLE001 -- told by who waits for the thread
            self.error = error


def test_copies_and_finds_are_there_once_when_door_and_clerk_are_killed(seed, tmp_path):
    if why := dovecot.missing():
        requires.missing(why)
    with _running(tmp_path) as (house, nursery, mailboxes, journal, addresses):
        hurry = Hurry(house)
        hurry.start()
        began = time.monotonic()
        with _load(tmp_path, addresses, copies=journal, mailboxes=mailboxes.ports["lmtp"], seed=seed):
            killers = [
                Killer(nursery, hurry, part, random.Random(f"{seed} {part}"))  # noqa: S311 -- repeatable
                for part in LIVES
            ]
            _wait_for(killers)
            wait_greeting(journal)
        seconds = round(time.monotonic() - began)
        told = {way: acknowledged(tmp_path / way) for way in (*COPIES, *FINDS)}
        found = _found(house, told)
        hurry.finish()
        faults = _faults(found, told)
        proof.tell(
            "journal and polling killed",
            kills_of_each=ROUNDS,
            seed=seed,
            seconds=seconds,
            visits_cut_short=killers[1].caught,
            acknowledged={way: len(_names(all_)) for way, all_ in told.items()},
            copies_handed_in_again=sum(one["tries"] - 1 for way in COPIES for one in told[way]),
            rows=len(found["messages"]),
            entries=found["entries"],
            stray_blobs=found["stray_blobs"],
            **{name: len(rows) for name, rows in faults.items()},
        )
        assert {name: rows for name, rows in faults.items() if rows} == {}
        assert killers[1].caught, "no visit was under way at any kill: nothing was tried"
        proof.assert_ledger_whole(house)


@contextlib.contextmanager
def _running(folder: Path) -> Iterator[tuple[Installation, Nursery, Dovecot, int, list[str]]]:
    """Run the door with its journal, the clerk, and a Dovecot whose mailboxes it looks into."""
    with tempfile.TemporaryDirectory(prefix="congvu-") as name:
        place, journal = Path(name), free_ports(1)[0]
        place.chmod(0o755)
        certificate.write(place / "tls.pem")
        house = Installation(folder, extra={"CONGVU_JOURNAL": f"127.0.0.1:{journal}"})
        addresses = house.ask("bench.inside", "found", str(MAILBOXES))["addresses"]
        nursery = Nursery(house)
        try:
            with Dovecot(place / "dovecot", extra=TLS.format(path=place / "tls.pem")) as mailboxes:
                for one in addresses:
                    _look_into(house, mailboxes, one, place)
                nursery.start()
                for part in LIVES:
                    nursery.begin(part)
                wait_greeting(journal)
                yield house, nursery, mailboxes, journal, addresses
        finally:
            nursery.end()
            processes.end(house)


def _look_into(house: Installation, mailboxes: Dovecot, address: str, place: Path) -> None:
    """Have a mailbox looked into, by the command."""
    text = (place / "tls.pem").read_text()
    (place / "authority.pem").write_text(text[text.index("-----BEGIN CERTIFICATE") :])
    (place / "password").write_text(PASSWORD)
    done = house.congvu(
        *("mail", "poll", "add", "--mailbox", address, "--user", address, "--host", "localhost"),
        *("--port", str(mailboxes.ports["imap"]), "--starttls"),
        *("--authority", str(place / "authority.pem"), "--password-file", str(place / "password")),
    )
    assert done.returncode == 0, done.stderr


@contextlib.contextmanager
def _load(
    folder: Path, addresses: Sequence[str], *, copies: int, mailboxes: int, seed: int
) -> Iterator[None]:
    """Hand letters in by all ways; those of `both` and their `twins` are the same, for their seed is the same."""
    plan = (
        ("copied", copies, CopyDialogue, seed),
        ("both", copies, CopyDialogue, seed + 100),
        ("twins", mailboxes, LmtpDialogue, seed + 100),
        ("dropped", mailboxes, LmtpDialogue, seed + 200),
    )
    with contextlib.ExitStack() as stack:
        for way, port, dialogue, chance in plan:
            (folder / way).mkdir()
            stack.enter_context(
                clients.load(
                    port=port,
                    recipients=addresses,
                    folder=folder / way,
                    seed=chance,
                    clients=2,
                    pause=PAUSE,
                    dialogue=dialogue,
                )
            )
        yield


def _wait_for(killers: Sequence[Killer]) -> None:
    for one in killers:
        one.start()
    for one in killers:
        one.join()
        if one.error:
            raise one.error


def _found(house: Installation, told: Mapping[str, Sequence[dict]]) -> dict:
    """Inspect what is there once everything was found; a few more visits must change nothing."""
    wanted = {(one["id"], to) for all_ in told.values() for one in all_ for to in one["recipients"]}
    end = time.monotonic() + SECONDS_TO_FIND
    while True:
        report = house.ask(
            "tests.torture.inspection"
        )  # which has no messages while entries wait to be signed
        there = {(row["id"], to) for row in report.get("messages", ()) for to in row["boxes"]}
        if wanted <= there or time.monotonic() > end:
            break
        time.sleep(2)
    time.sleep(10)
    return proof.settled(house)


def _faults(report: dict, told: Mapping[str, Sequence[dict]]) -> dict[str, list[str]]:
    """Compare what is there with what was handed in."""
    rows = collections.defaultdict(list)
    for row in report["messages"]:
        rows[row["id"]].append(row)
    letters = {one["id"]: one for all_ in told.values() for one in all_}
    alone = {name: rows[name][0] for name in letters if rows[name]}
    found, copied = (_names(told["dropped"] + told["twins"]), _names(told["copied"] + told["both"]))
    return {
        "lost": [name for name in letters if not rows[name]],
        "doubled": [name for name, all_ in rows.items() if len(all_) > 1],
        "unknown": sorted(rows.keys() - letters.keys()),
        "changed": [
            name
            for name, row in alone.items()
            if row["sha256"] != letters[name]["sha256"] or not row["is_digest_right"]
        ],
        "misplaced": [
            name for name, row in alone.items() if row["boxes"] != sorted(letters[name]["recipients"])
        ],
        "unproven": [
            f"{name}: {row['boxes']} accepted {row['accepted']}, delivered {row['delivered']}, "
            f"journaled {row['journaled']}, copied {name in copied}, found {name in found}"
            for name, row in alone.items()
            if row["accepted"] != 1
            or row["delivered"] != (len(row["boxes"]) if name in found else 0)
            or row["journaled"] not in _journaled(row, is_copied=name in copied, is_found=name in found)
        ],
        "strangers": ["entries of messages that are not there"] * report["strangers"],
    }


def _journaled(row: dict, *, is_copied: bool, is_found: bool) -> range:
    """Return how often it may be recorded that a copy came: not for a mailbox in which the letter was found first."""
    many = len(row["boxes"])
    return range(0 if is_found or not is_copied else many, many + 1 if is_copied else 1)


def _names(told: Sequence[dict]) -> set[str]:
    return {one["id"] for one in told}

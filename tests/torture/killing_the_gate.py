"""Gate, clerk and Dovecot killed again and again under load, and what must be true afterwards."""

import collections
import contextlib
import random
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.installation import Installation, NotReadyError, free_ports, wait_greeting
from bench.peers.dovecot import Dovecot
from congvu.mail.hosts.dovecot import EVENTS
from tests.torture import processes
from tests.torture.gate_clients import Book, load
from tests.torture.proof import assert_ledger_whole, settled, tell

MAILBOXES = 5
SERVE_SECONDS = 60.0
MESSAGE_ID = re.compile(rb"^Message-ID: <([^>]+)>", re.MULTILINE)


@contextlib.contextmanager
def servers() -> Iterator[tuple[Installation, Dovecot, list[str], int]]:
    """Run Dovecot, and an installation whose gate stands before it; yield both, the addresses and the gate's port."""
    with tempfile.TemporaryDirectory(prefix="congvu-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "house").mkdir()
        house, port = Installation(folder / "house"), free_ports(1)[0]
        addresses = house.ask("bench.inside", "found", str(MAILBOXES))["addresses"]
        with Dovecot(folder / "dovecot", extra=EVENTS) as dovecot:
            house.extra |= {
                "CONGVU_LMTP": f"127.0.0.1:{port}",
                "CONGVU_DELIVERY_LMTP": f"127.0.0.1:{dovecot.ports['lmtp']}",
                "CONGVU_DOVECOT_LOG": str(dovecot.log),
            }
            try:
                house.start("door", "clerk")
                wait_greeting(port)
                yield house, dovecot, addresses, port
            finally:
                processes.end(house)


def kill_and_compare(*, rounds: int, seed: int, victims: tuple[str, ...]) -> None:
    """Kill one of the victims in every round, under load; then compare what was told with what is there."""
    chance = random.Random(seed)  # noqa: S311 -- a test that can be repeated
    with servers() as (house, dovecot, addresses, port):
        with load(port=port, recipients=addresses, seed=seed) as book:
            for _ in range(rounds):
                time.sleep(chance.uniform(0.3, 2.0))
                _kill(chance.choice(victims), house, dovecot)
                _wait(house, port)
        report = settled(house)
        time.sleep(1.0)
        copies = _copies(dovecot, addresses)
        _compare(book, report, copies, rounds=rounds, seed=seed)
        assert_ledger_whole(house)


def _kill(victim: str, house: Installation, dovecot: Dovecot) -> None:
    if victim == "dovecot":
        dovecot.kill()
        dovecot.start()
        return
    assert processes.kill(house, victim)
    house.running[victim].wait()
    house.start(victim)


def _wait(house: Installation, port: int) -> None:
    try:
        wait_greeting(port, seconds=SERVE_SECONDS)
    except NotReadyError as error:
        raise AssertionError(house.log.read_text()[-3_000:]) from error


def _copies(dovecot: Dovecot, addresses: list[str]) -> collections.Counter[tuple[str, str]]:
    """Count what lies in Dovecot, by Message-ID and address."""
    found: collections.Counter[tuple[str, str]] = collections.Counter()
    for address in addresses:
        for raw in dovecot.messages(address):
            match = MESSAGE_ID.search(raw)
            assert match
            found[match[1].decode(), address] += 1
    return found


def _compare(
    book: Book, report: dict, copies: collections.Counter[tuple[str, str]], *, rounds: int, seed: int
) -> None:
    rows = collections.defaultdict(list)
    for row in report["messages"]:
        rows[row["id"]].append(row)
    wanted = {(one.id, address) for one in book.told for address in one.recipients}
    faults = {
        "lost": [one.id for one in book.told if not rows[one.id]],
        "doubled": [one.id for one in book.told if len(rows[one.id]) > 1],
        "changed": [one.id for one in book.told for row in rows[one.id] if row["sha256"] != one.sha256],
        "misplaced": [
            one.id for one in book.told for row in rows[one.id] if row["boxes"] != sorted(one.recipients)
        ],
        "outcomes": [
            row["id"]
            for one in book.told
            for row in rows[one.id]
            if (row["accepted"], row["delivered"]) != (1, len(one.recipients))
        ],
        "lost in Dovecot": sorted(wanted - copies.keys()),
        "doubled in Dovecot": sorted(key for key, count in copies.items() if count > 1),
        "strangers": report["strangers"],
    }
    tell(
        "gate killed",
        rounds=rounds,
        seed=seed,
        acknowledged=len(book.told),
        recipients=len(wanted),
        attempts=sum(one.attempts for one in book.told),
        **{name: len(found) if isinstance(found, list) else found for name, found in faults.items()},
    )
    assert not any(faults.values()), faults
    assert len(book.told) >= rounds

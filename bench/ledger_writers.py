"""Writers that record at once, on SQLite and on PostgreSQL: entries a second, and the time from record to checkpoint.

Every writer is a process that commits acts of four entries, one after the other; one more process sequences and signs.
All of it is durable: fsync and synchronous_commit on, synchronous FULL, the store of record keys too. Rounds alternate.
"""

import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, ClassVar

from bench.postgresql import PACKAGE, programs, serving
from congvu.ledger.events import Event

WRITERS = (1, 8, 32)
ROUNDS = 3
SECONDS = 4.0
ENTRIES = 4  # of one act: as a letter to three
DISCLOSURES = {"actor": "a" * 26, "message": "m" * 26, "mailbox": "b" * 26}
SQLITE, POSTGRESQL = "sqlite", "postgresql"
FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(Event):
    """An entry as the mail door records them."""

    kind: ClassVar[str] = "bench.message.delivered"
    direction: str = "in"
    channel: str = "mx"
    automatic: bool = False


def main(arguments: list[str]) -> None:
    """Print the table and the JSON line; `inside` is what it asks of itself in an installation."""
    if arguments[:1] == ["inside"]:
        print(json.dumps(_inside(int(arguments[1]))))
        return
    binaries = programs()
    if binaries is None:
        sys.exit(f"PostgreSQL is not installed; the Debian package {PACKAGE} brings it")
    with tempfile.TemporaryDirectory(prefix="congvu-bench-") as folder, serving(binaries) as server:
        urls = {SQLITE: "", POSTGRESQL: server.make("bench")}
        rounds = [
            (writers, kind, _ask(Path(folder) / kind, url, writers))
            for _ in range(ROUNDS)
            for writers in WRITERS
            for kind, url in urls.items()
        ]
    _tell(rounds)


def _ask(folder: Path, url: str, writers: int) -> dict[str, float]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CONGVU_")},
        "DJANGO_SETTINGS_MODULE": "congvu.config.settings",
        "CONGVU_DATA": str(folder / "data"),
        "CONGVU_CHECKPOINT_COPY": str(folder / "copy"),
        "CONGVU_DATABASE": url,
    }
    command = [sys.executable, "-m", "bench", "ledger_writers", "inside", str(writers)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _tell(rounds: list[tuple[int, str, dict[str, float]]]) -> None:
    print(
        f"{'writers':>7} {'database':>10} {'entries/s':>10} {'p50 ms':>8} {'p99 ms':>8}   (median of {ROUNDS} rounds)"
    )
    rates: dict[str, float] = {}
    for writers in WRITERS:
        for kind in (SQLITE, POSTGRESQL):
            mine = [found for count, name, found in rounds if (count, name) == (writers, kind)]
            rate, p50, p99 = (statistics.median(one[word] for one in mine) for word in ("rate", "p50", "p99"))
            rates[f"{kind} {writers}"] = round(rate)
            print(f"{writers:>7} {kind:>10} {rate:>10,.0f} {p50:>8.1f} {p99:>8.1f}")
    value, beside = rates[f"{POSTGRESQL} 8"], rates[f"{SQLITE} 8"]
    line = {"bench": "ledger_writers", "value": value, "unit": "entries/s of 8 writers on PostgreSQL"}
    print(json.dumps({**line, "peers": rates, "ratio": round(value / beside, 2)}))


def _inside(writers: int) -> dict[str, float]:
    """Let writers record and one sequence, and compare when each entry was recorded and when it was signed."""
    import django  # noqa: PLC0415 -- the environment first

    django.setup()
    agency = _ledger()
    ours, theirs = FORK.Pipe()
    clerk = FORK.Process(target=_clerk, args=(theirs,))
    clerk.start()
    theirs.close()
    ours.recv()
    pipes = [_start(agency) for _ in range(writers)]
    for pipe in pipes:
        pipe.recv()  # it is connected, and has written once
    began = time.time()
    for pipe in pipes:
        pipe.send(began + SECONDS)
    recorded: dict[str, float] = dict(pair for pipe in pipes for pair in pipe.recv())
    took = time.time() - began
    ours.send("stop")
    signed = ours.recv()
    clerk.join()
    waits = sorted(_waits(agency, recorded, signed))
    return {
        "rate": len(recorded) / took,
        "p50": waits[len(waits) // 2] * 1e3,
        "p99": waits[int(len(waits) * 0.99)] * 1e3,
    }


def _ledger() -> str:
    from django.core.management import call_command  # noqa: PLC0415 -- after setup
    from django.db import connection  # noqa: PLC0415 -- after setup

    from congvu.base import handles  # noqa: PLC0415 -- after setup
    from congvu.ledger import actions  # noqa: PLC0415 -- after setup
    from congvu.ledger.models import Ledger  # noqa: PLC0415 -- after setup

    call_command("migrate", "ledger", verbosity=0)
    found = Ledger.objects.first()
    agency = found.agency if found else handles.new()
    if not found:
        actions.found_ledger(agency=agency, slug="bench", host="h.example", zone="UTC", demonstration=False)
    connection.close()
    return agency


def _start(agency: str) -> Connection:
    ours, its = FORK.Pipe()
    FORK.Process(target=_write, args=(its, agency)).start()
    its.close()  # so that the end of a writer that fell is heard
    return ours


def _write(pipe: Connection, agency: str) -> None:
    from congvu.base import clock  # noqa: PLC0415 -- after setup
    from congvu.base.database import atomic  # noqa: PLC0415 -- after setup
    from congvu.ledger import actions  # noqa: PLC0415 -- after setup

    def act() -> list[str]:
        some = [actions.Record(event=Delivered(), agency=agency, at=clock.now(), disclosures=DISCLOSURES)]
        with atomic(shared=True):
            return actions.record_many(some * ENTRIES)

    act()
    pipe.send("ready")
    told: list[tuple[str, float]] = []
    end: float = pipe.recv()
    while (began := time.time()) < end:
        told += [(one, began) for one in act()]
    pipe.send(told)


def _clerk(pipe: Connection) -> None:
    from congvu.base import clock  # noqa: PLC0415 -- after setup
    from congvu.base.doorbell import Listener  # noqa: PLC0415 -- after setup
    from congvu.ledger.models import Log, Outbox  # noqa: PLC0415 -- after setup
    from congvu.ledger.sequencer import Sequencer  # noqa: PLC0415 -- after setup

    signed: list[tuple[int, float]] = []
    bell = Listener()
    with Sequencer() as sequencer:
        pipe.send("ready")
        while True:
            if sequencer.step(clock.now()):
                signed.append((Log.objects.latest("name").signed_size, time.time()))
            elif pipe.poll() and not Outbox.objects.exists():
                break
            else:
                bell.wait(0.05)
    bell.close()
    pipe.send(signed)


def _waits(agency: str, recorded: dict[str, float], signed: list[tuple[int, float]]) -> list[float]:
    from congvu.ledger.models import Entry, Log  # noqa: PLC0415 -- after setup

    log: Any = Log.objects.filter(agency=agency).latest("name")
    places = (
        Entry.objects.filter(log=log, entry__gte=min(recorded))
        .order_by("index")
        .values_list("index", "entry")
    )
    waits, turn = [], 0
    for index, entry in places.iterator():
        while turn < len(signed) - 1 and signed[turn][0] <= index:
            turn += 1
        if entry in recorded:
            waits.append(signed[turn][1] - recorded[entry])
    return waits

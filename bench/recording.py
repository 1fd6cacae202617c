"""Processes that record acts and one that sequences and signs, for benchmarks of the ledger.

All of it is durable: fsync and synchronous_commit on, synchronous FULL, the store of record keys too.
"""

import itertools
import json
import multiprocessing
import os
import subprocess
import sys
import time
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import ClassVar

from congvu.ledger.events import Event

ENTRIES = 4  # of one act: as a letter to three
FORK = multiprocessing.get_context("fork")
DISCLOSURES = {"actor": "a" * 26, "message": "m" * 26, "mailbox": "b" * 26}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(Event):
    """An entry as the mail door records them."""

    kind: ClassVar[str] = "bench.message.delivered"
    direction: str = "in"
    channel: str = "mx"
    automatic: bool = False


def environment(folder: Path, url: str = "") -> dict[str, str]:
    """Return the environment of an installation in a folder, on SQLite or on the database of a URL."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("CONGVU_")},
        "DJANGO_SETTINGS_MODULE": "congvu.config.settings",
        "CONGVU_DATA": str(folder / "data"),
        "CONGVU_CHECKPOINT_COPY": str(folder / "copy"),
        "CONGVU_DATABASE": url,
    }


def ask(bench: str, folder: Path, url: str, *words: float) -> dict[str, float]:
    """Run the inner part of a benchmark in an installation of its own; return what it printed last, as JSON."""
    command = [sys.executable, "-m", "bench", bench, "inside", *map(str, words)]
    done = subprocess.run(command, env=environment(folder, url), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def ledgers(count: int) -> list[str]:
    """Return so many agencies with a ledger, founding those that are missing."""
    from django.core.management import call_command  # noqa: PLC0415 -- after setup
    from django.db import connection  # noqa: PLC0415 -- after setup

    from congvu.base import handles  # noqa: PLC0415 -- after setup
    from congvu.ledger import actions  # noqa: PLC0415 -- after setup
    from congvu.ledger.models import Ledger  # noqa: PLC0415 -- after setup

    call_command("migrate", "ledger", verbosity=0)
    agencies = list(Ledger.objects.order_by("slug").values_list("agency", flat=True)[:count])
    for number in range(len(agencies), count):
        agencies.append(handles.new())
        actions.found_ledger(
            agency=agencies[-1], slug=f"bench-{number:04}", host="h.example", zone="UTC", demonstration=False
        )
    connection.close()
    return agencies


def started(agencies: Sequence[str], *, every: float = 0.0) -> Connection:
    """Start a process that records acts for agencies by turns, one `every` so many seconds or as fast as it can.

    It says "ready", takes the time of its end, and answers with pairs of an entry's handle and when it was due to be
    recorded, in seconds since the epoch.
    """
    ours, its = FORK.Pipe()
    FORK.Process(target=_write, args=(its, agencies, every)).start()
    its.close()  # so that the end of a writer that fell is heard
    return ours


def _write(pipe: Connection, agencies: Sequence[str], every: float) -> None:
    from congvu.base import clock  # noqa: PLC0415 -- after setup
    from congvu.base.database import atomic  # noqa: PLC0415 -- after setup
    from congvu.ledger import actions  # noqa: PLC0415 -- after setup

    def act(agency: str) -> list[str]:
        some = [actions.Record(event=Delivered(), agency=agency, at=clock.now(), disclosures=DISCLOSURES)]
        with atomic(shared=True):
            return actions.record_many(some * ENTRIES)

    turns = itertools.cycle(agencies)
    act(next(turns))
    pipe.send("ready")
    told: list[tuple[str, float]] = []
    end: float = pipe.recv()
    due = time.time()
    while due < end:
        time.sleep(max(due - time.time(), 0))
        told += [(one, due) for one in act(next(turns))]
        due = due + every if every else time.time()
    pipe.send(told)


def clerk(pipe: Connection) -> None:
    """Sequence and sign until "stop" comes and nothing waits; answer with each head: log, size and time."""
    from congvu.base import clock  # noqa: PLC0415 -- after setup
    from congvu.base.doorbell import Listener  # noqa: PLC0415 -- after setup
    from congvu.ledger.models import Log, Outbox  # noqa: PLC0415 -- after setup
    from congvu.ledger.sequencer import Sequencer  # noqa: PLC0415 -- after setup

    heads: dict[int, list[tuple[int, float]]] = {}
    bell = Listener()
    with Sequencer() as sequencer:
        pipe.send("ready")
        while True:
            if sequencer.step(clock.now()):
                at = time.time()
                for log, size in Log.objects.values_list("pk", "signed_size"):
                    heads.setdefault(log, []).append((size, at))
            elif pipe.poll() and not Outbox.objects.exists():
                break
            else:
                bell.wait(0.05)
    bell.close()
    pipe.send(heads)


def run(
    agencies: Sequence[str], *, writers: int, seconds: float, every: float = 0.0
) -> tuple[int, float, list[float]]:
    """Let writers record for so many seconds while one process signs.

    Return how many entries were recorded, in how many seconds all of them were signed, and how long each waited from
    when it was due to its checkpoint, in ascending order. Raises ValueError if one is missing or there twice.
    """
    ours, theirs = FORK.Pipe()
    signing = FORK.Process(target=clerk, args=(theirs,))
    signing.start()
    theirs.close()
    ours.recv()
    pipes = [started(agencies, every=every) for _ in range(writers)]
    for pipe in pipes:
        pipe.recv()  # it is connected, and has written once
    began = time.time()
    for pipe in pipes:
        pipe.send(began + seconds)
    recorded: dict[str, float] = dict(pair for pipe in pipes for pair in pipe.recv())
    ours.send("stop")
    heads = ours.recv()
    took = time.time() - began
    signing.join()
    return len(recorded), took, _waits(recorded, heads)


def _waits(recorded: dict[str, float], heads: dict[int, list[tuple[int, float]]]) -> list[float]:
    from congvu.ledger.models import Entry  # noqa: PLC0415 -- after setup

    waits = []
    for log, signed in heads.items():
        sizes = [size for size, _ in signed]
        for index, entry in Entry.objects.filter(log=log).values_list("index", "entry").iterator():
            if entry in recorded:
                waits.append(signed[bisect_right(sizes, index)][1] - recorded[entry])
    if len(waits) != len(recorded):
        message = f"{len(recorded)} entries were recorded, and {len(waits)} are in the logs"
        raise ValueError(message)
    return sorted(waits)

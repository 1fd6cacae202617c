"""Many writers that commit in any order, and sequencers that die: `python -m tests.torture.many_writers FOLDER`.

What every writer was told is in its own file, a line for each transaction: done, lost (rolled back) or unknown (the
server left in the middle of the commit), and the ids of its entries. Reads its orders from the environment's
CONGVU_TORTURE_* and prints one line of JSON.
"""

import contextlib
import json
import multiprocessing
import multiprocessing.process
import os
import random
import signal
import sqlite3
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import django

django.setup()

from django.core.management import call_command  # noqa: E402 -- after setup
from django.db import Error, connection  # noqa: E402 -- after setup

from congvu.base import clock, handles  # noqa: E402 -- after setup
from congvu.base.database import UnknownOutcomeError, atomic  # noqa: E402 -- after setup
from congvu.ledger import actions  # noqa: E402 -- after setup
from congvu.ledger.events import Event  # noqa: E402 -- after setup
from congvu.ledger.fence import SequencerRunningError  # noqa: E402 -- after setup
from congvu.ledger.models import Outbox  # noqa: E402 -- after setup
from congvu.ledger.sequencer import Sequencer  # noqa: E402 -- after setup

WRITERS = int(os.environ.get("CONGVU_TORTURE_WRITERS", "8"))
SECONDS = float(os.environ.get("CONGVU_TORTURE_SECONDS", "5"))
SEED = int(os.environ.get("CONGVU_TORTURE_SEED", "1"))
BACKENDS_DIE = os.environ.get("CONGVU_TORTURE_BACKENDS", "") == "1"
SEQUENCERS = 2  # one of them by mistake
SAID = {"actor": "a" * 26, "message": "m" * 26}
FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written(Event):
    kind: ClassVar[str] = "test.line.written"
    writer: int
    part: int


class ChangedMindError(Exception):
    """A writer rolls back."""


def write(number: int, agency: str, folder: Path, end: float) -> None:
    """Write transactions of one to six entries until the end, slowly, quickly, and some never."""
    chance = random.Random(SEED * 1_000 + number)  # noqa: S311 -- repeatable
    with (folder / f"writer-{number}").open("a") as told:
        while time.time() < end:
            ids: list[str] = []
            word = "done"
            try:
                _transact(number, agency, chance, ids)
            except ChangedMindError:
                word = "lost"
            except UnknownOutcomeError:
                word = "unknown"
            except (Error, sqlite3.Error):
                word = "lost"  # before the commit: nothing of it may be there
                connection.close()
                time.sleep(0.2)
            told.write(f"{word} {' '.join(ids)}\n")
            told.flush()


def _transact(number: int, agency: str, chance: random.Random, ids: list[str]) -> None:
    with atomic(shared=True):
        for part in range(chance.randint(1, 3)):
            some = [
                actions.Record(
                    event=Written(writer=number, part=part), agency=agency, at=clock.now(), disclosures=SAID
                )
            ] * chance.choice((1, 1, 2, 8))
            ids += actions.record_many(some)
            time.sleep(
                chance.choice((0, 0.001, 0.02, 0.1)) if chance.random() < 0.98 else chance.uniform(0.5, 2.0)
            )
        if chance.random() < 0.1:
            raise ChangedMindError


def sequence(end: float) -> None:
    """Sequence while the fence can be had; what goes wrong is tried again, as by the clerk."""
    while time.time() < end:
        try:
            with Sequencer() as fenced:
                while time.time() < end:
                    if not fenced.step(clock.now()):
                        time.sleep(0.005)
        except SequencerRunningError:
            time.sleep(0.05)
        except Exception:  # noqa: BLE001 -- the clerk goes on as well
            connection.close()
            time.sleep(0.1)


def watch(folder: Path, slug: str, end: float) -> None:
    """Keep every checkpoint that was ever published."""
    seen: set[str] = set()
    with (folder / "checkpoints").open("a") as kept:
        while time.time() < end:
            for path in (folder / "data" / "ledger" / "public" / slug).glob("*/checkpoint"):
                with contextlib.suppress(FileNotFoundError):
                    note = path.read_text()
                    if note not in seen:
                        seen.add(note)
                        kept.write(json.dumps(note) + "\n")
                        kept.flush()
            time.sleep(0.01)


def start(target: object, *arguments: object) -> multiprocessing.process.BaseProcess:
    """Fork one; nothing is connected to the database here."""
    child = FORK.Process(target=target, args=arguments)  # type: ignore[arg-type]  # functions of this file
    child.start()
    return child


def main(folder: Path) -> dict[str, object]:
    """Make the ledger, let everybody work, kill now and then, and sequence what is left."""
    agency, slug = handles.new(), "many"
    call_command("migrate", "ledger", verbosity=0)
    with atomic():
        actions.found_ledger(agency=agency, slug=slug, host="h.example", zone="UTC", demonstration=False)
    connection.close()
    end = time.time() + SECONDS
    writers = [start(write, number, agency, folder, end) for number in range(WRITERS)]
    fenced = [start(sequence, end + 3_600) for _ in range(SEQUENCERS)]
    watcher = start(watch, folder, slug, end + 3_600)
    done = _torment(fenced, end)
    for one in writers:
        one.join()
    for one in (*fenced, watcher):
        one.kill()
        one.join()
    _settle()
    return {"agency": agency, "writers": WRITERS, "seconds": SECONDS, "seed": SEED, **done}


def _torment(fenced: list[multiprocessing.process.BaseProcess], end: float) -> Counter[str]:
    chance, done = random.Random(SEED), Counter[str]()  # noqa: S311 -- repeatable
    acts = ["kill -9", "kill -9", "pause", "cut off"] + ["backend -9"] * BACKENDS_DIE
    while (left := end - time.time()) > 0:
        time.sleep(min(left, chance.uniform(0.3, 3.0)))
        act, place = chance.choice(acts), chance.randrange(len(fenced))
        with contextlib.suppress(Error):
            _do(act, fenced, place)
            done[act] += 1
    return done


def _do(act: str, fenced: list[multiprocessing.process.BaseProcess], place: int) -> None:
    pid = fenced[place].pid
    assert pid is not None
    if act == "kill -9":
        os.kill(pid, signal.SIGKILL)
        fenced[place].join()
        fenced[place] = start(sequence, time.time() + 3_600)
    elif act == "pause":
        os.kill(pid, signal.SIGSTOP)
        time.sleep(0.5)
        os.kill(pid, signal.SIGCONT)
    else:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " ORDER BY random() LIMIT 1"
            )
            backend = cursor.fetchone()[0]
            if act == "cut off":
                cursor.execute("SELECT pg_terminate_backend(%s)", [backend])
            else:
                os.kill(backend, signal.SIGKILL)  # the server ends every session and recovers
        connection.close()


def _settle() -> None:
    """Sequence all that is left. The server may be recovering, or still ending the session of one that was killed."""
    connection.close()
    for _ in range(600):
        try:
            with Sequencer() as fenced:
                while fenced.step(clock.now()):
                    pass
            if not Outbox.objects.exists():
                return
        except (Error, SequencerRunningError, OSError):
            connection.close()
        time.sleep(0.1)
    raise TimeoutError


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))  # noqa: T201 -- for who started it

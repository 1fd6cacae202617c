"""What the children of `crashing` do: a program that records and sequences under faults, and one that starts again."""

import contextlib
import os
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from congvu.base import clock, database, handles, journal, keys
from congvu.base.database import atomic
from congvu.ledger import actions, check, log_keys, queries, sequencer
from congvu.ledger.events import Event
from congvu.ledger.models import Entry, Ledger, Log, Outbox
from congvu.ledger.sequencer import Sequencer
from congvu.ledger.store import Folder
from congvu.standards import checkpoints, notes, tiles

TURNS = 8
SHORT = 12  # pages, after which a writer moves the journal
FIRST = 240  # entries before the first round: soon a bundle is full
SAID = {"actor": "an", "lamp": "the one by the bridge"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LampMended(Event):
    kind: ClassVar[str] = "test.lamp.mended"
    height: int = 4


def found() -> Iterator[Any]:
    """Make an installation with one whole log."""
    call_command("migrate", verbosity=0)
    agency = handles.new()
    with atomic():
        actions.found_ledger(
            agency=agency, slug="phuong", host="congvu.example", zone="Asia/Ho_Chi_Minh", demonstration=False
        )
    _record(agency, FIRST)
    sequencer.settle()
    connection.close()
    keys._connection().close()
    yield agency


def _record(agency: str, count: int) -> list[str]:
    now = clock.now()
    records = [
        actions.Record(event=LampMended(height=at), agency=agency, at=now, disclosures=SAID)
        for at in range(count)
    ]
    with atomic():
        return actions.record_many(records)


def forget(what: str) -> None:
    """Leave out a part of the product's care, so that a test can see the tortures find it: files, commits."""
    if what == "files":
        os.fsync = lambda _: None
    elif what == "commits":
        connection_created.connect(_commit_lightly, weak=False)


def _commit_lightly(connection: BaseDatabaseWrapper, **_: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")


class Mover:
    """Moves the journals within a round, as clerk and writers do, beside somebody who reads for long."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._reader = sqlite3.connect(database.path(), isolation_level=None)
        if dice.random() < 0.5:
            journal.LIMIT = SHORT

    def turn(self) -> None:
        """Begin or end reading, and move, by the dice."""
        if self._dice.random() < 0.4:
            self._reader.execute("ROLLBACK" if self._reader.in_transaction else "BEGIN")
            self._reader.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        for move in (database.checkpoint, keys.checkpoint):
            if self._dice.random() < 0.6:
                move()


def work(seed: int) -> Iterator[Any]:
    """Record and sequence as the product does: what fails is tried again in the next turn."""
    forgotten = os.environ.get("CONGVU_TORTURE_FORGETS", "")
    forget(forgotten)
    dice = random.Random(seed)  # noqa: S311 -- dice, not keys
    mover = Mover(dice) if dice.random() < 0.7 and not forgotten else None  # who moves, syncs
    fenced, agency, folder = None, "", None
    for _ in range(TURNS):
        try:
            if fenced is None:
                fenced = Sequencer().__enter__()
                fenced.pass_gates(clock.now())
            agency = agency or Ledger.objects.values_list("agency", flat=True).get()
            folder = folder or Folder.of("phuong", clock.now().year)
            yield {"recorded": _record(agency, dice.randint(1, 12))}
        except Exception:  # noqa: BLE001 -- whatever the disk does to it, it goes on
            connection.close()
        with contextlib.suppress(Exception):
            if mover is not None:
                mover.turn()
        with contextlib.suppress(Exception):
            try:
                if fenced is not None and dice.random() < 0.8:
                    fenced.step(clock.now())
            except Exception:  # noqa: BLE001 -- as above
                connection.close()
            if folder is not None and (note := folder.checkpoint()):
                yield {"signed": note}


def again(known: list[str], signed: list[str]) -> Iterator[Any]:
    """Start again: pass the gate, sequence what waits, and compare with what was promised before."""
    now = clock.now()
    with Sequencer() as fenced:
        fenced.pass_gates(now)
        while fenced.step(now):
            pass
    ledger, log = Ledger.objects.get(), Log.objects.get()
    folder = Folder.of(ledger.slug, log.year)
    if ledger.sealed:
        there = {
            *Entry.objects.values_list("entry", flat=True),
            *Outbox.objects.values_list("entry", flat=True),
        }
        lost = [one for one in known if one not in there]
    else:
        there = {one.id for one in queries.entries(known, agency=ledger.agency) if one.disclosures == SAID}
        lost = [one for one in known if one not in there]
    root = notes.decode_base64(log.root)
    damaged = [] if ledger.sealed else list(check.damages(folder, log.size, root=root))
    remembered = [*signed, folder.checkpoint(), folder.checkpoint_copy(), log.checkpoint]
    forked = [] if ledger.sealed else _forks(remembered, log, folder)  # a sealed log signs nothing more
    words = [f"sealed: {ledger.sealed}"] if ledger.sealed else []
    figures = {
        "lost": len(lost),
        "forked": len(forked),
        "damaged": len(damaged),
        "sealed": int(bool(ledger.sealed)),
    }
    yield {**figures, "words": words}


def _forks(signed: list[str], log: Log, folder: Folder) -> list[str]:
    """Return the notes that were signed and are not of the history that is there now."""
    key = log_keys.verifier(log.origin, folder)
    wrong = []
    for note in set(signed) - {""}:
        head = checkpoints.verify(note, key=key)
        if head.size > log.signed_size or not _is_prefix(head, folder):
            wrong.append(note)
    return wrong


def _is_prefix(head: checkpoints.Checkpoint, folder: Folder) -> bool:
    try:
        return tiles.root(head.size, folder.read) == head.root
    except (OSError, tiles.BrokenTileError):
        return False

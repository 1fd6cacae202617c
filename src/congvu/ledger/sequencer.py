# writes: it alone moves the log and its cursor
"""The one process that puts recorded entries into the log, in order, and signs.

A batch is whatever has been recorded since the last one (natural group commit, no timer): leaf hashes, tiles and
bundles on disk and read back, then compare-and-swap of the head, then the signature; only then readers see it.
"""

import fcntl
import logging
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from congvu.base import clock
from congvu.base.database import atomic, lazily
from congvu.ledger import gate, log_keys
from congvu.ledger.actions import record
from congvu.ledger.events import ClockSteppedBack, Event, LogContinued, LogOpened
from congvu.ledger.models import Ledger, Log, Outbox
from congvu.ledger.store import Folder, ReadBackError
from congvu.standards import checkpoints, merkle, notes, tiles

log_book = logging.getLogger(__name__)
BATCH = 5_000
TOLERANCE = 2  # seconds that two clocks of one machine may differ without a word


class SequencerRunningError(Exception):
    """Another process holds the fence."""


class FencedError(Exception):
    """The head moved under this sequencer: somebody else wrote."""


class _Row(NamedTuple):
    id: int
    entry: str
    leaf: bytes


@dataclass(slots=True)
class _Open:
    log: Log
    folder: Folder
    signer: notes.SignerKey
    edge: tiles.Edge


@dataclass(slots=True)
class Sequencer:
    """Holds the fence, a lock on the ledger's folder, as long as its block lasts."""

    _fence: int = -1
    _newest: dict[str, _Open] = field(default_factory=dict)  # by agency

    def __enter__(self) -> Self:
        """Take the fence; raises SequencerRunningError."""
        path = Path(settings.CONGVU_DATA) / "ledger"
        path.mkdir(parents=True, exist_ok=True)
        self._fence = os.open(path / "fence", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._fence, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._fence)
            raise SequencerRunningError from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the fence back."""
        os.close(self._fence)

    def step(self, now: datetime) -> int:
        """Sequence one batch of what waits, in the order of the commits; return how many entries went in."""
        sealed = list(Ledger.objects.exclude(sealed="").values_list("agency", flat=True))
        rows: dict[str, list[_Row]] = {}
        waiting = Outbox.objects.exclude(agency__in=sealed) if sealed else Outbox.objects.all()
        for agency, place, entry, leaf in waiting.order_by("id").values_list("agency", "id", "entry", "leaf")[
            :BATCH
        ]:
            rows.setdefault(agency, []).append(_Row(place, entry, bytes(leaf)))
        done, failed = 0, None
        for agency, batch in rows.items():
            try:
                done += self._step(agency, batch, now)
            except Exception as error:  # what fails for one agency holds up no other
                log_book.exception("a batch of agency %s was not sequenced and will be tried again", agency)
                failed = failed or error
        if failed is not None:
            raise failed
        return done

    def pass_gates(self, now: datetime) -> None:
        """Inspect every ledger's newest log, and seal what is not what it was, before anything is acknowledged."""
        for ledger in Ledger.objects.filter(sealed=""):
            newest = _newest(ledger)
            if newest is not None:
                self._pass_gate(ledger, newest, now)

    def _step(self, agency: str, batch: list[_Row], now: datetime) -> int:
        opened = self._open(Ledger.objects.get(agency=agency), now)
        if opened is None:
            return 0
        if opened.log.size == 0:
            first = Outbox.objects.filter(agency=agency, id__lt=0).values_list("id", "entry", "leaf")
            batch = [
                *(_Row(place, entry, bytes(leaf)) for place, entry, leaf in first),
                *(row for row in batch if row.id > 0),
            ]
        try:
            self._append(opened, batch)
            self._sign(opened, now)
        except BaseException:
            self._newest.clear()  # what was in memory may be ahead of the disk: pass the gate again
            raise
        return len(batch)

    def _open(self, ledger: Ledger, now: datetime) -> _Open | None:
        year = now.astimezone(ZoneInfo(ledger.zone)).year
        kept = self._newest.get(ledger.agency)
        if kept is not None and year <= kept.log.year:
            return kept  # a clock that jumped back never reopens an old year
        newest = _newest(ledger)
        if newest is not None:
            year = max(year, newest.year)
        if newest is not None and newest.year < year and self._pass_gate(ledger, newest, now) is None:
            return None  # the old year must be whole and signed before the new one may bind to it
        opened = self._pass_gate(ledger, _log_of(ledger, year), now)
        if opened is None:
            return None
        if opened.log.size == 0:
            _record_first(ledger, _newest(ledger, before=year), now)
        self._newest[ledger.agency] = opened
        return opened

    def _pass_gate(self, ledger: Ledger, log: Log, now: datetime) -> _Open | None:
        folder = Folder.of(ledger.slug, log.year)
        if reason := gate.inspect(log, folder):
            log_book.error("the ledger of %s is sealed, nothing can be recorded: %s", ledger.slug, reason)
            ledger.sealed = reason
            ledger.save(update_fields=["sealed"])
            return None
        log_keys.publish(log.origin, folder)
        edge = tiles.edge(log.size, folder.read)
        opened = _Open(log, folder, log_keys.signer(log.origin, folder), edge)
        if log.signed_size < log.size or folder.checkpoint() != log.checkpoint:
            self._sign(opened, now)  # a crash came between the head and its signature
        return opened

    def _append(self, opened: _Open, batch: list[_Row]) -> None:
        growth = opened.edge.append([row.leaf for row in batch])
        opened.folder.write(growth.files)
        root = tiles.edge(growth.edge.size, opened.folder.read).root()  # re-hashed from what the disk holds
        _read_back(opened.folder, growth.files)
        self._swap(opened, batch, growth.edge.size, root)
        opened.folder.drop(growth.spent())
        opened.edge = growth.edge

    def _swap(self, opened: _Open, batch: list[_Row], size: int, root: bytes) -> None:
        log, start = opened.log, opened.edge.size
        encoded = notes.encode_base64(root)
        with atomic():
            moved = Log.objects.filter(pk=log.pk, size=start).update(size=size, root=encoded)
            if moved != 1:
                raise FencedError(log.origin)
            with connection.cursor() as cursor:
                cursor.executemany(
                    'INSERT INTO ledger_entry (entry, agency, log_id, "index") VALUES (%s, %s, %s, %s)',
                    [(row.entry, log.agency, log.pk, start + at) for at, row in enumerate(batch)],
                )
            Outbox.objects.filter(agency=log.agency, id__lte=batch[-1].id).delete()
        log.size, log.root = size, encoded

    def _sign(self, opened: _Open, now: datetime) -> None:
        log = opened.log
        if log.size == 0:
            return
        head = checkpoints.Checkpoint(log.origin, log.size, notes.decode_base64(log.root))
        log.checkpoint = checkpoints.sign(head, opened.signer)
        log.signed_size, log.signed_at = log.size, now
        opened.folder.publish(log.checkpoint)
        with lazily(), atomic():  # the file is durable; after a power cut the gate signs the same again
            log.save(update_fields=["checkpoint", "signed_size", "signed_at"])


def settle() -> int:
    """Sequence everything that waits, now; for commands and tests without a running clerk."""
    done = 0
    with Sequencer() as sequencer:
        while count := sequencer.step(clock.now()):
            done += count
    return done


def watch_clock(agency: str, now: datetime, newest_at: datetime) -> bool:
    """Record that the clock went back, when it did; return whether it did. Evidence keeps the time it was told."""
    behind = int((newest_at - now).total_seconds())
    if behind <= TOLERANCE:
        return False
    with atomic():
        record(ClockSteppedBack(seconds=behind), agency=agency, at=now, disclosures={})
    return True


def origin(ledger: Ledger, year: int) -> str:
    """Return the origin of a year's log: a schemeless address; a demonstration's says so first."""
    host = f"demonstration.{ledger.host}" if ledger.demonstration else ledger.host
    return f"{host}/log/{ledger.slug}/{year}"


def _newest(ledger: Ledger, *, before: int = 10_000) -> Log | None:
    """Return the log of the latest year, or of the latest before a year."""
    return Log.objects.filter(agency=ledger.agency, year__lt=before).order_by("-year").first()


def _log_of(ledger: Ledger, year: int) -> Log:
    """Return a year's log, made with its key when it is new."""
    name = origin(ledger, year)
    log_keys.make(name, Folder.of(ledger.slug, year))
    log, _ = Log.objects.get_or_create(agency=ledger.agency, year=year, defaults={"origin": name})
    return log


def _record_first(ledger: Ledger, before: Log | None, now: datetime) -> None:
    """Put the log's first leaf before everything that waits."""
    if Outbox.objects.filter(agency=ledger.agency, id__lt=0).exists():
        return  # a crash came between recording it and appending it
    event: Event = LogOpened()
    if before is not None:
        event = LogContinued(origin=before.origin, size=before.signed_size, root=before.root)
    with atomic():
        first = Outbox.objects.filter(agency=ledger.agency).order_by("id").first()
        made = record(event, agency=ledger.agency, at=now, disclosures={})
        if first is not None:
            Outbox.objects.filter(agency=ledger.agency, entry=made).update(id=-first.pk)


def _read_back(folder: Folder, files: dict[str, bytes]) -> None:
    """Hash the bundles again as the disk gives them and compare them with the hash tiles beside them."""
    for name in files:
        bundle = tiles.parse_path(name)
        if bundle is None or bundle.level is not None:
            continue
        hashed = [merkle.leaf_hash(leaf) for leaf in tiles.read_entries(bundle, folder.read)]
        if hashed != tiles.read_hashes(tiles.Tile(0, bundle.index, bundle.width), folder.read):
            raise ReadBackError(name)

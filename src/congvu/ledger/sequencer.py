# writes: it alone moves the log and its cursor
"""The one process that puts recorded entries into the log, in order, and signs.

A batch is whatever has been recorded since the last one (natural group commit, no timer): leaf hashes, tiles and
bundles on disk and read back, then compare-and-swap of the head, then the signature; only then readers see it.
"""

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from django.db.models import F

from congvu.base import clock, rows
from congvu.base.database import atomic, lazily
from congvu.ledger import chores, closed, gate, log_keys, ordering
from congvu.ledger.actions import record
from congvu.ledger.events import ClockSteppedBack, Event, LogContinued, LogOpened
from congvu.ledger.fence import Fence, TakenOverError
from congvu.ledger.models import Entry, Ledger, Log
from congvu.ledger.ordering import Waiting
from congvu.ledger.store import Folder, ReadBackError
from congvu.ledger.witnesses import recall
from congvu.standards import checkpoints, merkle, notes, successions, tiles

log_book = logging.getLogger(__name__)
BATCH = 5_000
RETRY = 1.0  # seconds after which an agency is tried again for which something failed
TOLERANCE = 2  # seconds that two clocks of one machine may differ without a word


class FencedError(Exception):
    """The head or the outbox is not what was read: the batch is read again."""


@dataclass(slots=True)
class _Open:
    log: Log
    folder: Folder
    signer: notes.SignerKey
    edge: tiles.Edge


@dataclass(slots=True)
class _Failed:
    error: Exception
    until: float  # when it is tried again, by the monotonic clock


@dataclass(slots=True)
class Sequencer:
    """Holds the fence as long as its block lasts."""

    _fence: Fence = field(default_factory=Fence)
    _newest: dict[str, _Open] = field(default_factory=dict)  # by agency
    _asked: set[str] = field(default_factory=set)  # origins of which witnesses told what they remember
    _unsigned: set[str] = field(default_factory=set)  # agencies of which a batch may be in and not signed
    _failed: dict[str, _Failed] = field(default_factory=dict)  # by agency

    def __enter__(self) -> Self:
        """Take the fence; raises SequencerRunningError."""
        self._fence.take()
        try:
            self._look_back()
        except BaseException:
            self._fence.give_back()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the fence back."""
        self._fence.give_back()

    def _look_back(self) -> None:
        if ordering.mend():
            log_book.warning("what waited came from another database server, and enters the log in its order")
        self._unsigned.update(Log.objects.filter(signed_size__lt=F("size")).values_list("agency", flat=True))

    def step(self, now: datetime) -> int:
        """Sequence one batch of what waits, in order, and sign what was in already and could not be signed.

        Returns how many entries were signed. What fails for one agency holds up no other, and is raised when there was
        nothing else to do. Raises TakenOverError, after which there is nothing left to do here.
        """
        sealed = set(Ledger.objects.exclude(sealed="").values_list("agency", flat=True))
        rest = sealed.union(name for name, one in self._failed.items() if time.monotonic() < one.until)
        batches = ordering.waiting(without=rest, limit=BATCH)
        others = self._unsigned.difference(batches, rest)
        done = sum(self._try(agency, batches.get(agency, []), now) for agency in [*batches, *others])
        failed = [one for name, one in self._failed.items() if name not in sealed]
        if failed and not done:
            raise failed[0].error
        return done

    def _try(self, agency: str, batch: list[Waiting], now: datetime) -> int:
        try:
            done = self._step(agency, batch, now)
        except TakenOverError:
            raise
        except Exception as error:
            log_book.exception("a batch of agency %s was not sequenced and will be tried again", agency)
            self._unsigned.add(agency)
            self._failed[agency] = _Failed(error, time.monotonic() + RETRY)
            return 0
        self._unsigned.discard(agency)
        self._failed.pop(agency, None)
        return done

    def pass_gates(self, now: datetime) -> None:
        """Inspect every ledger's newest log, and seal what is not what it was, before anything is acknowledged."""
        for ledger in Ledger.objects.filter(sealed=""):
            newest = _newest(ledger)
            if newest is not None:
                self._pass_gate(ledger, newest, now)

    def _step(self, agency: str, batch: list[Waiting], now: datetime) -> int:
        ledger = Ledger.objects.get(agency=agency)
        if not batch:
            return self._sign_left(ledger, now)
        opened = self._open(ledger, now)
        if opened is None:
            return 0
        if opened.log.size == 0:
            batch = [*ordering.first(agency), *(one for one in batch if one.place > 0)]
        try:
            self._append(opened, batch)
            self._sign(opened, now)
        except BaseException:
            self._newest.clear()  # what was in memory may be ahead of the disk: pass the gate again
            raise
        return len(batch)

    def _sign_left(self, ledger: Ledger, now: datetime) -> int:
        newest = _newest(ledger)
        if newest is None:
            return 0
        left = newest.size - newest.signed_size
        return left if self._pass_gate(ledger, newest, now) else 0

    def _open(self, ledger: Ledger, now: datetime) -> _Open | None:
        year = now.astimezone(ZoneInfo(ledger.zone)).year
        kept = self._newest.get(ledger.agency)
        if kept is not None and year <= kept.log.year:
            return kept  # a clock that jumped back never reopens an old year
        newest = _newest(ledger)
        if newest is not None and newest.year < year and newest.size:
            if self._pass_gate(ledger, newest, now) is None:
                return None  # the old year must be whole and signed before the new one may bind to it
            newest = None
        opened = self._pass_gate(ledger, newest or _begun(ledger, year), now)
        if opened is None:
            return None
        if opened.log.size == 0:
            with self._fence.held():
                before = _newest(ledger, before=opened.log.name)
                _record_first(ledger, before, now)
                _end(ledger, before, opened)
        self._newest[ledger.agency] = opened
        return opened

    def _pass_gate(self, ledger: Ledger, log: Log, now: datetime) -> _Open | None:
        folder = Folder.of(ledger.slug, log.name)
        if reason := gate.inspect(log, folder) or self._ask_witnesses(log, folder, now):
            log_book.error("the ledger of %s is sealed, nothing can be recorded: %s", ledger.slug, reason)
            ledger.sealed = reason
            with self._fence.held():  # who was away may have misjudged what the next one wrote
                ledger.save(update_fields=["sealed"])
            return None
        log_keys.publish(log.origin, folder)
        edge = tiles.edge(log.size, folder.read)
        opened = _Open(log, folder, log_keys.signer(log.origin, folder), edge)
        if log.signed_size < log.size or folder.checkpoint() != log.checkpoint:
            self._sign(opened, now)  # a crash came between the head and its signature
        return opened

    def _ask_witnesses(self, log: Log, folder: Folder, now: datetime) -> str:
        """Ask once for what witnesses remember of a log: a backup is restored while nobody works on it."""
        reason = "" if log.origin in self._asked else recall.inspect(log, folder, now=now)
        self._asked.add(log.origin)
        return reason

    def _append(self, opened: _Open, batch: list[Waiting]) -> None:
        growth = opened.edge.append([one.leaf for one in batch])
        with self._fence.held():
            opened.folder.write(growth.files)
            root = tiles.edge(growth.edge.size, opened.folder.read).root()  # from what the disk holds
            _read_back(opened.folder, growth.files)
            self._swap(opened, batch, growth.edge.size, root)
        opened.log.size, opened.log.root = growth.edge.size, notes.encode_base64(root)
        opened.folder.drop(growth.spent())
        opened.edge = growth.edge

    def _swap(self, opened: _Open, batch: list[Waiting], size: int, root: bytes) -> None:
        """Move the head if it stands where it stood, and let the batch's entries be found; all of it or nothing."""
        log, start = opened.log, opened.edge.size
        places = [(one.entry, log.agency, log.pk, start + at) for at, one in enumerate(batch)]
        with atomic():
            head = Log.objects.filter(pk=log.pk, size=start)
            if head.update(size=size, root=notes.encode_base64(root)) != 1:
                raise FencedError(log.origin)
            rows.write(Entry, ("entry", "agency", "log_id", "index"), places)
            if ordering.remove(log.agency, batch) != len(batch):
                raise FencedError(log.origin)

    def _sign(self, opened: _Open, now: datetime) -> None:
        log = opened.log
        if log.size == 0:
            return
        head = checkpoints.Checkpoint(log.origin, log.size, notes.decode_base64(log.root))
        log.checkpoint = checkpoints.sign(head, opened.signer)
        log.signed_size, log.signed_at = log.size, now
        with lazily(), self._fence.held():
            opened.folder.publish(log.checkpoint)
            with atomic():  # the file is durable; after a power cut the gate signs the same again
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
    with atomic(shared=True):
        record(ClockSteppedBack(seconds=behind), agency=agency, at=now, disclosures={})
    chores.failed(agency, "clock", str(behind), now=now)
    return True


def origin(ledger: Ledger, name: str | int) -> str:
    """Return the origin of a log: a schemeless address; a demonstration's says so first."""
    host = f"demonstration.{ledger.host}" if ledger.demonstration else ledger.host
    return f"{host}/log/{ledger.slug}/{name}"


def _newest(ledger: Ledger, *, before: str = "9999-9") -> Log | None:
    """Return the newest log, or the newest before one of a name."""
    return Log.objects.filter(agency=ledger.agency, name__lt=before).order_by("-name").first()


def _begun(ledger: Ledger, year: int) -> Log:
    """Return the first log of a new year, made with its key."""
    name = origin(ledger, year)
    log_keys.make(name, Folder.of(ledger.slug, year))
    with atomic(shared=True):
        log, _ = Log.objects.get_or_create(agency=ledger.agency, name=str(year), defaults={"origin": name})
    return log


def _record_first(ledger: Ledger, before: Log | None, now: datetime) -> None:
    """Put the log's first leaf before everything that waits."""
    if ordering.first(ledger.agency):
        return  # a crash came between recording it and appending it
    event: Event = LogOpened()
    if before is not None:
        event = LogContinued(origin=before.origin, size=before.signed_size, root=before.root)
    with atomic():
        ordering.put_first(ledger.agency, [record(event, agency=ledger.agency, at=now, disclosures={})])


def _end(ledger: Ledger, before: Log | None, opened: _Open) -> None:
    """Let the key of the log before vouch for the new one, as long as it is there; or publish that it was closed."""
    if before is None:
        return
    folder = Folder.of(ledger.slug, before.name)
    if before.closing:
        closed.publish(before, folder)
        return
    try:
        old = log_keys.signer(before.origin, folder)
        opened.folder.succeed(successions.vouch(opened.signer.verifier, by=old))
    except (log_keys.KeyMissingError, successions.NoSuccessionError):
        log_book.warning("nobody vouches for the key of %s: give it to the witnesses", opened.log.origin)


def _read_back(folder: Folder, files: dict[str, bytes]) -> None:
    """Hash the bundles again as the disk gives them and compare them with the hash tiles beside them."""
    for name in files:
        bundle = tiles.parse_path(name)
        if bundle is None or bundle.level is not None:
            continue
        hashed = [merkle.leaf_hash(leaf) for leaf in tiles.read_entries(bundle, folder.read)]
        if hashed != tiles.read_hashes(tiles.Tile(0, bundle.index, bundle.width), folder.read):
            raise ReadBackError(name)

"""Closing a log before its year is over, and beginning the one that takes its place: one act, done or not done."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from congvu.base import rows
from congvu.base.database import atomic
from congvu.ledger import gate, log_keys, ordering
from congvu.ledger.actions import record
from congvu.ledger.closing import heads
from congvu.ledger.closing.heads import Last
from congvu.ledger.events import LogClosed
from congvu.ledger.models import Entry, Ledger, Log, Outbox, Position
from congvu.ledger.store import Folder
from congvu.ledger.witnesses import policy as policies
from congvu.ledger.witnesses.models import WitnessedHead
from congvu.standards import closings, notes, successions, tiles


class ClosedError(Exception):
    """The log is closed already, or it grew meanwhile, or another log follows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Why a log is closed, who did it, and who approved it."""

    reason: Literal["stolen", "lost"]
    by: str
    approved_by: str


def close(ledger: Ledger, log: Log, last: Last, *, decision: Decision, now: datetime) -> Log:
    """Close a log at its last head that counts; return the log that takes its place, whose first entry says so.

    Entries behind that head are entered in the new log; its seal, if any, is lifted. The caller holds the fence.
    Raises ClosedError, TooManyLogsError, or DamagedError when entries behind the head cannot be read.
    """
    folder, origin = Folder.of(ledger.slug, log.name), closings.next_origin(log.origin)
    name = successions.name_of(origin)
    beside = Folder.of(ledger.slug, name)
    log_keys.make(origin, beside)
    note = _note(log, folder, last, log_keys.signer(origin, beside), decision)
    kept, behind = heads.standing(log, folder, last)
    event = LogClosed(
        reason=decision.reason,
        key=last.key.text,
        size=last.head.size,
        root=notes.encode_base64(last.head.root),
        kept=kept,
        carried=len(behind),
    )
    with atomic():
        if log.pk is None:  # the database knows nothing any more
            log.save()
        newest = Log.objects.filter(agency=ledger.agency).order_by("-name").first()
        if (
            newest != log
            or Log.objects.filter(pk=log.pk, closing="", size=log.size).update(closing=note) != 1
        ):
            raise ClosedError(log.origin)
        Ledger.objects.filter(pk=ledger.pk).update(sealed="")
        carried = _carry(log, folder, behind)
        _cut(log, kept, last, root=tiles.root(kept, folder.read), carried=len(carried), name=name)
        made = Log.objects.create(agency=ledger.agency, name=name, origin=origin)
        said = {"closed_by": decision.by, "approved_by": decision.approved_by}
        entry = record(event, agency=ledger.agency, at=now, disclosures=said)
        ordering.put_first(ledger.agency, [entry, *carried])
    return made


def _note(log: Log, folder: Folder, last: Last, following: notes.SignerKey, decision: Decision) -> str:
    """Return the signed closing; the closed log's key signs it too where it is at hand."""
    policy = policies.current()
    closing = closings.Closing(
        reason=decision.reason,
        closed=last.key,
        next=following.verifier,
        size=last.head.size,
        root=last.head.root,
        policy=policies.bare(policy) if policies.is_awaited(policy) else "",
    )
    try:
        old = log_keys.signer(log.origin, folder)
    except (log_keys.KeyMissingError, notes.MalformedKeyError):
        return closings.sign(closing, following)
    return closings.sign(closing, following, *([old] if old.verifier == last.key else []))


def _carry(log: Log, folder: Folder, behind: range) -> list[str]:
    """Let the entries behind the last head wait once more, and return their ids in order."""
    Entry.objects.filter(log=log, index__gte=behind.start).delete()
    leaves: list[bytes] = []
    for number in range(behind.start // tiles.WIDTH, -(-behind.stop // tiles.WIDTH)) if behind else ():
        first = number * tiles.WIDTH
        bundle = tiles.Tile(None, number, min(tiles.WIDTH, log.size - first))
        try:
            leaves += tiles.read_entries(bundle, folder.read)[max(0, behind.start - first) :]
        except (OSError, tiles.BrokenTileError) as error:
            raise heads.DamagedError(gate.TILES_BEHIND) from error
    ids = [json.loads(leaf)["id"] for leaf in leaves]
    waiting = [(log.agency, entry, leaf) for entry, leaf in zip(ids, leaves, strict=True)]
    rows.write(Outbox, ("agency", "entry", "leaf"), waiting)
    return ids


def _cut(log: Log, kept: int, last: Last, *, root: bytes, carried: int, name: str) -> None:
    """Let the closed log end with what it keeps, and readers who were past that go on in the new one."""
    checkpoint = last.note if kept == last.head.size else log.checkpoint if kept else ""
    Log.objects.filter(pk=log.pk).update(
        size=kept, signed_size=kept, root=notes.encode_base64(root) if kept else "", checkpoint=checkpoint
    )
    WitnessedHead.objects.filter(agency=log.agency, log=log, size__gt=kept).delete()
    for position in Position.objects.filter(agency=log.agency, log=log.name, index__gt=kept):
        position.log, position.index = name, 1 + min(position.index - kept, carried)
        position.save(update_fields=["log", "index"])

# writes: it restores the cache from the truth on disk
"""Restoring the database's cache of a log from its bundles, tiles and checkpoint.

Disclosures that survive are found again by their entry; destroyed ones leave tombstones. Holds of which the database
knows nothing more are replaced by one that covers everything.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from congvu.base import rows
from congvu.base.database import atomic
from congvu.ledger import check, memories
from congvu.ledger.check import Damage, Progress
from congvu.ledger.disposal.actions import holding
from congvu.ledger.disposal.events import HoldPlaced
from congvu.ledger.disposal.models import Hold
from congvu.ledger.models import Entry, Ledger, Log, Outbox
from congvu.ledger.sequencer import Sequencer, origin
from congvu.ledger.store import Folder
from congvu.standards import closings, notes, successions, tiles

_CHUNK = 5_000
_COLUMNS = ("entry", "agency", "log_id", "index")


class DamagedLogError(Exception):
    """The files are not whole, so nothing is rebuilt from them; the argument is the first Damage."""


class NothingToRebuildError(Exception):
    """There is no genuine checkpoint of this log."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild restored, and how many holds of the log the database did not know."""

    origin: str
    size: int
    unknown_holds: int


def rebuild(ledger: Ledger, name: str | int, progress: Progress | None = None, *, now: datetime) -> Rebuilt:
    """Restore the log of this name and lift the seal; raises NothingToRebuildError or DamagedLogError.

    Readers must be rewound afterwards. Nobody may sequence meanwhile: the fence is taken.
    """
    folder, address = Folder.of(ledger.slug, name), origin(ledger, name)
    closing, following = _closing(folder)
    if closing:
        head, note = memories.genuine(address, folder, folder.checkpoint())
    else:
        head, note = memories.newest(address, folder)
    if not head.size:
        raise NothingToRebuildError(address)
    damage = check.first_damage(folder, head.size, root=head.root)
    if damage is not None:
        raise DamagedLogError(damage)
    with Sequencer(), atomic():
        log, _ = Log.objects.get_or_create(agency=ledger.agency, name=str(name), defaults={"origin": address})
        Entry.objects.filter(log=log).delete()
        placed = _restore(log, folder, head.size, progress)
        log.size = log.signed_size = head.size
        log.root, log.checkpoint = notes.encode_base64(head.root), note
        log.closing = closing
        log.save()
        if following:
            _begin(ledger.agency, following)
        _drop_sequenced(ledger.agency)
        Ledger.objects.filter(pk=ledger.pk).update(sealed="")
        unknown = _unknown(ledger.agency, placed)
        if unknown:
            holding.place_for_unknown(unknown, agency=ledger.agency, at=now)
    folder.publish(note)
    return Rebuilt(address, head.size, len(unknown))


def _closing(folder: Folder) -> tuple[str, str]:
    """Return the note that closed the log, and the origin of the next; both empty while it is open."""
    try:
        note = folder.closing()
        return note, closings.read(note).next.name if note else ""
    except ValueError as error:
        raise DamagedLogError(Damage("closing", 0, "signature")) from error


def _begin(agency: str, address: str) -> None:
    """Let nothing be written on a closed log, though nothing of the one in its place can be rebuilt."""
    Log.objects.get_or_create(agency=agency, name=successions.name_of(address), defaults={"origin": address})


def names(ledger: Ledger) -> list[str]:
    """Return the names of an agency's logs of which files exist."""
    folder = Folder.of(ledger.slug, 0).public.parent
    return sorted(one.name for one in folder.glob("[0-9]*") if one.is_dir())


def _restore(log: Log, folder: Folder, size: int, progress: Progress | None) -> dict[datetime, str]:
    """Write where each entry stands; return the entries of holds by when they were placed."""
    made: list[tuple[str, str, int, int]] = []
    placed: dict[datetime, str] = {}
    for bundle in tiles.bundles(size):
        for offset, leaf in enumerate(tiles.read_entries(bundle, folder.read)):
            index = bundle.index * tiles.WIDTH + offset
            entry = json.loads(leaf)
            made.append((entry["id"], log.agency, log.pk, index))
            if entry["kind"] == HoldPlaced.kind:
                placed[datetime.fromisoformat(entry["at"])] = entry["id"]
        if len(made) >= _CHUNK:
            rows.write(Entry, _COLUMNS, made)
            made = []
        if progress:
            progress(bundle.index * tiles.WIDTH + bundle.width, size)
    rows.write(Entry, _COLUMNS, made)
    return placed


def _unknown(agency: str, placed: dict[datetime, str]) -> list[str]:
    """Return the entries of holds that are neither in the database nor were replaced by an earlier rebuild."""
    holds = Hold.objects.filter(agency=agency).values_list("placed_at", "placed_by")
    known = {at for at, _ in holds}
    replaced = max((at for at, by in holds if not by), default=None)
    return [entry for at, entry in placed.items() if at not in known and (not replaced or at > replaced)]


def _drop_sequenced(agency: str) -> None:
    """Remove from the outbox what an older database still held as waiting though the log has it."""
    sequenced = Entry.objects.filter(agency=agency).values("entry")
    Outbox.objects.filter(agency=agency, entry__in=sequenced).delete()

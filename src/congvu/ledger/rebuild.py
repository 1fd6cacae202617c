# writes: it restores the cache from the truth on disk
"""Restoring the database's cache of a log from its bundles, tiles and checkpoint.

Disclosures that survive are found again by their entry; destroyed ones leave tombstones.
"""

import json
from dataclasses import dataclass

from congvu.base import rows
from congvu.base.database import atomic
from congvu.ledger import check, memories
from congvu.ledger.check import Progress
from congvu.ledger.models import Entry, Ledger, Log, Outbox
from congvu.ledger.sequencer import Sequencer, origin
from congvu.ledger.store import Folder
from congvu.standards import notes, tiles

_CHUNK = 5_000
_COLUMNS = ("entry", "agency", "log_id", "index")


class DamagedLogError(Exception):
    """The files are not whole, so nothing is rebuilt from them; the argument is the first Damage."""


class NothingToRebuildError(Exception):
    """There is no genuine checkpoint of this log."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild restored."""

    origin: str
    size: int


def rebuild(ledger: Ledger, name: str | int, progress: Progress | None = None) -> Rebuilt:
    """Restore the log of this name and lift the seal; raises NothingToRebuildError or DamagedLogError.

    Readers must be rewound afterwards. Nobody may sequence meanwhile: the fence is taken.
    """
    folder, address = Folder.of(ledger.slug, name), origin(ledger, name)
    closing = folder.closing()
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
        _restore(log, folder, head.size, progress)
        log.size = log.signed_size = head.size
        log.root, log.checkpoint = notes.encode_base64(head.root), note
        log.closing = closing
        log.save()
        _drop_sequenced(ledger.agency)
        Ledger.objects.filter(pk=ledger.pk).update(sealed="")
    folder.publish(note)
    return Rebuilt(address, head.size)


def names(ledger: Ledger) -> list[str]:
    """Return the names of an agency's logs of which files exist."""
    folder = Folder.of(ledger.slug, 0).public.parent
    return sorted(one.name for one in folder.glob("[0-9]*") if one.is_dir())


def _restore(log: Log, folder: Folder, size: int, progress: Progress | None) -> None:
    made: list[tuple[str, str, int, int]] = []
    for bundle in tiles.bundles(size):
        for offset, leaf in enumerate(tiles.read_entries(bundle, folder.read)):
            index = bundle.index * tiles.WIDTH + offset
            made.append((json.loads(leaf)["id"], log.agency, log.pk, index))
        if len(made) >= _CHUNK:
            rows.write(Entry, _COLUMNS, made)
            made = []
        if progress:
            progress(bundle.index * tiles.WIDTH + bundle.width, size)
    rows.write(Entry, _COLUMNS, made)


def _drop_sequenced(agency: str) -> None:
    """Remove from the outbox what an older database still held as waiting though the log has it."""
    sequenced = Entry.objects.filter(agency=agency).values("entry")
    Outbox.objects.filter(agency=agency, entry__in=sequenced).delete()

"""What the ledger itself and the files of the data folder hold of records."""

import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

from congvu.base import blobs, database, handles, keys
from congvu.base.chunks import chunked
from congvu.ledger.disposal.holders import CHUNK, Holder, Marked
from congvu.ledger.disposal.removing import remove
from congvu.ledger.models import Disclosure

_PIECE = 1 << 24  # octets read at once
_NAMES = re.compile(rb"[a-z2-7]{26,}")
_SEALED = ("blobs", "derived", "ledger", "search")  # encrypted, public, or asked otherwise


class NotCleanedError(Exception):
    """Somebody reads the database just now, and what was deleted is still beside it; it is tried again."""


class Disclosures(Holder):
    """Disclosures and their keys: salts and values of entries."""

    name = "ledger.disclosures"

    def forget(self, names: Collection[str], *, agency: str) -> None:
        """Destroy keys and rows."""
        remove(names, agency=agency)

    def clean(self, marked: Marked) -> None:  # noqa: ARG002 -- the form of a holder
        """Write database and key store anew, without what deleted rows left. Raises NotCleanedError."""
        if not (keys.compact() and database.compact()):
            raise NotCleanedError

    def traces(self, marked: Marked) -> dict[str, int]:
        """Return the rows and keys that are left."""
        rows = held = 0
        for some in chunked(marked.entries, CHUNK):
            rows += Disclosure.objects.filter(agency=marked.agency, entry__in=some).count()
            held += len(keys.get_many(some))
        return {"disclosures": rows, "keys": held}


class Files(Holder):
    """Every file of the data folder, read octet by octet: a row that was freed, a cache, a log, a forgotten copy."""

    name = "files"

    def traces(self, marked: Marked) -> dict[str, int]:
        """Return by file how often names of destroyed subjects and blobs stand in it, and which blobs have files."""
        names = {one.encode() for one in (*marked.subjects, *marked.blobs)}
        found = {str(path): _count(path, names) for path in _files()}
        return found | {"blobs": blobs.traces(sorted(marked.blobs))}


def _files() -> Iterator[Path]:
    """Yield the files in which plain names may stand; the database's own lie where its settings say."""
    root = Path(settings.CONGVU_DATA)
    for folder, below, names in os.walk(root):
        if Path(folder) == root:
            below[:] = [one for one in below if one not in _SEALED]
        yield from (path for name in names if (path := Path(folder, name)).is_file())
    if connection.vendor == "sqlite":
        beside = [Path(f"{database.path()}{suffix}") for suffix in ("", "-wal", "-journal")]
        yield from (one for one in beside if one.is_file() and root not in one.parents)


def _count(path: Path, names: set[bytes]) -> int:
    """Return how often any of these names stands in a file, also where words touch each other."""
    count, kept = 0, b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            text = kept + piece
            for run in _NAMES.findall(text):
                ends = len(run) - handles.LENGTH
                count += sum(run[at : at + handles.LENGTH] in names for at in range(ends + 1))
            kept = text[-handles.LENGTH + 1 :]
    return count

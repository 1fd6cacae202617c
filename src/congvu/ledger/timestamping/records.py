"""The files of stamps, beside a log's public files: the checkpoint that was stamped, and its evidence record."""

import re
from dataclasses import dataclass
from pathlib import Path

from congvu.ledger.store import Folder, write_durably
from congvu.standards import evidence_records
from congvu.standards.evidence_records import Record

_NAME = re.compile(r"(0|[1-9][0-9]{0,15})\.(note|ers)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A checkpoint's signed note, as the authority's first stamp is over it, and its record."""

    size: int
    note: bytes
    record: Record


def path(folder: Folder, name: str) -> Path | None:
    """Return where a file of stamps lies, or None when it is no name of one: `<size>.note`, `<size>.ers`."""
    return _place(folder) / name if _NAME.fullmatch(name) else None


def sizes(folder: Folder) -> list[int]:
    """Return the sizes whose checkpoints have a record, smallest first."""
    place = _place(folder)
    if not place.is_dir():
        return []
    found = (_NAME.fullmatch(one.name) for one in place.iterdir())
    return sorted(int(one[1]) for one in found if one and one[2] == "ers")


def read(folder: Folder, size: int) -> Kept:
    """Return a checkpoint's note and record; raises FileNotFoundError, MalformedRecordError."""
    place = _place(folder)
    record = evidence_records.decode((place / f"{size}.ers").read_bytes())
    return Kept(size=size, note=(place / f"{size}.note").read_bytes(), record=record)


def write(folder: Folder, kept: Kept) -> None:
    """Put a note and its record in their place; both are on disk when this returns, the note first."""
    place = _place(folder)
    for name, data in (("note", kept.note), ("ers", evidence_records.encode(kept.record))):
        write_durably(place / f"{kept.size}.{name}", data)


def _place(folder: Folder) -> Path:
    return folder.public / "time"

"""Reading the ledger with a cursor: state and position move in one transaction."""

import functools
from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from congvu.base.database import atomic
from congvu.ledger import queries
from congvu.ledger.models import Log, Position
from congvu.ledger.queries import Entry

__all__ = ["Entry", "Reader", "advance", "rewind", "shared"]

Read: TypeAlias = Callable[[str, str, int, int], list[Entry]]
RUN = 500  # entries that a reader takes at once: as long it holds up whoever records


class OvertakenError(Exception):
    """The reader's position moved while it was reading: it runs twice."""


class Reader(Protocol):
    """Whoever cares about evidence: a pure function of what it has read, kept in its own tables."""

    name: str

    def prepare(self, entries: Sequence[Entry]) -> None:
        """Do what lies outside the database and may be done twice, before the transaction begins."""
        ...

    def apply(self, entries: Sequence[Entry]) -> None:
        """Take a run of entries, in the log's order, into the projection."""
        ...

    def reset(self, *, agency: str) -> None:
        """Empty the projection of an agency, to be fed again from the first entry."""
        ...


def shared() -> Read:
    """Return a way of reading that remembers what was read last, for readers who stand at one place."""
    return functools.lru_cache(maxsize=1)(queries.entries_from)


def advance(reader: Reader, *, agency: str, limit: int = RUN, read: Read = queries.entries_from) -> int:
    """Let a reader read on, at most `limit` entries; return how many it read.

    Reading and preparing hold no lock; a reader writes what is its own alone, so acts that only add rows run beside it.
    Raises OvertakenError when the same reader read on elsewhere meanwhile.
    """
    log, index = _place(reader, agency)
    entries = read(agency, log, index, limit)
    if not entries:
        return 0
    reader.prepare(entries)
    last = entries[-1]
    with atomic(shared=True):
        if _place(reader, agency, is_locked=True) != (log, index):
            raise OvertakenError(reader.name)
        reader.apply(entries)
        Position.objects.update_or_create(
            agency=agency, reader=reader.name, defaults={"log": last.log, "index": last.index + 1}
        )
    return len(entries)


def _place(reader: Reader, agency: str, *, is_locked: bool = False) -> tuple[str, int]:
    rows = Position.objects.filter(agency=agency, reader=reader.name)
    place = (rows.select_for_update() if is_locked else rows).values_list("log", "index").first()
    return place or ("", 0)


def rewind(reader: Reader, *, agency: str) -> None:
    """Empty a reader's projection and forget its position, so that it reads everything again."""
    with atomic():
        reader.reset(agency=agency)
        Position.objects.filter(agency=agency, reader=reader.name).delete()


def has_read(name: str, *, agency: str, log: str, index: int) -> bool:
    """Return whether the reader of this name has read an entry."""
    position = Position.objects.filter(agency=agency, reader=name).first()
    return position is not None and (position.log, position.index) > (log, index)


def is_behind(reader: Reader, *, agency: str) -> bool:
    """Return whether there are signed entries that the reader has not read."""
    position = Position.objects.filter(agency=agency, reader=reader.name).first()
    newest = Log.objects.filter(agency=agency, signed_size__gt=0).order_by("-name").first()
    if newest is None:
        return False
    return position is None or (position.log, position.index) < (newest.name, newest.signed_size)

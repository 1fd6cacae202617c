"""Whoever keeps anything of a record: each says what goes with it, forgets it, and says what is left."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from congvu.base import handles
from congvu.base.chunks import chunked
from congvu.ledger.queries import Entry

CHUNK = 500  # names of one question or one transaction
_NAME = re.compile(rf"(?=({handles.PATTERN}))")


@dataclass(slots=True)
class Marked:
    """What is to be destroyed: entries with their kinds, what they are evidence of, and blobs; all by handles."""

    agency: str
    entries: dict[str, str] = field(default_factory=dict)
    subjects: set[str] = field(default_factory=set)
    blobs: set[str] = field(default_factory=set)

    def names(self) -> Iterator[list[str]]:
        """Yield subjects, then entries, each in order, a chunk at a time."""
        for some in (sorted(self.subjects), sorted(self.entries)):
            yield from chunked(some, CHUNK)

    def is_named(self, value: Any) -> bool:
        """Return whether a value is, or holds, the name of a marked subject or entry."""
        if isinstance(value, str) and len(value) == handles.LENGTH:
            return value in self.subjects or value in self.entries
        return any(name in self.subjects or name in self.entries for name in _NAME.findall(str(value)))

    def count(self, rows: Iterable[Iterable[Any]]) -> int:
        """Return how many rows hold the name of a marked subject or entry."""
        return sum(any(map(self.is_named, row)) for row in rows)


class Holder:
    """A package, or a part of one, that keeps anything of records. What it does may be done again and does no harm.

    `kinds` are the kinds of entries with which it gives up all that it keeps of what they are evidence of. A holder
    overrides what concerns it; each must say what is left.
    """

    name: str
    kinds: frozenset[str] = frozenset()

    def gather(self, entries: Sequence[Entry], marked: Marked) -> None:
        """Mark what chosen entries are evidence of: letters, reports; before anything is destroyed."""

    def follow(self, marked: Marked) -> None:
        """Mark what was made of marked subjects and entries, and the blobs of both."""

    def forget(self, names: Collection[str], *, agency: str) -> None:
        """Delete the rows of some marked subjects and entries, in the open transaction."""

    def clean(self, marked: Marked) -> None:
        """Delete what only a look at everything finds, and what deleted rows left behind."""

    def traces(self, marked: Marked) -> dict[str, int]:
        """Return how much is still found, by place."""
        raise NotImplementedError


@cache
def holders() -> list[Holder]:
    """Return every holder that the settings name, those that know records first."""
    return [import_string(path)() for path in settings.CONGVU_HOLDERS]


def offered() -> list[str]:
    """Return the kinds of entries that can be chosen: those of which somebody gives up everything."""
    return sorted(kind for holder in holders() for kind in holder.kinds)

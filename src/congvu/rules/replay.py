"""Replay: what a draft of a book would have judged otherwise. Evidence is judged twice, nothing of it is written.

The old course judges by the books in force, the new one by the same books with the draft's text in place of its book's.
A book that did not bind the agency takes no place: the new course alone knows it, and assumes that it was adopted.
Adopting a book changes nothing before its day; a replay shows what would be, had it been in force.
"""

import gc
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import compress, groupby
from pathlib import Path
from typing import Any, Literal

from congvu.base.texts import Texts
from congvu.rules import shelf, vocabulary
from congvu.rules.assumption import Assumption
from congvu.rules.book import Book
from congvu.rules.course import Course, instant, moment, unpack
from congvu.rules.duties import Status, status
from congvu.rules.examples import Told
from congvu.rules.facts import Evidence
from congvu.rules.law import Law
from congvu.rules.spill import HOT
from congvu.rules.state import Obligation

Kind = Literal["new", "gone", "changed"]
KINDS: tuple[Kind, ...] = ("new", "gone", "changed")
CHANGES = ("status", "opened", "due", "bearer", "article")
Pair = tuple[Obligation | None, Obligation | None]
Progress = Callable[[int], None]
WEIGHT = {
    "reported": 1,
    "compensated": 1,
    "late": 2,
    "breached": 3,
}  # how heavily a status lies on who bears the duty
ROWS = """
SELECT o.book, o.norm, o.trigger, o.opened, o.key, o.value, n.value
FROM old_duties o LEFT JOIN new_duties n ON o.key = n.key
WHERE o.opened >= ? AND o.opened < ? AND (o.value IS NOT n.value{moved})
UNION ALL
SELECT n.book, n.norm, n.trigger, n.opened, n.key, NULL, n.value
FROM new_duties n WHERE n.opened >= ? AND n.opened < ? AND NOT EXISTS (SELECT 1 FROM old_duties o WHERE o.key = n.key)
ORDER BY 1, 2, 4, 3, 5
"""
COUNTED = "SELECT book, norm, count(*) FROM {name}_counted WHERE at >= ? AND at < ? GROUP BY book, norm"
COLLECTED = 100_000  # objects made before Python looks at them, in a process that only judges
FIRST, LAST = -(1 << 62), 1 << 62  # before and after every instant as a number


class CanceledError(Exception):
    """Whoever watches the progress wants no more of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A duty by one of the two laws."""

    handle: str
    version: int
    article: str  # number and article as one writes them
    status: Status
    opened_at: datetime
    due_at: datetime | None
    bearer: str
    person: str
    unit: str
    box: str
    fulfilled_at: datetime | None

    @property
    def weight(self) -> int:
        """Say how heavily it lies on its bearer: 0 for nothing wrong."""
        return WEIGHT.get(self.status, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A duty that only one law knows, or that they judge differently; `changes` names in what."""

    kind: Kind
    book: str
    norm: str
    old: Side | None
    new: Side | None
    changes: tuple[str, ...] = ()  # of CHANGES

    @property
    def is_worse(self) -> bool:
        """Say whether it would lie more heavily on somebody than it does."""
        return (self.new.weight if self.new else 0) > (self.old.weight if self.old else 0)

    @property
    def is_better(self) -> bool:
        """Say whether it would lie less heavily."""
        return (self.new.weight if self.new else 0) < (self.old.weight if self.old else 0)

    @property
    def shown(self) -> Side:
        """Return the side that says whom it concerns: the new one when there is one."""
        found = self.new or self.old
        if found is None:
            raise ValueError(self.kind)
        return found


@dataclass(slots=True, kw_only=True)
class Summary:
    """Figures of a replay: without people, by kind, by norm and by unit."""

    entries: int = 0
    seen: datetime | None = None
    duties_old: int = 0
    duties_new: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    worse: int = 0
    better: int = 0
    norms: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # (book, norm, kind)
    units: Counter[tuple[str, str]] = field(
        default_factory=Counter
    )  # (unit, kind); worse ones also as "worse"
    counted: dict[tuple[str, str], tuple[int, int]] = field(
        default_factory=dict
    )  # (book, norm) counted otherwise: old, new
    titles: dict[tuple[str, str], Texts] = field(default_factory=dict)  # (book, norm) as the laws called it

    def take(self, one: Difference) -> None:
        """Count a difference."""
        self.kinds[one.kind] += 1
        self.norms[one.book, one.norm, one.kind] += 1
        self.units[one.shown.unit, one.kind] += 1
        if one.is_worse:
            self.worse += 1
            self.units[one.shown.unit, "worse"] += 1
        self.better += one.is_better


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From this instant until before that one; None is the first or the last evidence."""

    begin: datetime | None = None
    end: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Say whether an instant lies before the end; what lies before the beginning is judged, not shown."""
        return self.end is None or at < self.end


ALL = Period()


def in_place(books: Iterable[Book], draft: Book, *, since: date | None = None) -> tuple[Book, ...]:
    """Return the books with the text of a draft where its book's versions stand, from a day on.

    It keeps their numbers and their days in force, so that whatever binds an agency to them binds it to the draft.
    """
    found: list[Book] = []
    for one in books:
        if one.id != draft.id or (since and one.in_force_to and one.in_force_to <= since):
            found.append(one)
            continue
        begin = one.in_force_from
        if since and begin < since:
            found.append(replace(one, in_force_to=since))
            begin = since
        found.append(replace(draft, version=one.version, in_force_from=begin, in_force_to=one.in_force_to))
    return tuple(found)


def beside(books: Iterable[Book], draft: Book, *, day: date) -> tuple[Book, ...]:
    """Return the books with a draft beside them, in force from a day on whatever it says itself.

    Other versions of its book bound nobody, so they are left out.
    """
    others = (one for one in books if one.id != draft.id)
    return (*others, replace(draft, in_force_from=day, in_force_to=None))


class Replay:
    """Two courses over the same evidence. Read runs in the log's order, then `finish`, then ask for differences.

    What is `assumed` only the new one knows.
    """

    def __init__(
        self,
        *,
        agency: str,
        old: Law,
        new: Law,
        file: sqlite3.Connection,
        period: Period = ALL,
        assumed: Assumption | None = None,
        hot: int = HOT,
    ) -> None:
        self.old = Course(agency=agency, law=old, file=file, name="old", hot=hot)
        self.new = Course(agency=agency, law=new, file=file, name="new", hot=hot)
        if assumed:
            assumed.put(self.new.state.facts, new.calendar.midnight(assumed.day))
        self.file, self.period = file, period
        self.summary = Summary()
        self.is_cut = False

    def read(self, entries: Sequence[Evidence]) -> None:
        """Judge a run twice, without what was recorded after the period."""
        told = [one for one in entries if self.period.covers(one.at)]
        self.is_cut = self.is_cut or len(told) < len(entries)
        self.summary.entries += len(told)
        for course in (self.old, self.new):
            course.read(told)

    def finish(self) -> Summary:
        """Let time pass to the end of the period, and count everything."""
        if self.is_cut and self.period.end is not None:
            end = Told(id="", kind=vocabulary.TICKED, at=self.period.end, attributes={}, disclosures={})
            for course in (self.old, self.new):
                course.read([end])
        for course in (self.old, self.new):
            course.settle()
        self.summary.seen = self.old.state.as_of
        self.summary.duties_old, self.summary.duties_new = self._count("old"), self._count("new")
        for one in self.differences():
            self.summary.take(one)
        self.summary.counted = self._counted()
        named = {key[:2] for key in self.summary.norms} | self.summary.counted.keys()
        self.summary.titles = {key: self._title(*key) for key in sorted(named)}
        return self.summary

    def differences(self) -> Iterator[Difference]:
        """Yield what differs, by book, norm and time."""
        for (_, _, event, _), rows in groupby(self._rows(), key=self._matter):
            pairs = [(_duty(old), _duty(new)) for *_, old, new in rows]
            for old, new in _matched(pairs, by_bearer=not event):
                if (found := self._difference(old, new)) is not None:
                    yield found

    def _matter(self, row: tuple[Any, ...]) -> tuple[str, str, str, str]:
        """Return what a duty is about: a norm and its event, or the legal day for what is owed without one."""
        book, norm, trigger, opened, *_ = row
        day = "" if trigger else self.old.law.calendar.day_of(moment(opened)).isoformat()
        return book, norm, trigger, day

    def _difference(self, old: Obligation | None, new: Obligation | None) -> Difference | None:
        one = new or old
        if one is None:
            return None
        before = self._side(self.old, old) if old else None
        after = self._side(self.new, new) if new else None
        changes = _changes(before, after) if before and after else ()
        if before and after and not changes:
            return None
        return Difference(
            kind="changed" if before and after else "new" if after else "gone",
            book=one.book,
            norm=one.norm,
            old=before,
            new=after,
            changes=changes,
        )

    def _side(self, course: Course, duty: Obligation) -> Side:
        book = course.law.by_version.get((duty.book, duty.version))
        norm = book.norm(duty.norm) if book else None
        return Side(
            handle=duty.handle,
            version=duty.version,
            article=shelf.cite(book, norm) if book and norm else duty.book,
            status=status(duty, course.state.as_of or duty.opened_at),
            opened_at=duty.opened_at,
            due_at=duty.due_at,
            bearer=duty.bearer,
            person=duty.person,
            unit=duty.unit,
            box=duty.box,
            fulfilled_at=duty.fulfilled_at,
        )

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the duties of the period whose values differ, or whose norm has another article now."""
        moved = self._moved()
        asked = ROWS.format(moved=" OR (o.book = ? AND o.norm = ?)" * len(moved))
        named = [part for pair in moved for part in pair]
        return self.file.execute(asked, (*self._span(), *named, *self._span()))

    def _moved(self) -> list[tuple[str, str]]:
        """Return the norms that stand under another article in some version of the new law."""
        cites = [
            {
                (book.id, book.version, norm.id): shelf.cite(book, norm)
                for book in law.books
                for norm in book.norms
            }
            for law in (self.old.law, self.new.law)
        ]
        return sorted(
            {(key[0], key[2]) for key in cites[0].keys() & cites[1].keys() if cites[0][key] != cites[1][key]}
        )

    def _span(self) -> tuple[int, int]:
        begin, end = instant(self.period.begin), instant(self.period.end)
        return FIRST if begin is None else begin, LAST if end is None else end

    def _count(self, name: str) -> int:
        asked = f"SELECT count(*) FROM {name}_duties WHERE opened >= ? AND opened < ?"  # noqa: S608 -- our own table
        found: int = self.file.execute(asked, self._span()).fetchone()[0]
        return found

    def _counted(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Return the norms that only count and would have counted otherwise."""
        old, new = (
            {
                (book, norm): count
                for book, norm, count in self.file.execute(COUNTED.format(name=name), self._span())
            }
            for name in ("old", "new")
        )
        return {
            norm: (old.get(norm, 0), new.get(norm, 0))
            for norm in sorted(old.keys() | new.keys())
            if old.get(norm) != new.get(norm)
        }

    def _title(self, book: str, norm: str) -> Texts:
        """Return what the newest version that has a norm calls it, by the new law before the old one."""
        for law in (self.new.law, self.old.law):
            named = [one for one in law.books if one.id == book and one.norm(norm)]
            for one in sorted(named, key=lambda one: one.in_force_from, reverse=True):
                if found := one.norm(norm):
                    return found.title
        return {}


def spare_collector() -> None:
    """Let this process look seldom for garbage in circles: judging leaves none, and looking costs a twentieth."""
    gc.freeze()
    gc.set_threshold(COLLECTED)


@contextmanager
def scratch() -> Iterator[sqlite3.Connection]:
    """Open a scratch file that nobody else can read and that is gone afterwards, however this process ends."""
    with tempfile.TemporaryDirectory(prefix="congvu-replay-") as folder:
        file = sqlite3.connect(
            Path(folder) / "scratch.sqlite3", isolation_level=None, check_same_thread=False
        )
        for word in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-32000"):
            file.execute(f"PRAGMA {word}")
        file.execute("BEGIN IMMEDIATE")  # never committed: nothing of it is to last
    try:  # the open file has no name any more
        yield file
    finally:
        file.close()


def run(replay: Replay, runs: Iterable[Sequence[Evidence]], *, progress: Progress | None = None) -> Summary:
    """Read all runs, telling after each how many entries were read; `progress` may raise CanceledError."""
    done = 0
    for entries in runs:
        replay.read(entries)
        done += len(entries)
        if progress:
            progress(done)
    return replay.finish()


def _duty(octets: bytes | None) -> Obligation | None:
    return None if octets is None else unpack(octets)


def _matched(pairs: Sequence[Pair], *, by_bearer: bool) -> Iterator[Pair]:
    """Yield the pairs of one event, or of one day when there was none.

    What only changed its bearer, or its hours on the same day, is one duty and not a gone and a new one.
    """
    yield from (pair for pair in pairs if pair[0] and pair[1])
    waiting: dict[str, list[Obligation]] = {}
    for old, new in pairs:
        if old and not new:
            waiting.setdefault(old.bearer if by_bearer else "", []).append(old)
    for old, new in pairs:
        if new and not old:
            others = waiting.get(new.bearer if by_bearer else "")
            yield (others.pop(0) if others else None, new)
    yield from ((old, None) for others in waiting.values() for old in others)


def _changes(old: Side, new: Side) -> tuple[str, ...]:
    differs = (
        old.status != new.status,
        old.opened_at != new.opened_at,
        old.due_at != new.due_at,
        (old.bearer, old.person, old.unit) != (new.bearer, new.person, new.unit),
        old.article != new.article,
    )
    return tuple(compress(CHANGES, differs))

"""A draft on trial: from its file to the two laws of a replay, and from an agency's log to the runs that it reads."""

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from congvu.directory.models import Agency
from congvu.ledger import queries as ledger
from congvu.ledger.queries import Entry
from congvu.rules import checks, examples, shelf
from congvu.rules.assumption import Assumption, OutOfBoundsError, UnknownParameterError, assume
from congvu.rules.book import Book
from congvu.rules.law import Law
from congvu.rules.loader import load_book
from congvu.rules.models import Adoption
from congvu.rules.replay import Period, Replay, beside, in_place
from congvu.rules.source import LIMIT, Problem
from congvu.rules.standing import calendar_of, law_of

RUN = 2_000  # entries read at once
NOTHING: Mapping[str, int] = {}


class DraftProblemsError(Exception):
    """The draft has problems, so nothing can be judged by it; `problems` names them with line and mend."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(one) for one in problems))
        self.problems = problems


class BoundAlreadyError(Exception):
    """The book binds the agency in the period, so its adoption and parameters are no matter of assumption."""


class AssumedTooLateError(Exception):
    """The day from which a book is assumed to bind lies after the period."""


class BeforeFirstBookError(Exception):
    """The period ends before any book bound the agency; `first` is the first day on which one did."""

    def __init__(self, first: date) -> None:
        super().__init__(first.isoformat())
        self.first = first


class EmptyPeriodError(Exception):
    """The period ends before it begins, or nothing was recorded in it."""


REFUSALS = (
    DraftProblemsError,
    BoundAlreadyError,
    AssumedTooLateError,
    BeforeFirstBookError,
    EmptyPeriodError,
    UnknownParameterError,
    OutOfBoundsError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A draft ready to be replayed; of a book that does not bind the agency something is `assumed`."""

    agency: Agency
    draft: Book
    old: Law
    new: Law
    period: Period
    assumed: Assumption | None


def read_draft(text: str, *, name: str) -> Book:
    """Return the book of a draft's text; raises DraftProblemsError."""
    with tempfile.TemporaryDirectory(prefix="congvu-draft-") as folder:
        path = Path(folder) / (Path(name).name or "draft.yaml")
        path.write_bytes(text.encode()[: LIMIT + 1])
        loaded = load_book(path)
    if loaded.book is None or loaded.problems:
        raise DraftProblemsError(loaded.problems)
    _require_sound(loaded.book)
    return loaded.book


def prepare(
    *,
    agency: Agency,
    draft: Book,
    first: date | None = None,
    last: date | None = None,
    assumed_from: date | None = None,
    values: Mapping[str, int] = NOTHING,
) -> Trial:
    """Return the two laws of a replay over some legal days, both within.

    A book that does not bind the agency in the period is assumed to be adopted `assumed_from` a day, the first one of
    the period when none is said, and its parameters decided as `values` say, else at their lowest bound. Raises
    BeforeFirstBookError, EmptyPeriodError, BoundAlreadyError, AssumedTooLateError, UnknownParameterError or
    OutOfBoundsError.
    """
    if first and last and last < first:
        raise EmptyPeriodError
    old, days = law_of(agency), calendar_of(agency).calendar
    is_bound = _is_bound(agency, old, draft.id, last)
    period = Period(
        begin=days.midnight(first) if first else None,
        end=days.midnight(last + timedelta(days=1)) if last else None,
    )
    oldest = _require_evidence(agency, period)
    if is_bound:
        if assumed_from or values:
            raise BoundAlreadyError(draft.id)
        books, assumed = in_place(old.books, draft, since=first), None
    else:
        day = assumed_from or first or days.day_of(oldest)
        if last and last < day:
            raise AssumedTooLateError(day)
        assumed = assume(draft, day=day, values=values)
        books = beside(old.books, draft, day=day)
    new = replace(old, books=books)
    return Trial(agency=agency, draft=draft, old=old, new=new, period=period, assumed=assumed)


def replay(ready: Trial, file: sqlite3.Connection) -> Replay:
    """Return the replay of a trial in a scratch file."""
    return Replay(
        agency=ready.agency.handle,
        old=ready.old,
        new=ready.new,
        file=file,
        period=ready.period,
        assumed=ready.assumed,
    )


def total(agency: Agency) -> int:
    """Return how many entries a replay of an agency reads."""
    return sum(ledger.sizes(agency.handle).values())


def runs(agency: Agency, *, size: int = RUN) -> Iterator[list[Entry]]:
    """Yield the signed entries of an agency from the first on, a run at a time, read from the bundles on disk."""
    return ledger.runs(agency.handle, size=size)


def _require_sound(draft: Book) -> None:
    """Raise for what the checks find in the draft beside the other books, or when its own examples fail."""
    found = shelf.shelf()
    others = tuple(one for one in found.books if one.id != draft.id)
    books = (*others, draft)
    known = set(checks.problems(others, found.calendars))
    wrong = tuple(one for one in checks.problems(books, found.calendars) if one not in known)
    wrong = wrong or tuple(examples.failures(draft, found.calendars, (*_history(found.books, draft), draft)))
    if wrong:
        raise DraftProblemsError(wrong)


def _history(books: Iterable[Book], draft: Book) -> Iterator[Book]:
    """Yield what was in force before a draft: other books, and the versions of its own that it follows."""
    for one in books:
        if one.id != draft.id:
            yield one
        elif one.version != draft.version and one.in_force_from < draft.in_force_from:
            end = min(one.in_force_to or draft.in_force_from, draft.in_force_from)
            yield replace(one, in_force_to=end)


def _is_bound(agency: Agency, law: Law, book: str, last: date | None) -> bool:
    """Say whether a book binds the agency before the end of the period; raises BeforeFirstBookError."""
    adopted = dict(Adoption.objects.filter(agency=agency).values_list("book", "valid_from"))
    if book not in _reached(law.books, set(adopted)):
        return False
    if last and last < min(adopted.values()):
        raise BeforeFirstBookError(min(adopted.values()))
    newest = ledger.newest_at(agency.handle)
    end = last or (law.calendar.day_of(newest) if newest else date.max)
    if not any(one.id == book and one.in_force_from <= end for one in law.books):
        return False  # withdrawn, or none of its versions has begun
    return book in _reached(law.books, {name for name, day in adopted.items() if day <= end})


def _reached(books: Iterable[Book], adopted: set[str]) -> set[str]:
    """Return the books that bind, or on some day may bind, whoever adopted these."""
    found, waiting = set(adopted), set(adopted)
    while waiting:
        waiting = {name for one in books if one.id in waiting for name in one.adopts} - found
        found |= waiting
    return found


def _require_evidence(agency: Agency, period: Period) -> datetime:
    """Return when the first entry was recorded; raise when the log holds nothing between beginning and end."""
    logs = sorted(ledger.sizes(agency.handle))
    if not logs:
        raise EmptyPeriodError
    oldest = ledger.entries_of(agency.handle, logs[0], range(1))[0].at
    newest = ledger.newest_at(agency.handle)
    if (period.end and oldest >= period.end) or (period.begin and newest and newest < period.begin):
        raise EmptyPeriodError
    return oldest

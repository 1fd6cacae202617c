"""A draft on trial: from its file to the two laws of a replay, and from an agency's log to the runs that it reads."""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from django.db.models import Min

from congvu.directory.models import Agency
from congvu.ledger import queries as ledger
from congvu.ledger.queries import Entry
from congvu.rules import checks, examples, shelf
from congvu.rules.book import Book
from congvu.rules.law import Law
from congvu.rules.loader import load_book
from congvu.rules.models import Adoption
from congvu.rules.replay import Period, in_place
from congvu.rules.source import LIMIT, Problem
from congvu.rules.standing import calendar_of, law_of

RUN = 2_000  # entries read at once


class DraftProblemsError(Exception):
    """The draft has problems, so nothing can be judged by it; `problems` names them with line and mend."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(one) for one in problems))
        self.problems = problems


class UnknownBookError(Exception):
    """The rulebook holds no book of the draft's id, so there is nothing that it could take the place of."""


class NotAdoptedError(Exception):
    """The agency has not adopted the book, so neither text of it binds anybody there."""


class BeforeFirstBookError(Exception):
    """The period ends before any book bound the agency; `first` is the first day on which one did."""

    def __init__(self, first: date) -> None:
        super().__init__(first.isoformat())
        self.first = first


class EmptyPeriodError(Exception):
    """The period ends before it begins, or nothing was recorded in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A draft ready to be replayed."""

    agency: Agency
    draft: Book
    old: Law
    new: Law
    period: Period


def read_draft(text: str, *, name: str) -> Book:
    """Return the book of a draft's text; raises DraftProblemsError or UnknownBookError."""
    with tempfile.TemporaryDirectory(prefix="congvu-draft-") as folder:
        path = Path(folder) / (Path(name).name or "draft.yaml")
        path.write_bytes(text.encode()[: LIMIT + 1])
        loaded = load_book(path)
    if loaded.book is None or loaded.problems:
        raise DraftProblemsError(loaded.problems)
    _require_sound(loaded.book)
    return loaded.book


def prepare(*, agency: Agency, draft: Book, first: date | None = None, last: date | None = None) -> Trial:
    """Return the two laws of a replay over some legal days, both within.

    Raises NotAdoptedError, BeforeFirstBookError or EmptyPeriodError.
    """
    if first and last and last < first:
        raise EmptyPeriodError
    adopted = Adoption.objects.filter(agency=agency)
    bound = adopted.aggregate(Min("valid_from"))["valid_from__min"]
    if bound and last and last < bound:
        raise BeforeFirstBookError(bound)
    old = law_of(agency)
    if draft.id not in _reached(old.books, set(adopted.values_list("book", flat=True))):
        raise NotAdoptedError(draft.id)
    calendar = calendar_of(agency).calendar
    period = Period(
        begin=calendar.midnight(first) if first else None,
        end=calendar.midnight(last + timedelta(days=1)) if last else None,
    )
    _require_evidence(agency, period)
    return Trial(
        agency=agency,
        draft=draft,
        old=old,
        new=replace(old, books=in_place(old.books, draft, since=first)),
        period=period,
    )


def total(agency: Agency) -> int:
    """Return how many entries a replay of an agency reads."""
    return sum(ledger.sizes(agency.handle).values())


def runs(agency: Agency, *, size: int = RUN) -> Iterator[list[Entry]]:
    """Yield the signed entries of an agency from the first on, a run at a time, read from the bundles on disk."""
    year, index = 0, 0
    while entries := ledger.entries_from(agency.handle, year, index, size):
        yield entries
        year, index = entries[-1].year, entries[-1].index + 1


def _require_sound(draft: Book) -> None:
    """Raise for what the checks find in the draft beside the other books, or when its own examples fail."""
    found = shelf.shelf()
    if not any(one.id == draft.id for one in found.books):
        raise UnknownBookError(draft.id)
    others = tuple(one for one in found.books if one.id != draft.id)
    books = (*others, draft)
    known = {str(one) for one in checks.problems(others, found.calendars)}
    wrong = tuple(one for one in checks.problems(books, found.calendars) if str(one) not in known)
    wrong = wrong or tuple(examples.failures(draft, found.calendars, books))
    if wrong:
        raise DraftProblemsError(wrong)


def _reached(books: Iterable[Book], adopted: set[str]) -> set[str]:
    """Return the books that bind, or on some day may bind, whoever adopted these."""
    found, waiting = set(adopted), set(adopted)
    while waiting:
        waiting = {name for one in books if one.id in waiting for name in one.adopts} - found
        found |= waiting
    return found


def _require_evidence(agency: Agency, period: Period) -> None:
    """Raise when the log holds nothing between the beginning and the end."""
    years = sorted(ledger.sizes(agency.handle).items())
    if not years:
        raise EmptyPeriodError
    oldest = ledger.entries_of(agency.handle, years[0][0], range(1))[0].at
    newest = ledger.newest_at(agency.handle)
    if (period.end and oldest >= period.end) or (period.begin and newest and newest < period.begin):
        raise EmptyPeriodError

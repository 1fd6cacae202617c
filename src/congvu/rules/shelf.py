"""The rulebook as it stands on disk, read once: its books, its calendars, and everything wrong with them."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from congvu.base.texts import Texts
from congvu.rules import checks, examples
from congvu.rules.book import Book, Norm
from congvu.rules.calendars import NationalCalendar
from congvu.rules.loader import load_book, load_calendar
from congvu.rules.norm_loader import NOT_ESTABLISHED
from congvu.rules.source import Problem


class BrokenRulebookError(Exception):
    """The rulebook has problems, so nothing is judged by it; `congvu rules check` names them."""


class CalendarMissingError(Exception):
    """The rulebook no longer holds an agency's calendar, so nothing of that agency can be reckoned."""


@dataclass(frozen=True)
class Shelf:
    """Every book that could be read, every calendar, and every problem."""

    books: tuple[Book, ...]
    calendars: dict[str, NationalCalendar]
    problems: tuple[Problem, ...]


def shelve(folder: Path, *, with_examples: bool = True) -> Shelf:
    """Read a folder of books, with its `calendars/`, and collect all problems in it; never raises for its content."""
    problems: list[Problem] = []
    calendars: dict[str, NationalCalendar] = {}
    for path in sorted((folder / "calendars").glob("*.yaml")):
        calendar, wrong = load_calendar(path)
        problems += wrong
        if calendar:
            calendars[calendar.id] = calendar
    books: list[Book] = []
    for path in sorted(folder.glob("*.yaml")):
        loaded = load_book(path)
        problems += loaded.problems
        books += [loaded.book] if loaded.book else []
    problems += checks.problems(books, calendars)
    if with_examples and not problems:
        problems += [wrong for book in books for wrong in examples.failures(book, calendars, books)]
    return Shelf(tuple(books), calendars, tuple(problems))


@cache
def shelf() -> Shelf:
    """Return the installation's rulebook, read at first use; raises BrokenRulebookError."""
    found = shelve(settings.CONGVU_RULEBOOK, with_examples=False)
    if found.problems:
        raise BrokenRulebookError("\n".join(str(problem) for problem in found.problems))
    return found


def versions(book: str) -> tuple[Book, ...]:
    """Return the versions of a book, the earliest first."""
    return tuple(sorted((one for one in shelf().books if one.id == book), key=lambda one: one.in_force_from))


def version(book: str, number: int) -> Book | None:
    """Return one version of a book, None when the rulebook does not hold it."""
    return next((one for one in shelf().books if (one.id, one.version) == (book, number)), None)


def latest() -> tuple[Book, ...]:
    """Return the newest version of every book, by title of the file."""
    newest: dict[str, Book] = {}
    for one in sorted(shelf().books, key=lambda one: (one.id, one.version)):
        newest[one.id] = one
    return tuple(newest.values())


@cache
def calendar(name: str, zone: str) -> NationalCalendar:
    """Return a calendar in an agency's zone; raises CalendarMissingError when no file has it."""
    found = shelf().calendars.get(name)
    if found is None:
        raise CalendarMissingError(name)
    ZoneInfo(zone)
    return replace(found, calendar=replace(found.calendar, zone=zone))


def cite(book: Book, norm: Norm) -> str:
    """Return number and article as one writes them; without an article where none is established."""
    if norm.cite.article == NOT_ESTABLISHED:
        return book.source.number
    return f"{book.source.number}, {norm.cite.article}"


def norm_title(book: str, norm: str) -> Texts:
    """Return the title of a norm in its newest version, empty when the rulebook does not hold it."""
    for one in reversed(versions(book)):
        if (found := one.norm(norm)) is not None:
            return found.title
    return {}

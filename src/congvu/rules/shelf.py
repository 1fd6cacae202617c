"""The rulebook as it stands on disk: its books, its calendars, and everything wrong with them.

Two folders hold books: the one that ships (settings.CONGVU_RULEBOOK, with its calendars) and `rulebook/` in the data
folder, where the agency's own books are published. Files are read once; the second folder is looked at again whenever
it changes. A published file never changes, so what it judged stays explained; only one that was withdrawn before it
judged anything is laid aside.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

from django.conf import settings

from congvu.base.texts import Texts
from congvu.rules import checks, examples
from congvu.rules.book import Book, Norm
from congvu.rules.calendars import NationalCalendar
from congvu.rules.loader import Loaded, load_book, load_calendar, read_book
from congvu.rules.norm_loader import NOT_ESTABLISHED
from congvu.rules.source import Problem

Stamp: TypeAlias = tuple[int, int] | None
PUBLISHED = "rulebook"  # in the data folder


class BrokenRulebookError(Exception):
    """The rulebook has problems, so nothing is judged by it; `congvu rules check` names them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(one) for one in problems))
        self.problems = problems


class AlreadyPublishedError(Exception):
    """This version of this book was published before; a published text never changes."""


class CalendarMissingError(Exception):
    """The rulebook no longer holds an agency's calendar, so nothing of that agency can be reckoned."""


@dataclass(frozen=True)
class Shelf:
    """Every book that could be read, every calendar, and every problem."""

    books: tuple[Book, ...]
    calendars: dict[str, NationalCalendar]
    problems: tuple[Problem, ...]


def shelve(
    folder: Path, *, published: Path | None = None, draft: Loaded | None = None, with_examples: bool = True
) -> Shelf:
    """Read a folder of books, with its `calendars/`, and collect all problems in it; never raises for its content.

    `published` is a second folder of books, `draft` one more of them; the open version of a book ends on the day on
    which the next of these begins.
    """
    problems: list[Problem] = []
    calendars: dict[str, NationalCalendar] = {}
    for path in sorted((folder / "calendars").glob("*.yaml")):
        calendar, wrong = _calendar(path, *_file(path))
        problems += wrong
        if calendar:
            calendars[calendar.id] = calendar
    shipped = [_book(path, *_file(path)) for path in sorted(folder.glob("*.yaml"))]
    own = [_book(path, *_file(path)) for path in sorted(published.glob("*.yaml"))] if published else []
    own += [draft] if draft else []
    problems += [problem for loaded in (*shipped, *own) for problem in loaded.problems]
    books = _in_row([one.book for one in shipped if one.book], [one.book for one in own if one.book])
    problems += checks.problems(books, calendars)
    if with_examples and not problems:
        problems += examples.all_failures(books, calendars)
    return Shelf(tuple(books), calendars, tuple(problems))


def shelf() -> Shelf:
    """Return the installation's rulebook with what was published; raises BrokenRulebookError.

    To publish a version: `publish(octets)`. It checks the file together with all other books and puts it into the
    second folder in one step, which changes that folder's time; every process then reads it at its next call here.
    Who may publish, and the evidence of it, is the affair of the act that calls it. A file laid there by hand must be
    written elsewhere on the same disk and renamed into place, or a half-written one may be read.
    """
    stamp = _stamp(published_folder())
    kept = _kept.get(settings.CONGVU_RULEBOOK)
    if kept is None or kept[0] != stamp:
        found = shelve(settings.CONGVU_RULEBOOK, published=published_folder(), with_examples=False)
        if found.problems:
            raise BrokenRulebookError(found.problems)
        kept = _kept[settings.CONGVU_RULEBOOK] = (stamp, found)
    return kept[1]


def published_folder() -> Path:
    """Return where the agency's own books lie."""
    return Path(settings.CONGVU_DATA) / PUBLISHED


def publish(octets: bytes) -> Book:
    """Put a book among the published ones, for good, and return it; the file is called by its id and version.

    Raises BrokenRulebookError, naming every problem and failing example of the rulebook with it, or
    AlreadyPublishedError.
    """
    draft = read_book(octets, name="draft.yaml")
    found = shelve(settings.CONGVU_RULEBOOK, published=published_folder(), draft=draft)
    book = draft.book
    if book is None or found.problems:
        raise BrokenRulebookError(found.problems)
    _lay(published_folder(), f"{book.id}.v{book.version}.yaml", octets)
    return book


def _lay(folder: Path, name: str, octets: bytes) -> None:
    """Write a file so that it is there whole, lasts, and never replaces another."""
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f".{name}.{os.getpid()}"
    with aside.open("wb") as file:
        file.write(octets)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, folder / name)
    except FileExistsError as error:
        raise AlreadyPublishedError(name) from error
    finally:
        aside.unlink()
    entries = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(entries)
    finally:
        os.close(entries)


def _in_row(shipped: Sequence[Book], own: Sequence[Book]) -> list[Book]:
    """Return all books, the open versions ended where the agency's own one follows."""
    found = []
    for book in (*shipped, *own):
        later = [
            one.in_force_from
            for one in own
            if one.id == book.id and one is not book and one.in_force_from > book.in_force_from
        ]
        is_open = book.in_force_to is None and later
        found.append(replace(book, in_force_to=min(later)) if is_open else book)
    return found


_kept: dict[Path, tuple[Stamp, Shelf]] = {}


def _stamp(folder: Path) -> Stamp:
    try:
        seen = folder.stat()
    except FileNotFoundError:
        return None
    return seen.st_mtime_ns, seen.st_ino


def _file(path: Path) -> tuple[int, int]:
    """Return what tells one content of a path from another without reading it."""
    try:
        seen = path.stat()
    except OSError:
        return 0, 0  # the reading says what is wrong
    return seen.st_mtime_ns, seen.st_size


@lru_cache(maxsize=512)
def _book(path: Path, changed_at: int, size: int) -> Loaded:
    del changed_at, size
    return load_book(path)


@lru_cache(maxsize=64)
def _calendar(path: Path, changed_at: int, size: int) -> tuple[NationalCalendar | None, tuple[Problem, ...]]:
    del changed_at, size
    return load_calendar(path)


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

"""What a book must hold to beyond its shape: names that exist, deadlines that can be met, versions in a row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations

from congvu.rules import vocabulary
from congvu.rules.book import Book, Norm, Window
from congvu.rules.calendars import NationalCalendar
from congvu.rules.source import Problem

FOREVER = date.max
OWING = {"obligation", "prohibition"}
YEAR = 366
TIMED_BY_EVIDENCE = {"recipient", "agency", "mail_administrator", "head_of_unit"}
TIMED_BY_DAY = {"official", "agency_mailbox"}


def problems(books: Sequence[Book], calendars: Mapping[str, NationalCalendar]) -> list[Problem]:
    """Return what is wrong within books and between them, in the order of files and lines."""
    found = [problem for book in books for problem in _book(book, calendars)]
    return [*found, *_overlaps(books)]


def _book(book: Book, calendars: Mapping[str, NationalCalendar]) -> Iterator[Problem]:
    calendar = calendars.get(book.calendar)
    if calendar is None:
        known = ", ".join(sorted(calendars)) or "none"
        yield _problem(book, 1, "", f"there is no calendar `{book.calendar}`.", f"Known are: {known}.")
    if book.in_force_to is not None and book.in_force_to <= book.in_force_from:
        yield _problem(
            book, 1, "in_force", "the version ends before it begins.", "`to` is its first day out of force."
        )
    seen: set[str] = set()
    for norm in book.norms:
        if norm.id in seen:
            yield _problem(book, norm.line, norm.id, "another norm has this id.", "Give each norm its own.")
        seen.add(norm.id)
        yield from _norm(book, norm)
        if calendar is not None:
            yield from _windows(book, norm, calendar)
    for example in book.examples:
        if book.norm(example.norm) is None:
            yield _problem(
                book,
                example.line,
                f"example {example.norm}",
                "it names no norm of the book.",
                "Use a norm's id.",
            )
    if book.original and book.original not in book.title:
        yield _problem(
            book, 1, "title", f"the original language `{book.original}` is missing.", "Write the title in it."
        )


def _norm(book: Book, norm: Norm) -> Iterator[Problem]:
    yield from (_at(book, norm, *one) for one in _duty(norm))
    deadline = norm.deadline
    if deadline and deadline.parameter and deadline.parameter not in book.parameters:
        known = ", ".join(book.parameters) or "none"
        yield _at(
            book, norm, f"the parameter `{deadline.parameter}` is not declared.", f"Declared are: {known}."
        )
    trigger = norm.when
    if deadline and deadline.start and trigger:
        shape = vocabulary.KINDS.get(trigger.kind)
        if shape and deadline.start not in shape.disclosures:
            yield _at(
                book,
                norm,
                f"`{trigger.kind}` discloses no `{deadline.start}`.",
                "Start from one that it has.",
            )
    for name in ("fulfil", "cancel"):
        condition = getattr(norm, name)
        shape = vocabulary.KINDS.get(trigger.kind) if trigger else None
        for one in condition.same if condition else ():
            if shape and one not in shape.disclosures:
                yield _at(
                    book, norm, f"`{name}` shares no `{one}` with its trigger.", "Name what both disclose."
                )


def _duty(norm: Norm) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with when a norm is owed, by whom, and how it is met."""
    timed = bool(norm.when or norm.windows)
    if norm.kind == "recommendation" and (norm.fulfil or norm.report or norm.deadline):
        yield "a recommendation never yields a breach.", "Use `count`."
    if norm.kind not in OWING and (norm.fulfil or norm.report):
        yield f"a `{norm.kind}` owes nothing.", "Make it an obligation, or drop `fulfil` and `report`."
    yield from _timing(norm, timed=timed)
    owing = TIMED_BY_DAY if norm.windows else TIMED_BY_EVIDENCE
    if timed and not set(norm.bearer) & owing:
        yield "nobody bears it.", f"Name a bearer: {', '.join(sorted(owing))}."
    if norm.report and not set(norm.bearer) & {"reported", "head_of_unit"}:
        yield "nobody answers a report.", "Name a bearer: reported or head_of_unit."


def _timing(norm: Norm, *, timed: bool) -> Iterator[tuple[str, str]]:
    if norm.when and norm.windows:
        yield "a norm is owed on an event or in windows, not both.", "Write two norms."
    if timed and not norm.fulfil:
        yield "nothing fulfils it.", "Add `fulfil:`."
    if norm.fulfil and not timed:
        yield "nothing sets it off.", "Add `when:` or `windows:`."
    if norm.when and not (norm.fulfil and norm.fulfil.same):
        yield "nothing ties what fulfils it to what set it off.", "Add `same:` to `fulfil`."
    if norm.when and norm.deadline is None:
        yield "it has no deadline.", "Add `deadline:`."
    if norm.windows and norm.deadline:
        yield "a window is a deadline already.", "Drop `deadline:`."


def _windows(book: Book, norm: Norm, calendar: NationalCalendar) -> Iterator[Problem]:
    for one, other in combinations(norm.windows, 2):
        if one.opens < other.closes and other.opens < one.closes:
            yield _at(book, norm, f"the windows {one} and {other} overlap.", "Keep them apart.")
    for window in norm.windows:
        if not _ever_opens(window, calendar, book.in_force_from):
            yield _at(
                book,
                norm,
                f"the window {window} never opens: no working hour of calendar `{calendar.id}` touches it.",
                "Move it into working hours.",
            )


def _ever_opens(window: Window, calendar: NationalCalendar, start: date) -> bool:
    days = (start + timedelta(days=offset) for offset in range(YEAR))
    return any(calendar.calendar.window(day, window.opens, window.closes) for day in days)


def _overlaps(books: Iterable[Book]) -> Iterator[Problem]:
    for one, other in combinations(books, 2):
        if one.id != other.id:
            continue
        if one.version == other.version:
            yield _problem(
                other, 1, "", f"{one.file} is version {one.version} of this book already.", "Count on."
            )
        ends = [book.in_force_to or FOREVER for book in (one, other)]
        if one.in_force_from < ends[1] and other.in_force_from < ends[0]:
            yield _problem(
                other,
                1,
                "in_force",
                f"versions {one.version} ({one.file}) and {other.version} are in force at the same time.",
                "End the earlier one with `to:` on the first day of the later one.",
            )


def _at(book: Book, norm: Norm, what: str, mend: str) -> Problem:
    place = norm.id if norm.cite.article == "not-established" else f"{norm.id} (article {norm.cite.article})"
    return _problem(book, norm.line, place, what, mend)


def _problem(book: Book, line: int, where: str, what: str, mend: str) -> Problem:
    return Problem(file=book.file, line=line, where=where, what=what, mend=mend)

"""The days of a book: what it asks for on which day of a month, and which days are off. Pure."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from congvu.rules.book import Book, Norm, Rhythm
from congvu.standards.working_time import EVERY_YEAR, Calendar

Why = Literal["by", "period", "window"]
MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One thing that one norm asks for on a day; `hours` is empty unless it is a window."""

    book: Book
    norm: Norm
    why: Why
    hours: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One legal day; `own` is `closed` or `working` where the agency changed it, else empty."""

    day: date
    is_off: bool
    own: str
    asked: tuple[Asked, ...]


def month(books: Sequence[Book], first: date, calendar: Calendar, own: dict[date, bool]) -> tuple[Day, ...]:
    """Return the days of the month that begins on `first`; `own` holds the agency's days, True for closed.

    Each day shows the versions that are in force on it. A month that the calendar does not know shows weekends only;
    nothing is reckoned by it.
    """
    used = replace(calendar.changed(closed=own), years=EVERY_YEAR)
    days = (first + timedelta(days=index) for index in range(monthrange(first.year, first.month)[1]))
    return tuple(
        Day(
            day=day,
            is_off=not used.is_working_day(day),
            own="" if day not in own else "closed" if own[day] else "working",
            asked=tuple(one for book in books if book.is_in_force(day) for one in asked(book, day, used)),
        )
        for day in days
    )


def asked(book: Book, day: date, calendar: Calendar) -> Iterator[Asked]:
    """Yield what a book asks for on a day, in the order of its norms."""
    for norm in book.norms:
        if norm.windows:
            for window in norm.windows:
                if calendar.window(day, window.opens, window.closes):
                    hours = f"{window.opens:%H:%M}-{window.closes:%H:%M}"
                    yield Asked(book=book, norm=norm, why="window", hours=hours)
        elif norm.deadline and norm.deadline.by:
            if day in _due(norm.deadline.by, day.year, calendar, roll=norm.deadline.roll):
                yield Asked(book=book, norm=norm, why="by")
        elif norm.rhythm and _ends(norm.rhythm, book.in_force_from, day, calendar):
            yield Asked(book=book, norm=norm, why="period")


def _due(by: str, year: int, calendar: Calendar, *, roll: bool) -> set[date]:
    """Return the days on which a yearly date falls, of this year and, when it rolls, of the year before."""
    found = set()
    for one in (year - 1, year):
        number, last = int(by[:2]), int(by[3:])
        day = date(one, number, min(last, monthrange(one, number)[1]))
        found.add(calendar.next_working_day(day) if roll else day)
    return found


def _ends(rhythm: Rhythm, start: date, day: date, calendar: Calendar) -> bool:
    """Say whether a period of the calendar ends on a day, counted from the one in which the book came into force."""
    if rhythm.period == "working_day":
        return calendar.is_working_day(day)
    if rhythm.period == "day":
        return (day - start).days % rhythm.length == rhythm.length - 1
    if rhythm.period == "week":
        weeks = (day - start + timedelta(days=start.weekday())).days // 7
        return day.weekday() == 6 and weeks % rhythm.length == rhythm.length - 1  # noqa: PLR2004 -- Sunday
    span = MONTHS[rhythm.period]
    if (day + timedelta(days=1)).day != 1 or day.month % span:
        return False
    periods = (_index(day) // span) - (_index(start) // span)
    return periods % rhythm.length == rhythm.length - 1


def _index(day: date) -> int:
    return day.year * 12 + day.month - 1

"""Deadlines that can be met: counted from a day that is told, on a day that exists, in hours that are worked."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

from congvu.rules import vocabulary
from congvu.rules.book import Book, Deadline, Norm, Window
from congvu.rules.calendars import NationalCalendar
from congvu.rules.checking.telling import Fault
from congvu.rules.sentences import sentence as _

YEAR = 366
SANE = date(9000, 1, 1)  # a year after this there would be no days left to count
LEAP = 2000
LONG = {"day", "working_day", "month", "year"}
IN_A_YEAR = {"day": 365, "working_day": 260, "month": 12, "year": 1}
DATED = ("valid_from", "valid_to")


def faults(book: Book, norm: Norm) -> Iterator[Fault]:
    """Yield why a norm's deadline can never be met, or never be reckoned."""
    deadline = norm.deadline
    if deadline is None:
        return
    if deadline.parameter and deadline.parameter not in book.parameters:
        known = ", ".join(book.parameters) or _("none")
        yield (
            _("the parameter `%(name)s` is not declared.", name=deadline.parameter),
            _("Declared are: %(known)s.", known=known),
        )
    if deadline.by and not _comes_every_year(deadline.by):
        yield (
            _("`by: %(day)s` is not a day of every year, so it cannot be met.", day=deadline.by),
            _("Write a day that every year has."),
        )
    yield from _start(norm, deadline)
    unit = deadline.unit
    if deadline.parameter and (parameter := book.parameters.get(deadline.parameter)):
        unit = parameter.unit
    if deadline.is_from_year_end and unit not in LONG:
        yield (
            _("it counts from the end of a year without days, months or years."),
            _("Use `within` with one of them, or drop `from: year_end`."),
        )
    if deadline.is_before and unit is None:
        yield (
            _("it counts back without how long, so it is due when it opens."),
            _("Use `within` or `after` beside `before`."),
        )
    if deadline.is_before and deadline.is_from_year_end and _is_a_year(deadline):
        yield (
            _("it is due a year or more before it opens."),
            _("Count back less than a year from the year's end."),
        )


def windows(norm: Norm, calendar: NationalCalendar, start: date) -> Iterator[Fault]:
    """Yield windows that overlap, and windows that no working hour touches."""
    for one, other in combinations(norm.windows, 2):
        if one.opens < other.closes and other.opens < one.closes:
            yield _("the windows %(one)s and %(other)s overlap.", one=one, other=other), _("Keep them apart.")
    for window in norm.windows:
        if not _ever_opens(window, calendar, start):
            yield (
                _(
                    "the window %(window)s never opens: no working hour of calendar `%(calendar)s` touches it.",
                    window=window,
                    calendar=calendar.id,
                ),
                _("Move it into working hours."),
            )


def years(book: Book, calendar: NationalCalendar) -> Iterator[Fault]:
    """Yield the years in which a version is in force and of which its calendar knows no day."""
    known = calendar.calendar.years
    last = (book.in_force_to - timedelta(days=1)).year if book.in_force_to else book.in_force_from.year
    lacking = [year for year in range(book.in_force_from.year, last + 1) if year not in known]
    if lacking:
        first, last = lacking[0], lacking[-1]
        said = _("%(first)s to %(last)s", first=first, last=last) if first < last else first
        yield (
            _(
                "calendar `%(calendar)s` lacks %(years)s, when the book is in force.",
                calendar=calendar.id,
                years=said,
            ),
            _("Add the days: `congvu rules seed` prints them."),
        )


def _start(norm: Norm, deadline: Deadline) -> Iterator[Fault]:
    shape = vocabulary.KINDS.get(norm.when.kind) if norm.when else None
    if not deadline.start or shape is None or norm.when is None:
        return
    if deadline.start not in shape.disclosures:
        yield (
            _("`%(kind)s` discloses no `%(name)s`.", kind=norm.when.kind, name=deadline.start),
            _("Start from one that it has."),
        )
    elif deadline.start not in DATED and not deadline.start.endswith("_on"):
        yield (
            _("`%(name)s` is no day, so nothing is counted from it.", name=deadline.start),
            _("Start from a disclosure that ends in `_on`."),
        )


def _comes_every_year(by: str) -> bool:
    month, _, day = by.partition("-")
    try:
        date(LEAP + 1, int(month), int(day))
    except ValueError:
        return False
    return True


def _is_a_year(deadline: Deadline) -> bool:
    return deadline.unit in IN_A_YEAR and deadline.amount >= IN_A_YEAR[deadline.unit]


def _ever_opens(window: Window, calendar: NationalCalendar, start: date) -> bool:
    """Say whether a window opens within a year; true when the calendar knows none of it, which is told elsewhere."""
    days = [start + timedelta(days=offset) for offset in range(YEAR) if start < SANE]
    known = [day for day in days if day.year in calendar.calendar.years]
    return not known or any(calendar.calendar.window(day, window.opens, window.closes) for day in known)

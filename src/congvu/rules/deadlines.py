"""When a duty falls due: every kind of deadline that a book can write, as pure functions over a calendar.

Time does not run in `suspended` periods. Working time goes on after them; a working day of which any hour is suspended
does not count; what runs on the clock or by the legal calendar ends later by as much as was suspended of it, and a
legal day once begun is given whole. Each of `extended` adds a span to the end. Counting back knows no suspension.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from congvu.rules.book import Deadline
from congvu.standards.periods import Period, cut, merged, touches
from congvu.standards.working_time import DAY, Calendar

Span = tuple[int, str]
INSTANT = timedelta.resolution
CLOCK = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
WORKED = {"working_minute": timedelta(minutes=1), "working_hour": timedelta(hours=1)}
LEGAL = ("day", "month", "year")
NOON = time(12)


def due(
    deadline: Deadline,
    *,
    start: datetime,
    amount: int,
    unit: str | None,
    calendar: Calendar,
    suspended: Iterable[Period] = (),
    extended: Iterable[Span] = (),
) -> datetime:
    """Return when a deadline of so many units from `start` is over; before this instant is in time.

    Raises UnknownYearError when it needs working days of a year that the calendar does not know, ValueError for less
    than one unit.
    """
    if unit and amount < 1:
        message = f"at least one {unit}"
        raise ValueError(message)
    count = _Count(calendar, merged(suspended) if suspended else ())
    if deadline.is_before:
        end = count.back(start, amount, unit or "")
    else:
        end = _end(count, deadline, start, amount, unit or "")
    for more, of in extended:
        end = count.on(end, calendar.day_of(end - INSTANT), more, of)
        unit = of
    return count.rolled(end, is_before=deadline.is_before) if deadline.roll and unit not in WORKED else end


def segments(
    deadline: Deadline,
    *,
    start: datetime,
    end: datetime,
    unit: str | None,
    calendar: Calendar,
    suspended: Iterable[Period] = (),
) -> tuple[Period, ...]:
    """Return the periods that were counted between start and end of a deadline, for its explanation.

    Of a deadline in working time its worked periods, of any other the whole of it; without what was suspended.
    """
    begin, over = min(start, end), max(start, end)
    in_working_time = unit in WORKED or unit == "working_day" or _is_of_the_day(deadline)
    spans = calendar.working_segments(begin, over) if in_working_time else ((begin, over),)
    return tuple(cut(spans, merged(suspended)))


def legal_start(
    deadline: Deadline, *, at: datetime, disclosures: Mapping[str, str | None], calendar: Calendar
) -> datetime:
    """Return the instant from which a deadline runs: the event, or what the event discloses.

    A disclosed legal day counts from its midnight, a disclosed instant without an offset in the calendar's zone.
    Raises ValueError for what is neither.
    """
    text = disclosures.get(deadline.start) if deadline.start else None
    if not text:
        return at
    if len(text) == len("2026-01-31"):
        return calendar.midnight(date.fromisoformat(text))
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=calendar.tzinfo)).astimezone(UTC)


def _is_of_the_day(deadline: Deadline) -> bool:
    return deadline.same_day or deadline.same_or_next_day or deadline.next_morning


def _end(count: "_Count", deadline: Deadline, start: datetime, amount: int, unit: str) -> datetime:
    """Return the end of a deadline that runs forward, without extension and rolling."""
    calendar = count.calendar
    day = calendar.day_of(start)
    if deadline.is_from_year_end:
        year_end = date(day.year, 12, 31)
        start, day = calendar.end_of_day(year_end), year_end
    elif unit == "working_day":
        if not count.holes:
            return calendar.add_working_days(start, amount)
        day = calendar.next_working_day(day)  # what comes on a day off has come on the next working day
    if unit:
        return count.on(start, day, amount, unit)
    if deadline.by:
        month, of_month = map(int, deadline.by.split("-"))
        return count.legal(start, calendar.by_day_of_year(start, month, of_month))
    if deadline.same_or_next_day:
        return calendar.end_of_work(count.working_day_after(day, 1))
    if deadline.next_morning:
        return count.morning_after(day)
    return count.same_day(start)


class _Count(NamedTuple):
    """Counting on a calendar, past the holes in which time does not run."""

    calendar: Calendar
    holes: tuple[Period, ...]

    def on(self, start: datetime, day: date, amount: int, unit: str) -> datetime:
        """Return the end of a span that runs from an instant, or from the end of a legal day in units of days."""
        if unit in WORKED:
            return self.lasting(
                start, amount * WORKED[unit], self.calendar.worked, self.calendar.add_working_time
            )
        if unit in CLOCK:
            return self.lasting(start, amount * CLOCK[unit], _elapsed, _later)
        if unit == "working_day":
            return self.calendar.end_of_work(self.working_day_after(day, amount))
        return self.legal(start, self.calendar.end_of_day(self.calendar.day_later(day, amount, unit)))

    def lasting(
        self,
        start: datetime,
        left: timedelta,
        ran: Callable[[datetime, datetime], timedelta],
        add: Callable[[datetime, timedelta], datetime],
    ) -> datetime:
        """Return when so much time has run since `start` outside of the holes."""
        for opens, closes in self.holes:
            if closes <= start:
                continue
            before = ran(start, opens) if start < opens else timedelta()
            if before >= left:
                break
            left, start = left - before, closes
        return add(start, left)

    def legal(self, start: datetime, end: datetime) -> datetime:
        """Return the end of a legal day, later by what was suspended since `start`, and then of the whole day."""
        if not self.holes or end <= start:
            return end
        moved = self.lasting(start, end - start, _elapsed, _later)
        return self.calendar.end_of_day(self.calendar.day_of(moved - INSTANT))

    def working_day_after(self, day: date, count: int) -> date:
        """Return the n-th working day after a day, leaving out those of which any hour is suspended."""
        if not self.holes:
            return self.calendar.working_day_after(day, count)
        free = (one for one in self.calendar.working_days(day + DAY) if self.is_free(one))
        return next(one for number, one in enumerate(free, start=1) if number == count)

    def is_free(self, day: date) -> bool:
        """Say whether no worked hour of a day is suspended."""
        return not touches(self.calendar.segments(day), self.holes)

    def same_day(self, start: datetime) -> datetime:
        """Return the end of work of the first day that is not over at `start` and not suspended."""
        if not self.holes:
            return self.calendar.same_day(start)
        days = self.calendar.working_days(self.calendar.day_of(start))
        ends = (self.calendar.end_of_work(one) for one in days if self.is_free(one))
        return next(one for one in ends if start < one)

    def morning_after(self, day: date) -> datetime:
        """Return noon of the next working day that is not suspended."""
        return self.calendar.instant(self.working_day_after(day, 1), NOON)

    def back(self, event: datetime, amount: int, unit: str) -> datetime:
        """Return by when something is due that must be done so long before an event.

        In working days the end of work of the n-th one before, in days, months and years the end of that legal day.
        """
        if unit in WORKED:
            return self.calendar.subtract_working_time(event, amount * WORKED[unit])
        if unit in CLOCK:
            return event - amount * CLOCK[unit]
        day = self.calendar.day_of(event)
        if unit == "working_day":
            return self.calendar.end_of_work(self.calendar.working_day_before(day, amount))
        if unit in LEGAL:
            return self.calendar.end_of_day(self.calendar.day_later(day, -amount, unit))
        return event

    def rolled(self, end: datetime, *, is_before: bool) -> datetime:
        """Return an end on a day off as the same time of the next working day, before an event of the last one."""
        day = self.calendar.day_of(end - INSTANT)
        if self.calendar.is_working_day(day):
            return end
        working = (
            self.calendar.working_day_before(day, 1) if is_before else self.calendar.next_working_day(day)
        )
        local = end.astimezone(self.calendar.tzinfo)
        return self.calendar.instant(working + (local.date() - day), local.time())


def _elapsed(start: datetime, end: datetime) -> timedelta:
    return end - start


def _later(start: datetime, left: timedelta) -> datetime:
    return start + left

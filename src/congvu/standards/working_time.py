"""Working time of an agency (vi: thời giờ làm việc; kk: жұмыс уақыты): arithmetic over a calendar, no Django.

Instants are aware UTC datetimes, legal days are dates in the calendar's zone, periods are half-open.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

Segment = tuple[datetime, datetime]
Hours = tuple[tuple[time, time], ...]

MONTHS_OF_YEAR = 12
DAYS_OF_WEEK = 7
SEARCH_DAYS = 3660


class NoWorkingTimeError(Exception):
    """No working time follows within ten years: the calendar never opens."""


@dataclass(frozen=True)
class Calendar:
    """Say when an agency works.

    `weekly` holds the hours of Monday to Sunday (lunch breaks are the gaps); `days_off` are holidays and
    closures; `days_on` are days that work although the week or a holiday says otherwise, with their hours.
    """

    zone: str
    weekly: tuple[Hours, ...]
    days_off: frozenset[date] = frozenset()
    days_on: Mapping[date, Hours] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.weekly) != DAYS_OF_WEEK:
            message = "a week has seven days"
            raise ValueError(message)
        for hours in (*self.weekly, *self.days_on.values()):
            edges = [edge for span in hours for edge in span]
            if edges != sorted(set(edges)):
                message = f"hours must follow one another: {hours}"
                raise ValueError(message)

    @cached_property
    def tzinfo(self) -> ZoneInfo:
        """Return the zone."""
        return ZoneInfo(self.zone)

    @cached_property
    def _segments_of_day(self) -> dict[date, tuple[Segment, ...]]:
        return {}

    def hours(self, day: date) -> Hours:
        """Return the local hours worked on this day, empty on a day off."""
        if day in self.days_on:
            return self.days_on[day]
        return () if day in self.days_off else self.weekly[day.weekday()]

    def is_working_day(self, day: date) -> bool:
        """Say whether any hour of this day is worked."""
        return bool(self.hours(day))

    def day_of(self, instant: datetime) -> date:
        """Return the legal day of an instant."""
        return instant.astimezone(self.tzinfo).date()

    def instant(self, day: date, at: time) -> datetime:
        """Return the UTC instant of a local time.

        A time that a clock change skips is read with the offset before the change, a time that it repeats is
        its first occurrence (PEP 495, fold 0).
        """
        return datetime.combine(day, at, tzinfo=self.tzinfo).astimezone(UTC)

    def midnight(self, day: date) -> datetime:
        """Return the instant at which this legal day begins."""
        return self.instant(day, time.min)

    def segments(self, day: date) -> tuple[Segment, ...]:
        """Return the worked periods of one day, computed once."""
        known = self._segments_of_day.get(day)
        if known is None:
            spans = ((self.instant(day, a), self.instant(day, b)) for a, b in self.hours(day))
            known = self._segments_of_day[day] = tuple(span for span in spans if span[0] < span[1])
        return known

    def working_days(self, day: date) -> Iterator[date]:
        """Yield the working days from this one on.

        Raises NoWorkingTimeError after ten years without one.
        """
        idle = 0
        while idle < SEARCH_DAYS:
            idle += 1
            if self.segments(day):
                idle = 0
                yield day
            day += timedelta(days=1)
        raise NoWorkingTimeError(self.zone)

    def next_working_day(self, day: date) -> date:
        """Return this day when it is worked, else the first worked day after it."""
        return next(self.working_days(day))

    def end_of_work(self, day: date) -> datetime:
        """Return the instant at which the last hour of a working day ends."""
        return self.segments(day)[-1][1]

    def add_working_minutes(self, start: datetime, minutes: int) -> datetime:
        """Return the instant when so many worked minutes (at least 1) have passed since `start`."""
        if minutes < 1:
            message = "at least one minute"
            raise ValueError(message)
        left = timedelta(minutes=minutes)
        for day in self.working_days(self.day_of(start)):
            for begin, end in self.segments(day):
                entered = max(begin, start)
                if entered >= end:
                    continue
                if left <= end - entered:
                    return entered + left
                left -= end - entered
        raise NoWorkingTimeError(self.zone)

    def add_working_hours(self, start: datetime, hours: int) -> datetime:
        """Return the instant when so many worked hours have passed since `start`."""
        return self.add_working_minutes(start, hours * 60)

    def add_working_days(self, start: datetime, days: int) -> datetime:
        """Return the end of work of the n-th working day after the day of `start`.

        What arrives on a day off counts as having arrived on the next working day.
        """
        if days < 1:
            message = "at least one day"
            raise ValueError(message)
        following = self.working_days(self.day_of(start))
        for _ in range(days):
            next(following)
        return self.end_of_work(next(following))

    def same_day(self, start: datetime) -> datetime:
        """Return the end of work of this day; after hours or on a day off, of the next working day."""
        for day in self.working_days(self.day_of(start)):
            if start < self.end_of_work(day):
                return self.end_of_work(day)
        raise NoWorkingTimeError(self.zone)

    def add_months(self, start: datetime, months: int, *, roll: bool = False) -> datetime:
        """Return the end of the legal day so many calendar months after the day of `start`.

        A day that the month lacks becomes its last day; with `roll` an end on a day off moves to the next
        working day.
        """
        day = month_later(self.day_of(start), months)
        if roll:
            day = self.next_working_day(day)
        return self.midnight(day + timedelta(days=1))

    def window(self, day: date, opens: time, closes: time) -> Segment | None:
        """Return the half-open window of a day, None when no worked hour of that day touches it."""
        begin, end = self.instant(day, opens), self.instant(day, closes)
        worked = any(a < end and begin < b for a, b in self.segments(day))
        return (begin, end) if begin < end and worked else None

    def working_segments(self, start: datetime, end: datetime) -> tuple[Segment, ...]:
        """Return the worked periods between two instants, for the explanation of a deadline."""
        found: list[Segment] = []
        day, last = self.day_of(start), self.day_of(end)
        while day <= last:
            clipped = ((max(a, start), min(b, end)) for a, b in self.segments(day))
            found += [span for span in clipped if span[0] < span[1]]
            day += timedelta(days=1)
        return tuple(found)

    def working_minutes(self, start: datetime, end: datetime) -> float:
        """Return the worked minutes between two instants."""
        return sum((b - a).total_seconds() for a, b in self.working_segments(start, end)) / 60

    def changed(self, *, closed: Mapping[date, bool]) -> "Calendar":
        """Return this calendar with an agency's own days: True closes a day, False makes it a working day.

        A day that is made a working day has the hours of its weekday, or of the first worked weekday.
        """
        if not closed:
            return self
        ordinary = next((hours for hours in self.weekly if hours), ())
        on = {day: self.weekly[day.weekday()] or ordinary for day, off in closed.items() if not off}
        off = {day for day, is_off in closed.items() if is_off}
        kept = {day: hours for day, hours in self.days_on.items() if day not in off}
        return replace(self, days_off=self.days_off | off, days_on={**kept, **on})


def month_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of that month."""
    index = day.year * MONTHS_OF_YEAR + day.month - 1 + months
    year, month = divmod(index, MONTHS_OF_YEAR)
    following = date(year + (month + 1) // MONTHS_OF_YEAR, (month + 1) % MONTHS_OF_YEAR + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))

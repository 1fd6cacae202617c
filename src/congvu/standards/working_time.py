"""Working time of an agency (vi: thời giờ làm việc; kk: жұмыс уақыты): arithmetic over a calendar, no Django.

Instants are aware UTC datetimes, legal days are dates in the calendar's zone, periods are half-open.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from congvu.standards.periods import Period, cut, merged, touches
from congvu.standards.working_year import EPOCH, NOTHING, Place, WorkingYear

Segment = Period
Hours = tuple[tuple[time, time], ...]
Week = tuple[Hours, ...]

MONTHS_OF_YEAR = 12
DAYS_OF_WEEK = 7
SEARCH_YEARS = 11
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
SPANS = {minutes: minutes * MINUTE for minutes in range(1, 1 + DAY // MINUTE)}  # to multiply takes long
EVERY_YEAR = range(MINYEAR + 1, MAXYEAR)  # around the first and the last year there is no midnight


class NoWorkingTimeError(Exception):
    """No working time follows within ten years: the calendar never opens."""


class UnknownYearError(Exception):
    """A calendar is asked about a year that it does not know; nothing is invented."""

    def __init__(self, name: str, year: int, years: range) -> None:
        told = f"{years[0]} to {years[-1]}" if years else "none"
        super().__init__(
            f"The calendar {name or 'in use'} does not know the year {year}; it knows {told}. "
            "Add the year's days off to its file."
        )
        self.name, self.year, self.years = name, year, years


@dataclass(slots=True)
class _Memory:
    """What a calendar has found out, and the calendar that it agrees with but for its own days and what is absent."""

    segments: dict[date, tuple[Segment, ...]] = field(default_factory=dict)
    years: dict[int, WorkingYear] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)  # in all of these years
    source: "Calendar | None" = None
    own_days: Collection[date] = ()


@dataclass(frozen=True)
class Calendar:
    """Say when an agency works.

    `weekly` holds the hours of Monday to Sunday (lunch breaks are the gaps), `weeks` those that are in force from
    later days on, in order. `days_off` are holidays and closures; `days_on` are days with hours of their own,
    whatever the week or a holiday says: compensation days and half days. In `absent` nothing is worked: a person's
    leave. `years` are known; asking about another raises UnknownYearError.

    Years are added up at first use. A calendar that is made from another takes from it the days and years in which
    both agree.
    """

    zone: str
    weekly: Week
    days_off: frozenset[date] = frozenset()
    days_on: Mapping[date, Hours] = field(default_factory=dict)
    weeks: tuple[tuple[date, Week], ...] = ()
    absent: tuple[Segment, ...] = ()
    years: range = EVERY_YEAR
    name: str = ""
    tzinfo: ZoneInfo = field(init=False, repr=False, compare=False)  # of `zone`
    _memory: _Memory = field(default_factory=_Memory, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tzinfo", ZoneInfo(self.zone))
        versions = (self.weekly, *(week for _, week in self.weeks))
        if any(len(week) != DAYS_OF_WEEK for week in versions):
            message = "a week has seven days"
            raise ValueError(message)
        begun = [since for since, _ in self.weeks]
        if begun != sorted(set(begun)):
            message = "weeks must follow one another"
            raise ValueError(message)
        for hours in (*(hours for week in versions for hours in week), *self.days_on.values()):
            edges = [edge for span in hours for edge in span]
            if edges != sorted(set(edges)):
                message = f"hours must follow one another: {hours}"
                raise ValueError(message)

    def week(self, day: date) -> Week:
        """Return the weekly hours in force on a day."""
        found = self.weekly
        for since, week in self.weeks:
            if day < since:
                break
            found = week
        return found

    def hours(self, day: date) -> Hours:
        """Return the local hours worked on this day, empty on a day off; raises UnknownYearError."""
        if day.year not in self.years:
            raise UnknownYearError(self.name, day.year, self.years)
        if day in self.days_on:
            return self.days_on[day]
        return () if day in self.days_off else self.week(day)[day.weekday()]

    def is_working_day(self, day: date) -> bool:
        """Say whether any hour of this day is worked."""
        return bool(self.segments(day))

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

    def end_of_day(self, day: date) -> datetime:
        """Return the instant at which this legal day is over."""
        return self.midnight(day + DAY)

    def segments(self, day: date) -> tuple[Segment, ...]:
        """Return the worked periods of one day, computed once."""
        memory = self._memory
        known = memory.segments.get(day)
        if known is None:
            if memory.source is None or day in memory.own_days:
                known = merged((self.instant(day, a), self.instant(day, b)) for a, b in self.hours(day))
            else:
                known = memory.source.segments(day)
            memory.segments[day] = known = tuple(cut(known, self.absent)) if self.absent else known
        return known

    def working_days(self, day: date) -> Iterator[date]:
        """Yield the working days from this one on.

        Raises NoWorkingTimeError after ten years without one.
        """
        for year in self._years_from(day.year):
            yield from year.days[bisect_left(year.days, day) :]

    def next_working_day(self, day: date) -> date:
        """Return this day when it is worked, else the first worked day after it."""
        return next(self.working_days(day))

    def working_day_after(self, day: date, days: int) -> date:
        """Return the n-th working day after a day."""
        at = bisect_right(self.year(day.year).days, day) + _at_least_one(days, "day") - 1
        for year in self._years_from(day.year):
            if at < len(year.days):
                return year.days[at]
            at -= len(year.days)
        raise NoWorkingTimeError(self.zone)

    def working_day_before(self, day: date, days: int) -> date:
        """Return the n-th working day before a day."""
        at = bisect_left(self.year(day.year).days, day) - _at_least_one(days, "day")
        for year in self._years_from(day.year, -1):
            at += len(year.days) if year.number != day.year else 0
            if at >= 0:
                return year.days[at]
        raise NoWorkingTimeError(self.zone)

    def end_of_work(self, day: date) -> datetime:
        """Return the instant at which the last hour of a working day ends."""
        return self.segments(day)[-1][1]

    def add_working_time(self, start: datetime, worked: timedelta) -> datetime:
        """Return the first instant when so much (more than nothing) has been worked since `start`."""
        try:  # nearly always it ends in the period that is open at `start` or opens next
            year, at, _ = self._memory.places[(start - EPOCH).days]
            ends = year.ends
            while ends[at] <= start:
                at += 1
            begun = year.begins[at]
            end = (start if start > begun else begun) + worked  # noqa: FURB136 -- a call takes longer than all of this
            if end <= ends[at]:
                return end
        except (KeyError, IndexError):  # at New Year, or the year is not added up yet
            year = self._year_at(start)
        worked += year.worked_until(start)
        for one in self._years_from(year.number):
            if worked <= one.total:
                return one.first_with(worked)
            worked -= one.total
        raise NoWorkingTimeError(self.zone)

    def subtract_working_time(self, end: datetime, worked: timedelta) -> datetime:
        """Return the last instant when so much (more than nothing) is still to be worked until `end`."""
        year = self._year_at(end)
        left = year.worked_until(end) - worked
        for one in self._years_from(year.number, -1):
            left += one.total if one is not year else NOTHING
            if left >= NOTHING:
                return one.last_with(left)
        raise NoWorkingTimeError(self.zone)

    def add_working_minutes(self, start: datetime, minutes: int) -> datetime:
        """Return the instant when so many worked minutes (at least 1) have passed since `start`."""
        return self.add_working_time(start, SPANS.get(minutes) or _at_least_one(minutes, "minute") * MINUTE)

    def add_working_hours(self, start: datetime, hours: int) -> datetime:
        """Return the instant when so many worked hours have passed since `start`."""
        return self.add_working_minutes(start, hours * 60)

    def add_working_days(self, start: datetime, days: int) -> datetime:
        """Return the end of work of the n-th working day after the day of `start`.

        What arrives on a day off counts as having arrived on the next working day.
        """
        try:
            year, _, at = self._memory.places[(start - EPOCH).days]
            nights = year.nights
            while nights[at] <= start:
                at += 1
            if days > 0:
                return year.closes[at + days]
        except (KeyError, IndexError):  # at New Year, or the year is not added up yet
            year = self._year_at(start)
        at = bisect_right(year.nights, start) + _at_least_one(days, "day")
        for one in self._years_from(year.number):
            if at < len(one.closes):
                return one.closes[at]
            at -= len(one.closes)
        raise NoWorkingTimeError(self.zone)

    def same_day(self, start: datetime) -> datetime:
        """Return the end of work of this day; after hours or on a day off, of the next working day."""
        for year in self._years_from(self._year_at(start).number):
            at = bisect_right(year.closes, start)
            if at < len(year.closes):
                return year.closes[at]
        raise NoWorkingTimeError(self.zone)

    def add_months(self, start: datetime, months: int, *, roll: bool = False) -> datetime:
        """Return the end of the legal day so many calendar months after the day of `start`.

        A day that the month lacks becomes its last day; with `roll` an end on a day off moves to the next
        working day.
        """
        day = self.day_later(self.day_of(start), months, "month")
        return self.end_of_day(self.next_working_day(day) if roll else day)

    def by_day_of_year(self, start: datetime, month: int, day: int) -> datetime:
        """Return the end of the next such day of a year that is not over at `start`.

        A day that the month lacks in that year is its last day.
        """
        begun = self.day_of(start)
        found = last_possible(begun.year, month, day)
        if found < begun:
            found = last_possible(begun.year + 1, month, day)
        return self.end_of_day(found)

    def day_later(self, day: date, amount: int, unit: str) -> date:
        """Return the legal day so many days, months or years later; raises UnknownYearError beyond all calendars."""
        try:
            if unit == "day":
                found = day + timedelta(days=amount)
            else:
                found = month_later(day, amount * (MONTHS_OF_YEAR if unit == "year" else 1))
        except (OverflowError, ValueError) as error:
            raise UnknownYearError(self.name, MAXYEAR, self.years) from error
        if found.year not in EVERY_YEAR:
            raise UnknownYearError(self.name, found.year, self.years)
        return found

    def window(self, day: date, opens: time, closes: time) -> Segment | None:
        """Return the half-open window of a day, None when no worked hour of that day touches it."""
        begin, end = self.instant(day, opens), self.instant(day, closes)
        worked = any(a < end and begin < b for a, b in self.segments(day))
        return (begin, end) if begin < end and worked else None

    def working_segments(self, start: datetime, end: datetime) -> tuple[Segment, ...]:
        """Return the worked periods between two instants, for the explanation of a deadline."""
        found: list[Segment] = []
        for year in self._years_between(start, end):
            first, last = bisect_right(year.ends, start), bisect_left(year.begins, end)
            spans = zip(year.begins[first:last], year.ends[first:last], strict=True)
            found += [(max(a, start), min(b, end)) for a, b in spans]
        return tuple(found)

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """Return what is worked between two instants."""
        spent = (one.worked_until(end) - one.worked_until(start) for one in self._years_between(start, end))
        return sum(spent, NOTHING)

    def working_minutes(self, start: datetime, end: datetime) -> float:
        """Return the worked minutes between two instants."""
        return self.worked(start, end).total_seconds() / 60

    def changed(self, *, closed: Mapping[date, bool]) -> "Calendar":
        """Return this calendar with an agency's own days: True closes a day, False makes it a working day.

        A day that is made a working day has the hours of its weekday, or of the first worked weekday.
        """
        if not closed:
            return self
        on = {day: ordinary_hours(self.week(day), day) for day, off in closed.items() if not off}
        off = {day for day, is_off in closed.items() if is_off}
        kept = {day: hours for day, hours in self.days_on.items() if day not in off}
        return self._agreeing(replace(self, days_off=self.days_off | off, days_on={**kept, **on}), closed)

    def without(self, periods: Iterable[Segment]) -> "Calendar":
        """Return this calendar as it is for somebody who is away in these periods."""
        away = merged((*self.absent, *periods))
        return self if away == self.absent else self._agreeing(replace(self, absent=away), ())

    def _agreeing(self, made: "Calendar", own_days: Collection[date]) -> "Calendar":
        """Let a calendar that is made from this one take from it all but its own days and what is absent."""
        object.__setattr__(made, "_memory", _Memory(source=self, own_days=own_days))
        return made

    def year(self, number: int) -> WorkingYear:
        """Return a legal year, added up at first use; raises UnknownYearError."""
        found = self._memory.years.get(number)
        if found is None:
            if number not in self.years:
                raise UnknownYearError(self.name, number, self.years)
            found = self._memory.years[number] = self._same_year(number) or self._added_up(number)
            self._memory.places.update(found.places)
        return found

    def _same_year(self, number: int) -> WorkingYear | None:
        """Return the year of the calendar that this one is made from, when both agree about all of it."""
        source = self._memory.source
        if source is None or any(day.year == number for day in self._memory.own_days):
            return None
        year = source.year(number)
        absent = self.absent if self.absent != source.absent else ()
        return None if touches(absent, [(year.begins_at, year.ends_at)]) else year

    def _added_up(self, number: int) -> WorkingYear:
        day, last = date(number, 1, 1), date(number, 12, 31)
        found = WorkingYear(number, self.midnight(day), self.end_of_day(last))
        while day <= last:
            if segments := self.segments(day):
                found.add_day(day, self.end_of_day(day), segments)
            day += DAY
        found.place_days()
        return found

    def _year_at(self, instant: datetime) -> WorkingYear:
        """Return the legal year of an instant, or the one before it in the hours around New Year."""
        found = self._memory.years.get(instant.year)
        if found is None or instant < found.begins_at:
            return self.year(self.day_of(instant).year)
        return found

    def _years_from(self, number: int, step: int = 1) -> Iterator[WorkingYear]:
        """Yield years on and on, until ten years bring no working time."""
        idle = 0
        while idle < SEARCH_YEARS:
            year = self.year(number)
            idle = 0 if year.until else idle + 1
            yield year
            number += step

    def _years_between(self, start: datetime, end: datetime) -> Iterator[WorkingYear]:
        if start < end:
            last = self.day_of(end - timedelta.resolution).year
            for number in range(self._year_at(start).number, last + 1):
                yield self.year(number)


def ordinary_hours(week: Week, day: date) -> Hours:
    """Return the hours of a weekday, or of the first worked weekday when it is none."""
    return week[day.weekday()] or next((hours for hours in week if hours), ())


def last_possible(year: int, month: int, day: int) -> date:
    """Return this day of a year, or the last day of its month when the month is shorter."""
    return month_later(date(year, 1, day), month - 1)


def month_later(day: date, months: int) -> date:
    """Return the same day so many months later (or earlier), or the last day of that month."""
    index = day.year * MONTHS_OF_YEAR + day.month - 1 + months
    year, month = divmod(index, MONTHS_OF_YEAR)
    following = date(year + (month + 1) // MONTHS_OF_YEAR, (month + 1) % MONTHS_OF_YEAR + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def _at_least_one(amount: int, unit: str) -> int:
    if amount < 1:
        message = f"at least one {unit}"
        raise ValueError(message)
    return amount

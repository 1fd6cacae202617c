"""The naive oracle: a watch read every minute and a finger on the wall calendar. It shares no code with the product.

Of a calendar it reads only the fields; a minute is worked when the wall clock at its beginning says so.
"""

from array import array
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from congvu.standards.working_time import Calendar, Hours

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Holes = Sequence[tuple[datetime, datetime]]


class Watch:
    """Reads a calendar minute by minute."""

    def __init__(self, calendar: Calendar) -> None:
        self.zone = ZoneInfo(calendar.zone)
        self.calendar = calendar
        self.spans = cache(self._spans)

    def _spans(self, day: date) -> Hours:
        calendar = self.calendar
        if day in calendar.days_on:
            return calendar.days_on[day]
        if day in calendar.days_off:
            return ()
        week = calendar.weekly
        for since, later in calendar.weeks:
            if since <= day:
                week = later
        return week[day.weekday()]

    def day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def is_worked(self, instant: datetime, holes: Holes = ()) -> bool:
        if any(a <= instant < b for a, b in (*self.calendar.absent, *holes)):
            return False
        return self.shows_working_time(instant.astimezone(self.zone))

    def shows_working_time(self, here: datetime) -> bool:
        now = here.time()
        return any(a <= now < b for a, b in self.spans(here.date()))

    def minutes_of(self, day: date) -> list[datetime]:
        """Return every minute of a legal day."""
        now = datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)
        found = []
        while self.day(now) <= day:
            found.append(now)
            now += MINUTE
        return found

    def worked_minutes_of(self, day: date) -> list[datetime]:
        return [now for now in self.minutes_of(day) if self.is_worked(now)] if self.spans(day) else []

    def is_working_day(self, day: date) -> bool:
        return bool(self.worked_minutes_of(day))

    def end_of_work(self, day: date) -> datetime:
        return self.worked_minutes_of(day)[-1] + MINUTE

    def end_of_day(self, day: date) -> datetime:
        return self.minutes_of(day)[-1] + MINUTE

    def after_minutes(self, start: datetime, minutes: int, holes: Holes = ()) -> datetime:
        now = start
        while minutes:
            minutes -= self.is_worked(now, holes)
            now += MINUTE
        return now

    def before_minutes(self, end: datetime, minutes: int) -> datetime:
        now = end
        while minutes:
            now -= MINUTE
            minutes -= self.is_worked(now)
        return now

    def after_clock(self, start: datetime, minutes: int, holes: Holes = ()) -> datetime:
        now = start
        while minutes:
            minutes -= not any(a <= now < b for a, b in holes)
            now += MINUTE
        return now

    def working_day(self, day: date) -> date:
        while not self.is_working_day(day):
            day += DAY
        return day

    def after_days(self, day: date, days: int, holes: Holes = (), step: int = 1) -> date:
        """Return the n-th working day after (or before) a day that no hole touches."""
        while days:
            day += step * DAY
            worked = self.worked_minutes_of(day)
            days -= bool(worked) and not any(a <= now < b for now in worked for a, b in holes)
        return day


class Minutes:
    """Every minute of some years, read off the wall clock one by one, and how much had been worked before it.

    Minutes are numbered from the first midnight of these years. Nobody's leave is looked at.
    """

    def __init__(self, calendar: Calendar, years: range) -> None:
        watch = Watch(calendar)
        self.begun = datetime(years[0], 1, 1, tzinfo=watch.zone).astimezone(UTC)
        self.worked, self.closes = array("i"), array("i")  # each worked minute, the last of each worked day
        self.minutes, self.days = (
            array("i"),
            array("i"),
        )  # before each minute: worked minutes, worked days gone by
        now, number, today, gone = self.begun, 0, date(years[0], 1, 1), 0
        while today.year in years:
            here = now.astimezone(watch.zone)
            if here.date() != today:
                today, gone = here.date(), len(self.closes)
            self.minutes.append(len(self.worked))
            self.days.append(gone)
            if watch.shows_working_time(here):
                self.worked.append(number)
                if len(self.closes) == gone:
                    self.closes.append(number)
                self.closes[gone] = number
            now, number = now + MINUTE, number + 1

    def after_minutes(self, start: int, minutes: int) -> datetime:
        return self.begun + (self.worked[self.minutes[start] + minutes - 1] + 1) * MINUTE

    def after_days(self, start: int, days: int) -> datetime:
        """Return the end of work of the n-th working day after the first one that is not over at `start`."""
        return self.begun + (self.closes[self.days[start] + days] + 1) * MINUTE


def disagreements(calendar: Calendar, years: range, step: int) -> tuple[int, int]:
    """Return how many deadlines from every `step`-th minute of some years were compared, and how many differ."""
    minutes = Minutes(calendar, years)
    spans = (1, 29, 30, 240, 480, 481, 2_405)
    first, last = datetime(years[0], 1, 2, tzinfo=UTC), datetime(years[-1], 11, 1, tzinfo=UTC)
    starts = range((first - minutes.begun) // MINUTE, (last - minutes.begun) // MINUTE, step)
    wrong = 0
    for number, at in enumerate(starts):
        start, span, days = minutes.begun + at * MINUTE, spans[number % len(spans)], number % 21 + 1
        wrong += calendar.add_working_minutes(start, span) != minutes.after_minutes(at, span)
        wrong += calendar.add_working_days(start, days) != minutes.after_days(at, days)
    return 2 * len(starts), wrong

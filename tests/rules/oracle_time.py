"""A calendar on squared paper: every half hour is one box, and time is counted box by box.

Written from docs/reference/rulebook.md ("Deadlines") alone.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache

HALF = timedelta(minutes=30)
LOCAL = timezone(timedelta(hours=7))
EPOCH = datetime(2019, 1, 1, tzinfo=LOCAL)
FIRST = date(2019, 1, 1)
BOXES = 48  # of a day
NOON = 24


def box(at: datetime) -> int:
    """Return the number of the box that begins at an instant."""
    number, rest = divmod(at - EPOCH, HALF)
    assert not rest
    return number


def instant(number: int) -> datetime:
    return (EPOCH + number * HALF).astimezone(UTC)


def number(day: date) -> int:
    return (day - FIRST).days


def day(one: int) -> date:
    return FIRST + timedelta(days=one)


class Paper:
    """A calendar with the agency's own word on some days (True: closed), and the time that stood still.

    `calendar` is plain data: its weekly hours, its days off, and its days with hours of their own. In `away` a person
    does not work.
    """

    def __init__(self, calendar, words, pauses=(), away=()):
        self.calendar, self.words, self.pauses, self.away = calendar, words, pauses, away

    def with_pauses(self, pauses) -> "Paper":
        return Paper(self.calendar, self.words, pauses, self.away)

    def worked(self, one: int) -> list[int]:
        """Return the boxes of a day in which work is done."""
        begin = one * BOXES
        found = [begin + place for place in hours(_Key(self.calendar), one, self.words.get(one))]
        return [place for place in found if not self.is_away(place)] if self.away else found

    def works(self, one: int) -> bool:
        return bool(self.worked(one))

    def is_away(self, place: int) -> bool:
        return any(begin <= place < end for begin, end in self.away)

    def is_paused(self, place: int) -> bool:
        return any(begin <= place < end for begin, end in self.pauses)

    def is_free(self, one: int) -> bool:
        """Say whether a day is worked and no hour of its work is paused."""
        return self.works(one) and not (self.pauses and any(map(self.is_paused, self.worked(one))))

    def walk(self, at: int, left: int, *, is_worked: bool) -> int:
        """Go on until so many boxes have passed that were not paused (and in which work was done)."""
        if not self.pauses and not is_worked:
            return at + left
        while left:
            here = self.worked(at // BOXES) if is_worked else None
            if here is not None and at % BOXES == 0 and not here:
                at += BOXES
                continue
            left -= not self.is_paused(at) and (here is None or at in here)
            at += 1
        return at

    def nth(self, one: int, left: int, step: int = 1) -> int:
        """Return the n-th working day after (or before) a day, leaving out those that were paused in any hour."""
        while left:
            one += step
            left -= self.is_free(one)
        return one

    def closing(self, one: int) -> int:
        """Return the end of work of a day."""
        return max(self.worked(one)) + 1

    def legal(self, start: int, one: int) -> int:
        """Return the end of a legal day, later by what was paused since `start`, and then of the whole day."""
        end = (one + 1) * BOXES
        if end <= start:
            return end
        moved = self.walk(start, end - start, is_worked=False)
        return -(-moved // BOXES) * BOXES

    def later(self, start: int, one: int, amount: int, unit: str) -> int:
        """Return the end of a span that runs from `start`, or in units of days from the end of a legal day."""
        if unit in {"minute", "hour", "working_minute", "working_hour"}:
            boxes = amount * 2 if unit.endswith("hour") else amount // 30
            return self.walk(start, boxes, is_worked=unit.startswith("working"))
        if unit == "working_day":
            return self.closing(self.nth(one, amount))
        return self.legal(start, shifted(one, amount, unit))

    def earlier(self, event: int, amount: int, unit: str) -> int:
        """Return by when something is due that must be done so long before an event."""
        if unit in {"minute", "hour"}:
            return event - (amount * 2 if unit == "hour" else amount // 30)
        if unit in {"working_minute", "working_hour"}:
            left = amount * 2 if unit == "working_hour" else amount // 30
            while left:
                event -= 1
                left -= event in self.worked(event // BOXES)
            return event
        today = event // BOXES
        if unit == "working_day":
            return self.closing(self.nth(today, amount, -1))
        return (shifted(today, -amount, unit) + 1) * BOXES

    def due(self, deadline, start: int, amount: int, unit: str, spans) -> int:
        """Return the end of a deadline with its extensions."""
        end = (
            self.earlier(start, amount, unit)
            if deadline.is_before
            else self.end(deadline, start, amount, unit)
        )
        for more, of in spans:
            end = self.later(end, (end - 1) // BOXES, more, of)
        while deadline.roll and not self.works((end - 1) // BOXES):
            end += -BOXES if deadline.is_before else BOXES
        return end

    def end(self, deadline, start: int, amount: int, unit: str) -> int:
        today = start // BOXES
        if deadline.is_from_year_end:
            today = number(date(day(today).year, 12, 31))
            start = (today + 1) * BOXES
        elif unit == "working_day":
            while not self.works(today):  # what comes on a day off has come on the next working day
                today += 1
        if unit:
            return self.later(start, today, amount, unit)
        if deadline.by:
            named = start // BOXES
            while day(named).strftime("%m-%d") != deadline.by:
                named += 1
            return self.legal(start, named)
        if deadline.same_day:
            while not (self.is_free(today) and start < self.closing(today)):
                today += 1
            return self.closing(today)
        following = self.nth(today, 1)
        return self.closing(following) if deadline.same_or_next_day else following * BOXES + NOON


def shifted(one: int, amount: int, unit: str) -> int:
    """Return the legal day so many days, months or years away; in a shorter month its last day."""
    if unit == "day":
        return one + amount
    here = day(one)
    months = here.year * 12 + here.month - 1 + amount * (12 if unit == "year" else 1)
    wanted = here.day
    while True:
        try:
            return number(date(months // 12, months % 12 + 1, wanted))
        except ValueError:
            wanted -= 1


class _Key:
    """A calendar that is remembered by its identity."""

    def __init__(self, calendar):
        self.calendar = calendar

    def __hash__(self):
        return id(self.calendar)

    def __eq__(self, other):
        return self.calendar is other.calendar


@lru_cache(maxsize=100_000)
def hours(key: _Key, one: int, is_closed) -> tuple[int, ...]:
    """Return the boxes of a day in which work is done; a day that the agency opens (False) has ordinary hours."""
    calendar, here = key.calendar, day(one)
    weekly = calendar.weekly[here.weekday()]
    if is_closed is not None:
        spans = () if is_closed else weekly or next(one for one in calendar.weekly if one)
    elif here in calendar.days_on:
        spans = calendar.days_on[here]
    else:
        spans = () if here in calendar.days_off else weekly
    return tuple(place for begin, end in spans for place in range(_of(begin), _of(end)))


def _of(clock: time) -> int:
    return clock.hour * 2 + clock.minute // 30

"""When a meeting takes place: its occurrences from an instant on, within an allowance."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge

from congvu.mail.headers import Allowance
from congvu.mail.meetings import recurrence
from congvu.mail.meetings.reading import Event, Moment, named
from congvu.mail.meetings.zones import Zone

ENDLESS = 3_000  # steps in which the end of a series is looked for


@dataclass(frozen=True, slots=True, order=True)
class Occurrence:
    """One time that a meeting takes place, from start to end in UTC."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Occurrence") -> bool:
        """Tell whether two share some time; what has no length shares none."""
        return self.start < other.end and other.start < self.end


def occurrences(
    event: Event, *, after: datetime, here: Zone, allowance: Allowance, without: Collection[str] = ()
) -> Iterator[Occurrence]:
    """Yield in order the times that end after an instant, without those of these names; never raises."""
    length = max(event.end.local - event.start.local, timedelta())
    try:
        since = _local(event.start, after, here) - length - timedelta(days=2)
        for one in _starts(event, since, allowance):
            if allowance.left <= 0:
                return
            allowance.take(3)
            name = named(one)
            if name in event.never or name in without:
                continue
            start = one.instant(here)
            found = Occurrence(start, start + _length(event, one, here, length))
            if found.end > after or (found.end == found.start == after):
                yield found
    except (OverflowError, ValueError):
        return


def first(event: Event, here: Zone) -> Occurrence:
    """Return the first time as the event itself says it. Raises OverflowError at the ends of time."""
    return Occurrence(event.start.instant(here), max(event.start.instant(here), event.end.instant(here)))


def last_end(event: Event, here: Zone) -> datetime | None:
    """Return when the last time ends; None when there is no end, or none was found within the allowance."""
    if event.rule is None and not event.also:
        return first(event, here).end
    if event.rule and event.rule.count is None and event.rule.until is None:
        return None
    allowance = Allowance(ENDLESS)
    last = None
    for one in occurrences(event, after=datetime(1900, 1, 3, tzinfo=UTC), here=here, allowance=allowance):
        last = one.end
    return last if allowance.left > 0 else None


def _length(event: Event, one: Moment, here: Zone, length: timedelta) -> timedelta:
    """Return how long an occurrence takes: as long as the first one took, by the clock for whole days."""
    if event.start.is_date or event.end.zone == event.start.zone:
        end = Moment(one.local + length, one.zone, one.is_date)
        return max(end.instant(here) - one.instant(here), timedelta())
    return max(event.end.instant(here) - event.start.instant(here), timedelta())


def _starts(event: Event, since: datetime, allowance: Allowance) -> Iterator[Moment]:
    start = event.start
    also = sorted((one for one in event.also if one.local >= since), key=lambda one: one.local)
    if event.rule:
        regular = recurrence.expand(event.rule, start.local, allowance=allowance, after=since)
    else:
        regular = iter([start.local] if start.local >= since else [])
    moments = (Moment(one, start.zone, start.is_date) for one in regular)
    seen = None
    for one in merge(moments, also, key=lambda found: found.local):
        if one.local != seen:
            yield one
        seen = one.local


def _local(start: Moment, instant: datetime, here: Zone) -> datetime:
    """Return about what the clock of a meeting shows at an instant: at most a day off."""
    zone = start.zone or here
    return instant.astimezone(zone.info or UTC).replace(tzinfo=None)

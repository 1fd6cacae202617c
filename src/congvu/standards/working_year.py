"""The worked time of one year, added up once, so that any deadline in it is found by its day or by bisection."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from congvu.standards.periods import Period

NOTHING = timedelta()
DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Place = tuple["WorkingYear", int, int]  # the first of `ends` and the first of `nights` after a UTC day began


@dataclass(slots=True)
class WorkingYear:
    """Worked periods and working days of one legal year, in order, and what had been worked at each period's end."""

    number: int
    begins_at: datetime
    ends_at: datetime
    begins: list[datetime] = field(default_factory=list)
    ends: list[datetime] = field(default_factory=list)
    until: list[timedelta] = field(default_factory=list)  # worked since the year began, at each of `ends`
    days: list[date] = field(default_factory=list)
    closes: list[datetime] = field(default_factory=list)  # end of work of each of `days`
    nights: list[datetime] = field(default_factory=list)  # the midnight after each of `days`
    places: dict[int, Place] = field(
        default_factory=dict
    )  # by days since 1970 of each UTC day within the year

    @property
    def total(self) -> timedelta:
        """Return what is worked in the whole year."""
        return self.until[-1] if self.until else NOTHING

    def add_day(self, day: date, night: datetime, segments: Iterable[Period]) -> None:
        """Add the next working day."""
        for begin, end in segments:
            self.until.append(self.total + (end - begin))
            self.begins.append(begin)
            self.ends.append(end)
        self.days.append(day)
        self.closes.append(self.ends[-1])
        self.nights.append(night)

    def place_days(self) -> None:
        """Note for each UTC day that lies in this year as a whole what comes first after it began."""
        day = EPOCH - (EPOCH - self.begins_at) // DAY * DAY
        over = night = 0
        while day + DAY <= self.ends_at:
            while over < len(self.ends) and self.ends[over] <= day:
                over += 1
            while night < len(self.nights) and self.nights[night] <= day:
                night += 1
            self.places[(day - EPOCH).days] = self, over, night
            day += DAY

    def worked_until(self, instant: datetime) -> timedelta:
        """Return what was worked from the beginning of the year to an instant."""
        at = bisect_right(self.ends, instant)
        before = self.until[at - 1] if at else NOTHING
        if at < len(self.begins) and self.begins[at] < instant:
            return before + (instant - self.begins[at])
        return before

    def first_with(self, worked: timedelta) -> datetime:
        """Return the first instant at which so much (more than nothing, at most `total`) has been worked."""
        at = bisect_left(self.until, worked)
        return self.ends[at] - (self.until[at] - worked)

    def last_with(self, worked: timedelta) -> datetime:
        """Return the last instant at which no more than this (less than `total`) has been worked."""
        at = bisect_right(self.until, worked)
        return self.ends[at] - (self.until[at] - worked)

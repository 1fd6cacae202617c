"""The calendars of the rulebook: weekly hours and days off of a jurisdiction, as data, and their seed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from congvu.base.texts import Texts
from congvu.standards.working_time import Calendar

DAY = timedelta(days=1)
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# One hour less than the hours of the file that ships: Labor Code of the Russian Federation, article 95.
BEFORE_HOLIDAYS = {"RU": '["09:00/13:00", "14:00/17:00"]'}
MOVED = re.compile(r"substituted from (\d\d)/(\d\d)/(\d{4})")
STATUTORY = re.compile(r"^(?!.*(substituted from|\(observed\)))")


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalCalendar:
    """A calendar file: what the seed library said, what was added, and until when that is known.

    The compensation days of years after `decided` are not decided yet: they hold the statutory days only. Years after
    `through` are not known at all.
    """

    id: str
    title: Texts
    country: str
    library: str
    decided: date
    through: date
    calendar: Calendar

    @property
    def label(self) -> str:
        """Return name and origin, as findings keep it."""
        return f"{self.id} ({self.library})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """What the `holidays` library knows: days off and their names, working days and the days they replace."""

    off: Mapping[date, str]
    on: Mapping[date, date | None]
    before_holidays: tuple[date, ...]  # worked, and shorter where the law says so


def seed(country: str, years: range) -> Seed:
    """Return the days of a country in some years; raises NotImplementedError for a country that the library lacks."""
    import holidays  # noqa: PLC0415 -- slow import, for those who make calendars

    found = holidays.country_holidays(country, years=range(years.start, years.stop + 1), language="en_US")
    moved = {_moved(told): day for day, name in found.items() if (told := MOVED.search(name))}
    on = {day: moved.get(day) for day in sorted(getattr(found, "weekend_workdays", ()))}
    eves = sorted(day - DAY for day, name in found.items() if STATUTORY.match(name))
    worked = [day for day in eves if day not in found and (day.weekday() < len(WEEK) - 2 or day in on)]
    standing_in = [day for day, replaced in on.items() if replaced in eves]
    return Seed(
        off={day: name for day, name in sorted(found.items()) if day.year in years},
        on={day: replaced for day, replaced in on.items() if day.year in years},
        before_holidays=tuple(day for day in sorted({*worked, *standing_in}) if day.year in years),
    )


def seed_lines(country: str, years: range) -> Iterator[str]:
    """Yield the days of a calendar file, for `congvu rules seed`."""
    found = seed(country, years)
    yield "days_off:"
    yield from (f"  {day.isoformat()}: {_quoted(name)}" for day, name in found.off.items())
    yield "days_on:" if found.on else "days_on: {}"
    yield from (f"  {day}: {replaced or 'null'}" for day, replaced in found.on.items())
    if country in BEFORE_HOLIDAYS:
        yield "half_days:"
        yield from (f"  {day}: {BEFORE_HOLIDAYS[country]}" for day in found.before_holidays)


def span(text: str) -> tuple[time, time]:
    """Return the two local times of `HH:MM/HH:MM`; raises ValueError."""
    opens, closes = text.split("/")
    begin, end = time.fromisoformat(opens), time.fromisoformat(closes)
    if begin >= end:
        raise ValueError(text)
    return begin, end


def _moved(told: re.Match[str]) -> date:
    month, day, year = map(int, told.groups())
    return date(year, month, day)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', "'") + '"'

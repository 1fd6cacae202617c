"""The calendars of the rulebook: weekly hours and days off of a jurisdiction, as data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time

import holidays

from congvu.base.texts import Texts
from congvu.standards.working_time import Calendar, Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalCalendar:
    """A calendar file: what the seed library said, what was added, and until when that is known."""

    id: str
    title: Texts
    country: str
    library: str
    through: date
    calendar: Calendar

    @property
    def label(self) -> str:
        """Return name and origin, as findings keep it."""
        return f"{self.id} ({self.library})"


def seed(country: str, years: range) -> tuple[dict[date, str], list[date]]:
    """Return holidays with their names, and swapped working days, as the `holidays` library knows them."""
    found = holidays.country_holidays(country, years=years, language="en_US")
    off = {day: name for day, name in sorted(found.items()) if day.year in years}
    swapped = sorted(day for day in getattr(found, "weekend_workdays", ()) if day.year in years)
    return off, swapped


def seed_lines(country: str, years: range) -> Iterator[str]:
    """Yield the `days_off` and `days_on` of a calendar file, for `congvu rules seed`."""
    off, swapped = seed(country, years)
    yield "days_off:"
    yield from (f"  {day.isoformat()}: {_quoted(name)}" for day, name in off.items())
    yield "days_on:"
    yield from (f"  - {day.isoformat()}" for day in swapped)


def calendar(
    *, zone: str, weekly: Mapping[str, Hours], days_off: Mapping[date, str], days_on: list[date]
) -> Calendar:
    """Return the working time that a file describes; a swapped day has the hours of the first worked weekday."""
    days = tuple(weekly.get(name, ()) for name in WEEK)
    ordinary = next((hours for hours in days if hours), ())
    return Calendar(
        zone=zone, weekly=days, days_off=frozenset(days_off), days_on=dict.fromkeys(days_on, ordinary)
    )


def span(text: str) -> tuple[time, time]:
    """Return the two local times of `HH:MM/HH:MM`; raises ValueError."""
    opens, closes = text.split("/")
    begin, end = time.fromisoformat(opens), time.fromisoformat(closes)
    if begin >= end:
        raise ValueError(text)
    return begin, end


WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', "'") + '"'

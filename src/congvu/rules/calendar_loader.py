"""From a file of `calendars/` to a NationalCalendar, with every problem that stands in its way."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from congvu.rules.calendars import WEEK, NationalCalendar, span
from congvu.rules.reading import Reading
from congvu.rules.sentences import sentence as _
from congvu.standards.working_time import Calendar, Hours, Week, ordinary_hours

YEARS = range(1900, 2201)  # that a calendar file may speak of


def read_calendar(reading: Reading) -> NationalCalendar | None:
    """Return the calendar of a file; None, or with problems, when it is none."""
    reading.keys("calendar title zone weekly seed days_off", "weeks days_on half_days")
    weekly, seed, off = reading.inner("weekly"), reading.inner("seed"), reading.inner("days_off")
    if weekly is None or seed is None or off is None:
        return None
    if (name := reading.text("calendar")) and name != Path(reading.file).stem:
        reading.complain(
            _("the calendar is called `%(name)s`.", name=name), _("Call it as its file is called.")
        )
    seed.keys("library version country from through", "decided")
    years = _years(seed)
    if years is None:
        return None
    calendar = Calendar(
        zone=_zone(reading),
        weekly=_week(weekly, ""),
        weeks=tuple(_weeks(reading)),
        days_off=frozenset(_days_off(off, years)),
        years=years,
        name=name,
    )
    return NationalCalendar(
        id=name,
        title=reading.texts("title"),
        country=seed.text("country"),
        library=f"{seed.text('library')} {seed.text('version')}",
        decided=date(seed.number("decided", default=years[-1]), 12, 31),
        through=date(years[-1], 12, 31),
        calendar=_with_own_days(reading, calendar),
    )


def _years(seed: Reading) -> range | None:
    first, last = seed.number("from", default=1), seed.number("through", default=1)
    decided = seed.number("decided", default=last)
    if first in YEARS and last in YEARS and first <= decided <= last:
        return range(first, last + 1)
    seed.complain(
        _(
            "`from: %(first)s`, `decided: %(decided)s`, `through: %(last)s` are no years in order.",
            first=first,
            decided=decided,
            last=last,
        ),
        _("Write three years, the earliest first."),
    )
    return None


def _zone(reading: Reading) -> str:
    name = reading.text("zone")
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        reading.complain(
            _("there is no time zone `%(zone)s`.", zone=name),
            _("Use a name such as Asia/Ho_Chi_Minh."),
            at="zone",
        )
        return "UTC"


def _week(reading: Reading, more: str) -> Week:
    """Return the hours of Monday to Sunday."""
    reading.keys(more, " ".join(WEEK))
    return tuple(_hours(reading, name) for name in WEEK)


def _weeks(reading: Reading) -> Iterator[tuple[date, Week]]:
    """Yield the later versions of the weekly hours, each later than the one before."""
    before = date.min
    for one in reading.each("weeks"):
        week, since = _week(one, "from"), one.day("from")
        if since is None:
            continue
        if since <= before:
            one.complain(
                _("the week from %(since)s follows one from %(before)s.", since=since, before=before),
                _("Put them in order."),
                at="from",
            )
        else:
            yield since, week
            before = since


def _hours(reading: Reading, key: str) -> Hours:
    """Return the spans of hours under a key, in order and apart."""
    hours = tuple(reading.parsed(key, span))
    if all(one[1] < other[0] for one, other in pairwise(hours)):
        return hours
    reading.complain(
        _("the hours of %(day)s overlap or touch.", day=key),
        _("Leave a pause between spans, earlier spans first."),
        at=key,
    )
    return ()


def _dated(reading: Reading, years: range) -> Iterator[tuple[str, date]]:
    """Yield the keys of a mapping that are days of the calendar's years."""
    for key in reading.fields:
        try:
            day = date.fromisoformat(key)
        except ValueError:
            reading.complain(_("`%(key)s` is no day.", key=key), _("Write days as 2026-01-31."), at=key)
            continue
        if day.year in years:
            yield key, day
        else:
            what = _("%(day)s is no day of %(first)s to %(last)s.", day=day, first=years[0], last=years[-1])
            reading.complain(what, _("Widen `from` and `through` of the seed."), at=key)


def _days_off(reading: Reading, years: range) -> Iterator[date]:
    found = set()
    for key, day in _dated(reading, years):
        reading.text(key)
        found.add(day.year)
        yield day
    if not isinstance(reading.node.value, dict):
        reading.complain(_("a mapping is expected here."), _('Write `2026-01-01: "New Year\'s Day"` lines.'))
    elif lacking := sorted(set(years) - found):
        told = ", ".join(map(str, lacking))
        reading.complain(
            _(
                "no day off stands in %(lacking)s, and the seed says that the days of %(first)s to %(last)s are there.",
                lacking=told,
                first=years[0],
                last=years[-1],
            ),
            _("Add them (`congvu rules seed` prints them), or narrow `from` and `through`."),
        )


def _with_own_days(reading: Reading, calendar: Calendar) -> Calendar:
    """Return the calendar with its compensation days and half days."""
    half = dict(_half_days(reading, calendar))
    on = dict(_days_on(reading, calendar))
    for day in sorted((set(half) - set(on)) & calendar.days_off):
        reading.complain(
            _("%(day)s is a day off and has hours.", day=day), _("Keep one of the two."), at="half_days"
        )
    return replace(calendar, days_on={**on, **half})


def _half_days(reading: Reading, calendar: Calendar) -> Iterator[tuple[date, Hours]]:
    """Yield the days with hours of their own."""
    inner = reading.inner("half_days")
    for key, day in _dated(inner, calendar.years) if inner else ():
        if hours := _hours(inner or reading, key):
            yield day, hours


def _days_on(reading: Reading, calendar: Calendar) -> Iterator[tuple[date, Hours]]:
    """Yield the days that work although the week or a holiday says otherwise, with their hours."""
    node = reading.fields.get("days_on")
    inner = reading.inner("days_on") if node and isinstance(node.value, dict) else None
    if inner is not None:
        for key, day in _dated(inner, calendar.years):
            if hours := _hours_on(inner, key, day, calendar):
                yield day, hours
        return
    for one in reading.sequence("days_on"):
        if isinstance(one.value, date) and one.value.year in calendar.years:
            yield one.value, ordinary_hours(calendar.week(one.value), one.value)
        else:
            reading.complain(
                _("`%(value)s` is no day of the calendar's years.", value=one.value),
                _("Write 2026-01-31."),
                at="days_on",
            )


def _hours_on(reading: Reading, key: str, day: date, calendar: Calendar) -> Hours:
    """Return the hours of a compensation day: its own, those of the day it replaces, or of an ordinary day."""
    value = reading.fields[key].value
    if isinstance(value, list):
        return _hours(reading, key)
    replaced = day if value is None else reading.day(key)
    return ordinary_hours(calendar.week(replaced), replaced) if replaced else ()

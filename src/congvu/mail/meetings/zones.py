"""Time zones as calendars name them: by IANA, by Windows, by an offset, or by rules of their own. RFC 5545, 3.6.5.

Nothing that one letter says of a zone is remembered for another.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from datetime import timezone as fixed
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from congvu.mail.headers import Allowance
from congvu.mail.meetings import recurrence, windows
from congvu.mail.meetings.lines import Component
from congvu.mail.meetings.recurrence import NotExpandedError, Rule

MANY = 20  # rules of one zone, and zones of one calendar
STEPS = 1_500  # what the rules of all zones of a calendar may cost
_OFFSET = re.compile(r"([+-])(\d\d)(\d\d)(?:\d\d)?")
_NAMED_OFFSET = re.compile(r"\(?(?:UTC|GMT)\s?([+-])(\d{1,2}):?(\d\d)?\)?(?:\s.*)?", re.IGNORECASE)
_LOCAL = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Observance:
    """From when on, and how often, an offset holds."""

    start: datetime
    before: timedelta
    offset: timedelta
    rule: Rule | None


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone by the name in which it is shown; `info` where the name is known, else its own rules."""

    name: str
    info: tzinfo | None = None
    observances: tuple[Observance, ...] = ()
    allowance: Allowance = field(default_factory=lambda: Allowance(STEPS), compare=False, repr=False)
    _onsets: dict[int, list[tuple[datetime, timedelta]]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def instant(self, local: datetime) -> datetime:
        """Return the instant, in UTC, of a naive local time. Raises OverflowError at the ends of time."""
        if self.info is not None:
            return local.replace(tzinfo=self.info).astimezone(UTC)
        return (local - self._offset(local)).replace(tzinfo=UTC)

    def _offset(self, local: datetime) -> timedelta:
        known = self._onsets.get(local.year)
        if known is None:
            known = sorted(
                onset for one in self.observances for onset in _onsets(one, local.year, self.allowance)
            )
            self._onsets[local.year] = known
        begun = [offset for onset, offset in known if onset <= local]
        return begun[-1] if begun else min(self.observances, key=lambda one: one.start).before


Zones = Mapping[str, Zone]


def of_calendar(components: Sequence[Component]) -> dict[str, Zone]:
    """Return the zones that a calendar describes itself, by name."""
    found: dict[str, Zone] = {}
    allowance = Allowance(STEPS)
    for one in components[:MANY]:
        named = one.first("TZID")
        parts = [part for part in one.inside if part.name in {"STANDARD", "DAYLIGHT"}][:MANY]
        rules = tuple(rule for part in parts if (rule := _observance(part)))
        if named and rules:
            found[named.text] = Zone(named.text[:60], None, rules, allowance)
    return found


def zone(name: str, described: Zones) -> Zone | None:
    """Return the zone of a name: as the world knows it, else as the calendar describes it; None for neither."""
    plain = name.strip().strip('"')
    known = windows.ZONES.get(plain) or _iana(plain)
    if known:
        return Zone(known, ZoneInfo(known))
    if plain in described:
        return described[plain]
    found = _NAMED_OFFSET.fullmatch(plain[:100])
    if found is None:
        return Zone("UTC", UTC) if plain.upper() in {"UTC", "GMT", "Z"} else None
    span = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if span >= _DAY:
        return None
    return Zone(
        f"UTC{found[1]}{int(found[2]):02}:{found[3] or '00'}", fixed(-span if found[1] == "-" else span)
    )


def _iana(name: str) -> str:
    """Return a name of IANA, also out of a longer one such as /example.org/2005/Asia/Bangkok; "" for none."""
    parts = name[:200].strip("/").split("/")
    known = _names()
    return next((one for size in (3, 2, 1) if (one := "/".join(parts[-size:])) in known), "")


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


def _observance(part: Component) -> Observance | None:
    start, before, after = part.first("DTSTART"), part.first("TZOFFSETFROM"), part.first("TZOFFSETTO")
    if start is None or after is None:
        return None
    try:
        offset = _span(after.value)
        found = _LOCAL.match(start.value)
        if found is None:
            return None
        begun = datetime(*map(int, found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 -- local by definition
        line = part.first("RRULE")
        rule = recurrence.read(line.value, start=begun) if line else None
        if rule and (rule.frequency != "YEARLY" or rule.count):
            return None
        return Observance(begun, _span(before.value) if before else offset, offset, rule)
    except (ValueError, NotExpandedError):
        return None


def _span(text: str) -> timedelta:
    found = _OFFSET.fullmatch(text.strip())
    if found is None or int(found[2]) > 23 or int(found[3]) > 59:  # noqa: PLR2004 -- hours and minutes
        raise ValueError(text[:20])
    span = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return -span if found[1] == "-" else span


def _onsets(one: Observance, year: int, allowance: Allowance) -> Iterator[tuple[datetime, timedelta]]:
    """Yield when an observance begins in a year, and when it last began before."""
    last = one.start if one.start.year <= year else None
    if one.rule and last:
        begin = max(one.start, datetime(year - 1, 1, 1))  # noqa: DTZ001 -- local by definition
        for onset in recurrence.expand(one.rule, one.start, allowance=allowance, after=begin):
            if onset.year > year:
                break
            yield onset, one.offset
            last = onset
        if one.rule.until and one.rule.until.year < year:
            last = max(last, one.rule.until)
    if last:
        yield last, one.offset

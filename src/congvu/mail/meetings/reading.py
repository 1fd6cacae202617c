"""Meetings in a letter, as far as they can be made out. RFC 5545, RFC 5546, RFC 6047.

Any bytes are taken, nothing is raised, and the work is bounded by what is read, never by what is described.
"""

import hashlib
import logging
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import unquote

from congvu.mail import addresses, headers, mime
from congvu.mail.addresses import normal
from congvu.mail.meetings import lines, recurrence, zones
from congvu.mail.meetings.lines import Component, Line
from congvu.mail.meetings.recurrence import NotExpandedError, Rule
from congvu.mail.meetings.zones import Zone, Zones

log = logging.getLogger(__name__)

METHODS = frozenset(("REQUEST", "CANCEL", "REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH", "PUBLISH", "ADD"))
MANY_PARTS = 3  # calendars of one letter that are read
MANY_EVENTS = 60  # of one letter
MANY_ATTENDEES = 500
MANY_DATES = 200
LONGEST_UID = 1_000
_LARGEST_NUMBER = 2**31 - 1
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)")
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z?)")
_DURATION = re.compile(
    r"\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?"
)
_TYPES = frozenset(("text/calendar", "application/ics"))


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, or a time on a clock: `local` is naive, `zone` None for a floating time and for a date.

    `unknown_zone` is the name of a zone that nobody described.
    """

    local: datetime
    zone: Zone | None = None
    is_date: bool = False
    unknown_zone: str = ""

    def instant(self, here: Zone) -> datetime:
        """Return the instant in UTC; what floats is meant in the zone of whoever reads."""
        return (self.zone or here).instant(self.local)


NO_TIME = Moment(datetime(1970, 1, 1), is_date=True)  # noqa: DTZ001 -- stands for none: answers need not name one


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An organizer or somebody who is invited; `answer` is PARTSTAT in lower case."""

    name: str
    address: str
    answer: str = "needs-action"
    role: str = "req-participant"
    sent_by: str = ""

    @property
    def key(self) -> str:
        """Return the address in the form that is compared; "" when there is none."""
        return normal(self.address) if self.address else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One VEVENT. `recurrence` names the one occurrence that it is about, "" for all."""

    uid: str
    recurrence: str
    sequence: int
    stamp: datetime | None
    start: Moment
    end: Moment
    summary: str
    place: str
    description: str
    comment: str
    organizer: Party | None
    attendees: tuple[Party, ...]
    is_cancelled: bool
    rule: Rule | None
    is_strange: bool  # it repeats in a way that is not expanded here
    also: tuple[Moment, ...]  # RDATE
    never: frozenset[str]  # EXDATE, as `named`
    written: tuple[str, ...]  # its lines, unfolded

    @property
    def key(self) -> str:
        """Return by what the meeting is found: the SHA-256 of its name."""
        return hashlib.sha256(self.uid.encode()).hexdigest()

    @property
    def has_time(self) -> bool:
        """Tell whether it says when it is."""
        return self.start != NO_TIME

    def invited(self, address: str) -> Party | None:
        """Return the entry of an address among those who are invited, by a strict comparison."""
        return next((one for one in self.attendees if one.address and one.key == normal(address)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A calendar of a letter; its zones as written go with what is kept of it."""

    method: str
    events: tuple[Event, ...]
    zones: tuple[str, ...]
    is_cut: bool = False


def in_letter(tree: mime.Tree) -> tuple[Calendar, ...]:
    """Return the calendars of a letter, each once; never raises."""
    found: list[Calendar] = []
    for part in tree.leaves:
        if len(found) == MANY_PARTS:
            break
        if is_calendar(part):
            try:
                one = _calendar(part.content(longest=lines.LARGEST + 1), part.parameters.get("method", ""))
            except Exception:  # a stranger's calendar holds up no mail
                log.exception("a calendar could not be read")
                continue
            if one and all(one.events != other.events for other in found):
                found.append(one)
    return tuple(found)


def is_calendar(part: mime.Part) -> bool:
    """Tell whether a part is a calendar by its type, or by the ending of its name."""
    if part.content_type in _TYPES:
        return True
    if part.content_type not in {"application/octet-stream", "text/plain"}:
        return False
    given = part.disposition()[1].get("filename") or part.parameters.get("name", "")
    return headers.words(given[:500]).strip().lower().endswith(".ics")


def kept(text: str) -> Event | None:
    """Read again what was kept of one meeting."""
    found = _calendar(text.encode(), "")
    return found.events[0] if found and found.events else None


def named(moment: Moment) -> str:
    """Return the name of an occurrence by its start: a date, an instant in UTC, or a floating time."""
    if moment.is_date:
        return f"{moment.local:%Y%m%d}"
    if moment.zone is None:
        return f"{moment.local:%Y%m%dT%H%M%S}"
    return f"{moment.zone.instant(moment.local):%Y%m%dT%H%M%SZ}"


def _calendar(data: bytes, method: str) -> Calendar | None:
    """Return the first calendar in some bytes; None when there is none, or nothing in it."""
    found, is_cut = lines.read(data)
    if not found:
        return None
    top = found[0]
    line = top.first("METHOD")
    word = (line.value if line else method).strip().upper()
    described = zones.of_calendar(top.within("VTIMEZONE"))
    parts = [part for one in found for part in one.within("VEVENT")]
    events = [event for part in parts[:MANY_EVENTS] if (event := _event(part, described))]
    return Calendar(
        method=word if word in METHODS else "",
        events=tuple(events),
        zones=tuple(row for one in top.within("VTIMEZONE")[: zones.MANY] for row in _zone_lines(one)),
        is_cut=is_cut or len(parts) > MANY_EVENTS,
    )


def _zone_lines(part: Component) -> list[str]:
    inside = [row for one in part.inside[: zones.MANY] for row in _zone_lines(one)]
    own = [one.written for one in part.lines if one.name not in {"SUMMARY", "DESCRIPTION", "COMMENT"}]
    return [f"BEGIN:{part.name}", *own, *inside, f"END:{part.name}"]


def _event(part: Component, described: Zones) -> Event | None:
    """Read one event; None when it has no name."""
    uid, begin = part.first("UID"), part.first("DTSTART")
    if uid is None or not uid.value.strip():
        return None
    start = _moment(begin, described) if begin else None
    rule, is_strange = _rule(part.first("RRULE"), start)
    only = part.first("RECURRENCE-ID")
    about = _moment(only, described) if only else None
    start = start or about or NO_TIME
    status = part.first("STATUS")
    stamp = part.first("DTSTAMP")
    people = [party for one in part.all("ATTENDEE") if (party := _party(one))]
    organizer = part.first("ORGANIZER")
    return Event(
        uid=uid.value.strip()[:LONGEST_UID],
        recurrence=named(about) if about else "",
        sequence=_number(part.first("SEQUENCE")),
        stamp=_stamp(stamp, described),
        start=start,
        end=_end(part, start, described),
        summary=_text(part, "SUMMARY", 300),
        place=_text(part, "LOCATION", 300),
        description=_text(part, "DESCRIPTION", 4_000),
        comment=_text(part, "COMMENT", 1_000),
        organizer=_party(organizer) if organizer else None,
        attendees=tuple(people[:MANY_ATTENDEES]),
        is_cancelled=status is not None and status.value.strip().upper() == "CANCELLED",
        rule=rule,
        is_strange=is_strange,
        also=tuple(_moments(part, "RDATE", described)),
        never=frozenset(named(one) for one in _moments(part, "EXDATE", described)),
        written=tuple(one.written for one in part.lines),
    )


def _text(part: Component, name: str, longest: int) -> str:
    line = part.first(name)
    return line.text[:longest].strip() if line else ""


def _rule(line: Line | None, start: Moment | None) -> tuple[Rule | None, bool]:
    """Return the rule with its end on the clock of the start, and whether there is one that is not expanded."""
    if line is None or start is None:
        return None, False
    try:
        rule = recurrence.read(line.value[:1_000], start=start.local)
        if rule.until and rule.until_is_utc and start.zone and start.zone.info:
            until = rule.until.replace(tzinfo=UTC).astimezone(start.zone.info).replace(tzinfo=None)
            rule = _until(rule, until)
        elif rule.until and rule.until_is_utc and start.zone:
            rule = _until(
                rule, rule.until + (start.local - start.zone.instant(start.local).replace(tzinfo=None))
            )
    except (NotExpandedError, OverflowError, ValueError):
        return None, True
    return rule, False


def _until(rule: Rule, until: datetime) -> Rule:
    changed = {name: getattr(rule, name) for name in Rule.__slots__}
    return Rule(**(changed | {"until": until}))


def _moments(part: Component, name: str, described: Zones) -> list[Moment]:
    found: list[Moment] = []
    for line in part.all(name):
        for value in line.value.split(",")[: MANY_DATES - len(found)]:
            one = _moment(line._replace(value=value.partition("/")[0]), described)
            if one:
                found.append(one)
    return found


def _moment(line: Line, described: Zones) -> Moment | None:
    """Read DATE or DATE-TIME (RFC 5545, 3.3.4 and 3.3.5); None for what is neither or names no possible day."""
    value = line.value.strip()
    try:
        if day := _DATE.fullmatch(value):
            return Moment(datetime.combine(date(*map(int, day.groups())), time()), is_date=True)
        clock = _TIME.fullmatch(value)
        if clock is None:
            return None
        numbers = [int(one) for one in clock.groups()[:6]]
        local = datetime(*numbers[:5], min(numbers[5], 59))  # type: ignore[arg-type,call-arg]  # noqa: DTZ001 -- naive by definition
        if not 1900 < local.year < recurrence.LAST_YEAR:  # noqa: PLR2004 -- years that a calendar may name
            return None
    except ValueError:
        return None
    if clock[7]:
        return Moment(local, Zone("UTC", UTC))
    name = line.parameters.get("TZID", "")
    found = zones.zone(name, described) if name else None
    return Moment(local, found, unknown_zone=name[:60] if name and found is None else "")


def _end(part: Component, start: Moment, described: Zones) -> Moment:
    """Return the end: as written, after the duration, or by default a day or no time later (RFC 5545, 3.6.1)."""
    line = part.first("DTEND")
    end = _moment(line, described) if line else None
    if end and end.is_date == start.is_date and end.local.year < recurrence.LAST_YEAR:
        return end
    length = part.first("DURATION")
    found = _DURATION.fullmatch(length.value.strip()) if length else None
    span = timedelta(days=1) if start.is_date else timedelta()
    if found and any(found.groups()):
        weeks, days, hours, minutes, seconds = (int(one or 0) for one in found.groups())
        span = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    span = min(span, timedelta(days=3_660))
    return Moment(start.local + span, start.zone, start.is_date, start.unknown_zone)


def _party(line: Line) -> Party | None:
    """Read a calendar user; None for one without a mail address."""
    address = _address(line.value)
    if not address:
        return None
    return Party(
        name=line.parameters.get("CN", "")[:200],
        address=address,
        answer=line.parameters.get("PARTSTAT", "needs-action").lower()[:20],
        role=line.parameters.get("ROLE", "req-participant").lower()[:20],
        sent_by=_address(line.parameters.get("SENT-BY", "")),
    )


def _address(uri: str) -> str:
    """Return the address of a mailto: URI (RFC 6068), "" for anything else."""
    scheme, _, rest = uri.strip()[:1_000].partition(":")
    address = unquote(rest.partition("?")[0]).strip() if scheme.lower() == "mailto" else ""
    return address if addresses.is_address(address) else ""


def _number(line: Line | None) -> int:
    value = line.value.strip() if line else "0"
    return min(int(value), _LARGEST_NUMBER) if value.isascii() and value.isdigit() and len(value) < 19 else 0  # noqa: PLR2004 -- digits


def _stamp(line: Line | None, described: Zones) -> datetime | None:
    found = _moment(line, described) if line else None
    return found.instant(Zone("UTC", UTC)) if found else None

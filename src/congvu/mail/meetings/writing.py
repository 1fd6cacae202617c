"""Calendars that the house writes itself: answers, invitations, cancellations, exports. RFC 5545, RFC 5546."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from congvu.mail.addresses import Mailbox
from congvu.mail.meetings.reading import Calendar, Event

LONGEST = 32_000  # characters of what is kept of one meeting
_KEPT_IN_ANSWER = frozenset(("UID", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "SEQUENCE", "SUMMARY"))
_LINE = 75  # octets, RFC 5545, 3.1
_LONG = frozenset(("DESCRIPTION", "ATTENDEE", "COMMENT"))
_PRODUCT = "-//Congvu//Congvu//EN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A meeting to which somebody of ours invites; times are aware, `zone` is a name of IANA."""

    uid: str
    sequence: int
    organizer: Mailbox
    attendees: tuple[Mailbox, ...]
    start: datetime
    end: datetime
    zone: str
    summary: str
    place: str
    description: str = ""


def kept(calendar: Calendar, event: Event) -> str:
    """Write one meeting of a calendar with the zones that it needs, as it is kept; what is long and not needed goes."""
    event_lines = list(event.written)
    if sum(map(len, event_lines)) > LONGEST:
        event_lines = [one for one in event_lines if _name(one) not in _LONG]
    if sum(map(len, event_lines)) > LONGEST:
        event_lines = [one[:2_000] for one in event_lines[:12]]
    used = "".join(event_lines)
    zones = list(calendar.zones) if "TZID=" in used and sum(map(len, calendar.zones)) < LONGEST else []
    return "\r\n".join(
        ["BEGIN:VCALENDAR", *zones, "BEGIN:VEVENT", *event_lines, "END:VEVENT", "END:VCALENDAR", ""]
    )


def reply(
    calendar: Calendar, events: Sequence[Event], *, attendee: Mailbox, answer: str, comment: str, at: datetime
) -> bytes:
    """Write an answer to an invitation (RFC 5546, 3.2.3); `answer` is accepted, tentative or declined."""
    rows: list[str] = []
    for event in events:
        rows += ["BEGIN:VEVENT", *(one for one in event.written if _name(one) in _KEPT_IN_ANSWER)]
        rows += [f"DTSTAMP:{_utc(at)}", *_organizer(event)]
        rows.append(f"ATTENDEE;PARTSTAT={answer.upper()}{_named(attendee)}:mailto:{attendee.address}")
        rows += [f"COMMENT:{_escaped(comment)}"] if comment else []
        rows.append("END:VEVENT")
    return _whole("REPLY", [*calendar.zones, *rows])


def request(meeting: Invitation, *, at: datetime) -> bytes:
    """Write an invitation (RFC 5546, 3.2.2)."""
    return _whole("REQUEST", [*_zone(meeting), *_event(meeting, at, "CONFIRMED")])


def cancel(calendar: Calendar, event: Event, *, sequence: int, at: datetime) -> bytes:
    """Write that a meeting does not take place (RFC 5546, 3.2.5)."""
    kept_lines = [one for one in event.written if _name(one) not in {"SEQUENCE", "DTSTAMP", "STATUS"}]
    more = [f"SEQUENCE:{sequence}", f"DTSTAMP:{_utc(at)}", "STATUS:CANCELLED"]
    return _whole("CANCEL", [*calendar.zones, "BEGIN:VEVENT", *kept_lines, *more, "END:VEVENT"])


def export(texts: Iterable[str]) -> bytes:
    """Write one calendar of what was kept of several meetings; a zone stands in it once."""
    zones: dict[str, None] = {}
    rows: list[str] = []
    for text in texts:
        inside = text.split("\r\n")[1:-2]
        at = inside.index("BEGIN:VEVENT")
        zones |= dict.fromkeys(_blocks(inside[:at]))
        rows += inside[at:]
    return _whole("", [*zones, *rows])


def _blocks(rows: Sequence[str]) -> list[str]:
    """Return each time zone as one text."""
    found, block = [], list[str]()
    for row in rows:
        block.append(row)
        if row == "END:VTIMEZONE":
            found.append("\r\n".join(block))
            block = []
    return found


def _whole(method: str, rows: Iterable[str]) -> bytes:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", *([f"METHOD:{method}"] if method else [])]
    lines = (line for row in rows for line in row.split("\r\n"))
    return "".join(f"{_folded(one)}\r\n" for one in [*head, *lines, "END:VCALENDAR"]).encode()


def _event(meeting: Invitation, at: datetime, status: str) -> list[str]:
    is_local = bool(_zone(meeting))
    rows = ["BEGIN:VEVENT", f"UID:{meeting.uid}", f"DTSTAMP:{_utc(at)}", f"SEQUENCE:{meeting.sequence}"]
    for name, instant in (("DTSTART", meeting.start), ("DTEND", meeting.end)):
        local = instant.astimezone(ZoneInfo(meeting.zone))
        rows.append(
            f"{name};TZID={meeting.zone}:{local:%Y%m%dT%H%M%S}" if is_local else f"{name}:{_utc(instant)}"
        )
    rows += [f"SUMMARY:{_escaped(meeting.summary)}", f"STATUS:{status}", "TRANSP:OPAQUE"]
    for name, text in (("LOCATION", meeting.place), ("DESCRIPTION", meeting.description)):
        rows += [f"{name}:{_escaped(text)}"] if text else []
    rows.append(f"ORGANIZER{_named(meeting.organizer)}:mailto:{meeting.organizer.address}")
    for one in meeting.attendees:
        asked = ";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE"
        rows.append(f"ATTENDEE{asked}{_named(one)}:mailto:{one.address}")
    return [*rows, "END:VEVENT"]


def _zone(meeting: Invitation) -> list[str]:
    """Describe the zone by its offset on that day; none where it changes meanwhile, which is then written in UTC."""
    zone = ZoneInfo(meeting.zone)
    offset = meeting.start.astimezone(zone).utcoffset() or timedelta()
    if offset != meeting.end.astimezone(zone).utcoffset() or meeting.zone == "UTC":
        return []
    minutes = int(offset.total_seconds()) // 60
    written = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
    inside = ["DTSTART:19700101T000000", f"TZOFFSETFROM:{written}", f"TZOFFSETTO:{written}"]
    rows = ["BEGIN:VTIMEZONE", f"TZID:{meeting.zone}", "BEGIN:STANDARD", *inside]
    return [*rows, "END:STANDARD", "END:VTIMEZONE"]


def _organizer(event: Event) -> list[str]:
    return [one for one in event.written if _name(one) == "ORGANIZER"][:1]


def _named(box: Mailbox) -> str:
    """Return the CN parameter; a quotation mark cannot stand in one (RFC 6868 is not understood everywhere)."""
    name = "".join(letter for letter in box.name if letter.isprintable() and letter != '"').strip()
    return f';CN="{name[:200]}"' if name else ""


def _escaped(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    for letter in "\\;,":
        plain = plain.replace(letter, f"\\{letter}")
    lines = ("".join(letter for letter in line if letter.isprintable()) for line in plain.split("\n"))
    return "\\n".join(lines)


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _name(line: str) -> str:
    return line[:40].partition(":")[0].partition(";")[0].upper()


def _folded(line: str) -> str:
    """Fold a line at 75 octets, never within a letter."""
    pieces, size = [""], 0
    for letter in line:
        length = len(letter.encode("utf-8", "replace"))
        if size + length > _LINE:
            pieces.append("")
            size = 1
        pieces[-1] += letter
        size += length
    return "\r\n ".join(pieces)

"""Calendars and letters that carry them, for tests."""

from tests.mail.letters import NOW, incoming

EVENT = (
    "BEGIN:VEVENT",
    "UID:{uid}",
    "DTSTAMP:{stamp}",
    "SEQUENCE:{sequence}",
    "{start}",
    "{end}",
    "SUMMARY:{summary}",
    "LOCATION:Phòng 201\\, nhà A",
    "ORGANIZER;CN=Dung:mailto:{organizer}",
    "ATTENDEE;CN=Bình;PARTSTAT={partstat};RSVP=TRUE:mailto:{attendee}",
    "{extra}",
    "END:VEVENT",
)


def event(**fields) -> str:
    """One VEVENT, on Wednesday 25 November 2026, 09:00 to 10:30 in Hà Nội unless told otherwise."""
    known = {
        "uid": "hop-1@dan.example",
        "stamp": "20261123T010000Z",
        "sequence": 0,
        "start": "DTSTART;TZID=Asia/Ho_Chi_Minh:20261125T090000",
        "end": "DTEND;TZID=Asia/Ho_Chi_Minh:20261125T103000",
        "summary": "Họp giao ban",
        "organizer": "dung@dan.example",
        "attendee": "binh@ubnd.example",
        "partstat": "NEEDS-ACTION",
        "extra": "",
    }
    lines = "\r\n".join(EVENT).format(**(known | fields))
    return "\r\n".join(line for line in lines.split("\r\n") if line)


def calendar(*events: str, method="REQUEST", zones="") -> str:
    """A calendar of these events."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", *([f"METHOD:{method}"] if method else [])]
    return "\r\n".join([*head, *([zones] if zones else []), *events, "END:VCALENDAR", ""])


def data(
    text: str | bytes,
    *,
    sender="Dung <dung@dan.example>",
    to="binh@ubnd.example",
    message_id="i1@dan.example",
    kind="text/calendar; method=REQUEST; charset=utf-8",
    more="",
) -> bytes:
    """A letter with a calendar beside its text."""
    content = text if isinstance(text, bytes) else text.encode()
    head = [
        f"From: {sender}",
        f"To: {to}",
        "Subject: Mời họp",
        f"Message-ID: <{message_id}>",
        "Date: Mon, 23 Nov 2026 08:59:00 +0700",
        "MIME-Version: 1.0",
        'Content-Type: multipart/alternative; boundary="b"',
    ]
    parts = [
        "",
        "--b",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "Kính mời.",
        "--b",
        f"Content-Type: {kind}",
    ]
    first = "\r\n".join([*head, *parts, *([more] if more else []), "", ""]).encode()
    return first + content + b"\r\n--b--\r\n"


def invited(text: str | bytes, *recipients: str, at=NOW, mail_from="dung@dan.example", **fields):
    """A letter from outside with a calendar, as the door hands it over."""
    return incoming(
        *(recipients or ("binh@ubnd.example",)), mail_from=mail_from, at=at, data=data(text, **fields)
    )

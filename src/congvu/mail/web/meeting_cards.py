"""What the page of a letter shows of the meetings in it."""

from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from congvu.base import clock
from congvu.directory.queries import email
from congvu.directory.web.access import SeatedRequest
from congvu.mail import mime
from congvu.mail.addresses import normal
from congvu.mail.headers import Allowance
from congvu.mail.meetings import occurring, reading
from congvu.mail.meetings.models import Meeting, MeetingAnswer
from congvu.mail.meetings.reading import Event, Party
from congvu.mail.models import Item
from congvu.mail.policies import may_write_from
from congvu.mail.queries import items, meetings
from congvu.mail.web import meeting_words

MANY = 5  # meetings of one letter that are shown
NEXT = 3
STEPS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """Another meeting as the card names it."""

    summary: str
    when: str
    item: Item | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One meeting of a letter. `kind` is the method; `row` is how it stands now, where the mailbox knows it."""

    kind: str
    event: Event
    when: str
    elsewhere: str
    repeats: str
    following: list[str]
    organizer: Party | None
    is_from_organizer: bool
    row: Meeting | None
    is_outdated: bool
    latest: Item | None
    own: Party | None
    may_answer: bool
    is_answered_before: bool
    clashes: list[Coming] = field(default_factory=list)
    answers: list[tuple[Party, MeetingAnswer | None]] = field(default_factory=list)
    uninvited: list[MeetingAnswer] = field(default_factory=list)
    speaker: Party | None = None
    is_speaker_known: bool = True


def cards(request: SeatedRequest, item: Item, raw: bytes) -> dict[str, Any]:
    """Return the meetings of a letter for its page, and whether it brings a calendar that cannot be read."""
    if not item.message.attachments:
        return {}
    tree = mime.take_apart(raw)
    if not any(reading.is_calendar(one) for one in tree.leaves):
        return {}
    calendars = reading.in_letter(tree)
    events = [(one, event) for one in calendars for event in one.events]
    shown, asked = [], set[str]()
    for calendar, event in events[:MANY]:
        shown.append(_card(request, item, calendar.method, event, is_first=event.key not in asked))
        asked.add(event.key)
    return {
        "meetings": shown,
        "more_meetings": len(events) - len(shown),
        "is_calendar_unreadable": not events,
    }


def when_of(item: Item, raw: bytes, key: str) -> str:
    """Say when the meeting of a key in a letter is; "" when the letter has none."""
    for calendar in reading.in_letter(mime.take_apart(raw)):
        for event in calendar.events:
            if event.key == key:
                return (
                    meeting_words.first(event, meetings.here(item.mailbox.agency)) if event.has_time else ""
                )
    return ""


def _card(request: SeatedRequest, item: Item, method: str, event: Event, *, is_first: bool) -> Card:
    now, box = clock.now(), item.mailbox
    row = meetings.meeting_of(box, event)
    is_outdated = row is not None and row.message_id != item.message_id
    own = event.invited(email(box.address))
    organizer = event.organizer
    is_own = bool(organizer and organizer.key == normal(email(box.address)))
    when, elsewhere, following = _times(item, event)
    speaker = _speaker(item, method, event)
    is_open = method == "REQUEST" and is_first and own is not None and organizer is not None and not is_own
    is_open = is_open and event.has_time and meetings.is_current(item, event)
    held = row.answer if row else ""
    return Card(
        kind=method or "PUBLISH",
        event=event,
        when=when,
        elsewhere=elsewhere,
        repeats=meeting_words.repeats(event),
        following=following,
        organizer=organizer,
        is_from_organizer=organizer is None or is_own or meetings.is_from_organizer(item.message, organizer),
        row=row,
        is_outdated=is_outdated,
        latest=items.item_of(row.message, [box]) if row and is_outdated else None,
        own=own,
        may_answer=is_open and may_write_from(request.seat, box.address, answers=item.message, now=now),
        is_answered_before=bool(held and row and (row.answered_sequence or 0) < row.sequence),
        clashes=_clashes(item, event) if is_open else [],
        **_answers(row),
        speaker=speaker,
        is_speaker_known=speaker is None or meetings.is_from_organizer(item.message, speaker),
    )


def _speaker(item: Item, method: str, event: Event) -> Party | None:
    """Return who answers in a letter: the sender where the letter names it, else the first that it names."""
    if method not in {"REPLY", "COUNTER", "REFRESH"}:
        return None
    return event.invited(item.message.sender_address) or next(iter(event.attendees), None)


def _times(item: Item, event: Event) -> tuple[str, str, list[str]]:
    """Return when it is, on the organizer's clock, and the next times of a series."""
    if not event.has_time:
        return "", "", []
    zone = meetings.here(item.mailbox.agency)
    try:
        first = occurring.first(event, zone)
        shown = meeting_words.when(first, event), meeting_words.elsewhere(first, event)
    except (OverflowError, ValueError):
        return "", "", []
    if event.rule is None or event.start.is_date:
        return *shown, []
    times = occurring.occurrences(event, after=clock.now(), here=zone, allowance=Allowance(STEPS))
    return *shown, [meeting_words.when(one, event) for one in islice(times, NEXT)]


def _clashes(item: Item, event: Event) -> list[Coming]:
    return [
        Coming(
            summary=one.event.summary,
            when=meeting_words.when(one.next, one.event),
            item=items.item_of(one.meeting.message, [item.mailbox]),
        )
        for one in meetings.clashes(item.mailbox, event, now=clock.now())
    ]


def _answers(row: Meeting | None) -> dict[str, Any]:
    """Return who was invited to a meeting of our own, with what they answered, and who answered uninvited."""
    invited = reading.kept(row.text) if row and row.is_own else None
    if row is None or invited is None:
        return {}
    given = {one.attendee: one for one in meetings.answers_to(row)}
    people = [one for one in invited.attendees if one.key != row.organizer]
    return {
        "answers": [(one, given.get(one.key)) for one in people],
        "uninvited": [one for one in given.values() if not one.is_invited],
    }

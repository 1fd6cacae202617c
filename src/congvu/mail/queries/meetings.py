"""What is known of meetings: how one stands now, what it clashes with, what is to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from congvu.directory.models import Agency
from congvu.directory.queries import Seat
from congvu.mail.addresses import normal
from congvu.mail.authentication import findings
from congvu.mail.headers import Allowance
from congvu.mail.meetings import occurring
from congvu.mail.meetings.models import Meeting, MeetingAnswer
from congvu.mail.meetings.occurring import Occurrence
from congvu.mail.meetings.reading import Event, Party, kept
from congvu.mail.meetings.zones import Zone
from congvu.mail.models import Item, Mailbox, Message
from congvu.mail.queries import places
from congvu.mail.queries.origins import origin_of

MANY = 300  # meetings of a mailbox that are looked through at once
STEPS = 6_000  # what looking for their times may cost together
COMPARED = 30  # times of a meeting that are compared with others
MANY_CLASHES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A meeting and when it takes place next."""

    meeting: Meeting
    event: Event
    next: Occurrence


def here(agency: Agency) -> Zone:
    """Return the zone in which an agency means times that name none."""
    return Zone(agency.zone, ZoneInfo(agency.zone))


def meeting_of(box: Mailbox, event: Event) -> Meeting | None:
    """Return how a meeting stands now in a mailbox."""
    rows = Meeting.objects.filter(agency=box.agency_id, mailbox=box, key=event.key)
    return rows.filter(recurrence=event.recurrence).select_related("message").first()


def is_current(item: Item, event: Event) -> bool:
    """Tell whether a letter is the latest word on a meeting, and it was not called off."""
    row = meeting_of(item.mailbox, event)
    return row is None or (row.message_id == item.message_id and not row.is_cancelled)


def is_from_organizer(message: Message, organizer: Party) -> bool:
    """Tell whether a letter comes from the organizer that it names, as far as anything can be told."""
    row = origin_of(message)
    is_doubtful = row is not None and findings.origin(row.dmarc) == "doubtful"
    return normal(message.sender_address) == organizer.key and not is_doubtful


def answers_to(meeting: Meeting) -> list[MeetingAnswer]:
    """Return who answered a meeting of the mailbox."""
    rows = MeetingAnswer.objects.filter(agency=meeting.agency_id, meeting=meeting)
    return list(rows.select_related("message").order_by("attendee"))


def meeting(seat: Seat, handle: str, *, now: datetime) -> Meeting | None:
    """Return a meeting of a mailbox that the seat may read."""
    boxes = [one.pk for one in places.boxes(seat, now=now)]
    rows = Meeting.objects.filter(agency=seat.agency, handle=handle, mailbox__in=boxes)
    return rows.select_related("message", "mailbox__address__agency", "agency").first()


def coming(box: Mailbox | None, *, now: datetime) -> list[Coming]:
    """Return the meetings of a mailbox that are still to come, the next one first; none that was declined."""
    if box is None:
        return []
    rows = _running(box, now).exclude(answer=Meeting.Answer.DECLINED)
    zone, allowance = here(box.agency), Allowance(STEPS)
    found = []
    for row, event, without in _opened(rows):
        times = occurring.occurrences(event, after=now, here=zone, allowance=allowance, without=without)
        upcoming = next(times, None)
        if upcoming and not row.is_cancelled:
            found.append(Coming(meeting=row, event=event, next=upcoming))
    return sorted(found, key=lambda one: (one.next, one.meeting.pk))


def clashes(box: Mailbox, event: Event, *, now: datetime) -> list[Coming]:
    """Return meetings of the mailbox that are held or accepted and take place at the same time."""
    zone, allowance = here(box.agency), Allowance(STEPS)
    mine = list(islice(occurring.occurrences(event, after=now, here=zone, allowance=allowance), COMPARED))
    if not mine:
        return []
    rows = _running(box, mine[0].start).filter(starts_at__lt=mine[-1].end, is_cancelled=False)
    rows = rows.filter(Q(is_own=True) | Q(answer__in=("accepted", "tentative"))).exclude(key=event.key)
    found = []
    for row, other, without in _opened(rows):
        shared = _shared(mine, other, zone, allowance, without)
        if shared:
            found.append(Coming(meeting=row, event=other, next=shared))
        if len(found) == MANY_CLASHES:
            break
    return sorted(found, key=lambda one: one.next)


def _shared(
    mine: Sequence[Occurrence], other: Event, zone: Zone, allowance: Allowance, without: set[str]
) -> Occurrence | None:
    """Return the first time of another meeting that overlaps one of these; both are in order."""
    at, after = 0, mine[0].start
    for one in occurring.occurrences(other, after=after, here=zone, allowance=allowance, without=without):
        while at < len(mine) and mine[at].end <= one.start:
            at += 1
        if at == len(mine):
            return None
        if mine[at].overlaps(one):
            return one
    return None


def _running(box: Mailbox, now: datetime) -> QuerySet[Meeting]:
    """Return the rows of a mailbox whose last time has not ended, of letters that were not recalled."""
    rows = Meeting.objects.filter(agency=box.agency_id, mailbox=box, message__recalled_at=None)
    return rows.filter(Q(until_at__gt=now - timedelta(days=1)) | Q(until_at=None)).select_related("message")


def _opened(rows: QuerySet[Meeting]) -> list[tuple[Meeting, Event, set[str]]]:
    """Read what was kept of meetings, with the times of each series that have rows of their own."""
    chosen = list(rows.order_by(F("until_at").asc(nulls_last=True), "pk")[:MANY])
    parts: dict[str, set[str]] = {}
    keys = {one.key for one in chosen}
    mailboxes = {one.mailbox_id for one in chosen}
    apart = Meeting.objects.filter(mailbox__in=mailboxes, key__in=keys).exclude(recurrence="")
    for key, recurrence in apart.values_list("key", "recurrence"):
        parts.setdefault(key, set()).add(recurrence)
    found = []
    for row in chosen:
        event = kept(row.text)
        if event and event.has_time:
            found.append((row, event, parts.get(row.key, set()) if not row.recurrence else set()))
    return found

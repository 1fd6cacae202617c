"""Answering an invitation and calling off a meeting of one's own: each is a letter, with the evidence of any."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from congvu.base import blobs
from congvu.directory.queries import Seat, email
from congvu.mail import compose, messages, mime
from congvu.mail.actions import limiting
from congvu.mail.actions.accepting import post
from congvu.mail.addresses import Mailbox, normal
from congvu.mail.meetings import letters, reading, writing
from congvu.mail.meetings.models import Meeting
from congvu.mail.meetings.reading import Calendar, Event
from congvu.mail.models import Item, Message
from congvu.mail.parcels import Parcel
from congvu.mail.policies import NotAllowedError, may_write_from
from congvu.mail.queries import meetings

LONGEST_COMMENT = 500
CHOICES = ("accepted", "tentative", "declined")


class NotInvitedError(Exception):
    """The letter holds no invitation to this meeting for the mailbox's own address."""


class NotCurrentError(Exception):
    """The meeting was cancelled, or changed by a later letter."""


class OtherOrganizerError(Exception):
    """The answer would go to somebody else than who sent the letter; the argument is the address."""

    def __init__(self, organizer: str) -> None:
        super().__init__(organizer)
        self.organizer = organizer


class AlreadyCancelledError(Exception):
    """The meeting was called off before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attending:
    """What is answered: `key` finds the meeting, `sure` repeats the organizer's address where that was asked about."""

    key: str
    answer: str
    comment: str = ""
    sure: str = ""


def answer(
    *, seat: Seat, item: Item, attending: Attending, when: str, now: datetime, client: str = ""
) -> Message:
    """Send the organizer an answer from the mailbox's own address; `when` is the time in words.

    Raises NotAllowedError, NotInvitedError, NotCurrentError, OtherOrganizerError, what `limiting.check` raises,
    BlobMissingError, SecrecyMarkError or ReadOnlyError.
    """
    box = item.mailbox
    if attending.answer not in CHOICES:
        raise NotInvitedError
    if not may_write_from(seat, box.address, answers=item.message, now=now):
        raise NotAllowedError
    own = email(box.address)
    raw = blobs.get(item.message.blob)
    calendar, events = _invitation(raw, attending.key, own)
    if not meetings.is_current(item, events[0]):
        raise NotCurrentError
    organizer = events[0].organizer
    if organizer is None or organizer.key == normal(own):
        raise NotInvitedError
    if not meetings.is_from_organizer(item.message, organizer) and normal(attending.sure) != organizer.key:
        raise OtherOrganizerError(organizer.address)
    limiting.check(
        agency=seat.agency, person=seat.person, recipients=[organizer.address], client=client, now=now
    )
    comment = attending.comment.strip()[:LONGEST_COMMENT]
    words = letters.answer(
        attending.answer,
        summary=" ".join(events[0].summary.split()),
        when=when,
        comment=comment,
        language=seat.agency.language,
    )
    me = Mailbox(seat.person.full_name, own)
    written = writing.reply(calendar, events, attendee=me, answer=attending.answer, comment=comment, at=now)
    to = (Mailbox(_plain(organizer.name), organizer.address),)
    return _send(seat, me, to, words, written, method="REPLY", about=raw, now=now)


def call_off(*, seat: Seat, meeting: Meeting, when: str, now: datetime, client: str = "") -> Message:
    """Tell everybody who was invited that a meeting of the mailbox does not take place.

    Raises NotAllowedError, AlreadyCancelledError, what `limiting.check` raises, BlobMissingError or ReadOnlyError.
    """
    address = meeting.mailbox.address
    if not meeting.is_own or not may_write_from(seat, address, now=now):
        raise NotAllowedError
    event = reading.kept(meeting.text)
    if meeting.is_cancelled or event is None:
        raise AlreadyCancelledError
    own = email(address)
    to = tuple(Mailbox(_plain(one.name), one.address) for one in event.attendees if one.key != normal(own))
    if not to:
        raise NotAllowedError
    recipients = [one.address for one in to]
    limiting.check(agency=seat.agency, person=seat.person, recipients=recipients, client=client, now=now)
    raw = blobs.get(meeting.message.blob)
    calendars = reading.in_letter(mime.take_apart(raw))
    calendar = calendars[0] if calendars else Calendar(method="REQUEST", events=(event,), zones=())
    written = writing.cancel(calendar, event, sequence=meeting.sequence + 1, at=now)
    words = letters.answer(
        "cancelled", summary=event.summary, when=when, comment="", language=seat.agency.language
    )
    me = Mailbox(seat.person.full_name, own)
    return _send(seat, me, to, words, written, method="CANCEL", about=raw, now=now)


def _invitation(raw: bytes, key: str, own: str) -> tuple[Calendar, Sequence[Event]]:
    """Return what of a letter invites an address to a meeting. Raises NotInvitedError."""
    for calendar in reading.in_letter(mime.take_apart(raw)):
        events = [one for one in calendar.events if one.key == key and one.invited(own) and one.has_time]
        if calendar.method == "REQUEST" and events:
            return calendar, events
    raise NotInvitedError


def _send(
    seat: Seat,
    sender: Mailbox,
    to: tuple[Mailbox, ...],
    words: letters.Words,
    calendar: bytes,
    *,
    method: str,
    about: bytes,
    now: datetime,
) -> Message:
    answered, references = compose.thread(messages.read(about))
    draft = compose.Draft(
        sender=sender,
        to=to,
        message_id=compose.new_message_id(domain=seat.agency.domain),
        subject=_plain(words.subject),
        text=words.text,
        in_reply_to=answered,
        references=references,
        calendar=calendar,
        method=method,
    )
    raw = compose.build(draft, at=now.astimezone(ZoneInfo(seat.agency.zone)))
    return post(
        Parcel(
            channel="web",
            mail_from=sender.address,
            recipients=tuple(one.address for one in to),
            raw=raw,
            at=now,
            author=seat.person,
        )
    )


def _plain(text: str) -> str:
    """Return a text on one line that may stand in a header field."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())

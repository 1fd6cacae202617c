"""What letters say of meetings: kept for each mailbox that they reach or leave, in whatever order they come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from congvu.directory.queries import email
from congvu.mail.actions.delivering import Laid
from congvu.mail.addresses import normal
from congvu.mail.authentication import findings
from congvu.mail.meetings import occurring, writing
from congvu.mail.meetings.models import Meeting, MeetingAnswer
from congvu.mail.meetings.reading import Calendar, Event, Party, kept
from congvu.mail.models import Mailbox, Message
from congvu.mail.queries.meetings import here

DESCRIBING = frozenset(("REQUEST", "PUBLISH", "CANCEL"))
ANSWERING = frozenset(("REPLY", "COUNTER"))
ANSWERS = frozenset(("accepted", "tentative", "declined", "delegated"))
MANY_UNINVITED = 20  # answers to one meeting from addresses that were not invited


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """One event of a letter as it reaches a mailbox; `author` is the address under From, "" if it is doubtful."""

    box: Mailbox
    message: Message
    method: str
    calendar: Calendar
    event: Event
    author: str
    is_own: bool


def note(
    laid: Sequence[Laid],
) -> None:  # no-evidence: what is said stands in the letter that its caller records
    """Keep, in the open transaction, what letters say of meetings and of who comes."""
    for told in (told for one in laid if one.copy.letter.calendars for told in _told(one)):
        if told.method in DESCRIBING:
            _describe(told)
        elif told.method in ANSWERING and told.is_own:
            _note_own_answer(told)
        elif told.method in ANSWERING:
            _note_answer(told)


def _told(laid: Laid) -> Iterator[_Told]:
    author = _author(laid)
    boxes = [(laid.sender, True)] if laid.sender else []
    boxes += [(box, False) for box in laid.boxes if laid.sender is None or box.pk != laid.sender.pk]
    for calendar in laid.copy.letter.calendars:
        for event in calendar.events:
            for box, is_own in boxes:
                yield _Told(
                    box=box,
                    message=laid.message,
                    method=calendar.method,
                    calendar=calendar,
                    event=event,
                    author=author,
                    is_own=is_own,
                )


def _author(laid: Laid) -> str:
    letter = laid.copy.letter
    found = letter.parcel.findings
    is_doubtful = found is not None and findings.origin(found.dmarc) == "doubtful"
    from_ = letter.reading.from_
    return normal(from_.address) if from_ and from_.address and not is_doubtful else ""


def _describe(told: _Told) -> None:
    """Keep what a meeting is now, unless a later letter, or one of its organizer, has said otherwise."""
    event, box = told.event, told.box
    organizer = event.organizer.key if event.organizer else ""
    own = told.is_own and organizer == normal(email(box.address))
    confirmed = own or (organizer != "" and organizer == told.author)
    cancels = told.method == "CANCEL" or event.is_cancelled
    row = _row(told)
    if (told.is_own and not own) or (cancels and not confirmed) or not (row or event.has_time):
        return
    fresh = Meeting(
        agency=box.agency,
        mailbox=box,
        key=event.key,
        recurrence=event.recurrence,
        message=told.message,
        sequence=event.sequence,
        stamped_at=event.stamp or told.message.accepted_at,
        organizer=organizer[:320],
        is_own=own,
        is_confirmed=confirmed,
        is_cancelled=cancels,
    )
    if row is not None and not _replaces(fresh, row):
        return
    if event.has_time and not (cancels and row):
        _place(fresh, told)
    elif row:
        fresh.text, fresh.starts_at, fresh.until_at = row.text, row.starts_at, row.until_at
    _save(fresh, row)
    if cancels and not event.recurrence:
        parts = Meeting.objects.filter(
            agency=box.agency, mailbox=box, key=event.key, sequence__lte=event.sequence
        )
        parts.update(is_cancelled=True)


def _replaces(fresh: Meeting, row: Meeting) -> bool:
    """Tell whether a description takes the place of another: of the same organizer, and newer (RFC 5546, 2.1.5)."""
    if row.is_own != fresh.is_own or (row.is_confirmed and not fresh.is_confirmed):
        return False
    if row.organizer != fresh.organizer:
        return fresh.is_confirmed and not row.is_confirmed and not fresh.is_cancelled
    return (fresh.sequence, fresh.stamped_at) > (row.sequence, row.stamped_at)


def _place(row: Meeting, told: _Told) -> None:
    """Say when a meeting is; what lies past the ends of time is not kept with a time of its own."""
    zone = here(told.box.agency)
    row.text = writing.kept(told.calendar, told.event)
    try:
        row.starts_at = occurring.first(told.event, zone).start
        row.until_at = occurring.last_end(told.event, zone)
    except (OverflowError, ValueError):
        row.starts_at = row.until_at = told.message.accepted_at


def _save(fresh: Meeting, row: Meeting | None) -> None:
    if row is not None:
        fresh.pk, fresh.handle = row.pk, row.handle
        fresh.answer, fresh.answered_at = row.answer, row.answered_at
        fresh.answered_sequence = row.answered_sequence
    fresh.save(force_insert=row is None, force_update=row is not None)


def _note_own_answer(told: _Told) -> None:
    """Keep what was answered from the mailbox itself, in the browser or with a mail program."""
    own = told.event.invited(email(told.box.address))
    row = _row(told)
    if own is None or own.answer not in ANSWERS or row is None or told.method != "REPLY":
        return
    row.answer = own.answer if own.answer in Meeting.Answer.values else ""
    row.answered_at, row.answered_sequence = told.message.accepted_at, told.event.sequence
    row.save(update_fields=["answer", "answered_at", "answered_sequence"])


def _note_answer(told: _Told) -> None:
    """Keep who comes to a meeting of ours, if the letter comes from the very address that answers."""
    row = _row(told)
    party = told.event.invited(told.author) if told.author else None
    if row is None or not row.is_own or party is None:
        return
    answer = "counter" if told.method == "COUNTER" else party.answer
    if answer not in ANSWERS | {"counter"}:
        return
    known = MeetingAnswer.objects.filter(agency=told.box.agency, meeting=row)
    held = known.filter(attendee=party.key).first()
    stamp = told.event.stamp or told.message.accepted_at
    if held and (told.event.sequence, stamp) <= (held.sequence, held.stamped_at):
        return
    invited = kept(row.text)
    is_invited = invited is not None and invited.invited(party.address) is not None
    if not held and not is_invited and known.filter(is_invited=False).count() >= MANY_UNINVITED:
        return
    MeetingAnswer.objects.update_or_create(
        agency=told.box.agency,
        meeting=row,
        attendee=party.key,
        defaults={"is_invited": is_invited, "stamped_at": stamp} | _said(told, party, answer),
    )


def _said(told: _Told, party: Party, answer: str) -> dict[str, object]:
    return {
        "name": party.name,
        "answer": answer,
        "comment": told.event.comment[:1_000],
        "sequence": told.event.sequence,
        "message": told.message,
    }


def _row(told: _Told) -> Meeting | None:
    rows = Meeting.objects.filter(agency=told.box.agency, mailbox=told.box, key=told.event.key)
    return rows.filter(recurrence=told.event.recurrence).first()

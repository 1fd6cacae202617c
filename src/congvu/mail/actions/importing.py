"""Taking over mail of earlier days from archives: recorded as imported, owing nothing, never twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from congvu.base import handles
from congvu.base.database import atomic
from congvu.base.keeping import kept
from congvu.directory.queries import email
from congvu.mail import events
from congvu.mail.actions import evidence, refusing, signatures
from congvu.mail.actions.delivering import KINDS, shown
from congvu.mail.actions.evidence import Step
from congvu.mail.actions.folders import folder_named
from congvu.mail.actions.mailboxes import boxes_of
from congvu.mail.addresses import normal
from congvu.mail.archives import Found
from congvu.mail.arranging.models import MailFolder
from congvu.mail.models import Communication, Item, Mailbox, Message, Receipt
from congvu.mail.parcels import Letter, Parcel, SecrecyMarkError, unsealed
from congvu.mail.queries.routes import Route
from congvu.mail.queries.threads import threads
from congvu.mail.secrecy import Mark

Result = Literal["imported", "present", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of one message of an archive; `message` is its handle, "" when it was refused for `mark`."""

    source: str
    offset: int
    result: Result
    message: str = ""
    defects: tuple[str, ...] = ()
    mark: Mark | None = None


def import_messages(*, place: Route, found: Sequence[Found], under: str, at: datetime) -> list[Imported]:
    """Lay messages of an archive into a box, filed under a heading, and say what became of each.

    A message that was imported before from the same place of the same archive is left alone. What carries a
    mark of state secrecy is refused, with evidence.
    """
    opened = [(one, _open(one, place, at)) for one in found]
    letters = {_handle(place, one, letter): letter for one, letter in opened if isinstance(letter, Letter)}
    present = set(Message.objects.filter(handle__in=letters).values_list("handle", flat=True))
    fresh = {handle: letter for handle, letter in letters.items() if handle not in present}
    with kept([one.raw for one in fresh.values()], rows=Message.objects) as stored, atomic():
        box = boxes_of([place], at=at)[place.key]
        _lay_in(box, fresh, stored, under)
        _note_refusals(place, [letter for _, letter in opened if not isinstance(letter, Letter)], at)
    return [_result(place, one, letter, present) for one, letter in opened]


def _open(one: Found, place: Route, at: datetime) -> Letter | Mark:
    try:
        return unsealed(Parcel(channel="import", mail_from="", recipients=(place.email,), raw=one.raw, at=at))
    except SecrecyMarkError as error:
        return error.mark


def _note_refusals(place: Route, marks: Sequence[Mark], at: datetime) -> None:
    for mark in marks:
        refusing.note_refusal(
            channel="import", mark=mark, author=None, mail_from="", recipients=(place.email,), at=at
        )


def _handle(place: Route, one: Found, letter: Letter) -> str:
    return handles.derive(place.address.handle, "import", one.source, str(one.offset), letter.digest)


def _result(place: Route, one: Found, letter: Letter | Mark, present: set[str]) -> Imported:
    if not isinstance(letter, Letter):
        return Imported(source=one.source, offset=one.offset, result="refused", mark=letter)
    handle = _handle(place, one, letter)
    return Imported(
        source=one.source,
        offset=one.offset,
        result="present" if handle in present else "imported",
        message=handle,
        defects=letter.reading.defects,
    )


def _lay_in(box: Mailbox, letters: dict[str, Letter], stored: Sequence[str], under: str) -> None:
    conversations = threads([(box.agency, letter) for letter in letters.values()])
    messages = [
        _message(box, handle, letter, blob, thread)
        for (handle, letter), blob, thread in zip(letters.items(), stored, conversations, strict=True)
    ]
    Message.objects.bulk_create(messages)
    signatures.expect(
        one for one, letter in zip(messages, letters.values(), strict=True) if letter.may_be_signed
    )
    folder = folder_named(box, under, at=messages[0].accepted_at) if messages else None
    Item.objects.bulk_create(_item(box, message, folder) for message in messages)
    evidence.keep([_imported(box, message) for message in messages])


def _message(box: Mailbox, handle: str, letter: Letter, blob: str, thread: str) -> Message:
    named = letter.reading.communication
    return Message(
        handle=handle,
        agency=box.agency,
        blob=blob,
        digest=letter.digest,
        size=len(letter.raw),
        thread=thread,
        channel=letter.parcel.channel,
        communication=named if named in KINDS else Communication.OTHER,
        automatic=letter.is_automatic,
        accepted_at=letter.parcel.at,
        sent_at=letter.reading.date,
        **shown(letter),
    )


def _item(box: Mailbox, message: Message, folder: MailFolder | None) -> Item:
    """Return the item: sent when the box's own address wrote it, else filed; its day is the message's own."""
    own = email(box.address)
    was_sent = bool(message.sender_address) and normal(message.sender_address) == normal(own)
    arrived = min(message.sent_at or message.accepted_at, message.accepted_at)
    return Item(
        agency=box.agency,
        mailbox=box,
        message=message,
        folder=Item.Folder.SENT if was_sent else Item.Folder.FILED,
        filed_in=None if was_sent else folder,
        thread=message.thread,
        arrived_at=arrived,
    )


def _imported(box: Mailbox, message: Message) -> Step:
    return Step(
        message=message,
        step=Receipt.Step.IMPORTED,
        event=events.MessageImported(),
        at=message.accepted_at,
        recipient=email(box.address),
        disclosures={"mailbox": box.handle, "address": box.address.handle},
    )

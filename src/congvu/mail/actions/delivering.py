"""Rows of a batch: one message for each agency that it concerns, items in boxes, transfers to others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from congvu.base import rows
from congvu.directory.models import Agency
from congvu.mail import events
from congvu.mail.actions import signatures
from congvu.mail.actions.evidence import Step
from congvu.mail.actions.mailboxes import Boxes
from congvu.mail.addresses import normal
from congvu.mail.arranging import sorting
from congvu.mail.models import Communication, Item, Mailbox, Message, Receipt, Transfer
from congvu.mail.parcels import Letter
from congvu.mail.queries.routes import Route
from congvu.mail.queries.threads import threads

KINDS = frozenset(Communication.values)
OWING = (Mailbox.Kind.PERSONAL, Mailbox.Kind.UNIT, Mailbox.Kind.AGENCY)
LONGEST_ID = 998  # RFC 5322, 2.1.1: a line
LONGEST_SUBJECT = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A letter as it concerns one agency: its own recipients, and for the sender's agency all others too."""

    letter: Letter
    agency: Agency
    routes: tuple[Route, ...]
    sender: Route | None = None
    elsewhere: tuple[str, ...] = ()  # recipients in other agencies of this installation
    outside: tuple[str, ...] = ()

    @property
    def direction(self) -> str:
        """Return in, out or internal, as the agency sees it."""
        if self.sender is None:
            return "in"
        return "out" if self.outside or self.elsewhere else "internal"

    @property
    def communication(self) -> str:
        """Return the kind of communication that the sender named, if it is one."""
        named = self.letter.reading.communication
        return named if named in KINDS else Communication.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A copy with its message as it now lies in the store."""

    copy: Copy
    message: Message
    boxes: tuple[Mailbox, ...]  # as copy.routes
    sender: Mailbox | None


def copies(letter: Letter, routes: Mapping[str, Route]) -> list[Copy]:
    """Divide a letter by agency, the sender's first; empty when it concerns nobody here."""
    sender = _sender(letter, routes)
    known = {one: routes[one] for one in letter.recipients if one in routes}
    agencies = {
        route.agency.pk: route.agency for route in ([sender] if sender else []) + list(known.values())
    }
    return [
        Copy(
            letter=letter,
            agency=agency,
            routes=tuple({one.key: one for one in known.values() if one.agency.pk == pk}.values()),
            sender=sender if sender and sender.agency.pk == pk else None,
            elsewhere=_elsewhere(known, pk) if sender and sender.agency.pk == pk else (),
            outside=_outside(letter, known) if sender and sender.agency.pk == pk else (),
        )
        for pk, agency in agencies.items()
    ]


def lay_in(
    parts: Sequence[Copy], blobs: Sequence[str], boxes: Boxes, *, is_held: bool = False
) -> list[Laid]:  # no-evidence: its caller records the steps
    """Write the messages of copies, their items and their transfers; of what is held, the messages alone."""
    conversations = threads([(part.agency, part.letter) for part in parts])
    laid = [
        Laid(
            copy=part,
            message=_message(part, blob, thread, boxes),
            boxes=tuple(boxes[one.key] for one in part.routes),
            sender=boxes[part.sender.key] if part.sender else None,
        )
        for part, blob, thread in zip(parts, blobs, conversations, strict=True)
    ]
    rows.insert([one.message for one in laid], keyed=True)
    signatures.expect(one.message for one in laid if one.copy.letter.may_be_signed)
    if is_held:
        return laid
    items = [item for one in laid for item in _items(one)]
    sorting.sort_in(items)
    rows.insert(items)
    rows.insert([transfer for one in laid for transfer in _transfers(one)])
    return laid


def steps(laid: Laid) -> list[Step]:
    """Return what happened to a message by being laid in: accepted, then delivered to each."""
    return [accepted(laid), *_delivered(laid), *_handed_over(laid)]


def _sender(letter: Letter, routes: Mapping[str, Route]) -> Route | None:
    if letter.parcel.channel not in {"web", "submission"}:
        return None
    return routes.get(normal(letter.parcel.mail_from))


def _elsewhere(known: Mapping[str, Route], agency: int) -> tuple[str, ...]:
    return tuple(one for one, route in known.items() if route.agency.pk != agency)


def _outside(letter: Letter, known: Mapping[str, Route]) -> tuple[str, ...]:
    return tuple(one for one in letter.recipients if one not in known)


def _message(part: Copy, blob: str, thread: str, boxes: Boxes) -> Message:
    letter, reading = part.letter, part.letter.reading
    return Message(
        agency=part.agency,
        blob=blob,
        digest=letter.digest,
        identity=letter.identity,
        size=len(letter.raw),
        thread=thread,
        channel=letter.parcel.channel,
        communication=part.communication,
        automatic=letter.is_automatic,
        accepted_at=letter.parcel.at,
        sender=boxes[part.sender.key] if part.sender else None,
        author=letter.parcel.author if part.sender else None,
        **shown(letter),
        sent_at=reading.date,
    )


def shown(letter: Letter) -> dict[str, object]:
    """Return what lists show of a letter, as fields of a message."""
    reading = letter.reading
    sender = reading.from_
    return {
        "message_id": reading.message_id[:LONGEST_ID],
        "subject": reading.subject[:LONGEST_SUBJECT],
        "sender_name": sender.name[:500] if sender else "",
        "sender_address": (sender.address if sender else letter.parcel.mail_from)[:320],
        "reply_address": reading.reply_to[0].address[:320] if reading.reply_to else "",
        "recipients": [[*box, field] for field in ("to", "cc") for box in getattr(reading, field)],
        "snippet": letter.snippet,
        "attachments": len(reading.attachments),
    }


def item(message: Message, box: Mailbox, *, at: datetime) -> Item:
    """Return a message as it comes to lie in a box."""
    return Item(
        agency_id=message.agency_id,
        mailbox=box,
        message=message,
        thread=message.thread,
        arrived_at=at,
        owes_acknowledgement=not message.automatic and box.kind in OWING and box.pk != message.sender_id,
    )


def _items(laid: Laid) -> Iterable[Item]:
    at = laid.message.accepted_at
    for box in laid.boxes:
        yield item(laid.message, box, at=at)
    if laid.sender and laid.copy.letter.parcel.is_filed:
        yield Item(
            agency=laid.copy.agency,
            mailbox=laid.sender,
            message=laid.message,
            folder=Item.Folder.SENT,
            thread=laid.message.thread,
            arrived_at=at,
            opened_at=at,
        )


def _transfers(laid: Laid) -> Iterable[Transfer]:
    if not laid.sender:
        return
    state = Transfer.State
    known = [(one.email, state.DELIVERED) for one in laid.copy.routes]
    known += [(one, state.RELAYED) for one in laid.copy.elsewhere]
    known += [(one, state.QUEUED) for one in laid.copy.outside]
    for recipient, reached in known:
        yield Transfer(
            agency=laid.copy.agency,
            message=laid.message,
            recipient=recipient,
            state=reached,
            next_at=laid.message.accepted_at if reached == state.QUEUED else None,
        )


def accepted(laid: Laid) -> Step:
    """Return the step by which the house took responsibility for a message."""
    message, findings = laid.message, laid.copy.letter.parcel.findings
    disclosures = {"sender_mailbox": laid.sender.handle} if laid.sender else {}
    if message.author:
        disclosures["actor"] = message.author.handle
    event = events.MessageAccepted(
        channel=message.channel,
        direction=laid.copy.direction,
        communication=message.communication,
        automatic=message.automatic,
        origin=findings.origin.value if findings else None,
    )
    return Step(
        message=message,
        step=Receipt.Step.ACCEPTED,
        event=event,
        at=message.accepted_at,
        disclosures=disclosures,
    )


def _delivered(laid: Laid) -> Iterable[Step]:
    for route, box in zip(laid.copy.routes, laid.boxes, strict=True):
        yield delivered(laid.message, route, box, at=laid.message.accepted_at)


def delivered(message: Message, route: Route, box: Mailbox, *, at: datetime) -> Step:
    """Return the step by which a message came to lie in a box."""
    disclosures = {"mailbox": box.handle, "address": route.address.handle}
    if route.person:
        disclosures["recipient"] = route.person.handle
    if route.unit:
        disclosures["unit"] = route.unit.handle
    event = events.MessageDelivered(
        direction="own" if box.pk == message.sender_id else "in",
        channel=message.channel,
        communication=message.communication,
        automatic=message.automatic,
        box=box.kind,
    )
    return Step(
        message=message,
        step=Receipt.Step.DELIVERED,
        event=event,
        at=at,
        recipient=route.email,
        disclosures=disclosures,
    )


def _handed_over(laid: Laid) -> Iterable[Step]:
    for recipient in laid.copy.elsewhere:
        yield Step(
            message=laid.message,
            step=Receipt.Step.RELAYED,
            event=events.MessageRelayed(to="house"),
            at=laid.message.accepted_at,
            recipient=recipient,
            disclosures={"recipient_address": recipient},
        )

"""Copies that the agency's mail server sends of what it took over: recorded, shown, and proof of that alone."""

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from congvu.base.database import atomic
from congvu.base.keeping import kept
from congvu.directory.queries import email
from congvu.ledger.actions import ReadOnlyError
from congvu.mail import events
from congvu.mail.actions import answers, evidence, meetings, origins, refusing, statements
from congvu.mail.actions.delivering import OWING, Copy, accepted, copies, delivered, item, lay_in
from congvu.mail.actions.evidence import Step
from congvu.mail.actions.mailboxes import Boxes, boxes_of
from congvu.mail.addresses import normal
from congvu.mail.arranging import sorting
from congvu.mail.door.envelope import Verdict
from congvu.mail.identity import WAYS
from congvu.mail.models import Item, Message, Receipt
from congvu.mail.parcels import Letter, Parcel, SecrecyMarkError, unsealed
from congvu.mail.queries import identities
from congvu.mail.queries.routes import Route, routes

CHANNEL: Final = "journal"
STORED = Verdict(250, "2.0.0 Stored")
NOBODY = Verdict(250, "2.0.0 Nobody here is concerned; nothing was kept")


Told = Callable[[Item], datetime | None]


class CameMeanwhileError(Exception):
    """The same message came by another way while it was being stored; the next attempt finds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journaled:
    """A copy: for whom the mail server took the message over, and the bytes below our Received field."""

    parcel: Parcel
    came: str  # SHA-256 of the bytes as they were handed in


def take_in(copied: Sequence[Journaled], *, told: Told = lambda _: None) -> list[Verdict]:
    """Record copies; what came before, by whatever way, is not recorded again. All is on disk, or nothing.

    A mark of state secrecy is refused with evidence; the mail server has taken such a message all the same.
    `told` says of an item when the mail server's log has told of its delivery, None when it has not yet.
    Raises CameMeanwhileError, ReadOnlyError or the storage's error.
    """
    found = routes({one for each in copied for one in each.parcel.recipients}, now=copied[0].parcel.at)
    opened = [_open(one.parcel, found) for one in copied]
    letters = [one for one in opened if isinstance(one, Letter)]
    if letters:
        _record(letters, {normal(one): way for one, way in found.items()}, told)
    return [STORED if isinstance(one, Letter) else one for one in opened]


def _open(parcel: Parcel, found: Mapping[str, Route]) -> Letter | Verdict:
    if not any(one in found for one in parcel.recipients):
        return NOBODY
    try:
        return unsealed(parcel)
    except SecrecyMarkError as error:
        with contextlib.suppress(ReadOnlyError):
            refusing.note_refusal(
                channel=CHANNEL,
                mark=error.mark,
                author=None,
                mail_from=parcel.mail_from,
                recipients=parcel.recipients,
                at=parcel.at,
            )
        return refusing.VERDICT


def _record(letters: Sequence[Letter], ways: Mapping[str, Route], told: Told) -> None:
    parts = [part for one in letters for part in copies(one, ways)]
    before = identities.known([key(one) for one in parts], channels=WAYS)
    new = {key(one): one for one in parts if key(one) not in before}
    with kept([one.letter.raw for one in new.values()], rows=Message.objects) as stored, atomic():
        if identities.known(new, channels=WAYS):
            raise CameMeanwhileError
        boxes = boxes_of([way for one in parts for way in one.routes], at=letters[0].parcel.at)
        laid = lay_in(list(new.values()), stored, boxes, is_held=True)
        origins.keep(laid)
        statements.note(laid)
        meetings.note(laid)
        messages = dict(before) | {key(one.copy): one.message for one in laid}
        steps = [*map(accepted, laid), *_lay_into_boxes(parts, messages, boxes, told)]
        evidence.keep([*steps, *answers.note_bounces(laid)])


def key(part: Copy) -> identities.Key:
    """Return by what a copy of a letter is known again in its agency."""
    return part.agency.pk, part.letter.identity


def _lay_into_boxes(
    parts: Sequence[Copy], messages: Mapping[identities.Key, Message], boxes: Boxes, told: Told
) -> Iterable[Step]:
    """Lay copies into boxes where they do not lie yet; nobody owes anything for what may not have arrived."""
    wanted = {
        (boxes[way.key].pk, messages[key(part)].pk): (part, way) for part in parts for way in part.routes
    }
    there = Item.objects.filter(message__in={one for _, one in wanted}).values_list("mailbox", "message")
    fresh: list[tuple[Item, Route]] = []
    for place in wanted.keys() - set(there):
        part, way = wanted[place]
        one = item(messages[key(part)], boxes[way.key], at=part.letter.parcel.at)
        one.owes_acknowledgement = False
        fresh.append((one, way))
    sorting.sort_in([one for one, _ in fresh])
    Item.objects.bulk_create([one for one, _ in fresh])
    statements.put_away([one.message for one, _ in fresh])
    steps = [_journaled(one, way) for one, way in fresh]
    return steps + [step for one, way in fresh if (at := told(one)) for step in arrived(one, way, at=at)]


def _journaled(one: Item, way: Route) -> Step:
    return Step(
        message=one.message,
        step=Receipt.Step.JOURNALED,
        event=events.MessageJournaled(box=one.mailbox.kind),
        at=one.arrived_at,
        recipient=way.email,
        disclosures={"mailbox": one.mailbox.handle, "address": way.address.handle},
    )


def arrived(one: Item, way: Route, *, at: datetime) -> list[Step]:  # no-evidence: its caller records the step
    """Return the step by which a copied message is known to lie in its mailbox; from now on it owes what others owe."""
    owes = not one.message.automatic and one.mailbox.kind in OWING
    Item.objects.filter(pk=one.pk, acknowledged_at=None).update(owes_acknowledgement=owes)
    return [delivered(one.message, way, one.mailbox, at=at)]


def is_awaited(one: Item) -> bool:
    """Tell whether of an item only a copy has told, so that its delivery is still to be proved.

    The message itself may have come another way before, for another mailbox.
    """
    known = Receipt.objects.filter(message=one.message, recipient=email(one.mailbox.address))
    steps = known.filter(step__in=(Receipt.Step.JOURNALED, Receipt.Step.DELIVERED))
    return set(steps.values_list("step", flat=True)) == {Receipt.Step.JOURNALED}

"""Who answers the letters of shared mailboxes, and who has answered them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from congvu.directory import queries as directory
from congvu.directory.models import Address, Person
from congvu.directory.queries import Seat
from congvu.mail.arranging.models import Assignment
from congvu.mail.models import Item, Mailbox, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Who answers a letter, and who wrote the first answer from the box, each with the instant."""

    assignment: Assignment | None = None
    answer: Message | None = None


def is_shared(item: Item) -> bool:
    """Tell whether several people may answer a letter."""
    return item.mailbox.kind != Mailbox.Kind.PERSONAL and item.folder != Item.Folder.SENT


def of(items: Sequence[Item]) -> Mapping[int, Answering]:
    """Return who answers, by the item's key; two queries, and none for personal mail."""
    shared = [one for one in items if is_shared(one)]
    if not shared:
        return {}
    given = {one.item_id: one for one in _assignments().filter(item__in=[one.pk for one in shared])}
    answers = _answers(shared)
    return {
        one.pk: Answering(assignment=given.get(one.pk), answer=_first_after(answers.get(_key(one), []), one))
        for one in shared
    }


def assigned(seat: Seat) -> QuerySet[Assignment]:
    """Return what the person answers in boxes of the seat's unit, of one above, and for leaders and clerks below."""
    units = [seat.unit.pk, *(one.pk for one in directory.units_above(seat.unit))]
    if seat.has("clerk", "head", "deputy"):
        units += [one.pk for one in directory.units_below(seat.agency, seat.unit)]
    return Assignment.objects.filter(agency=seat.agency, person=seat.person, item__mailbox__unit__in=units)


def to_answer(seat: Seat) -> QuerySet[Item]:
    """Return the letters that the person was given to answer, the newest first."""
    rows = Item.objects.filter(pk__in=assigned(seat).values("item")).select_related(
        "message", "mailbox__person", "mailbox__address__agency"
    )
    return rows.order_by("-arrived_at", "-id")


def is_mine(seat: Seat, item: Item) -> bool:
    """Tell whether the person on a seat was given a letter to answer."""
    return is_shared(item) and assigned(seat).filter(item=item).exists()


def may_answer(seat: Seat, address: Address, message: Message) -> bool:
    """Tell whether the person was given a message that came to an address to answer; never from a hand-over box."""
    given = assigned(seat).filter(item__mailbox__address=address, item__message=message)
    return given.exclude(item__mailbox__kind=Mailbox.Kind.HAND_OVER).exists()


def members(box: Mailbox, on: date) -> list[Person]:
    """Return who holds a post in the unit that answers for a box, or under it, by name."""
    if box.unit is None:
        return []
    held = directory.address_book(box.agency, on, unit=box.unit)
    return list({one.person_id: one.person for one in held}.values())


def _assignments() -> QuerySet[Assignment]:
    return Assignment.objects.select_related("person", "by")


def _answers(shared: Sequence[Item]) -> dict[tuple[int, str], list[Message]]:
    """Return what people wrote from the boxes in the conversations of items, the oldest first."""
    rows = Item.objects.filter(
        agency__in={one.agency_id for one in shared},
        thread__in={one.thread for one in shared},
        mailbox__in={one.mailbox_id for one in shared},
        folder=Item.Folder.SENT,
        message__automatic=False,
    )
    found: dict[tuple[int, str], list[Message]] = {}
    for one in rows.exclude(message__author=None).select_related("message__author").order_by("id"):
        found.setdefault(_key(one), []).append(one.message)
    return found


def _key(item: Item) -> tuple[int, str]:
    return item.mailbox_id, item.thread


def _first_after(answers: Sequence[Message], item: Item) -> Message | None:
    return next((one for one in answers if one.accepted_at >= item.arrived_at), None)

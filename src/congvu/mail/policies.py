"""Who may, in the mailboxes: whoever holds or answers for a box reads it; nobody else, whatever the rank."""

from datetime import datetime

from congvu.directory.models import Address, Function
from congvu.directory.queries import Seat
from congvu.mail.models import Item, Mailbox, Message
from congvu.mail.queries import answering, places


class NotAllowedError(Exception):
    """The seat gives no right to this box or message."""


def may_read(seat: Seat, box: Mailbox, *, now: datetime) -> bool:
    """Return whether the seat holds or answers for a box."""
    if box.agency_id != seat.agency.pk:
        return False
    if box.kind == Mailbox.Kind.PERSONAL:
        return box.person_id == seat.person.pk
    return box.pk in {one.pk for one in places.boxes(seat, now=now)}


def may_handle(seat: Seat, item: Item, *, now: datetime) -> bool:
    """Return whether the seat holds or answers for an item's box, or was given this item to answer."""
    return may_read(seat, item.mailbox, now=now) or answering.is_mine(seat, item)


def may_write_from(seat: Seat, address: Address, *, answers: Message | None = None, now: datetime) -> bool:
    """Return whether the seat may send mail from an address: its own, a box's, or to answer what it was given."""
    known = places.places(seat, now=now)
    if any(one.may_send and one.route.address.pk == address.pk for one in known):
        return True
    return answers is not None and answering.may_answer(seat, address, answers)


def is_withheld(item: Item) -> bool:
    """Return whether the sender recalled a message before anybody opened this item; then it shows nothing."""
    return item.message.recalled_at is not None and item.opened_at is None and item.folder != Item.Folder.SENT


def may_see_sending(seat: Seat) -> bool:
    """Return whether the seat sees how much accounts send: administrators, and the head of the agency."""
    is_head = seat.has(Function.HEAD) and seat.unit.parent_id is None
    return is_head or seat.has(Function.ADMINISTRATOR, Function.MAIL_ADMINISTRATOR)

"""Who answers a letter of a shared mailbox: taking it, giving it to a member, letting it go."""

from datetime import datetime

from congvu.base.database import atomic
from congvu.directory.models import Person
from congvu.directory.queries import Seat
from congvu.ledger.actions import record
from congvu.ledger.events import Event
from congvu.mail import events
from congvu.mail.arranging.models import Assignment
from congvu.mail.models import Item, Mailbox
from congvu.mail.policies import NotAllowedError, is_withheld, may_read
from congvu.mail.queries import answering


class AlreadyAssignedError(Exception):
    """Somebody else answers the letter, as the argument says; who presses must have seen that."""

    def __init__(self, person: Person) -> None:
        super().__init__(person.handle)
        self.person = person


class NotSharedError(Exception):
    """Only a letter that came into the box of a unit, the agency or a hand-over has to be shared out."""


class NotAMemberError(Exception):
    """The person holds no post in the unit that answers for the box."""


def assign(*, seat: Seat, item: Item, person: Person, instead_of: str = "", now: datetime) -> Assignment:
    """Let a person answer a letter; `instead_of` is the handle of who answered it until now, "" for nobody.

    Raises NotAllowedError, NotSharedError, NotAMemberError or AlreadyAssignedError.
    """
    _check(seat, item, now)
    is_self = person.pk == seat.person.pk
    if not is_self and person.pk not in {one.pk for one in answering.members(item.mailbox, seat.on)}:
        raise NotAMemberError
    with atomic():
        held = _held(item)
        if held and held.person.handle not in {instead_of, person.handle}:
            raise AlreadyAssignedError(held.person)
        if held and held.person_id == person.pk:
            return held
        given, _ = Assignment.objects.update_or_create(
            agency=seat.agency, item=item, defaults={"person": person, "by": seat.person, "assigned_at": now}
        )
        event = events.MessageAssigned(by=_by(seat, person), box=item.mailbox.kind)
        _record(seat, item, person, event, now)
    return given


def release(*, seat: Seat, item: Item, now: datetime) -> None:
    """Make a letter everybody's again; whoever answers it may do so, too. Raises NotAllowedError."""
    if not (may_read(seat, item.mailbox, now=now) or answering.is_mine(seat, item)):
        raise NotAllowedError
    with atomic():
        held = _held(item)
        if held is None:
            return
        event = events.MessageReleased(by=_by(seat, held.person), box=item.mailbox.kind)
        _record(seat, item, held.person, event, now)
        held.delete()


def _check(seat: Seat, item: Item, now: datetime) -> None:
    if not may_read(seat, item.mailbox, now=now) or is_withheld(item):
        raise NotAllowedError
    if item.mailbox.kind == Mailbox.Kind.PERSONAL or item.folder == Item.Folder.SENT:
        raise NotSharedError


def _held(item: Item) -> Assignment | None:
    return Assignment.objects.filter(item=item).select_related("person").first()


def _by(seat: Seat, person: Person) -> str:
    return "self" if person.pk == seat.person.pk else "colleague"


def _record(seat: Seat, item: Item, person: Person, event: Event, now: datetime) -> None:
    box = item.mailbox
    disclosures = {
        "message": item.message.handle,
        "digest": item.message.digest,
        "mailbox": box.handle,
        "address": box.address.handle,
        "actor": seat.person.handle,
        "person": person.handle,
    }
    record(event, agency=seat.agency.handle, at=now, disclosures=disclosures)

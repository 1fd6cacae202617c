"""Which mailboxes of people on leave are open to whoever acts, and what was read in them."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from congvu.directory import queries as directory
from congvu.directory.models import Leave, Person
from congvu.directory.queries import Seat
from congvu.mail.arranging.models import DelegateReading, Delegation
from congvu.mail.models import Item


def running(seat: Seat) -> list[Delegation]:
    """Return the delegations by which the person reads somebody's mailbox today."""
    rows = _open().filter(agency=seat.agency, person=seat.person)
    if not rows.exists():
        return []
    acted = directory.acted(seat.agency, seat.on).filter(acting=seat.person)
    return list(rows.filter(leave__in=acted))


def of_leave(leave: Leave) -> Delegation | None:
    """Return the open delegation of a leave."""
    return _open().filter(leave=leave).first()


def letters(delegation: Delegation) -> QuerySet[Item]:
    """Return what came to the box since the leave began, the newest first; nothing older, nothing that was sent."""
    rows = Item.objects.filter(mailbox=delegation.mailbox, arrived_at__gte=since(delegation))
    rows = rows.exclude(folder=Item.Folder.SENT).exclude(message__channel="import")
    return rows.select_related("message", "mailbox__person", "mailbox__address").order_by(
        "-arrived_at", "-id"
    )


def since(delegation: Delegation) -> datetime:
    """Return the beginning of the first day of the leave in the agency's zone."""
    zone = ZoneInfo(delegation.mailbox.agency.zone)
    return datetime.combine(delegation.leave.valid_from, time(), zone)


def open_to(seat: Seat) -> Q:
    """Return the condition that an item is open to the person by delegation; nothing, mostly."""
    found = Q(pk__in=[])
    for one in running(seat):
        found |= Q(mailbox=one.mailbox, arrived_at__gte=since(one)) & ~Q(folder=Item.Folder.SENT)
    return found


def by_which(seat: Seat, item: Item) -> Delegation | None:
    """Return by which delegation the person may read an item of somebody else."""
    if item.folder == Item.Folder.SENT or item.mailbox.person_id in {None, seat.person.pk}:
        return None
    held = (one for one in running(seat) if one.mailbox_id == item.mailbox_id)
    return next((one for one in held if item.arrived_at >= since(one)), None)


def readings(person: Person, *, limit: int) -> list[DelegateReading]:
    """Return what delegates last opened in a person's mailboxes, the latest first."""
    rows = DelegateReading.objects.filter(item__mailbox__person=person).order_by("-at", "-id")
    return list(rows.select_related("person", "item__message")[:limit])


def readings_of(item: Item) -> list[DelegateReading]:
    """Return when delegates opened an item, the latest first."""
    return list(
        DelegateReading.objects.filter(item=item).select_related("person").order_by("-at", "-id")[:20]
    )


def _open() -> QuerySet[Delegation]:
    rows = Delegation.objects.filter(closed_at=None)
    return rows.select_related(
        "leave__person", "leave__acting", "mailbox__agency", "mailbox__address__agency", "mailbox__person"
    )

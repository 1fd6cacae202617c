"""How a mailbox is arranged: its folders with what is unread in them, its filters, and what a filter would take."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Count, QuerySet

from congvu.base import collation
from congvu.directory.queries import Seat
from congvu.mail.arranging.models import MailFilter, MailFolder
from congvu.mail.arranging.sorting import Asked, fits, said
from congvu.mail.models import Item, Mailbox
from congvu.mail.queries import items
from congvu.mail.queries import places as answered
from congvu.mail.queries.places import Place

TRIED = 200  # letters on which a filter is tried
_Row = TypeVar("_Row", MailFolder, MailFilter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A folder with how many letters in it nobody has opened."""

    folder: MailFolder
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a filter would have taken of the latest letters: of how many, and which."""

    of: int
    taken: tuple[Item, ...]


def folders(box: Mailbox | None) -> list[MailFolder]:
    """Return the folders of a box by name."""
    rows = MailFolder.objects.filter(mailbox=box).select_related("mailbox") if box else []
    return sorted(rows, key=lambda one: collation.key(one.name))


def counted(box: Mailbox | None) -> list[Counted]:
    """Return the folders of a box with their unread letters."""
    held = folders(box)
    rows = items.unseen(box).exclude(filed_in=None).order_by() if held else Item.objects.none()
    unread = dict(rows.values_list("filed_in").annotate(n=Count("pk")))
    return [Counted(folder=one, unread=unread.get(one.pk, 0)) for one in held]


def folder(seat: Seat, handle: str, *, now: datetime) -> MailFolder | None:
    """Return a folder of a box that the seat may read."""
    return _readable(MailFolder.objects.all(), seat, now).filter(handle=handle).first()


def place(seat: Seat, box: Mailbox, *, now: datetime) -> Place | None:
    """Return the place of a box that the seat may read."""
    return answered.place_of(seat, box, now=now)


def filters(box: Mailbox | None) -> list[MailFilter]:
    """Return the filters of a box in their order."""
    rows = MailFilter.objects.filter(mailbox=box).select_related("folder", "mailbox") if box else []
    return sorted(rows, key=lambda one: (one.position, one.pk))


def filter_(seat: Seat, handle: str, *, now: datetime) -> MailFilter | None:
    """Return a filter of a box that the seat may read."""
    return _readable(MailFilter.objects.select_related("folder"), seat, now).filter(handle=handle).first()


def trial(box: Mailbox | None, wanted: Asked) -> Trial:
    """Return which of the latest letters of a box a filter would have taken; nothing moves."""
    latest = list(items.received(box)[:TRIED])
    return Trial(
        of=len(latest),
        taken=tuple(one for one in latest if not one.message.recalled_at and fits(wanted, said(one.message))),
    )


def _readable(rows: QuerySet[_Row], seat: Seat, now: datetime) -> QuerySet[_Row]:
    boxes = [one.pk for one in answered.boxes(seat, now=now)]
    return rows.filter(agency=seat.agency, mailbox__in=boxes).select_related("mailbox")

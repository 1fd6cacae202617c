"""What lies in boxes: lists, conversations, one item."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Q, QuerySet

from congvu.directory.queries import Seat
from congvu.mail.arranging.models import MailFolder
from congvu.mail.models import Item, Mailbox, Message
from congvu.mail.queries import answering, delegating, places

_BOX = ("mailbox__person", "mailbox__address")
LISTED = ("message__recipients",)  # long, and only the list of sent mail shows it


def inbox(box: Mailbox | None) -> QuerySet[Item]:
    """Return what came into a box and is not filed, the newest first."""
    return _folder(box, Item.Folder.INBOX).defer(*LISTED)


def sent(box: Mailbox | None) -> QuerySet[Item]:
    """Return what was sent from a box, the newest first."""
    return _folder(box, Item.Folder.SENT)


def filed(box: Mailbox | None) -> QuerySet[Item]:
    """Return all that was filed in a box, whatever the folder, the newest first."""
    return _folder(box, Item.Folder.FILED).defer(*LISTED)


def filed_in(folder: MailFolder) -> QuerySet[Item]:
    """Return what lies in a folder of one's own, the newest first."""
    return _listed(Item.objects.filter(filed_in=folder)).defer(*LISTED)


def received(box: Mailbox | None) -> QuerySet[Item]:
    """Return what came into a box, wherever it lies now, the newest first; nothing that was imported."""
    if box is None:
        return Item.objects.none()
    rows = Item.objects.filter(mailbox=box).exclude(folder=Item.Folder.SENT)
    return _listed(rows.exclude(message__channel="import"))


def unseen(box: Mailbox | None) -> QuerySet[Item]:
    """Return what came into a box and nobody has opened, wherever it lies: neither recalled nor imported."""
    return received(box).filter(opened_at=None, message__recalled_at=None)


def to_acknowledge(box: Mailbox | None) -> QuerySet[Item]:
    """Return what still owes an acknowledgement, wherever it lies, the oldest first."""
    return owing(box).select_related("message", *_BOX).order_by("arrived_at", "id")


def unread(box: Mailbox | None) -> int:
    """Return how many items of an inbox nobody has opened, recalled ones left out."""
    if box is None:
        return 0
    rows = Item.objects.filter(mailbox=box, folder=Item.Folder.INBOX, opened_at=None)
    return rows.filter(message__recalled_at=None).count()


def owing(box: Mailbox | None) -> QuerySet[Item]:
    """Return the items of a box whose acknowledgement the sender still waits for, the oldest first."""
    if box is None:
        return Item.objects.none()
    rows = Item.objects.filter(mailbox=box, owes_acknowledgement=True, acknowledged_at=None)
    return rows.filter(message__recalled_at=None).select_related("message", "mailbox").order_by("arrived_at")


def item(seat: Seat, handle: str, *, now: datetime) -> Item | None:
    """Return an item that the seat may read; None when there is none or it is another's."""
    readable = [one.pk for one in places.boxes(seat, now=now)]
    rows = Item.objects.filter(agency=seat.agency, handle=handle)
    return _whole(rows.filter(_open_to(seat, readable) | delegating.open_to(seat))).first()


def items(seat: Seat, handles: Sequence[str], *, now: datetime) -> list[Item]:
    """Return those items of these that the seat may read, the newest first."""
    readable = [one.pk for one in places.boxes(seat, now=now)]
    rows = Item.objects.filter(agency=seat.agency, handle__in=handles, mailbox__in=readable)
    return list(_whole(rows).order_by("-arrived_at", "-id"))


def conversation(seat: Seat, thread: str, *, now: datetime) -> list[Item]:
    """Return the items of a conversation in the seat's boxes, the oldest first, each message once."""
    readable = [one.pk for one in places.boxes(seat, now=now)]
    rows = Item.objects.filter(agency=seat.agency, thread=thread).filter(_open_to(seat, readable))
    found: dict[int, Item] = {}
    for one in _whole(rows).order_by("message__accepted_at", "message_id", "-folder"):
        found[one.message_id] = one  # of the copies of one message the last in order: sent, inbox, filed
    return list(found.values())


def of_messages(boxes: Sequence[Mailbox], handles: Sequence[str]) -> list[Item]:
    """Return items in boxes by the handles of their messages, in that order."""
    rows = Item.objects.filter(mailbox__in=[one.pk for one in boxes], message__handle__in=handles)
    rows = rows.filter(Q(message__recalled_at=None) | Q(opened_at__isnull=False) | Q(folder=Item.Folder.SENT))
    by_message = {one.message.handle: one for one in rows.select_related("message", *_BOX)}
    return [by_message[one] for one in handles if one in by_message]


def item_of(message: Message, boxes: Sequence[Mailbox]) -> Item | None:
    """Return the item of a message in one of these boxes."""
    rows = Item.objects.filter(message=message, mailbox__in=[one.pk for one in boxes])
    return rows.order_by(F("folder").desc()).first()


def _open_to(seat: Seat, boxes: Sequence[int]) -> Q:
    """Return the condition that an item lies in one of these boxes or was given to the person to answer."""
    return Q(mailbox__in=boxes) | Q(pk__in=answering.assigned(seat).values("item"))


def _folder(box: Mailbox | None, folder: Item.Folder) -> QuerySet[Item]:
    if box is None:
        return Item.objects.none()
    return _listed(Item.objects.filter(mailbox=box, folder=folder))


def _listed(rows: QuerySet[Item]) -> QuerySet[Item]:
    return rows.select_related("message", *_BOX).order_by("-arrived_at", "-id")


def _whole(rows: QuerySet[Item]) -> QuerySet[Item]:
    return rows.select_related(
        "message__agency",
        "message__sender",
        "mailbox__agency",
        "mailbox__address__agency",
        "mailbox__person",
        "mailbox__unit",
        "filed_in",
    )

"""The duty that hangs on a message in a box, with its article and due time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from congvu.directory.models import Agency
from congvu.mail.models import Item, Mailbox
from congvu.rules import queries as rules
from congvu.rules import shelf
from congvu.rules.duties import Duty
from congvu.rules.models import Obligation

ACKNOWLEDGED = "mail.message.acknowledged"
LOOKED_BACK = timedelta(days=3)


def to_acknowledge(agency: Agency, items: Sequence[Item]) -> dict[int, Duty]:
    """Return the duties to acknowledge, by the item's key; items without a judged duty are absent."""
    owing = {(one.message.handle, _bearer(one)): one for one in items if one.owes_acknowledgement}
    seen = rules.as_of(agency=agency.handle)
    if not owing or seen is None:
        return {}
    letters, bearers = zip(*owing, strict=True)
    named = Obligation.objects.filter(~Q(subject=""), agency=agency)  # in these words, else no index serves
    rows = named.filter(bearer__in=set(bearers), subject__in=set(letters))
    wanted = ((owing.get((row.subject, row.bearer)), row) for row in rows.filter(is_window=False))
    return {item.pk: rules.duty_of(row, seen) for item, row in wanted if item}


def overdue(agency: Agency, *, since: datetime | None) -> list[Item]:
    """Return items whose duty to acknowledge, as judged so far, fell due after an instant and is still open."""
    seen = rules.as_of(agency=agency.handle)
    if seen is None:
        return []
    late = Obligation.objects.filter(
        agency=agency, due_at__gt=since or seen - LOOKED_BACK, due_at__lte=seen, is_window=False
    )
    rows = late.filter(fulfilled_at=None, annulled_at=None)
    owed = {(row.subject, row.bearer) for row in rows if row.subject and _is_to_acknowledge(row)}
    items = Item.objects.filter(
        agency=agency,
        message__handle__in={subject for subject, _bearer in owed},
        owes_acknowledgement=True,
        acknowledged_at=None,
        message__recalled_at=None,
    ).select_related("message__agency", "mailbox__address__agency", "mailbox__person")
    return [one for one in items if (one.message.handle, _bearer(one)) in owed]


def _is_to_acknowledge(row: Obligation) -> bool:
    book = shelf.version(row.book, row.version)
    norm = book.norm(row.norm) if book else None
    return norm is not None and norm.fulfil is not None and norm.fulfil.kind == ACKNOWLEDGED


def _bearer(item: Item) -> str:
    """Return who owes, as the evidence names it: the person of a personal box, else the box's address."""
    box = item.mailbox
    if box.kind == Mailbox.Kind.PERSONAL and box.person:
        return box.person.handle
    return box.address.handle

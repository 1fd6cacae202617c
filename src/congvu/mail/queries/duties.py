"""The duty that hangs on a message in a box, with its article and due time."""

from collections.abc import Sequence

from congvu.directory.models import Agency
from congvu.mail.models import Item, Mailbox
from congvu.rules import queries as rules
from congvu.rules.duties import Duty
from congvu.rules.models import Obligation


def to_acknowledge(agency: Agency, items: Sequence[Item]) -> dict[int, Duty]:
    """Return the duties to acknowledge, by the item's key; items without a judged duty are absent."""
    owing = {(one.message.handle, _bearer(one)): one for one in items if one.owes_acknowledgement}
    seen = rules.as_of(agency=agency.handle)
    if not owing or seen is None:
        return {}
    letters, bearers = zip(*owing, strict=True)
    rows = Obligation.objects.filter(agency=agency, bearer__in=set(bearers), subject__in=set(letters))
    wanted = ((owing.get((row.subject, row.bearer)), row) for row in rows.filter(is_window=False))
    return {item.pk: rules.duty_of(row, seen) for item, row in wanted if item}


def _bearer(item: Item) -> str:
    """Return who owes, as the evidence names it: the person of a personal box, else the box's address."""
    box = item.mailbox
    if box.kind == Mailbox.Kind.PERSONAL and box.person:
        return box.person.handle
    return box.address.handle

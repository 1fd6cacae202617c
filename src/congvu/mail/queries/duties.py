"""The duty that hangs on a message in a box, with its article and due time."""

from collections.abc import Sequence

from congvu.directory.models import Agency
from congvu.mail.models import Item, Mailbox
from congvu.rules import queries as rules
from congvu.rules.duties import Duty
from congvu.rules.models import Obligation


def to_acknowledge(agency: Agency, items: Sequence[Item]) -> dict[int, Duty]:
    """Return the duties to acknowledge, by the item's key; items without a judged duty are absent."""
    owing = {one.message.handle: one for one in items if one.owes_acknowledgement}
    seen = rules.as_of(agency=agency.handle)
    if not owing or seen is None:
        return {}
    bearers = {_bearer(one) for one in owing.values()}
    rows = Obligation.objects.filter(agency=agency, bearer__in=bearers, subject__in=owing, is_window=False)
    found = {}
    for row in rows:
        item = owing[row.subject]
        if row.bearer == _bearer(item):
            found[item.pk] = rules.duty_of(row, seen)
    return found


def _bearer(item: Item) -> str:
    """Return who owes, as the evidence names it: the person of a personal box, else the box's address."""
    box = item.mailbox
    if box.kind == Mailbox.Kind.PERSONAL and box.person:
        return box.person.handle
    return box.address.handle

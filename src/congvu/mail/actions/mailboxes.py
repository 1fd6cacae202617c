"""Opening mailboxes, when their first message comes."""

from collections.abc import Iterable
from datetime import datetime

from congvu.base.rows import Remembered, marks
from congvu.mail.models import Key, Mailbox
from congvu.mail.queries.routes import Route

_BOXES = Remembered(Mailbox.objects.all)

Boxes = dict[Key, Mailbox]


def boxes_of(
    routes: Iterable[Route], *, at: datetime
) -> Boxes:  # no-evidence: the address was given with evidence
    """Return the mailboxes of routes by their key, opening those that are missing; inside a transaction."""
    wanted = {one.key: one for one in routes}
    asked = sorted({key[0] for key in wanted})
    boxes = {box.key: box for box in (_BOXES.find(f"address_id IN ({marks(asked)})", asked) if asked else ())}
    missing = [
        Mailbox(
            agency=one.agency,
            kind=one.kind,
            address=one.address,
            person=one.person,
            unit=one.unit,
            opened_at=at,
        )
        for key, one in wanted.items()
        if key not in boxes
    ]
    opened = Mailbox.objects.bulk_create(missing) if missing else []
    return boxes | {box.key: box for box in opened}

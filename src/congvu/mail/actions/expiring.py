"""Acknowledgements whose time ended without them: a fact about the message, for its sender. ETSI EN 319 522-1, C.5."""

from collections.abc import Iterable
from datetime import datetime

from congvu.base.database import atomic
from congvu.directory.models import Agency
from congvu.directory.queries import email
from congvu.mail import events
from congvu.mail.actions import evidence
from congvu.mail.actions.evidence import Step
from congvu.mail.models import Item, Receipt
from congvu.mail.queries import duties


def note_expired(agency: Agency, *, since: datetime | None, now: datetime) -> int:
    """Record, once for each item, which duties to acknowledge fell due after an instant and are open; return how many.

    Only what the rules have judged already can expire. `since` None looks back over some days.
    """
    if not duties.overdue(agency, since=since):
        return 0
    with atomic():
        items = _unsaid(duties.overdue(agency, since=since))
        evidence.keep([_step(one, now) for one in items])
    return len(items)


def _unsaid(items: Iterable[Item]) -> list[Item]:
    found = list(items)
    rows = Receipt.objects.filter(message__in={one.message_id for one in found}, step=Receipt.Step.EXPIRED)
    said = {(row.message_id, row.recipient) for row in rows}
    return [one for one in found if (one.message_id, email(one.mailbox.address)) not in said]


def _step(item: Item, now: datetime) -> Step:
    box = item.mailbox
    return Step(
        message=item.message,
        step=Receipt.Step.EXPIRED,
        event=events.AcknowledgementExpired(box=box.kind, reason="no_acknowledgement"),
        at=now,
        recipient=email(box.address),
        disclosures={"mailbox": box.handle, "address": box.address.handle},
    )

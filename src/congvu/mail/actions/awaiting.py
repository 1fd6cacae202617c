"""Receipts of certified providers: awaited from the hand-over on until a verified one comes. RFC 6109, 3.3.2."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from congvu.mail.certified import domains, pec
from congvu.mail.certified.models import AwaitedReceipt, Statement
from congvu.mail.certified.vocabulary import NEGATIVE, Evidence
from congvu.mail.models import Transfer

TAKEN = frozenset({Evidence.RELAY_ACCEPTANCE})
ARRIVED = frozenset(
    {
        Evidence.CONTENT_CONSIGNMENT,
        Evidence.CONTENT_HANDOVER,
        Evidence.CONTENT_ACCESS_TRACKING,
        Evidence.CONSIGNMENT_ACCEPTANCE,
    }
)
ENDING = ARRIVED | (NEGATIVE - {Evidence.SUBMISSION_REJECTION})


def expect(
    transfers: Iterable[Transfer], *, now: datetime
) -> None:  # no-evidence: its caller records the hand-over
    """Await in the open transaction the receipts of those recipients whose provider is a certified one."""
    certified = [one for one in transfers if domains.is_certified(one.recipient)]
    rows = [
        AwaitedReceipt(
            agency_id=one.agency_id,
            message_id=one.message_id,
            recipient=one.recipient,
            since_at=now,
            due_at=now + pec.WARNING,
        )
        for one in certified
    ]
    if rows:
        AwaitedReceipt.objects.bulk_create(rows, ignore_conflicts=True)
        early = Statement.objects.filter(message__in={one.message_id for one in certified}).exclude(entry="")
        satisfy(list(early))


def satisfy(statements: Sequence[Statement]) -> None:  # no-evidence: its caller has recorded the statements
    """Await less, in the open transaction, after what verified receipts say."""
    for one in statements:
        rows = AwaitedReceipt.objects.filter(message=one.message_id, due_at__isnull=False)
        concerned = rows.filter(recipient=one.recipient) if one.recipient else rows
        for row in concerned:
            if one.event in ENDING:
                row.due_at = None
            elif one.event in TAKEN:
                row.due_at = row.since_at + pec.FAILURE
            row.save(update_fields=["due_at"])

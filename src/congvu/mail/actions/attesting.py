"""What other sides say of messages becomes evidence once the signature over it was found valid."""

from collections.abc import Collection, Sequence
from datetime import datetime

from congvu.mail import events
from congvu.mail.actions import awaiting, evidence
from congvu.mail.actions.evidence import Step
from congvu.mail.certified import pec
from congvu.mail.certified.models import Statement
from congvu.mail.models import Receipt


def attest(carriers: Collection[int], *, at: datetime) -> None:
    """Record in the open transaction what messages say whose signatures were just found valid, each thing once."""
    fresh = Statement.objects.filter(carrier__in=carriers, is_covered=True, entry="").select_related(
        "message__agency", "carrier"
    )
    rows = _unsaid(list(fresh.exclude(word=pec.TRANSPORT).order_by("id")))
    entries = evidence.keep([_step(row, at) for row in rows])
    for row, entry in zip(rows, entries, strict=True):
        row.entry = entry
    Statement.objects.bulk_update(rows, ["entry"])
    awaiting.satisfy(rows)


def _unsaid(rows: Sequence[Statement]) -> list[Statement]:
    """Leave out what the same receipt, sent twice, has said already."""
    of = Statement.objects.filter(message__in={row.message_id for row in rows}).exclude(entry="")
    known = {_key(one) for one in of}
    return list({_key(row): row for row in reversed(rows) if _key(row) not in known}.values())[::-1]


def _key(row: Statement) -> tuple[int, str, str, str]:
    return row.message_id, row.word, row.recipient, row.identifier


def _step(row: Statement, at: datetime) -> Step:
    disclosures = {"carrier": row.carrier.handle, "carrier_digest": row.carrier.digest}
    if row.recipient:
        disclosures["recipient_address"] = row.recipient
    return Step(
        message=row.message,
        step=Receipt.Step.ATTESTED,
        event=events.StatementVerified(scheme=row.scheme, event=row.event or "none"),
        at=at,
        recipient=row.recipient,
        disclosures=disclosures,
    )

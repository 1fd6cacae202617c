"""One step of a message: its event in the ledger and its receipt beside the message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from congvu.base import rows
from congvu.ledger.actions import Record, record_many
from congvu.ledger.events import Event
from congvu.mail.models import Message, Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What happened to a message; `recipient` is the address that it concerns, "" for all.

    The message's handle and digest are disclosed besides `disclosures`.
    """

    message: Message
    step: Receipt.Step
    event: Event
    at: datetime
    recipient: str = ""
    disclosures: Mapping[str, str] = field(default_factory=dict)


def keep(steps: Sequence[Step]) -> list[str]:
    """Record steps in the open transaction, keep the receipts that find their entries, and return these."""
    if not steps:
        return []
    entries = record_many([_record(one) for one in steps])
    receipts = [
        Receipt(
            agency_id=one.message.agency_id,
            message=one.message,
            step=one.step,
            recipient=one.recipient,
            at=one.at,
            entry=entry,
        )
        for one, entry in zip(steps, entries, strict=True)
    ]
    rows.insert(receipts)
    return entries


def _record(one: Step) -> Record:
    return Record(
        event=one.event,
        agency=one.message.agency.handle,
        at=one.at,
        disclosures={"message": one.message.handle, "digest": one.message.digest, **one.disclosures},
    )

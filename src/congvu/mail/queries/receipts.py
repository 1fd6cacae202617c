"""How far a message came, with the evidence of each step."""

from collections.abc import Sequence
from dataclasses import dataclass

from congvu.ledger import queries as ledger
from congvu.mail.models import Mailbox, Message, Receipt, Transfer
from congvu.mail.policies import sees_all_steps


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """A receipt, and whether a signed checkpoint covers its entry."""

    receipt: Receipt
    is_proven: bool


def steps(message: Message, boxes: Sequence[Mailbox]) -> list[StepShown]:
    """Return the steps of a message that a reader of these boxes may see: the sender all, a recipient the own."""
    rows = list(visible(message, boxes))
    proven = {one.id for one in ledger.entries([row.entry for row in rows], agency=message.agency.handle)}
    return [StepShown(receipt=row, is_proven=row.entry in proven) for row in rows]


def visible(message: Message, boxes: Sequence[Mailbox]) -> list[Receipt]:
    """Return the receipts of a message that a reader of these boxes may see, in order."""
    rows = Receipt.objects.filter(message=message).select_related("message__agency").order_by("at", "id")
    if sees_all_steps(message, list(boxes)):
        return list(rows)
    own = {f"{one.address.local_part}@{one.address.agency.domain}" for one in boxes}
    return [row for row in rows if not row.recipient or row.recipient in own]


def transfers(message: Message) -> list[Transfer]:
    """Return how far a message came to each of its recipients, for its sender."""
    return list(Transfer.objects.filter(message=message).order_by("id"))


def acknowledged_by(message: Message) -> dict[str, Receipt]:
    """Return the acknowledgements of a message by recipient."""
    rows = Receipt.objects.filter(message=message, step=Receipt.Step.ACKNOWLEDGED)
    return {row.recipient: row for row in rows}

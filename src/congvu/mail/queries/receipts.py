"""How far a message came, with the evidence of each step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from congvu.directory.queries import email
from congvu.mail import reasons
from congvu.mail.models import Item, Mailbox, Message, Receipt, Transfer


def visible(message: Message, boxes: Sequence[Mailbox]) -> list[Receipt]:
    """Return the receipts of a message that a reader of these boxes may see, in order.

    That an administrator read it is the business of the box's owner, not of the sender.
    """
    rows = Receipt.objects.filter(message=message).select_related("message__agency").order_by("at", "id")
    own = {email(one.address) for one in boxes}
    if sees_all_steps(message, boxes):
        return [row for row in rows if row.step != Receipt.Step.INSPECTED or row.recipient in own]
    return [row for row in rows if not row.recipient or row.recipient in own]


def inspections(item: Item) -> list[datetime]:
    """Return when administrators of the mail server read an item in its box, the latest first."""
    rows = Receipt.objects.filter(
        message=item.message_id, step=Receipt.Step.INSPECTED, recipient=email(item.mailbox.address)
    )
    return list(rows.order_by("-at", "-id").values_list("at", flat=True)[:20])


_ALWAYS = frozenset({"message", "digest"})
_WHERE = {
    Receipt.Step.JOURNALED: "address",
    Receipt.Step.DELIVERED: "address",
    Receipt.Step.RELAYED: "recipient_address",
    Receipt.Step.PARKED: "recipient_address",
    Receipt.Step.FETCHED: "address",
    Receipt.Step.OPENED: "address",
    Receipt.Step.ACKNOWLEDGED: "address",
    Receipt.Step.CONFIRMED: "recipient_address",
    Receipt.Step.PASSED: "recipient_address",
    Receipt.Step.UNANSWERED: "recipient_address",
    Receipt.Step.FAILED: "recipient_address",
    Receipt.Step.IMPORTED: "address",
    Receipt.Step.INSPECTED: "address",
    Receipt.Step.EXPIRED: "address",
    Receipt.Step.OVERDUE: "recipient_address",
    Receipt.Step.MISSING: "recipient_address",
    Receipt.Step.ATTESTED: "recipient_address",
}


def needed(receipt: Receipt) -> frozenset[str]:
    """Return the disclosures without which a receipt proves nothing of its step: which message, and to where."""
    where = _WHERE.get(Receipt.Step(receipt.step))
    return _ALWAYS | {where} if where else _ALWAYS


def sees_all_steps(message: Message, boxes: Sequence[Mailbox]) -> bool:
    """Return whether a reader of these boxes is the message's sender; a recipient sees only the own steps."""
    return message.sender_id is not None and message.sender_id in {one.pk for one in boxes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a message came to one recipient: the last step, and the sentence why when it failed or waits."""

    recipient: str
    step: str
    at: datetime | None
    attempts: int = 0
    reason: str = ""
    answer: str = ""

    @property
    def sentence(self) -> Promise | str:
        """Return what people are told about the reason."""
        return reasons.sentence(self.reason) if self.reason else ""

    @property
    def advice(self) -> Promise | str:
        """Return what the sender can do about it."""
        return reasons.advice(self.reason) if self.reason and self.step == Receipt.Step.FAILED else ""


RANK = {
    name: number
    for number, name in enumerate(
        (
            "queued",
            "journaled",
            "parked",
            "delivered",
            "relayed",
            "unanswered",
            "passed",
            "confirmed",
            "fetched",
            "opened",
            "acknowledged",
            "failed",
        )
    )
}


def progress(message: Message) -> list[Progress]:
    """Return the last step of a message for each of its recipients, for its sender."""
    rows = Receipt.objects.filter(message=message).exclude(recipient="").order_by("at", "id")
    last: dict[str, Receipt] = {}
    for row in rows:
        known = last.get(row.recipient)
        is_further = known is None or RANK.get(row.step, 0) >= RANK.get(known.step, 0)
        if is_further or (known and known.step == Receipt.Step.FAILED):  # recalled while it went out
            last[row.recipient] = row
    return [
        _progress(one, last.get(one.recipient))
        for one in Transfer.objects.filter(message=message).order_by("id")
    ]


def _progress(transfer: Transfer, receipt: Receipt | None) -> Progress:
    return Progress(
        recipient=transfer.recipient,
        step=receipt.step if receipt else transfer.state,
        at=receipt.at if receipt else transfer.next_at,
        attempts=transfer.attempts,
        reason=transfer.reason,
        answer=transfer.answer,
    )

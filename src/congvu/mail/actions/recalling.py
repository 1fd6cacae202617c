"""Taking a message back: hidden from those who have not opened it, marked for those who have."""

from dataclasses import dataclass
from datetime import datetime

from congvu.base.database import atomic
from congvu.directory.queries import Seat
from congvu.mail import events, reasons
from congvu.mail.actions import evidence
from congvu.mail.actions.answers import failure
from congvu.mail.actions.evidence import Step
from congvu.mail.models import Item, Message, Receipt, Transfer
from congvu.mail.policies import NotAllowedError, may_read

_STATE = Transfer.State
GONE = (_STATE.RELAYED, _STATE.CONFIRMED, _STATE.PASSED, _STATE.UNANSWERED)


class AlreadyRecalledError(Exception):
    """The message was recalled before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """How many recipients no longer see the message, saw it before, or have it on another server."""

    withheld: int
    seen: int
    gone: int


def recall(*, seat: Seat, message: Message, now: datetime) -> Recall:
    """Take back a message that the seat's box sent; what still waits for the relay never leaves.

    What the relay is taking at this moment is recorded as handed over once it has said so. Nobody owes an
    acknowledgement any more. Raises NotAllowedError or AlreadyRecalledError.
    """
    if message.sender is None or not may_read(seat, message.sender, now=now):
        raise NotAllowedError
    with atomic():
        if not Message.objects.filter(pk=message.pk, recalled_at=None).update(recalled_at=now):
            raise AlreadyRecalledError
        message.recalled_at = now
        evidence.keep([_recalled(seat, message, now), *_stop(message, now)])
        items = Item.objects.filter(message=message).exclude(folder=Item.Folder.SENT)
        relayed = Transfer.objects.filter(message=message, state__in=GONE)
        return Recall(
            withheld=items.filter(opened_at=None).count(),
            seen=items.filter(opened_at__isnull=False).count(),
            gone=relayed.count(),
        )


def _stop(message: Message, now: datetime) -> list[Step]:
    waiting = Transfer.objects.filter(message=message, state=Transfer.State.QUEUED)
    rows = list(waiting.select_related("message__agency"))
    for row in rows:
        row.state, row.reason, row.next_at = Transfer.State.FAILED, reasons.RECALLED, None
    Transfer.objects.bulk_update(rows, ["state", "reason", "next_at"])
    return [failure(row, at=now) for row in rows]


def _recalled(seat: Seat, message: Message, now: datetime) -> Step:
    return Step(
        message=message,
        step=Receipt.Step.RECALLED,
        event=events.MessageRecalled(),
        at=now,
        disclosures={"actor": seat.person.handle},
    )

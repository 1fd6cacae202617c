"""Receipts of certified providers that did not come within 12 and 24 hours: evidence, and a notice to the sender."""

import contextlib
from collections.abc import Sequence
from datetime import datetime

from congvu.base.database import atomic
from congvu.directory.queries import email
from congvu.mail import events
from congvu.mail.actions import evidence
from congvu.mail.actions.accepting import NobodyError, post
from congvu.mail.actions.evidence import Step
from congvu.mail.certified import alarm, pec
from congvu.mail.certified.models import SIGNED, AwaitedReceipt, Statement
from congvu.mail.models import Message, Receipt, Transfer
from congvu.mail.parcels import from_system

AT_ONCE = 500
FIRST, LAST = 12, 24  # hours


def note_missed(*, now: datetime) -> int:
    """Record whose receipts did not come in time and tell the senders, once after 12 hours and once after 24."""
    due = AwaitedReceipt.objects.filter(due_at__lte=now).order_by("due_at")
    if not due.exists():
        return 0
    with atomic():
        rows = list(due.select_related("message__agency", "message__sender__address__agency")[:AT_ONCE])
        missed = [(row, _hours(row)) for row in rows if not _has_failed(row)]
        evidence.keep([_step(row, hours, now) for row, hours in missed])
        for row in rows:
            is_over = _has_failed(row) or _hours(row) == LAST
            row.due_at = None if is_over else row.since_at + pec.FAILURE
        AwaitedReceipt.objects.bulk_update(rows, ["due_at"])
        _tell(missed, now)
    return len(rows)


def _hours(row: AwaitedReceipt) -> int:
    return FIRST if row.due_at == row.since_at + pec.WARNING else LAST


def _has_failed(row: AwaitedReceipt) -> bool:
    """Tell whether another report has ended the matter already."""
    failed = Transfer.objects.filter(message=row.message_id, recipient=row.recipient)
    return failed.filter(state=Transfer.State.FAILED).exists()


def _step(row: AwaitedReceipt, hours: int, now: datetime) -> Step:
    said = Statement.objects.filter(message=row.message_id, recipient__in=("", row.recipient))
    is_unverified = said.filter(scheme__in=SIGNED).filter(entry="").exists()
    return Step(
        message=row.message,
        step=Receipt.Step.OVERDUE if hours == FIRST else Receipt.Step.MISSING,
        event=events.ReceiptMissed(
            scheme="pec", hours=hours, reason="unverified_receipt" if is_unverified else "no_receipt"
        ),
        at=now,
        recipient=row.recipient,
        disclosures={"recipient_address": row.recipient},
    )


def _tell(missed: Sequence[tuple[AwaitedReceipt, int]], now: datetime) -> None:
    """Lay one notice for each message and time-out into the inbox of its sender, if there still is one."""
    by_message: dict[tuple[Message, int], list[str]] = {}
    for row, hours in missed:
        by_message.setdefault((row.message, hours), []).append(row.recipient)
    for (message, hours), recipients in by_message.items():
        if message.sender is not None:
            own = email(message.sender.address)
            raw = alarm.letter(message, recipients, to=own, hours=hours, at=now)
            with contextlib.suppress(NobodyError):  # the sender has left; the receipts page says it
                post(from_system(raw, to=[own], at=now))

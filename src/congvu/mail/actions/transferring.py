"""Mail to others: what the relay said becomes a state, evidence, and a report to the sender when it failed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from congvu.base import blobs
from congvu.base.database import atomic
from congvu.directory.queries import email
from congvu.mail import compose, reasons, relay, reports, timeouts
from congvu.mail.actions import awaiting, evidence
from congvu.mail.actions.accepting import store
from congvu.mail.actions.answers import failure, handed_over
from congvu.mail.actions.evidence import Step
from congvu.mail.addresses import normal
from congvu.mail.bounces import causes
from congvu.mail.models import Message, Transfer
from congvu.mail.parcels import from_system, unsealed
from congvu.mail.relay import Outcome

LEASE = timedelta(minutes=15)  # a process that died while it spoke with the relay tries again after this
LONGEST_ANSWER = 1_000
EXPIRED_STATUS = "4.4.7"
FAILED_STATUS = "5.0.0"


def claim(transfers: Sequence[Transfer], *, now: datetime) -> list[Transfer]:  # no-evidence: a lease, no act
    """Take transfers for an attempt, so that nobody else sends them meanwhile; return those that were free."""
    with atomic():
        free = Transfer.objects.filter(pk__in=[one.pk for one in transfers], state=Transfer.State.QUEUED)
        taken = set(free.filter(next_at__lte=now).values_list("pk", flat=True))
        Transfer.objects.filter(pk__in=taken).update(next_at=now + LEASE)
    return [one for one in transfers if one.pk in taken]


def note_outcomes(
    message: Message, transfers: Sequence[Transfer], outcomes: Sequence[Outcome], *, now: datetime
) -> None:
    """Take over what the relay said about each recipient of a message; the attempt is over.

    What was recalled meanwhile and went out all the same is evidence too: it is recorded as handed over.
    """
    said = {normal(one.recipient): one for one in outcomes}
    with atomic():
        known = Transfer.objects.select_related("message__agency").filter(
            pk__in=[one.pk for one in transfers]
        )
        paired = [(row, said[normal(row.recipient)]) for row in known if normal(row.recipient) in said]
        rows = [(row, outcome) for row, outcome in paired if _concerns(row, outcome)]
        steps = [step for row, outcome in rows for step in _take(row, outcome, now)]
        Transfer.objects.bulk_update(
            [row for row, _ in rows], ["state", "attempts", "next_at", "reason", "answer"]
        )
        evidence.keep(steps)
        awaiting.expect([row for row, _ in rows if row.state == Transfer.State.RELAYED], now=now)
        _report(message, [(row, one) for row, one in rows if row.state == Transfer.State.FAILED], now)


def _concerns(row: Transfer, outcome: Outcome) -> bool:
    if row.state == Transfer.State.QUEUED:
        return True
    return outcome.state == "relayed" and (row.state, row.reason) == (Transfer.State.FAILED, reasons.RECALLED)


def _take(row: Transfer, outcome: Outcome, now: datetime) -> list[Step]:
    row.attempts += 1
    row.answer = outcome.text[:LONGEST_ANSWER]
    row.next_at = None
    if outcome.state == "relayed":
        row.reason = "" if row.state == Transfer.State.FAILED else row.reason
        row.state = Transfer.State.RELAYED
        row.next_at = (
            None if row.message.automatic else now + timeouts.answer_within()
        )  # RFC 3834, 4: none is asked for
        return [handed_over(row, at=now)]
    pause = relay.next_attempt(attempts=row.attempts, waited=now - row.message.accepted_at)
    if outcome.state == "temporary" and pause is not None:
        row.next_at, row.reason = now + pause, causes.reason(outcome.status, outcome.text)
        return []
    row.state = Transfer.State.FAILED
    row.reason = (
        reasons.EXPIRED if outcome.state == "temporary" else causes.reason(outcome.status, outcome.text)
    )
    return [failure(row, at=now)]


def _report(message: Message, failed: Sequence[tuple[Transfer, Outcome]], now: datetime) -> None:
    """Lay a report into the sender's inbox; about automatic mail nobody is told (RFC 3834, 4)."""
    if not failed or message.automatic or message.sender is None:
        return
    own, agency = email(message.sender.address), message.agency
    report = reports.Report(
        domain=agency.domain,
        to=own,
        message_id=compose.new_message_id(domain=agency.domain),
        subject=message.subject,
        original=blobs.get(message.blob),
        original_id=message.message_id,
        undelivered=[_undelivered(row, outcome) for row, outcome in failed],
    )
    raw = reports.build(report, at=now, language=agency.language)
    store([unsealed(from_system(raw, to=[own], at=now))])


def _undelivered(row: Transfer, outcome: Outcome) -> reports.Undelivered:
    is_expired = row.reason == reasons.EXPIRED
    status = EXPIRED_STATUS if is_expired else outcome.status or FAILED_STATUS
    return reports.Undelivered(recipient=row.recipient, reason=row.reason, status=status, answer=row.answer)

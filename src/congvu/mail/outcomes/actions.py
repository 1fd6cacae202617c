"""Closing the days of mail, ending the wait for reports, and telling the administrators what is missing."""

import logging
from datetime import date, datetime

from congvu.base.database import atomic
from congvu.directory.models import Agency
from congvu.directory.queries import legal_day
from congvu.ledger.actions import record
from congvu.mail import events
from congvu.mail.actions import evidence
from congvu.mail.actions.accepting import NobodyError, post
from congvu.mail.actions.evidence import Step
from congvu.mail.models import Receipt, Transfer
from congvu.mail.outcomes import notice, queries
from congvu.mail.outcomes.models import MailDay
from congvu.mail.outcomes.queries import Count

log = logging.getLogger(__name__)
AT_ONCE = 500


def note_unanswered(*, now: datetime) -> int:
    """Say of relayed mail about which no report came in time that nobody knows more; return of how many."""
    due = Transfer.objects.filter(state=Transfer.State.RELAYED, next_at__lte=now)
    if not due.exists():
        return 0
    with atomic():
        rows = list(due.select_related("message__agency")[:AT_ONCE])
        for row in rows:
            row.state, row.next_at = Transfer.State.UNANSWERED, None
        Transfer.objects.bulk_update(rows, ["state", "next_at"])
        evidence.keep([_unanswered(row, now) for row in rows])
    return len(rows)


def count_days(agency: Agency, *, now: datetime) -> int:
    """Count again the days that are not closed, once a day each; close those that await nothing more.

    What is found missing or doubled is told to the administrators by mail, when there is more of it than they know.
    """
    today = legal_day(agency, now)
    counted = MailDay.objects.filter(
        agency=agency, closed_at=None, counted_at__gte=queries.bounds(agency, today)[0]
    )
    done = set(counted.values_list("day", flat=True))
    days = [one for one in queries.open_days(agency, now=now) if one not in done]
    for day in days:
        count_day(agency, day, now=now)
    return len(days)


def count_day(agency: Agency, day: date, *, now: datetime) -> MailDay:
    """Count one day, keep its figures, and close it when nothing of it is awaited any more.

    A closed day stays as it is: what becomes known later stands in the receipts.
    """
    found = queries.count(agency, day, now=now)
    with atomic():
        row = MailDay.objects.filter(agency=agency, day=day).first() or MailDay(agency=agency, day=day)
        if row.closed_at is not None:
            return row
        _take(row, found, now)
        if not found.awaited:
            row.closed_at = now
            row.entry = _closed(row, now)
        is_more = len(found.faults) > row.told
        row.told = max(row.told, len(found.faults))
        row.save()
        if is_more:
            _tell(row, found, now)
    return row


def _take(row: MailDay, found: Count, now: datetime) -> None:
    row.submissions, row.outcomes, row.awaited = found.submissions, found.outcomes, found.awaited
    row.missing, row.doubled, row.root, row.counted_at = found.missing, found.doubled, found.root, now


def _closed(row: MailDay, now: datetime) -> str:
    event = events.DayClosed(
        submissions=row.submissions, outcomes=row.outcomes, missing=row.missing, doubled=row.doubled
    )
    disclosures = {"day": row.day.isoformat(), "root": row.root}
    return record(event, agency=row.agency.handle, at=now, disclosures=disclosures)


def _tell(row: MailDay, found: Count, now: datetime) -> None:
    """Lay a notice into the administrators' inboxes; where there is none, the page and the log must do."""
    parcel = notice.parcel(row, found, at=now)
    log.error("mail of %s: %d missing, %d doubled (%s)", row.day, row.missing, row.doubled, row.agency.slug)
    if parcel is None:
        return
    try:
        post(parcel)
    except NobodyError:
        log.exception("no administrator has a mailbox for the notice")


def _unanswered(row: Transfer, at: datetime) -> Step:
    return Step(
        message=row.message,
        step=Receipt.Step.UNANSWERED,
        event=events.MessageUnanswered(),
        at=at,
        recipient=row.recipient,
        disclosures={"recipient_address": row.recipient},
    )

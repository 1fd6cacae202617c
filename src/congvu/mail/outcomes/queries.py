"""Counting a day: rows, receipts, evidence and bytes held against one another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from congvu.base import blobs
from congvu.directory.models import Agency
from congvu.directory.queries import legal_day
from congvu.ledger import queries as ledger
from congvu.mail.models import Message, Receipt
from congvu.mail.outcomes import rows, tracks
from congvu.mail.outcomes.models import MailDay
from congvu.mail.outcomes.tracks import Fault, Track
from congvu.standards import jcs, merkle

BATCH = 500
_KINDS = frozenset(
    f"mail.message.{one}"
    for one in (
        "accepted",
        "journaled",
        "delivered",
        "relayed",
        "failed",
        "confirmed",
        "unanswered",
        "imported",
    )
)
_OF_RECEIPTS = frozenset({*tracks.STEPS, Receipt.Step.ACCEPTED, Receipt.Step.IMPORTED})


@dataclass(slots=True, kw_only=True)
class Count:
    """A day's figures; `awaited` are recipients whose outcome is still in time."""

    submissions: int = 0
    outcomes: int = 0
    awaited: int = 0
    faults: list[Fault] = field(default_factory=list)
    root: str = ""

    @property
    def missing(self) -> int:
        """Return how many things are missing."""
        return sum(one.kind == "missing" for one in self.faults)

    @property
    def doubled(self) -> int:
        """Return how many things stand twice."""
        return sum(one.kind == "doubled" for one in self.faults)


def count(agency: Agency, day: date, *, now: datetime) -> Count:
    """Count a day of an agency as it stood at `now`: which messages came, and what became of each recipient.

    The Merkle root (RFC 6962, 2.1) is over the messages in the order of their handles; two copies of an agency
    have the same root for the same `now` when they hold the same messages with the same outcomes.
    """
    start, end = bounds(agency, day)
    found, leaves = Count(), {}
    for batch in _batches(_messages(agency, start, end)):
        for message, one in _judged(agency, batch, now):
            leaves[message.handle] = merkle.leaf_hash(_leaf(message, one))
            found.submissions += one.submissions
            found.outcomes += sum(track.has_outcome for track in one.tracks)
            found.awaited += sum(track.is_awaited for track in one.tracks)
            found.faults += one.faults
    found.faults += _unmatched(agency, start, end)
    found.root = merkle.root([leaves[one] for one in sorted(leaves)]).hex()
    return found


def bounds(agency: Agency, day: date) -> tuple[datetime, datetime]:
    """Return when a day of an agency begins and ends."""
    zone = ZoneInfo(agency.zone)
    return (
        datetime.combine(day, time(), zone),
        datetime.combine(day + timedelta(days=1), time(), zone),
    )


def open_days(agency: Agency, *, now: datetime) -> list[date]:
    """Return the days before today that are not closed, the oldest first."""
    today = legal_day(agency, now)
    first = _messages_of(agency).order_by("accepted_at").values_list("accepted_at", flat=True).first()
    if first is None:
        return []
    closed = set(MailDay.objects.filter(agency=agency, closed_at__isnull=False).values_list("day", flat=True))
    start = legal_day(agency, first)
    days = (start + timedelta(days=number) for number in range((today - start).days))
    return [one for one in days if one not in closed]


def troubled(agency: Agency) -> QuerySet[MailDay]:
    """Return the days in which something is missing or stands twice, the newest first."""
    return MailDay.objects.filter(Q(missing__gt=0) | Q(doubled__gt=0), agency=agency).order_by("-day")


def newest(agency: Agency, *, limit: int) -> list[MailDay]:
    """Return the days that were counted last."""
    return list(MailDay.objects.filter(agency=agency).order_by("-day")[:limit])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    submissions: int
    tracks: Sequence[Track]
    faults: Sequence[Fault]


def _messages_of(agency: Agency) -> QuerySet[Message]:
    """Return what was answered for; imported archives are no submissions."""
    return Message.objects.filter(agency=agency).exclude(channel="import")


def _messages(agency: Agency, start: datetime, end: datetime) -> QuerySet[Message]:
    return _messages_of(agency).filter(accepted_at__gte=start, accepted_at__lt=end)


def _batches(messages: QuerySet[Message]) -> Iterator[list[Message]]:
    last = 0
    while batch := list(messages.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


def _judged(agency: Agency, messages: Sequence[Message], now: datetime) -> Iterator[tuple[Message, _Judged]]:
    seen = rows.seen(messages, now=now)
    entries = [one.entry for each in seen.values() for one in each.receipts]
    recorded = ledger.recorded(entries, agency=agency.handle)
    gone = blobs.missing([one.blob for one in messages])
    for message in messages:
        one = seen[message.pk]
        found = [fault for track in one.tracks for fault in track.faults(message.handle)]
        found += _of_submission(message, one)
        found += [
            Fault(kind="missing", what="entry", message=message.handle, recipient=receipt.recipient)
            for receipt in one.receipts
            if receipt.entry not in recorded
        ]
        if message.blob in gone:
            found.append(Fault(kind="missing", what="bytes", message=message.handle))
        yield message, _Judged(submissions=min(one.submissions, 1), tracks=one.tracks, faults=found)


def _of_submission(message: Message, one: rows.Seen) -> list[Fault]:
    found: list[Fault] = []
    if one.submissions == 0:
        found.append(Fault(kind="missing", what="submission", message=message.handle))
    if one.submissions > 1:
        found.append(Fault(kind="doubled", what="submission", message=message.handle))
    if not one.tracks:
        found.append(Fault(kind="missing", what="recipient", message=message.handle))
    return found


def _unmatched(agency: Agency, start: datetime, end: datetime) -> Iterator[Fault]:
    """Yield what the evidence of a day tells of messages, and no receipt does: a row was lost."""
    for entries in ledger.between(start, end, agency=agency.handle):
        asked = {one.id: one for one in entries if one.kind in _KINDS}
        kept = Receipt.objects.filter(agency=agency, entry__in=asked, step__in=_OF_RECEIPTS)
        known = set(kept.values_list("entry", flat=True))
        for one in asked.values():
            if one.id not in known:
                yield Fault(
                    kind="missing",
                    what="row",
                    message=one.disclosures.get("message", ""),
                    recipient=one.disclosures.get("recipient_address", ""),
                )


def _leaf(message: Message, one: _Judged) -> bytes:
    """Return what a message is in the tree: its handle, its digest, and the steps of its recipients (RFC 8785)."""
    outcomes = sorted([track.recipient, *track.steps] for track in one.tracks)
    return jcs.encode(
        {
            "digest": message.digest,
            "message": message.handle,
            "outcomes": outcomes,
            "submissions": one.submissions,
        }
    )

"""What is stamped, what should be, and whether a record holds."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from cryptography.x509 import Certificate
from django.conf import settings
from django.db.models import Q

from congvu.ledger import log_keys
from congvu.ledger.models import Ledger, Log, TimeStamp
from congvu.ledger.store import Folder
from congvu.ledger.timestamping import asking, records
from congvu.ledger.timestamping.asking import NotAStampError, Token
from congvu.ledger.timestamping.records import Kept
from congvu.standards import checkpoints, evidence_records

EVERY = timedelta(days=1)


def due(now: datetime) -> Iterator[Log]:
    """Yield logs whose last signed checkpoint is to be stamped: grown by more than its last stamp's own entry."""
    for log in Log.objects.filter(signed_size__gt=0).order_by("agency", "name"):
        last = TimeStamp.objects.filter(agency=log.agency, log=log).order_by("-size").first()
        if last is None or (last.at <= now - EVERY and last.size + 1 < log.signed_size):
            yield log


def fading(now: datetime) -> dict[str, Sequence[TimeStamp]]:
    """Return, by agency, the stamps to be renewed: their last certificate ends soon, or another digest was chosen."""
    end = now + timedelta(days=settings.CONGVU_TIME_AUTHORITY_RENEWAL)
    found: dict[str, list[TimeStamp]] = {}
    wanted = Q(until__lte=end) | ~Q(digest=settings.CONGVU_TIME_AUTHORITY_DIGEST)
    rows = TimeStamp.objects.filter(wanted).select_related("log")
    for row in rows.order_by("agency", "log", "size"):
        found.setdefault(row.agency, []).append(row)
    return dict(found)


def unregistered() -> Iterator[tuple[Log, int]]:
    """Yield records on disk that the database does not know: a crash came between, or it was rebuilt."""
    for ledger in Ledger.objects.all():
        for log in Log.objects.filter(agency=ledger.agency):
            known = set(TimeStamp.objects.filter(log=log).values_list("size", flat=True))
            for size in records.sizes(Folder.of(ledger.slug, log.name)):
                if size not in known:
                    yield log, size


def verified(log: Log, kept: Kept, *, believed: Sequence[Certificate]) -> list[Token]:
    """Return the stamps of a record, oldest first, when each holds and was renewed before its certificate ended.

    Raises NotAStampError, BrokenRecordError.
    """
    key = log_keys.verifier(log.origin, Folder.of_log(log))
    try:
        head = checkpoints.verify(kept.note.decode(), key=key)
    except ValueError as error:
        raise NotAStampError(f"the log has not signed the note: {error}") from error
    if head.size != kept.size:
        raise NotAStampError("the note is of another size than its name")
    found = [asking.hold(step, believed=believed) for step in evidence_records.steps(kept.record, kept.note)]
    for before, after in pairwise(found):
        if not before.at <= after.at <= before.until:
            raise NotAStampError("a stamp was not renewed in its time")
    return found

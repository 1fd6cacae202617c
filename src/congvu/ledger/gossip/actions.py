"""Keeping what others saw: proofs of misbehaviour, and heads that wait to be compared."""

from datetime import datetime
from hashlib import sha256

from congvu.base import handles
from congvu.base.database import atomic
from congvu.ledger import actions as ledger
from congvu.ledger.events import ConflictProven
from congvu.ledger.gossip.models import LogConflict, OpenQuestion
from congvu.ledger.models import Ledger, Log
from congvu.ledger.neighbors.models import Neighbor
from congvu.ledger.witnesses.recall import FORKED
from congvu.standards import conflicts

MOST = 5  # proofs of one log, and open questions of one witness about one log


def keep_conflict(proof: bytes, *, told_by: str, now: datetime) -> bool:
    """Keep a proof that a log misbehaved, and cosign that log no more; return whether it was new.

    If the log is one of ours, its ledger is sealed. Raises NoConflictError.
    """
    found = conflicts.verify(proof)
    digest = sha256(proof).hexdigest()
    origin = found.key.name
    with atomic():
        kept = list(LogConflict.objects.filter(origin=origin).values_list("digest", flat=True))
        if digest in kept or len(kept) >= MOST:
            return False
        LogConflict.objects.create(
            handle=handles.new(),
            origin=origin,
            sort=found.sort,
            proof=proof,
            digest=digest,
            told_by=told_by,
            found_at=now,
        )
        Neighbor.objects.filter(key=found.key.text, distrusted_at=None).update(distrusted_at=now)
        OpenQuestion.objects.filter(origin=origin).delete()
        own = Log.objects.filter(origin=origin).first()
        ledger.record_everywhere(
            ConflictProven(sort=found.sort, is_own=own is not None),
            at=now,
            disclosures={"log": origin, "digest": digest},
        )
        if own is not None and not own.closing:
            Ledger.objects.filter(agency=own.agency, sealed="").update(sealed=FORKED)
    return True


def keep_open(  # no-evidence: it is tried again
    *, origin: str, size: int, note: str, told_by: str, now: datetime
) -> None:
    """Keep a head that could not be compared with ours yet."""
    with atomic():
        asked = OpenQuestion.objects.filter(origin=origin, told_by=told_by)
        tried = asked.filter(size=size).update(tried_at=now)
        if not tried and asked.count() < MOST:  # the oldest will be the first that our own view has reached
            OpenQuestion.objects.create(
                origin=origin, size=size, note=note, told_by=told_by, asked_at=now, tried_at=now
            )


def close_open(*, origin: str, size: int, told_by: str) -> None:  # no-evidence: one history, nothing happened
    """Forget a head that was found to be of one history with ours."""
    OpenQuestion.objects.filter(origin=origin, size=size, told_by=told_by).delete()


def seal_behind(
    agency: str, reason: str
) -> None:  # no-evidence: a sealed ledger takes none; the gate says it
    """Seal an agency's ledger, since somebody holds a newer head that its own key signed."""
    Ledger.objects.filter(agency=agency, sealed="").update(sealed=reason)

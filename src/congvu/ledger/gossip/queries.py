"""Proofs of misbehaviour that are kept, and what could not be compared yet."""

from dataclasses import dataclass
from datetime import datetime

from congvu.ledger.gossip.models import LogConflict, OpenQuestion

SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """A log that misbehaved: `sort` is same_size or other_prefix; `told_by` had the other head."""

    handle: str
    origin: str
    sort: str
    told_by: str
    found_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven:
    """A head of a log, seen by another witness, that could not be compared with ours since `asked_at`."""

    origin: str
    size: int
    told_by: str
    asked_at: datetime


def conflicts() -> list[Proven]:
    """Return the logs that were proven to misbehave, the newest first."""
    rows = LogConflict.objects.order_by("-pk")
    return [
        Proven(
            handle=row.handle,
            origin=row.origin,
            sort=row.sort,
            told_by=row.told_by,
            found_at=row.found_at,
        )
        for row in rows
    ]


def proof(handle: str) -> bytes | None:
    """Return the portable proof of one conflict."""
    found = LogConflict.objects.filter(handle=handle).values_list("proof", flat=True).first()
    return None if found is None else bytes(found)


def proofs(*, limit: int) -> list[bytes]:
    """Return the newest portable proofs."""
    rows = LogConflict.objects.order_by("-pk").values_list("proof", flat=True)[:limit]
    return [bytes(one) for one in rows]


def unproven() -> list[Unproven]:
    """Return the heads seen elsewhere of which it could not be shown that they are of one history with ours."""
    return [
        Unproven(origin=row.origin, size=row.size, told_by=row.told_by, asked_at=row.asked_at)
        for row in OpenQuestion.objects.order_by("asked_at")
    ]

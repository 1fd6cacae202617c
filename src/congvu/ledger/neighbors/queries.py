"""What this installation remembers as a witness."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from congvu.ledger.neighbors.models import Neighbor, NeighborHead
from congvu.standards import checkpoints, notes
from congvu.standards.witnessing import NOTHING, Head


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A log that is witnessed here, and its newest head; size 0 before the first."""

    origin: str
    key: notes.VerifierKey
    url: str
    size: int
    note: str
    cosigned_at: datetime | None
    distrusted_at: datetime | None = None
    closing: str = ""


def neighbors(*, after: str = "", limit: int | None = None) -> list[Known]:
    """Return the logs that are witnessed here, by origin."""
    rows = _with_heads().filter(origin__gt=after).order_by("origin")[:limit]
    return [_known(row) for row in rows]


def neighbor(origin: str) -> Known | None:
    """Return one log that is witnessed here."""
    row = _with_heads().filter(origin=origin).first()
    return None if row is None else _known(row)


def heads(origin: str) -> Iterator[tuple[checkpoints.Checkpoint, str]]:
    """Yield the heads of a log that are remembered, and their notes, the largest first."""
    for note in (
        NeighborHead.objects.filter(neighbor__origin=origin).order_by("-size").values_list("note", flat=True)
    ):
        yield checkpoints.parse(notes.parse(note).text), note


def seen(neighbor: Neighbor) -> Head:
    """Return the last head that was cosigned of a log."""
    newest = NeighborHead.objects.filter(neighbor=neighbor).order_by("-size").first()
    return NOTHING if newest is None else Head(newest.size, notes.decode_base64(newest.root))


def _with_heads() -> "QuerySet[Neighbor]":
    newest = NeighborHead.objects.filter(neighbor=OuterRef("pk")).order_by("-size")
    columns = {
        f"newest_{name}": Subquery(newest.values(name)[:1]) for name in ("size", "note", "cosigned_at")
    }
    return Neighbor.objects.filter(removed_at=None).annotate(**columns)


def _known(row: Any) -> Known:
    return Known(
        origin=row.origin,
        key=notes.parse_verifier_key(row.key),
        url=row.url,
        size=row.newest_size or 0,
        note=row.newest_note or "",
        cosigned_at=row.newest_cosigned_at,
        distrusted_at=row.distrusted_at,
        closing=row.closing,
    )

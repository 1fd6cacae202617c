"""What waits for the sequencer, and when the newest entry came; also while the log's files are not what they were."""

import contextlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from congvu.ledger import queries
from congvu.ledger.models import Outbox
from congvu.standards import tiles

COUNTED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many entries wait (up to a bound; `is_more` beyond it), and since when the oldest does."""

    entries: int = 0
    is_more: bool = False
    since: datetime | None = None


def outbox(agency: str) -> Waiting:
    """Return what an agency has recorded and the sequencer has not taken."""
    rows = Outbox.objects.filter(agency=agency).order_by("id")
    oldest = rows.values_list("leaf", flat=True).first()
    if oldest is None:
        return Waiting()
    count = rows[: COUNTED + 1].count()
    since = datetime.fromisoformat(json.loads(bytes(oldest))["at"]).astimezone(UTC)
    return Waiting(entries=min(count, COUNTED), is_more=count > COUNTED, since=since)


def newest_at(agency: str) -> datetime | None:
    """Return the instant of the newest entry; None when there is none, or its bundle does not give it."""
    with contextlib.suppress(OSError, tiles.BrokenTileError, ValueError, KeyError, IndexError):
        return queries.newest_at(agency)
    return None

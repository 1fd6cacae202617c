# writes: it takes out of the outbox what the log has
"""The order in which recorded entries enter the log: the one place where databases differ in it.

SQLite has one writer at a time, so ids are given in the order of the commits. On PostgreSQL writers commit in any
order: a row with a small id may appear after larger ones were read. There the order is (transaction, id), and only
rows below the oldest transaction that is still open are read: nothing can appear among or before them any more.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models import Func, Q, QuerySet

from congvu.base.chunks import chunked
from congvu.ledger.models import Outbox

RESTORED = 1  # a transaction id that PostgreSQL gives to nobody, smaller than all that it gives
_ROW = ("id", "entry", "leaf")
_AT_ONCE = 500  # ids in one question


class Waiting(NamedTuple):
    """An entry that waits: its place in the outbox, its id, its leaf."""

    place: int
    entry: str
    leaf: bytes


class _Oldest(Func):
    """The oldest transaction that is still open; all below it are over. Of the snapshot of the same statement."""

    template = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


class _Next(Func):
    """The first id above all transactions that are over: whoever sees a row of another sees a smaller one."""

    template = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"


class _Mine(Func):
    """The open transaction's own id."""

    template = "pg_current_xact_id_if_assigned()::text::bigint"


def waiting(*, without: Collection[str], limit: int) -> dict[str, list[Waiting]]:
    """Return what may enter the logs now, by agency, in order; nothing of the agencies that are left out."""
    rows = _ready()
    rows = rows.exclude(agency__in=without) if without else rows
    found: dict[str, list[Waiting]] = {}
    for agency, place, entry, leaf in rows.values_list("agency", *_ROW)[:limit]:
        found.setdefault(agency, []).append(Waiting(place, entry, bytes(leaf)))
    return found


def first(agency: str) -> list[Waiting]:
    """Return the leaves that a new log begins with, which stand before everything that waits."""
    rows = Outbox.objects.filter(agency=agency, id__lt=0).order_by("id").values_list(*_ROW)
    return [Waiting(place, entry, bytes(leaf)) for place, entry, leaf in rows]


def put_first(agency: str, entries: Sequence[str]) -> None:
    """Let recorded entries, in this order, stand before all that waits for their agency, also if not committed yet."""
    rows = Outbox.objects.filter(agency=agency)
    places: dict[str, int] = {}
    for some in chunked(entries, _AT_ONCE):
        places.update(rows.filter(entry__in=some).values_list("entry", "id"))
    for entry, place in zip(entries, sorted((places[one] for one in entries), reverse=True), strict=True):
        rows.filter(entry=entry).update(id=-place)


def remove(agency: str, batch: Sequence[Waiting]) -> int:
    """Take a batch out of the outbox, in the transaction that moves the head; return how many were still there."""
    is_exact = connection.vendor == "postgresql"
    places = Q(id__in=[one.place for one in batch]) if is_exact else Q(id__lte=batch[-1].place)
    removed, _ = Outbox.objects.filter(places, agency=agency).delete()
    return removed


def mend() -> bool:
    """Bring into order what came from another database; return whether there was something.

    Its transaction ids are another server's, until this one has counted as far, or SQLite's, which has none.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return False  # inside a transaction its own rows are not below the next id either
    if not Outbox.objects.filter(Q(transaction__gte=_Next()) | Q(transaction=0)).exists():
        return False
    Outbox.objects.update(transaction=RESTORED)  # their ids keep the order
    return True


def _ready() -> "QuerySet[Outbox]":
    if connection.vendor != "postgresql":
        return Outbox.objects.order_by("id")
    final = Q(transaction__lt=_Oldest())
    if connection.in_atomic_block:
        final |= Q(transaction=_Mine())
    return Outbox.objects.filter(final, transaction__gt=0).order_by("transaction", "id")

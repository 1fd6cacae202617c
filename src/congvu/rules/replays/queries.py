"""Reads of replays: those of an agency, one with its differences."""

from collections.abc import Iterator

from django.db.models import QuerySet

from congvu.directory.models import Agency
from congvu.rules.models import Replay, ReplayDifference


def replays(agency: Agency) -> list[Replay]:
    """Return the replays of an agency, the latest first, without their texts."""
    rows = Replay.objects.filter(agency=agency).select_related("asked_by").defer("text", "figures")
    return list(rows.order_by("-asked_at", "-id"))


def replay(handle: str, *, agency: Agency) -> Replay | None:
    """Return one replay, None when the agency has none of this handle."""
    return Replay.objects.filter(agency=agency, handle=handle).select_related("asked_by").first()


def differences(
    replay: Replay, *, kind: str = "", norm: str = "", unit: str = "", worse: bool = False
) -> QuerySet[ReplayDifference]:
    """Return what a replay found, in its order, of one kind, norm or unit."""
    rows = ReplayDifference.objects.filter(agency=replay.agency_id, replay=replay)
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(norm=norm) if norm else rows
    rows = rows.filter(unit=unit) if unit else rows
    rows = rows.filter(is_worse=True) if worse else rows
    return rows.order_by("position")


def bodies(rows: QuerySet[ReplayDifference]) -> Iterator[dict[str, object]]:
    """Yield the bodies of differences, a few at a time."""
    return rows.values_list("body", flat=True).iterator(chunk_size=500)

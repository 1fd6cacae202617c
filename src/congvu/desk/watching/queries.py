"""Incidents: which are open, which nobody has acknowledged, which somebody must be told of."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from congvu.desk.watching import findings
from congvu.desk.watching.findings import Finding
from congvu.desk.watching.models import Incident
from congvu.directory.models import Agency

SETTLED = timedelta(hours=1)  # in which what comes back is the same incident
AGAIN = timedelta(days=1)
PAUSE = timedelta(minutes=10)  # between two letters, so that what comes together is told together
SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An incident as people see it: the finding of this moment, and its row once the clerk has kept it."""

    sort: str
    about: str
    fact: str
    since: datetime | None
    row: Incident | None

    @property
    def is_over(self) -> bool:
        """Say whether it is over."""
        return self.row is not None and self.row.ended_at is not None

    @property
    def is_stop(self) -> bool:
        """Say whether it is of the gravest kind."""
        return self.sort in findings.STOP


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """What a letter is due to say: what began, what is still so since yesterday's letter, what is over."""

    begun: list[Incident]
    standing: list[Incident]
    over: list[Incident]

    @property
    def rows(self) -> list[Incident]:
        """Return all of them."""
        return [*self.begun, *self.standing, *self.over]

    def without(self, sorts: frozenset[str]) -> "Untold":
        """Return the same without some sorts."""
        parts = (self.begun, self.standing, self.over)
        begun, standing, over = ([one for one in part if one.sort not in sorts] for part in parts)
        return Untold(begun=begun, standing=standing, over=over)


def open_incidents(agency: Agency) -> QuerySet[Incident]:
    """Return what is not over."""
    return Incident.objects.filter(agency=agency, ended_at=None).select_related("acknowledged_by")


def incident(agency: Agency, handle: str) -> Incident | None:
    """Return one incident of an agency."""
    return Incident.objects.filter(agency=agency, handle=handle).select_related("acknowledged_by").first()


def present(agency: Agency, found: list[Finding]) -> list[Shown]:
    """Return what is found now, the gravest first, and then what is over and nobody acknowledged."""
    rows = {(one.sort, one.about): one for one in open_incidents(agency)}
    shown = [_shown(one, rows.get(one.key)) for one in found]
    over = Incident.objects.filter(agency=agency, acknowledged_at=None).exclude(ended_at=None)
    return [*shown, *(_kept(one) for one in over.order_by("-opened_at")[:SHOWN])]


def past(agency: Agency) -> list[Shown]:
    """Return the newest of those that are over and were acknowledged."""
    rows = Incident.objects.filter(agency=agency).exclude(Q(ended_at=None) | Q(acknowledged_at=None))
    return [_kept(one) for one in rows.select_related("acknowledged_by").order_by("-opened_at")[:SHOWN]]


def lately_ended(agency: Agency, found: Finding, now: datetime) -> Incident | None:
    """Return the same incident when it ended just before: it was not over."""
    rows = Incident.objects.filter(agency=agency, sort=found.sort, about=found.about)
    return rows.filter(ended_at__gt=now - SETTLED).order_by("-ended_at").first()


def untold(agency: Agency, now: datetime) -> Untold | None:
    """Return what a letter must say now; None when there is nothing, or the last letter just left."""
    rows = Incident.objects.filter(agency=agency)
    just = rows.filter(Q(told_at__gt=now - PAUSE) | Q(end_told_at__gt=now - PAUSE))
    begun = list(
        rows.filter(told_at=None).filter(Q(ended_at=None) | Q(end_told_at=None)).order_by("opened_at")
    )
    if just.exists() and not any(one.sort in findings.STOP for one in begun):
        return None
    is_here = Q(ended_at=None, acknowledged_at=None)
    standing = list(rows.filter(is_here, told_at__lte=now - AGAIN).order_by("opened_at"))
    over = rows.filter(ended_at__lte=now - SETTLED, end_told_at=None).exclude(told_at=None)
    told = Untold(begun=begun, standing=standing, over=list(over.order_by("opened_at")))
    return told if told.rows else None


def total(agency: Agency) -> int:
    """Return how many incidents there have been."""
    return Incident.objects.filter(agency=agency).count()


def _shown(found: Finding, row: Incident | None) -> Shown:
    known = (row.opened_at if row else None, found.since)
    return Shown(
        sort=found.sort,
        about=found.about,
        fact=found.fact,
        since=min((at for at in known if at is not None), default=None),
        row=row,
    )


def _kept(row: Incident) -> Shown:
    return Shown(sort=row.sort, about=row.about, fact=row.fact, since=row.opened_at, row=row)

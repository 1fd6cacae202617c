"""Reads of duties, their explanations and figures; statuses as of the last evidence unless told otherwise."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from congvu.directory.models import Agency
from congvu.rules import shelf
from congvu.rules.duties import STATUSES, Duty, Page, Status, status
from congvu.rules.models import Obligation, Standing

SLICE = 50


def as_of(*, agency: str) -> datetime | None:
    """Return the instant up to which the evidence of an agency has been judged, None before the first."""
    return Standing.objects.filter(agency__handle=agency).values_list("as_of", flat=True).first()


def obligations_of(
    person: str,
    *,
    agency: str,
    as_of: datetime | None = None,
    statuses: Collection[Status] = STATUSES,
    since: datetime | None = None,
    offset: int = 0,
    limit: int = SLICE,
) -> Page:
    """Return what a person (handle) owes or owed in an agency (handle), the latest first."""
    rows = Obligation.objects.filter(agency__handle=agency, person=person)
    return _page(rows, agency, as_of, statuses, (), since, offset, limit)


def obligations_of_unit(
    units: Collection[str],
    *,
    agency: str,
    as_of: datetime | None = None,
    statuses: Collection[Status] = STATUSES,
    norms: Collection[str] = (),
    since: datetime | None = None,
    offset: int = 0,
    limit: int = SLICE,
) -> Page:
    """Return what the posts and mailboxes of these units (handles) owe or owed, the latest first."""
    rows = Obligation.objects.filter(agency__handle=agency, unit__in=units)
    return _page(rows, agency, as_of, statuses, norms, since, offset, limit)


def obligation(handle: str, *, agency: str, as_of: datetime | None = None) -> Duty | None:
    """Return one duty, None when the agency has none of this handle."""
    row = Obligation.objects.filter(agency__handle=agency, handle=handle).first()
    return None if row is None else duty_of(row, _seen(agency, as_of, row.opened_at))


def counts(
    *,
    agency: str,
    units: Collection[str] | None = None,
    person: str = "",
    as_of: datetime | None = None,
    since: datetime | None = None,
) -> dict[Status, int]:
    """Return how many duties stand in each status, for units, a person or the whole agency."""
    rows = Obligation.objects.filter(agency__handle=agency)
    rows = rows if units is None else rows.filter(unit__in=units)
    rows = rows.filter(person=person) if person else rows
    rows = rows.filter(opened_at__gte=since) if since else rows
    seen = _seen(agency, as_of, None)
    return {name: rows.filter(in_status(name, seen)).count() if seen else 0 for name in STATUSES}


def in_status(name: Status, seen: datetime) -> Q:
    """Return the condition under which `duties.status` gives this status at an instant."""
    in_time = Q(due_at=None) | Q(annulled_at__lte=F("due_at"))
    unmet = Q(fulfilled_at=None)
    annulled = Q(annulled_at__isnull=False) & in_time & (unmet | Q(annulled_at__lt=F("fulfilled_at")))
    met = Q(fulfilled_at__isnull=False)
    punctual = met & (Q(due_at=None) | Q(fulfilled_at__lte=F("due_at")))
    tardy = met & Q(fulfilled_at__gt=F("due_at"))
    excused = Q(excused_at__isnull=False) & (Q(confirmed_at=None) | Q(excused_at__gt=F("confirmed_at")))
    waiting = unmet & ~excused & Q(is_reported=False)
    over = Q(due_at__lt=seen) | Q(due_at=seen, is_window=True)
    reported = unmet & ~excused & Q(is_reported=True)
    conditions: dict[Status, Q] = {
        "annulled": annulled,
        "fulfilled": punctual,
        "late": tardy & ~excused,
        "excused": (tardy | unmet) & excused,
        "pending": waiting & (Q(due_at=None) | ~over),
        "breached": (waiting & Q(due_at__isnull=False) & over) | (reported & Q(confirmed_at__isnull=False)),
        "reported": reported & Q(confirmed_at=None),
    }
    return annulled if name == "annulled" else conditions[name] & ~annulled


def duty_of(row: Obligation, seen: datetime) -> Duty:
    """Return the duty that a row of the projection holds, as seen at an instant."""
    book = shelf.version(row.book, row.version)
    norm = book.norm(row.norm) if book else None
    return Duty(
        handle=row.handle,
        book=row.book,
        version=row.version,
        norm=row.norm,
        title=norm.title if norm else {},
        cite=shelf.cite(book, norm) if book and norm else row.book,
        bearer_person=row.person or None,
        bearer_unit=row.unit or None,
        bearer_membership=row.membership or None,
        box=row.box or None,
        opened_at=row.opened_at,
        due_at=row.due_at,
        status=status(row, seen),
        as_of=seen,
        fulfilled_at=row.fulfilled_at,
        excused_at=row.excused_at,
        confirmed_at=row.confirmed_at,
        window=(row.opened_at, row.due_at) if row.is_window and row.due_at else None,
        trigger_subject=row.subject or None,
        trigger_entry=row.trigger or None,
        fulfilled_by=row.fulfilled_by or None,
        is_reported=row.is_reported,
    )


def _page(  # noqa: PLR0913, PLR0917 -- the filters of one list
    rows: QuerySet[Obligation],
    agency: str,
    as_of: datetime | None,
    statuses: Collection[Status],
    norms: Collection[str],
    since: datetime | None,
    offset: int,
    limit: int,
) -> Page:
    seen = _seen(agency, as_of, None)
    if seen is None:
        return Page(duties=(), total=0)
    if set(statuses) != set(STATUSES):
        wanted = Q(pk=None)
        for name in statuses:
            wanted |= in_status(name, seen)
        rows = rows.filter(wanted)
    rows = rows.filter(norm__in=norms) if norms else rows
    rows = rows.filter(opened_at__gte=since) if since else rows
    chosen = rows.order_by("-opened_at", "handle")[offset : offset + limit]
    return Page(duties=tuple(duty_of(row, seen) for row in chosen), total=rows.count())


def _seen(agency: str, asked: datetime | None, fallback: datetime | None) -> datetime | None:
    return asked or as_of(agency=agency) or fallback

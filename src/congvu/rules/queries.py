"""Reads of duties, their explanations and figures; statuses as of the last evidence unless told otherwise."""

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from congvu.directory.models import Agency
from congvu.directory.queries import legal_day
from congvu.rules import force, reckoning, shelf
from congvu.rules.book import Norm
from congvu.rules.duties import (
    STATUSES,
    Duty,
    Explanation,
    Frequency,
    Page,
    ParameterShown,
    Share,
    Status,
    WindowToday,
    status,
)
from congvu.rules.facts import Facts
from congvu.rules.models import Obligation, Occurrence, ParameterDecision, Standing
from congvu.rules.standing import calendar_of, facts_of, law_of
from congvu.rules.state import Obligation as Held
from congvu.standards.working_time import Segment

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
    norms: Collection[str] = (),
    since: datetime | None = None,
    offset: int = 0,
    limit: int = SLICE,
) -> Page:
    """Return what a person (handle) owes or owed in an agency (handle), the latest first."""
    rows = Obligation.objects.filter(agency__handle=agency, person=person)
    return _page(rows, agency, as_of, statuses, norms, since, offset, limit)


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
    return None if row is None else duty_of(row, _seen(agency, as_of) or row.opened_at)


def obligations_by_trigger(
    entries: Collection[str], *, agency: str, as_of: datetime | None = None
) -> tuple[Duty, ...]:
    """Return the duties that the judge made of these entries (ids), the first opened first."""
    seen = _seen(agency, as_of)
    rows = Obligation.objects.filter(~Q(trigger=""), agency__handle=agency, trigger__in=list(entries))
    chosen = rows.order_by("opened_at", "handle")
    return tuple(duty_of(row, seen or row.opened_at) for row in chosen)


def explanation(handle: str, *, agency: str, as_of: datetime | None = None) -> Explanation | None:
    """Return all that led to a duty and what became of it, None when the agency has no such duty.

    The segments are reckoned again from the calendar as it was known when the due time was computed.
    """
    row = Obligation.objects.filter(agency__handle=agency, handle=handle).select_related("agency").first()
    book = shelf.version(row.book, row.version) if row else None
    norm = book.norm(row.norm) if book and row else None
    if row is None or book is None or norm is None:
        return None
    national = calendar_of(row.agency)
    seen = _seen(agency, as_of) or row.opened_at
    parameter = _parameter(row, norm)
    held = Held(**{one.name: getattr(row, one.name) for one in fields(Held)})
    facts = facts_of(row.agency, Standing.objects.filter(agency=row.agency_id).defer("facts").first())
    law = law_of(row.agency)
    how = reckoning.reckon(law, facts, held)
    return Explanation(
        duty=duty_of(row, seen),
        book_title=book.title,
        book_version=book.version,
        issuer=book.source.issuer,
        number=book.source.number,
        article=norm.cite.article,
        wording=norm.cite.wording,
        checked=norm.cite.checked,
        norm_text=norm.text,
        note=norm.note,
        consequence=norm.consequence,
        zone=row.agency.zone,
        segments=reckoning.segments(law, facts, held, how),
        calendar=national.label,
        parameter=parameter,
        undecided_parameter=norm.deadline.parameter if norm.deadline and not row.parameter else "",
        trigger_entry=row.trigger or None,
        fulfilled_by=row.fulfilled_by or None,
        annulled_by=row.annulled_by or None,
        excused_by=row.excused_by or None,
        confirmed_by=row.confirmed_by or None,
        compensated_by=row.compensated_by or None,
        counted_from=row.counted_from,
        suspended=how.suspended,
        extended=how.extended,
        away=(absent := reckoning.away_within(law, facts, held)),
        away_by=_granting(facts, held, absent),
        acting_for=_acting_for(facts, held),
        course=held.steps(),
        times=norm.rhythm.times if norm.rhythm else 1,
        met=_met(held),
        share=Share(part=row.part, whole=row.whole, percent=norm.cap.percent) if norm.cap else None,
    )


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
    seen = _seen(agency, as_of)
    if seen is None:
        return dict.fromkeys(STATUSES, 0)
    sums = {name: Count("pk", filter=in_status(name, seen)) for name in STATUSES}
    found = rows.aggregate(**sums)
    return {name: found[name] for name in STATUSES}


def windows_today(agency: Agency, now: datetime) -> tuple[WindowToday, ...]:
    """Return the windows of the legal day, in order; empty on a day off and before a book with windows binds."""
    standing = Standing.objects.filter(agency=agency).defer("facts").first()
    facts, law = facts_of(agency, standing), law_of(agency)
    calendar = facts.calendar(law.calendar)
    day = legal_day(agency, now)
    found: list[WindowToday] = []
    for book, norm in law.windowed():
        for window in norm.windows if book.is_in_force(day) else ():
            times = calendar.window(day, window.opens, window.closes)
            if times and force.binding(law, facts, book, norm, times[0], day):
                found.append(
                    WindowToday(
                        book=book.id,
                        norm=norm.id,
                        title=norm.title,
                        opens_at=times[0],
                        closes_at=times[1],
                        state="ahead" if now < times[0] else "open" if now < times[1] else "over",
                    )
                )
    return tuple(sorted(found, key=lambda one: one.opens_at))


def frequencies(*, agency: Agency, since: datetime | None = None) -> tuple[Frequency, ...]:
    """Return how often what is only counted happened, by norm, month and value."""
    rows = Occurrence.objects.filter(agency=agency)
    rows = rows.filter(at__gte=since) if since else rows
    month = TruncMonth("at", tzinfo=law_of(agency).calendar.tzinfo)
    grouped = rows.annotate(month=month).values("norm", "month", "value").annotate(count=Count("pk"))
    return tuple(
        Frequency(norm=one["norm"], month=f"{one['month']:%Y-%m}", value=one["value"], count=one["count"])
        for one in grouped.order_by("norm", "month", "value")
    )


def _granting(facts: Facts, duty: Held, periods: Collection[Segment]) -> tuple[str, ...]:
    """Return the entries that granted the leave in some periods, and those that shortened it."""
    found = [one for one in facts.leaves_of(duty.person) if one.period(duty.opened_at) in periods]
    return tuple(name for one in found for name in (one.entry, *(back.entry for back in one.returns)))


def _acting_for(facts: Facts, duty: Held) -> str | None:
    """Return who was away when an office's duty opened, if the one who answers acted for him."""
    if duty.bearer == duty.person or not duty.person:
        return None
    known = [one for one in facts.leaves.values() if one.acting == duty.person and one.holds(duty.opened_at)]
    return min((one.person for one in known if facts.posts_of(one.person, duty.opened_at)), default=None)


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
    missed = (waiting & Q(due_at__isnull=False) & over) | (reported & Q(confirmed_at__isnull=False))
    conditions: dict[Status, Q] = {
        "annulled": annulled,
        "fulfilled": punctual,
        "late": tardy & ~excused,
        "excused": (tardy | unmet) & excused,
        "pending": waiting & (Q(due_at=None) | ~over),
        "compensated": missed & Q(compensated_at__isnull=False),
        "breached": missed & Q(compensated_at=None),
        "reported": reported & Q(confirmed_at=None),
    }
    return annulled if name == "annulled" else conditions[name] & ~annulled


def in_statuses(names: Collection[Status], seen: datetime) -> Q:
    """Return the condition under which `duties.status` gives one of these at an instant."""
    wanted = Q(pk=None)
    for name in names:
        wanted |= in_status(name, seen)
    return wanted


def duty_of(row: Obligation | Held, seen: datetime) -> Duty:
    """Return the duty that a row of the projection, or the judge, holds, as seen at an instant."""
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
        compensated_at=row.compensated_at,
        window=(row.opened_at, row.due_at) if row.is_window and row.due_at else None,
        trigger_subject=row.subject or None,
        trigger_entry=row.trigger or None,
        fulfilled_by=row.fulfilled_by or None,
        is_reported=row.is_reported,
        period_to=row.period_to,
    )


def _page(
    rows: QuerySet[Obligation],
    agency: str,
    as_of: datetime | None,
    statuses: Collection[Status],
    norms: Collection[str],
    since: datetime | None,
    offset: int,
    limit: int,
) -> Page:
    seen = _seen(agency, as_of)
    if seen is None:
        return Page(duties=(), total=0)
    if set(statuses) != set(STATUSES):
        rows = rows.filter(in_statuses(statuses, seen))
    rows = rows.filter(norm__in=norms) if norms else rows
    rows = rows.filter(opened_at__gte=since) if since else rows
    chosen = rows.order_by("-opened_at", "handle")[offset : offset + limit]
    return Page(duties=tuple(duty_of(row, seen) for row in chosen), total=rows.count())


def _seen(agency: str, asked: datetime | None) -> datetime | None:
    return asked or as_of(agency=agency)


def _parameter(row: Obligation, norm: Norm) -> ParameterShown | None:
    decisions = ParameterDecision.objects.filter(agency=row.agency_id, entry=row.parameter).select_related(
        "decided_by"
    )
    made = decisions.first() if row.parameter else None
    book = shelf.version(row.book, row.version)
    bounds = book.parameters.get(norm.deadline.parameter) if book and norm.deadline else None
    if made is None or bounds is None:
        return None
    return ParameterShown(
        name=made.parameter,
        title=bounds.title,
        value=made.value,
        unit=made.unit,
        decided_by=made.decided_by.full_name,
        decided_at=made.decided_at,
        number=made.number,
    )


def _met(held: Held) -> int:
    several = sum(step.turn == "met" for step in held.steps())
    return several or int(held.fulfilled_at is not None)

"""Reads of conduct: what people said about duties, reports, and the counts of a period."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from congvu.conduct.events import MatterWord
from congvu.conduct.models import Confirmation, Finding, Report, Statement
from congvu.conduct.policies import Reach
from congvu.directory.models import Address, Agency, Person
from congvu.directory.queries import email
from congvu.ledger import queries as ledger
from congvu.ledger.models import Position
from congvu.rules import queries as rules
from congvu.rules.duties import Duty, Status
from congvu.rules.models import Obligation
from congvu.rules.readers import Judge

FIGURES: dict[str, tuple[Status, ...]] = {
    "on_time": ("fulfilled",),
    "late": ("late",),
    "missed": ("breached", "compensated"),
    "excused": ("excused",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One reply or decision, with who made it."""

    kind: str
    text: str
    cause: str
    by: str  # full name
    at: datetime
    entry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A duty with its people and what they said: all that a list or a page shows of it."""

    duty: Duty
    person: str  # full name; empty when nobody answers personally
    unit: str  # handle
    address: str  # of the mailbox that owes it; empty for a personal duty
    state: str  # of the finding: open, replied, excused, confirmed
    cause: str
    said: tuple[Said, ...]

    @property
    def reply(self) -> Said | None:
        """Return the latest reply."""
        return next((one for one in reversed(self.said) if one.kind == Statement.Kind.REPLIED), None)

    @property
    def decision(self) -> Said | None:
        """Return the decision that counts: the latest."""
        return next((one for one in reversed(self.said) if one.kind != Statement.Kind.REPLIED), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How many duties of a person stood how in a period; `undecided` are reports that wait for a decision."""

    person: str  # handle; empty when nobody answered personally
    on_time: int
    late: int
    missed: int
    excused: int
    pending: int
    undecided: int


def cards(duties: Sequence[Duty], *, agency: Agency) -> list[Card]:
    """Return duties with their people and what these said, in five queries however many they are."""
    found = Finding.objects.filter(agency=agency, obligation__in=[duty.handle for duty in duties])
    findings = {finding.obligation: finding for finding in found}
    said = _said([finding.pk for finding in findings.values()])
    names = full_names({duty.bearer_person for duty in duties if duty.bearer_person})
    boxes = _addresses(agency, {duty.box for duty in duties if duty.box})
    return [_card(duty, findings.get(duty.handle), said, names, boxes) for duty in duties]


def full_names(people: Collection[str]) -> dict[str, str]:
    """Return people's names by their handles."""
    if not people:
        return {}
    return dict(Person.objects.filter(handle__in=people).values_list("handle", "full_name"))


def figures(
    agency: Agency, *, units: Collection[str], since: datetime, until: datetime, person: str = ""
) -> list[Figures]:
    """Return each person's figures over the duties that units (handles) had in a period, in two queries."""
    seen = rules.as_of(agency=agency.handle)
    if seen is None:
        return []
    rows = _opened(agency, units, since, until, person)
    names: dict[str, tuple[Status, ...]] = {**FIGURES, "pending": ("pending",), "undecided": ("reported",)}
    sums = {name: Count("pk", filter=rules.in_statuses(found, seen)) for name, found in names.items()}
    found: Iterable[Any] = rows.order_by("person").values("person").annotate(**sums)
    return [Figures(**row) for row in found]


def duties_by_figure(
    agency: Agency, *, person: str, unit: str, first: date, end: date
) -> dict[str, list[str]]:
    """Return the handles of the duties behind every figure of one person in one unit."""
    seen = rules.as_of(agency=agency.handle)
    if seen is None:
        return {name: [] for name in FIGURES}
    rows = _opened(agency, [unit], midnight(agency, first), midnight(agency, end), person).order_by(
        "opened_at"
    )
    return {
        name: list(rows.filter(rules.in_statuses(found, seen)).values_list("handle", flat=True))
        for name, found in FIGURES.items()
    }


def duties_in_period(
    agency: Agency, *, person: str, unit: str, first: date, end: date, statuses: Collection[Status]
) -> list[Duty]:
    """Return the duties behind one figure, the earliest first."""
    seen = rules.as_of(agency=agency.handle)
    if seen is None:
        return []
    rows = _opened(agency, [unit], midnight(agency, first), midnight(agency, end), person)
    rows = rows.filter(rules.in_statuses(statuses, seen)).order_by("opened_at", "handle")
    return [rules.duty_of(row, seen) for row in rows]


def confirmations(
    agency: Agency, *, units: Collection[str], first: date, end: date
) -> QuerySet[Confirmation]:
    """Return what was confirmed for a period in units (handles), the latest first."""
    rows = Confirmation.objects.filter(agency=agency, unit__handle__in=units, valid_from=first, valid_to=end)
    return rows.select_related("person", "confirmed_by").order_by("-confirmed_at", "-id")


def midnight(agency: Agency, day: date) -> datetime:
    """Return the instant at which a legal day of the agency begins."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(agency.zone))


def reports(power: Reach) -> QuerySet[Report]:
    """Return the reports that a seat made, or may read, the latest first."""
    seat = power.seat
    units = [unit.pk for unit in power.scope()]
    rows = Report.objects.filter(Q(reporter=seat.person) | Q(unit__in=units), agency=seat.agency)
    return rows.select_related("unit", "person", "reporter", "answered_by").order_by("-at", "-id")


def report(handle: str, *, power: Reach) -> Report | None:
    """Return a report that the seat may read, its own among them."""
    return reports(power).filter(handle=handle).first()


def report_behind(entry: str | None, *, agency: Agency) -> Report | None:
    """Return the report whose entry gave rise to a duty: the person concerned may read what was said of them."""
    return Report.objects.filter(agency=agency, entry=entry).first() if entry else None


def matter(report: Report) -> MatterWord:
    """Return the word of what was reported."""
    return cast("MatterWord", report.matter)


def answerable(report: Report, power: Reach) -> str | None:
    """Return who (handle) answers for a report: the person named, else the unit's head, if it has one."""
    return report.person.handle if report.person else power.heads.get(report.unit.handle)


def duties_of_report(report: Report) -> list[str]:
    """Return the handles of the duties that the rules made of a report."""
    made = rules.obligations_by_trigger([report.entry], agency=report.agency.handle)
    return [one.handle for one in made]


def is_judged(report: Report) -> bool:
    """Return whether the rules have read a report's entry; a moment passes until then."""
    agency = report.agency.handle
    position = Position.objects.filter(agency=agency, reader=Judge.name).first()
    return position is not None and any(
        (one.log, one.index) < (position.log, position.index)
        for one in ledger.entries([report.entry], agency=agency)
    )


def _opened(
    agency: Agency, units: Collection[str], since: datetime, until: datetime, person: str
) -> QuerySet[Obligation]:
    rows = Obligation.objects.filter(agency=agency, unit__in=units, opened_at__gte=since, opened_at__lt=until)
    return rows.filter(person=person) if person else rows


def _said(findings: Collection[int]) -> dict[int, list[Said]]:
    found: dict[int, list[Said]] = {}
    if not findings:
        return found
    rows = Statement.objects.filter(finding__in=findings).select_related("by").order_by("at", "id")
    for row in rows:
        one = Said(
            kind=row.kind, text=row.text, cause=row.cause, by=row.by.full_name, at=row.at, entry=row.entry
        )
        found.setdefault(row.finding_id, []).append(one)
    return found


def _card(
    duty: Duty,
    finding: Finding | None,
    said: dict[int, list[Said]],
    names: dict[str, str],
    boxes: dict[str, str],
) -> Card:
    about: dict[str, Any] = {
        "duty": duty,
        "person": names.get(duty.bearer_person or "", ""),
        "unit": duty.bearer_unit or "",
        "address": boxes.get(duty.box or "", ""),
    }
    if finding is None:
        return Card(state=Finding.State.OPEN, cause="", said=(), **about)
    return Card(state=finding.state, cause=finding.cause, said=tuple(said.get(finding.pk, [])), **about)


def _addresses(agency: Agency, handles: Collection[str]) -> dict[str, str]:
    if not handles:
        return {}
    rows = Address.objects.filter(agency=agency, handle__in=handles).select_related("agency")
    return {one.handle: email(one) for one in rows}

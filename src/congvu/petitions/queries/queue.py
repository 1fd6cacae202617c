"""The queue: what a seat has to do, the next due first, and what it looks for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, F, Q, QuerySet, When

from congvu.base import collation
from congvu.base.fold import fold
from congvu.directory.models import Agency, Membership
from congvu.directory.queries import Absence, Seat, absences, current
from congvu.petitions import numbers
from congvu.petitions.models import Petition, SavedFilter, Step, Term
from congvu.petitions.policies import stood_in_for
from congvu.petitions.queries.petitions import within_reach
from congvu.petitions.words import LEFT, OPEN, State

TABS = ("open", "mine", "unit", "unassigned", "waiting", "wrote", "disputed", "over", "answered", "all")

DONE = frozenset({"answered", "all"})
AT_ONCE = 100  # officials who left


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked for; empty members ask nothing. Services and units by handle; both days belong to the period."""

    tab: str = "open"
    words: str = ""
    service: str = ""
    state: str = ""
    unit: str = ""
    channel: str = ""
    since: date | None = None
    until: date | None = None


def found(seat: Seat, asked: Asked, *, now: datetime) -> QuerySet[Petition, int]:
    """Return the petitions within reach that fit: disputed ones and the next due first, of those done the latest.

    Where citizens wrote, whoever waits longest comes first.

    They are given by primary key, for `whole`: what is sorted stays small.
    """
    rows = within_reach(seat).filter(_tabs(seat, now)[asked.tab], *_searched(asked.words))
    exact = {"service__handle": asked.service, "state": asked.state, "unit__handle": asked.unit}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if asked.channel:
        rows = rows.filter(channel=asked.channel)
    if asked.since:
        rows = rows.filter(received_at__gte=_midnight(seat, asked.since))
    if asked.until:
        rows = rows.filter(received_at__lt=_midnight(seat, asked.until + timedelta(days=1)))
    if asked.tab in DONE:
        return rows.order_by("-updated_at", "-id").values_list("pk", flat=True)
    if asked.tab == "wrote":
        return rows.order_by("wrote_at", "id").values_list("pk", flat=True)
    first = Case(When(state=State.DISPUTED, then=0), default=1)
    return rows.order_by(first, F("due_at").asc(nulls_last=True), "id").values_list("pk", flat=True)


def counts(seat: Seat, *, now: datetime) -> dict[str, int]:
    """Return how many petitions lie behind each tab of what is still to be done."""
    tabs = {name: fits for name, fits in _tabs(seat, now).items() if name not in DONE}
    rows, wrote = within_reach(seat).order_by(), tabs.pop("wrote")  # about ended ones too
    found = rows.filter(state__in=OPEN).aggregate(
        **{name: Count("pk", filter=fits) for name, fits in tabs.items()}
    )
    return found | {"wrote": rows.filter(wrote).count()}


def undecided(petitions: Collection[Petition]) -> set[int]:
    """Return those of the petitions to which a time limit applies that the agency has not decided."""
    rows = Term.objects.filter(petition__in=petitions, due_at=None, ended_at=None)
    return set(rows.values_list("petition", flat=True))


def left_behind(petitions: Collection[Petition]) -> set[int]:
    """Return those of the petitions that the unit has again because the official left it."""
    free = [one.pk for one in petitions if one.assignee_id is None]
    rows = Step.objects.filter(petition__in=free, kind="petition.assigned").order_by("id")
    last = dict(rows.values_list("petition", "data__outcome"))
    return {pk for pk, outcome in last.items() if outcome == LEFT}


def forsaken(agency: Agency, on: date) -> QuerySet[Petition]:
    """Return the open petitions whose assignee holds no post in the unit that has them on a day."""
    rows = Petition.objects.filter(agency=agency, state__in=OPEN).exclude(assignee=None).order_by()
    given = set(rows.values_list("assignee", "unit").distinct())
    held = Membership.objects.filter(
        current(on), agency=agency, person__in={person for person, _unit in given}
    )
    gone = list(given - set(held.values_list("person", "post__unit")))[:AT_ONCE]
    return rows.filter(reduce(or_, (Q(assignee=person, unit=unit) for person, unit in gone), Q(pk=None)))


def away(seat: Seat, petitions: Collection[Petition]) -> Mapping[int, Absence]:
    """Return who of the assignees is on leave, by key."""
    people = {one.assignee for one in petitions if one.assignee is not None}
    return absences(seat.agency, seat.on, people) if people else {}


def saved(seat: Seat) -> list[SavedFilter]:
    """Return the person's own filters, by name."""
    rows = SavedFilter.objects.filter(agency=seat.agency, person=seat.person)
    return sorted(rows, key=lambda one: collation.key(one.name))


def _tabs(seat: Seat, now: datetime) -> dict[str, Q]:
    is_open = Q(state__in=OPEN)
    return {
        "open": is_open,
        "mine": is_open & Q(assignee__in=stood_in_for(seat)),
        "unit": is_open & Q(unit=seat.unit),
        "unassigned": is_open & Q(assignee=None),
        "waiting": Q(state=State.WAITING),
        "wrote": Q(wrote_at__isnull=False),
        "disputed": Q(state=State.DISPUTED),
        "over": is_open & Q(due_at__lte=now),
        "answered": Q(state=State.ANSWERED),
        "all": Q(),
    }


def _searched(words: str) -> list[Q]:
    number = numbers.read(words)
    if number:
        return [Q(number=number)]
    return [Q(folded__contains=word) | Q(number__contains=word) for word in fold(words).split()]


def _midnight(seat: Seat, day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(seat.agency.zone))

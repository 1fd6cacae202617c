"""A unit's page for its head: figures, people in the order of their names, and what can be decided."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from congvu.base import clock
from congvu.conduct.policies import Reach, reach
from congvu.conduct.queries import Figures
from congvu.conduct.web.forms import unit_choices
from congvu.desk import queries
from congvu.directory.models import Unit
from congvu.directory.queries import units_below
from congvu.directory.web.access import SeatedRequest, seated
from congvu.petitions.queries import queue
from congvu.ui.web.tables import csv_response

PERIODS = (7, 30, 90)
LATEST = 10
FIGURES = ("pending", "undecided", "on_time", "late", "missed", "excused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The unit that was picked, with all below it, and the period."""

    power: Reach
    unit: Unit
    units: frozenset[str]
    days: int
    since: datetime
    until: datetime


@seated
@require_safe
def unit(request: SeatedRequest) -> HttpResponse:
    """Show a unit to its head, with the units below it."""
    chosen = _chosen(request)
    agency = request.seat.agency
    people = _people(request, chosen)
    cards, total = queries.findings(agency, units=chosen.units, since=chosen.since, limit=LATEST)
    findings = [
        {
            "card": card,
            "unit": chosen.power.units.get(card.unit),
            "may_decide": chosen.power.may_decide(card.duty.bearer_person, card.duty.bearer_unit),
        }
        for card in cards
    ]
    context = {
        "unit": chosen.unit,
        "units": unit_choices(chosen.power.scope()),
        "days": chosen.days,
        "periods": PERIODS,
        "people": people,
        "sums": {name: sum(getattr(one, name) for _name, one in people) for name in FIGURES},
        "requests": queue.counts(request.seat, now=clock.now()),
        "findings": findings,
        "total": total,
        "more": total - len(findings),
    }
    return render(request, "desk/unit.html", context)


@seated
@require_safe
def table(request: SeatedRequest) -> HttpResponse:
    """Save the people's figures as a table for a spreadsheet."""
    header = [
        _("Official"), pgettext("duties", "Open"), _("Reported, not decided"), _("Done in time"), _("Done later"),
        _("Not recorded in time"), _("Excused"),
    ]  # fmt: skip
    rows = [
        [name, *(getattr(one, figure) for figure in FIGURES)]
        for name, one in _people(request, _chosen(request))
    ]
    return csv_response("congvu-unit", header, rows)


def _people(request: SeatedRequest, chosen: Chosen) -> list[tuple[str, Figures]]:
    return queries.people(request.seat.agency, units=chosen.units, since=chosen.since, until=chosen.until)


def _chosen(request: SeatedRequest) -> Chosen:
    """Read unit and period of the address; whoever has no unit in charge finds no such page."""
    power = reach(request.seat)
    scope = power.scope()
    if not scope:
        raise Http404
    own = next((one for one in scope if one.pk == request.seat.unit.pk), scope[0])
    picked = next((one for one in scope if one.handle == request.GET.get("unit")), own)
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(one) for one in PERIODS} else PERIODS[0]
    now = clock.now()
    return Chosen(
        power=power,
        unit=picked,
        units=frozenset(one.handle for one in units_below(request.seat.agency, picked)),
        days=days,
        since=now - timedelta(days=days),
        until=now,
    )

"""The list of what was late, missed, reported or excused in a head's units, with one reason for many."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from congvu.base import clock
from congvu.base.handles import is_handle
from congvu.base.texts import pick
from congvu.conduct import queries
from congvu.conduct.actions import findings as acts
from congvu.conduct.policies import Reach, reach
from congvu.conduct.web import words
from congvu.conduct.web.forms import ExcuseForm, unit_choices
from congvu.conduct.web.lists import sliced
from congvu.directory.web.access import SeatedRequest, seated
from congvu.rules import queries as rules
from congvu.rules.duties import Page, Status
from congvu.ui.web.tables import csv_response
from congvu.ui.words import language

SHOWN: tuple[Status, ...] = ("late", "compensated", "breached", "reported", "excused")
PERIODS = (7, 30, 90, 366)
LARGEST_TABLE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to."""

    units: tuple[str, ...]
    unit: str
    statuses: tuple[Status, ...]
    status: str
    days: int


@seated
@require_safe
def findings(request: SeatedRequest) -> HttpResponse:
    """Show the findings of the seat's units."""
    power = _charged(request)
    return _page(request, power, ExcuseForm())


@seated
@require_POST
def excuse(request: SeatedRequest) -> HttpResponse:
    """Excuse the chosen duties for one reason: all of them, or none."""
    power = _charged(request)
    form = ExcuseForm(request.POST)
    chosen = [one for one in request.POST.getlist("duty") if is_handle(one)]
    if form.is_valid() and not chosen:
        form.add_error(None, _("Choose at least one duty in the list."))
    if not form.is_valid():
        return _page(request, power, form, chosen)
    try:
        done = acts.excuse_many(by=request.seat, obligations=chosen, at=clock.now(), **form.cleaned_data)
    except (acts.DutyMissingError, acts.NotAboveError):
        form.add_error(None, _("Another head decides about one of the chosen duties. Nothing was changed."))
    except acts.OwnFindingError:
        form.add_error(None, _("One of the chosen duties is your own. Nothing was changed."))
    except acts.NothingToDecideError:
        form.add_error(None, _("One of the chosen duties was met in the meantime. Nothing was changed."))
    else:
        text = ngettext("%(n)d duty is excused.", "%(n)d duties are excused.", len(done)) % {"n": len(done)}
        messages.success(request, text)
        return redirect("conduct:findings")
    return _page(request, power, form, chosen)


@seated
@require_safe
def table(request: SeatedRequest) -> HttpResponse:
    """Save the findings as a table for a spreadsheet."""
    power = _charged(request)
    cards = queries.cards(
        _fetch(request, _filters(request, power), 0, LARGEST_TABLE).duties, agency=request.seat.agency
    )
    header = [
        _("Duty"), _("Regulation"), _("Official"), _("Unit"), _("Began"), _("Due"), _("State"),
        pgettext("what was said", "Reply"), _("Decision"), _("Reason"), _("Decided by"), _("Code of the duty"),
    ]  # fmt: skip
    names = dict(unit_choices(power.units.values()))
    return csv_response("congvu-findings", header, [_row(card, names) for card in cards])


def _row(card: queries.Card, units: dict[str, str]) -> list[object]:
    duty, decision = card.duty, card.decision
    return [
        pick(duty.title, language())[0],
        duty.cite,
        card.person,
        units.get(card.unit, ""),
        timezone.localtime(duty.opened_at).isoformat(timespec="minutes"),
        timezone.localtime(duty.due_at).isoformat(timespec="minutes") if duty.due_at else "",
        words.status(card)[0],
        card.reply.text if card.reply else "",
        words.STATEMENTS[decision.kind] if decision else "",
        decision.text if decision else "",
        decision.by if decision else "",
        duty.handle,
    ]


def _charged(request: SeatedRequest) -> Reach:
    """Return the seat's reach; whoever has no unit in charge finds no such page."""
    power = reach(request.seat)
    if not power.scope():
        raise Http404
    return power


def _filters(request: SeatedRequest, power: Reach) -> Filters:
    """Read the filters of the address; what it does not know it leaves out."""
    scope = [unit.handle for unit in power.scope()]
    asked, status, days = (request.GET.get(name, "") for name in ("unit", "status", "days"))
    unit = asked if asked in scope else ""
    known = {one: one for one in SHOWN}
    return Filters(
        units=(unit,) if unit else tuple(scope),
        unit=unit,
        statuses=(known[status],) if status in known else SHOWN,
        status=status if status in known else "",
        days=int(days) if days in {str(one) for one in PERIODS} else 30,
    )


def _fetch(request: SeatedRequest, chosen: Filters, offset: int, limit: int) -> Page:
    return rules.obligations_of_unit(
        chosen.units,
        agency=request.seat.agency.handle,
        statuses=chosen.statuses,
        since=clock.now() - timedelta(days=chosen.days),
        offset=offset,
        limit=limit,
    )


def _page(
    request: SeatedRequest, power: Reach, form: ExcuseForm, chosen: list[str] | None = None
) -> HttpResponse:
    filters = _filters(request, power)
    page, duties = sliced(
        lambda offset, limit: _fetch(request, filters, offset, limit), request.GET.get("page")
    )
    rows = [
        {
            "card": card,
            "unit": power.units.get(card.unit),
            "may_decide": power.may_decide(card.duty.bearer_person, card.duty.bearer_unit),
            "chosen": card.duty.handle in (chosen or []),
        }
        for card in queries.cards(duties, agency=request.seat.agency)
    ]
    context = {
        "rows": rows,
        "page_obj": page,
        "filters": filters,
        "units": unit_choices(power.scope()),
        "statuses": [(one, words.STATUS[one][0]) for one in SHOWN],
        "periods": PERIODS,
        "form": form,
        "may_excuse": any(row["may_decide"] for row in rows),
    }
    return render(request, "conduct/findings.html", context, status=422 if form.errors else 200)

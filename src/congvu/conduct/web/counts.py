"""A period's proposed counts, each figure with its evidence, and their confirmation by a person."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from congvu.base import clock
from congvu.base.collation import person_key
from congvu.base.numbers import small_number
from congvu.conduct import queries
from congvu.conduct.actions import counts as acts
from congvu.conduct.actions.findings import NotAboveError, OwnFindingError
from congvu.conduct.policies import Reach, reach
from congvu.conduct.web import words
from congvu.conduct.web.forms import CountsForm, unit_choices
from congvu.conduct.wording import compare
from congvu.directory.models import Membership, Person, Unit
from congvu.directory.queries import legal_day
from congvu.directory.web.access import SeatedRequest, seated

MONTHS = 12
YEARS = range(2010, 2101)


@dataclass(frozen=True, slots=True)
class Period:
    """A month or a year of legal days; `end` is exclusive."""

    name: str  # 2026-11 or 2026
    first: date
    end: date

    @property
    def last(self) -> date:
        """Return the last day."""
        return self.end - timedelta(days=1)


@seated
@require_safe
def counts(request: SeatedRequest) -> HttpResponse:
    """Show the proposed counts of everyone in a unit for a period, beside what was confirmed."""
    power, period = reach(request.seat), _period(request)
    scope = power.scope()
    if not scope:
        return redirect(_own(request, period))
    unit = next((one for one in scope if one.handle == request.GET.get("unit")), _first(request, scope))
    agency = request.seat.agency
    since, until = (queries.midnight(agency, day) for day in (period.first, period.end))
    found = [
        one for one in queries.figures(agency, units=[unit.handle], since=since, until=until) if one.person
    ]
    names = queries.full_names([one.person for one in found])
    rows = sorted(((names.get(one.person, ""), one) for one in found), key=lambda row: person_key(row[0]))
    confirmed = queries.confirmations(agency, units=[unit.handle], first=period.first, end=period.end)
    latest = {one.person.handle: one for one in reversed(confirmed)}
    context = {
        "rows": [(name, one, latest.get(one.person)) for name, one in rows],
        "unit": unit,
        "units": unit_choices(scope),
        "period": period,
        "periods": _periods(request.seat.on),
        "over": period.end <= request.seat.on,
    }
    return render(request, "conduct/counts.html", context)


@seated
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: SeatedRequest, unit: str, person: str) -> HttpResponse:
    """Show one person's counts with the duties behind every figure; whoever stands above confirms them."""
    power, period = reach(request.seat), _period(request)
    if not power.may_read(person, unit):
        raise Http404
    held = Membership.objects.filter(agency=request.seat.agency, person__handle=person).select_related(
        "person"
    )
    holding, where = held.first(), power.units.get(unit)
    if holding is None or where is None:
        raise Http404
    who = holding.person
    form = _form(request, power, who, where, period)
    if request.method == "POST" and form is None:
        raise Http404
    if form and form.is_valid() and _confirm(request, form, who, where, period):
        messages.success(request, _("The counts are confirmed."))
        return redirect(request.get_full_path())
    return _person_page(request, form, who, where, period)


def _person_page(
    request: SeatedRequest, form: CountsForm | None, who: Person, where: Unit, period: Period
) -> HttpResponse:
    agency = request.seat.agency
    behind = {
        name: queries.duties_in_period(
            agency,
            person=who.handle,
            unit=where.handle,
            first=period.first,
            end=period.end,
            statuses=statuses,
        )
        for name, statuses in queries.FIGURES.items()
    }
    rows = queries.confirmations(agency, units=[where.handle], first=period.first, end=period.end)
    confirmed = list(rows.filter(person=who))
    compared = compare({one.entry: one.remark for one in confirmed}, agency=agency.handle)
    context = {
        "who": who,
        "unit": where,
        "period": period,
        "periods": _periods(request.seat.on),
        "figures": [
            (name, words.FIGURES[name], len(duties), queries.cards(duties, agency=agency))
            for name, duties in behind.items()
        ],
        "confirmations": [(one, compared[one.entry]) for one in confirmed],
        "form": form,
        "over": period.end <= request.seat.on,
    }
    return render(request, "conduct/counts_person.html", context, status=422 if form and form.errors else 200)


def _form(
    request: SeatedRequest, power: Reach, who: Person, where: Unit, period: Period
) -> CountsForm | None:
    if period.end > request.seat.on or not power.may_decide(who.handle, where.handle):
        return None
    if request.method == "POST":
        return CountsForm(request.POST)
    duties = queries.duties_by_figure(
        request.seat.agency, person=who.handle, unit=where.handle, first=period.first, end=period.end
    )
    return CountsForm(initial={"seen": " ".join(str(len(duties[name])) for name in queries.FIGURES)})


def _confirm(request: SeatedRequest, form: CountsForm, who: Person, where: Unit, period: Period) -> bool:
    numbers = [small_number(one) for one in form.cleaned_data["seen"].split()]
    seen = [one for one in numbers if one is not None]
    if not len(numbers) == len(seen) == len(queries.FIGURES):
        raise Http404
    try:
        acts.confirm_counts(
            by=request.seat,
            person=who,
            unit=where,
            first=period.first,
            end=period.end,
            seen=(seen[0], seen[1], seen[2], seen[3]),
            remark=form.cleaned_data["remark"],
            at=clock.now(),
        )
    except acts.CountsChangedError:
        form.add_error(None, _("The figures have changed since you read them. Open the page again."))
    except acts.PeriodNotOverError:
        form.add_error(None, _("The period is not over yet."))
    except (OwnFindingError, NotAboveError):
        form.add_error(None, _("Somebody else confirms these counts."))
    return form.is_valid()


def _own(request: SeatedRequest, period: Period) -> str:
    seat = request.seat
    return (
        reverse("conduct:counts-person", args=[seat.unit.handle, seat.person.handle])
        + f"?period={period.name}"
    )


def _first(request: SeatedRequest, scope: list[Unit]) -> Unit:
    return next((one for one in scope if one.pk == request.seat.unit.pk), scope[0])


def _period(request: SeatedRequest) -> Period:
    """Return the period of the address; without one, the last month that is over, or an agency's first month."""
    named, dash, rest = request.GET.get("period", "").partition("-")
    year, month = small_number(named) or 0, small_number(rest) or 0
    if year in YEARS and not dash:
        return Period(f"{year}", date(year, 1, 1), date(year + 1, 1, 1))
    if year in YEARS and month in range(1, MONTHS + 1):
        return _month(year, month)
    before = request.seat.on.replace(day=1) - timedelta(days=1)
    founded = legal_day(request.seat.agency, request.seat.agency.founded_at)
    asked = request.seat.on if before < founded else before
    return _month(asked.year, asked.month)


def _month(year: int, month: int) -> Period:
    first = date(year, month, 1)
    return Period(f"{year}-{month:02}", first, first + timedelta(days=monthrange(year, month)[1]))


def _periods(today: date) -> list[tuple[str, str]]:
    """Return the months of the last year and the years, the latest first."""
    found: list[tuple[str, str]] = []
    year, month = today.year, today.month
    for _step in range(MONTHS + 1):
        found.append((f"{year}-{month:02}", f"{month:02}/{year}"))
        year, month = (year, month - 1) if month > 1 else (year - 1, MONTHS)
    return [*found, (str(today.year), str(today.year)), (str(today.year - 1), str(today.year - 1))]

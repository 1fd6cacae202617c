"""How well the agency answers: each unit and service by year and month, and how anybody recomputes it."""

import csv
import io
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from congvu.base import clock
from congvu.base.numbers import small_number
from congvu.petitions.public import figures as reckoning
from congvu.petitions.public.register import Choice, Register
from congvu.portal.web.request_asking import YEARS, of_register, shown

OPEN_TO_ALL: Final = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}


@of_register
def figures(request: HttpRequest, register: Register) -> HttpResponse:
    """Show the figures of a year: all, each unit, each service, in the order of their names, never of their merit."""
    found = _found(request, register)
    context = {
        "figures": found,
        "total": found.of(reckoning.ALL).get(f"{found.year:04}"),
        "by_month": _by_month(found, reckoning.ALL, ""),
        "disputes": _disputes(found, reckoning.ALL, ""),
        "units": _named(found.whole(reckoning.UNIT), register.units),
        "services": _named(found.whole(reckoning.SERVICE), register.services),
    }
    return shown(request, register, "portal/figures.html", "figures", **_frame(register), **context)


@of_register
def group(request: HttpRequest, register: Register, by: str, code: str) -> HttpResponse:
    """Show the figures of one unit or service, month by month."""
    choices = {reckoning.UNIT: register.units, reckoning.SERVICE: register.services}.get(by, ())
    chosen = next((one for one in choices if one.code == code), None)
    if chosen is None:
        raise Http404
    found = _found(request, register)
    context = {
        "figures": found,
        "by": by,
        "chosen": chosen,
        "total": found.of(by, code).get(f"{found.year:04}"),
        "by_month": _by_month(found, by, code),
        "disputes": _disputes(found, by, code),
    }
    return shown(request, register, "portal/figures_group.html", "figures", **_frame(register), **context)


@of_register
def as_json(request: HttpRequest, register: Register) -> HttpResponse:
    """Answer the figures for programs, and for the script that recomputes them."""
    return JsonResponse(_found(request, register).document(), headers=OPEN_TO_ALL)


@of_register
def as_csv(request: HttpRequest, register: Register) -> HttpResponse:
    """Answer the figures as CSV (RFC 4180)."""
    found, out = _found(request, register), io.StringIO()
    if found.rows:
        writer = csv.DictWriter(out, fieldnames=list(found.rows[0]))
        writer.writeheader()
        writer.writerows(found.rows)
    name = f"figures-{register.slug}-{found.year}.csv"
    return HttpResponse(
        out.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={**OPEN_TO_ALL, "Content-Disposition": f'attachment; filename="{name}"'},
    )


@of_register
def script(request: HttpRequest, register: Register) -> HttpResponse:
    """Give the script that recomputes the figures from the export, to be read before it is run."""
    del request, register
    return HttpResponse(reckoning.script(), content_type="text/plain; charset=utf-8", headers=OPEN_TO_ALL)


def _found(request: HttpRequest, register: Register) -> reckoning.Figures:
    now = clock.now()
    year = small_number(request.GET.get("year"))
    here = timezone.localtime(now, ZoneInfo(register.zone)).year
    return reckoning.of_year(register, year if year in YEARS and year else here, now=now)


def _frame(register: Register) -> dict[str, Any]:
    return {"years": range(clock.now().year, register.since - 1, -1), "least": reckoning.LEAST}


def _named(found: dict[str, dict[str, Any]], choices: tuple[Choice, ...]) -> list[tuple[Choice | None, Any]]:
    """Return figures beside what they are of, in the order of the agency; None stands for no unit yet."""
    known = [(one, found[one.code]) for one in choices if one.code in found]
    return [*known, *([(None, found[""])] if "" in found else [])]


def _by_month(found: reckoning.Figures, by: str, code: str) -> list[tuple[int, dict[str, Any]]]:
    periods = found.of(by, code)
    return [(int(period[5:]), row) for period, row in sorted(periods.items()) if len(period) > len("2026")]


def _disputes(found: reckoning.Figures, by: str, code: str) -> list[tuple[str, int, int, float | None]]:
    """Return each outcome in words: how many requests of the year came to it, how many were disputed, their share."""
    total = found.of(by, code).get(f"{found.year:04}")
    if total is None:
        return []
    names = {
        "answered": _("Answered with a result"),
        "refused": _("Refused, with reasons"),
        "redirected": _("Sent to another agency"),
        "merged": _("Merged with another request"),
    }
    return [
        (name, total[end], total[f"{end}_disputed"], total[f"{end}_disputed_share"])
        for end, name in names.items()
    ]

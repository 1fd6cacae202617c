"""Which register a reader asks, and for what of it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from congvu.base import clock
from congvu.base.numbers import small_number
from congvu.petitions.public import visits
from congvu.petitions.public.register import Asked, Register, opened
from congvu.portal.web.pages import page

LONGEST: Final = 200  # characters of a search
YEARS: Final = range(2000, 2200)
_Given = ParamSpec("_Given")
_View = Callable[Concatenate[HttpRequest, Register, _Given], HttpResponseBase]


def of_register(view: _View[_Given]) -> Callable[..., HttpResponseBase]:
    """Give a view the register that its address names, in its agency's zone; only reading is allowed."""

    @require_safe
    @wraps(view)
    def asked(
        request: HttpRequest, agency: str, *args: _Given.args, **kwargs: _Given.kwargs
    ) -> HttpResponseBase:
        register = opened(agency)
        if register is None:
            raise Http404
        with timezone.override(ZoneInfo(register.zone)):  # legal days are the agency's
            return view(request, register, *args, **kwargs)

    return asked


def asked(request: HttpRequest, *, is_placed: bool = False) -> Asked:
    """Return what is asked for; what makes no sense is not asked."""
    year, month = small_number(_text(request, "year")), small_number(_text(request, "month"))
    return Asked(
        words=_text(request, "q"),
        service=_text(request, "service"),
        unit=_text(request, "unit"),
        area=_text(request, "area"),
        state=_text(request, "state"),
        year=year if year in YEARS else None,
        month=month if year in YEARS and month in range(1, 13) else None,
        late=_text(request, "late"),
        disputed=_text(request, "disputed") == "yes",
        is_placed=is_placed,
    )


def after(request: HttpRequest) -> str:
    """Return the number behind which the page begins."""
    return _text(request, "after")


def shown(request: HttpRequest, register: Register, template: str, here: str, **context: Any) -> HttpResponse:
    """Render a page of a register with its frame, and count the visit of a person."""
    now = clock.now()
    visits.visited(request, register.agency, here, now=now)
    frame = {
        "register": register,
        "here": here,
        "visits": visits.numbers(register.agency, now=now),
        "agency_name": register.name,
        "feed": reverse("portal:requests-feed", args=[register.slug]),
    }
    return page(request, template, frame | context)


def _text(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "").strip()[:LONGEST]

"""Services, their questions, areas and routes: an administrator sets them."""

from collections.abc import Sequence

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from congvu.base import clock
from congvu.directory.queries import receiving
from congvu.directory.web.access import SeatedRequest, allowed
from congvu.petitions import attributes
from congvu.petitions.actions import setting as acts
from congvu.petitions.actions.setting import Question
from congvu.petitions.models import Area, Route, Service, ServiceAttribute
from congvu.petitions.policies import may_set_services
from congvu.petitions.web.setting_forms import AreaForm, QuestionForm, RouteForm, ServiceForm
from congvu.ui.words import by_name

administered = allowed(may_set_services)


@administered
@require_safe
def services(request: SeatedRequest) -> HttpResponse:
    """List services, areas and routes."""
    agency = request.seat.agency
    found, areas = list(_services(request)), by_name(Area.objects.filter(agency=agency))
    routes = Route.objects.filter(agency=agency).select_related("service", "area", "unit")
    places = {area.pk: place for place, area in enumerate(areas)}
    context = {
        "services": found,
        "areas": areas,
        "routes": sorted(routes.order_by("service__position", "id"), key=lambda one: places[one.area_id]),
        "receiving": receiving(agency, request.seat.on),
        "countries": acts.COUNTRIES,
        "route": RouteForm(seat=request.seat, services=found, areas=areas) if areas else None,
    }
    return render(request, "petitions/desk/services.html", context)


@administered
@require_POST
def load(request: SeatedRequest) -> HttpResponse:
    """Open the services to begin with of a country; what is there stays."""
    country = request.POST.get("country")
    if country not in acts.COUNTRIES:
        raise Http404
    made = acts.load(request.seat.agency, country, unit=None, by=request.seat, at=clock.now())
    text = ngettext("%(n)s service was opened.", "%(n)s services were opened.", len(made)) % {"n": len(made)}
    messages.success(request, text if made else _("All of these services are there already."))
    return redirect("petitions:services")


@administered
@require_http_methods(["GET", "HEAD", "POST"])
def service(request: SeatedRequest, service: str | None = None) -> HttpResponse:
    """Open a service, or change it."""
    row = get_object_or_404(_services(request), handle=service) if service else None
    form = ServiceForm(request.POST or None, seat=request.seat, row=row)
    asked = attributes.of(row) if row else []
    if form.is_valid() and _is_free(request, form, row):
        offer = form.offer([_question(one) for one in asked])
        made = acts.set_service(
            request.seat.agency, offer, unit=form.unit_chosen(), by=request.seat, at=clock.now()
        )
        messages.success(request, _("The service is set."))
        return redirect("petitions:service", made.handle)
    context = {"form": form, "service": row, "questions": asked}
    return render(request, "petitions/desk/service.html", context, status=422 if form.errors else 200)


@administered
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: SeatedRequest, service: str, code: str = "") -> HttpResponse:
    """Let a service ask something, change it, or ask it no longer."""
    held = get_object_or_404(_services(request), handle=service)
    asked = attributes.of(held)
    row = next((one for one in asked if one.code == code), None)
    if code and row is None:
        raise Http404
    others = [_question(one) for one in asked if one is not row]
    if row is not None and "delete" in request.POST:
        return _asked(request, held, others)
    form = QuestionForm(request.POST or None, row=row)
    if form.is_valid():
        if form.cleaned_data["code"] not in {one.code for one in others}:
            at = asked.index(row) if row else len(others)
            return _asked(request, held, [*others[:at], form.question(), *others[at:]])
        form.add_error("code", _("Another question of the service has this code."))
    context = {"form": form, "service": held, "question": row}
    return render(request, "petitions/desk/question.html", context, status=422 if form.errors else 200)


@administered
@require_http_methods(["GET", "HEAD", "POST"])
def area(request: SeatedRequest) -> HttpResponse:
    """Draw areas from a map."""
    form = AreaForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        for code, name, drawn in form.drawn:
            acts.draw_area(
                request.seat.agency,
                code=code,
                name=name,
                rings=drawn.rings,
                is_territory=form.cleaned_data["is_territory"],
                by=request.seat,
                at=clock.now(),
            )
        text = ngettext("%(n)s area is drawn.", "%(n)s areas are drawn.", len(form.drawn))
        messages.success(request, text % {"n": len(form.drawn)})
        return redirect("petitions:services")
    return render(request, "petitions/desk/area.html", {"form": form}, status=422 if form.errors else 200)


@administered
@require_POST
def route(request: SeatedRequest) -> HttpResponse:
    """Let a unit answer in an area, or no longer."""
    areas = Area.objects.filter(agency=request.seat.agency)
    form = RouteForm(request.POST, seat=request.seat, services=_services(request), areas=areas)
    if form.is_valid():
        said = form.cleaned_data
        acts.set_route(
            form.areas[said["area"]],
            service=form.services.get(said["service"]),
            unit=form.units.get(said["unit"]),
            by=request.seat,
            at=clock.now(),
        )
        messages.success(request, _("The route is set."))
    else:
        messages.error(request, _("Choose an area, and the unit that answers there."))
    return redirect("petitions:services")


def _services(request: SeatedRequest) -> QuerySet[Service]:
    rows = Service.objects.filter(agency=request.seat.agency)
    return rows.select_related("agency", "unit").order_by("position", "code")


def _is_free(request: SeatedRequest, form: ServiceForm, row: Service | None) -> bool:
    if row is None and _services(request).filter(code=form.cleaned_data["code"]).exists():
        form.add_error("code", _("Another service has this code."))
    return form.is_valid()


def _question(row: ServiceAttribute) -> Question:
    return Question(**{name: getattr(row, name) for name in Question.__slots__})


def _asked(request: SeatedRequest, held: Service, questions: Sequence[Question]) -> HttpResponse:
    said = {name: getattr(held, name) for name in acts.Offer.__slots__ if name != "attributes"}
    offer = acts.Offer(**said, attributes=questions)
    acts.set_service(request.seat.agency, offer, unit=held.unit, by=request.seat, at=clock.now())
    messages.success(request, _("The questions of the service are set."))
    return redirect("petitions:service", held.handle)

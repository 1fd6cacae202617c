"""An official's own views of the queue: kept, renamed, forgotten."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from congvu.directory.web.access import SeatedRequest, seated
from congvu.petitions.actions import filtering
from congvu.petitions.models import SavedFilter
from congvu.petitions.queries import queue as queries
from congvu.petitions.web.queue_forms import SaveForm, known_query


@seated
@require_safe
def filters(request: SeatedRequest) -> HttpResponse:
    """List the person's own views."""
    return render(request, "petitions/desk/filters.html", {"saved": queries.saved(request.seat)})


@seated
@require_POST
def save(request: SeatedRequest) -> HttpResponse:
    """Keep a view under a name."""
    form, query = SaveForm(request.POST), known_query(request.POST.get("query", ""), request.seat)
    if not form.is_valid():
        messages.error(request, _("Give the view a name."))
    else:
        try:
            filtering.save_filter(by=request.seat, name=form.cleaned_data["name"], query=query)
        except filtering.TooManyFiltersError:
            messages.error(request, _("Delete one of your views first: there are as many as are kept."))
        else:
            messages.success(request, _("The view is kept."))
    return redirect(f"{reverse('petitions:queue')}?{query}")


@seated
@require_POST
def rename(request: SeatedRequest, kept: str) -> HttpResponse:
    """Call a view by another name."""
    row, form = _own(request, kept), SaveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the view a name."))
        return redirect("petitions:filters")
    try:
        filtering.rename_filter(row, name=form.cleaned_data["name"])
    except filtering.TakenNameError:
        messages.error(request, _("Another of your views has this name."))
    return redirect("petitions:filters")


@seated
@require_POST
def delete(request: SeatedRequest, kept: str) -> HttpResponse:
    """Forget a view."""
    filtering.delete_filter(_own(request, kept))
    return redirect("petitions:filters")


def _own(request: SeatedRequest, handle: str) -> SavedFilter:
    return get_object_or_404(
        SavedFilter, handle=handle, agency=request.seat.agency, person=request.seat.person
    )

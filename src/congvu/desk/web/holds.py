"""Forbidding that records are destroyed, and lifting that again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from congvu.base import clock
from congvu.conduct.queries import full_names
from congvu.desk.web import disposal_words as words
from congvu.desk.web.disposal import names
from congvu.desk.web.disposal_forms import HoldForm, ReasonForm
from congvu.directory import policies
from congvu.directory.web.access import SeatedRequest, allowed
from congvu.ledger.actions import ReadOnlyError
from congvu.ledger.disposal import queries
from congvu.ledger.disposal.actions import holding
from congvu.ledger.disposal.actions.deciding import PeriodError

holding_records = allowed(policies.may_hold_records)


@holding_records
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SeatedRequest) -> HttpResponse:
    """Take a hold."""
    form = HoldForm(request.POST or None, agency=request.seat.agency)
    if form.is_valid() and _placed(request, form):
        messages.success(request, _("The hold stands. Nothing that it covers is destroyed."))
        return redirect("desk:disposals")
    return render(request, "desk/hold_new.html", {"form": form}, status=422 if form.errors else 200)


@holding_records
@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: SeatedRequest, hold: str) -> HttpResponse:
    """Lift a hold."""
    agency = request.seat.agency.handle
    try:
        found = queries.hold(hold, agency=agency)
    except queries.HoldMissingError as error:
        raise Http404 from error
    if not policies.may_lift_hold(request.seat, found.placed_by):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            reason, by = form.cleaned_data["reason"], request.seat.person.handle
            holding.lift(hold, agency=agency, by=by, reason=reason, at=clock.now())
        except (holding.AlreadyLiftedError, ReadOnlyError) as error:
            messages.error(request, words.error(error))
        else:
            messages.success(
                request, _("The hold is lifted. A destruction that it stopped goes on only when told to.")
            )
        return redirect("desk:disposals")
    context = {
        "form": form,
        "hold": found,
        "kinds": names(found.kinds),
        "placed_by": full_names({found.placed_by}).get(found.placed_by, ""),
    }
    return render(request, "desk/hold_lift.html", context, status=422 if form.errors else 200)


def _placed(request: SeatedRequest, form: HoldForm) -> bool:
    begins_at, ends_at = form.period()
    try:
        holding.place(
            agency=request.seat.agency.handle,
            by=request.seat.person.handle,
            basis=form.cleaned_data["basis"],
            kinds=form.cleaned_data["kinds"],
            begins_at=begins_at,
            ends_at=ends_at,
            at=clock.now(),
        )
    except (PeriodError, ReadOnlyError) as error:
        form.add_error(None, words.error(error))
        return False
    return True

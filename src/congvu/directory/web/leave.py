"""Recording a person's leave, with what follows from it, and ending it earlier."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from congvu.base import clock
from congvu.directory import queries
from congvu.directory.actions import leave as acts
from congvu.directory.models import OFFICE, Agency, Person
from congvu.directory.policies import may_grant_leave
from congvu.directory.refusals import REFUSALS, refused
from congvu.directory.web.access import SeatedRequest, in_charge_of_people
from congvu.directory.web.forms import DayForm, LeaveForm
from congvu.directory.web.people import known_person

FIELDS: dict[type[Exception], str] = {  # where the form shows what was refused; the rest stands above it
    acts.EmptyPeriodError: "last_day",
    acts.LeaveTooFarError: "first_day",
    acts.LeaveTooLongError: "last_day",
    acts.ActingHoldsNoPostError: "acting",
    acts.ActingAwayError: "acting",
    acts.ActingBackwardsError: "acting",
}


@in_charge_of_people
def grant(request: SeatedRequest, handle: str) -> HttpResponse:
    """Ask for the days and who acts, show what follows, and grant the leave when that is confirmed."""
    seat, person, now = request.seat, known_person(request, handle), clock.now()
    others = queries.known_people(seat.agency).exclude(pk=person.pk)
    holding = queries.memberships(seat.agency).filter(queries.after(seat.on)).values("person")
    form = LeaveForm(
        request.POST or None, people=others.filter(pk__in=holding), initial={"first_day": seat.on}
    )
    planned: dict[str, Any] | None = None
    if form.is_valid() and "change" not in request.POST:
        planned = form.planned()
        told = {"agency": seat.agency, "person": person, "by": seat, "now": now, **planned}
        try:
            if "confirm" in request.POST:
                acts.grant_leave(**told)
                messages.success(request, _("The leave was recorded."))
                return redirect("directory:person", person.handle)
            acts.check_leave(**told)
        except REFUSALS as error:
            refused(form, error, FIELDS.get(type(error)))
            planned = None
    context = {"form": form, "person": person, "planned": planned}
    if planned is not None:
        context |= _what_follows(seat.agency, person, planned["valid_from"], planned["valid_to"])
    return render(request, "directory/leave.html", context)


@in_charge_of_people
def end(request: SeatedRequest, handle: str) -> HttpResponse:
    """Ask for the first day back, show what follows, and end the leave when that is confirmed."""
    seat, now = request.seat, clock.now()
    leave = get_object_or_404(queries.leaves(seat.agency), handle=handle)
    held = queries.held_between(seat.agency, leave.person, leave.valid_from, leave.valid_to)
    if not may_grant_leave(seat, leave.person, held):
        raise PermissionDenied
    whole = gettext_lazy("The first day of the leave withdraws it whole.")
    hint = whole if leave.valid_from >= seat.on else ""
    initial = {"day": max(seat.on, leave.valid_from)}
    form = DayForm(
        request.POST or None, label=gettext_lazy("First day back"), help_text=hint, initial=initial
    )
    decided: date | None = None
    if form.is_valid():
        decided = form.cleaned_data["day"]
        told: dict[str, Any] = {"leave": leave, "valid_to": decided, "by": seat, "now": now}
        try:
            if "confirm" in request.POST:
                acts.end_leave(**told)
                messages.success(request, _("The new end of the leave was recorded."))
                return redirect("directory:person", leave.person.handle)
            acts.check_end(**told)
        except REFUSALS as error:
            refused(form, error, "day")
            decided = None
    is_withdrawn = decided is not None and decided <= leave.valid_from
    context = {"form": form, "leave": leave, "decided": decided, "is_withdrawn": is_withdrawn}
    return render(request, "directory/end_leave.html", context)


def _what_follows(agency: Agency, person: Person, valid_from: date, valid_to: date) -> dict[str, object]:
    held = queries.held_between(agency, person, valid_from, valid_to)
    acts_for = queries.leaves(agency).filter(queries.overlaps(valid_from, valid_to), acting=person)
    return {
        "offices": [one for one in held if not OFFICE.isdisjoint(one.post.functions)],
        "acts_for": acts_for,
    }

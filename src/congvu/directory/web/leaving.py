"""Ending an appointment, with what follows; addresses in the hand-over box and their withdrawal."""

from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from congvu.base import clock
from congvu.directory import periods, queries
from congvu.directory.actions.addresses import withdraw_address
from congvu.directory.actions.appointments import end_appointment
from congvu.directory.models import Membership
from congvu.directory.refusals import REFUSALS, refused
from congvu.directory.web.access import SeatedRequest, administered, mail_administered
from congvu.directory.web.forms import DayForm


@administered
def end(request: SeatedRequest, handle: str) -> HttpResponse:
    """Ask for the day, show what follows from it, and end the appointment when that is confirmed."""
    seat = request.seat
    membership = get_object_or_404(queries.memberships(seat.agency), handle=handle)
    label = gettext_lazy("First day without the post")
    form = DayForm(request.POST or None, label=label, initial={"day": seat.on})
    decided: date | None = None
    if form.is_valid():
        decided = form.cleaned_data["day"]
        try:
            if "confirm" in request.POST:
                end_appointment(membership=membership, valid_to=decided, by=seat, now=clock.now())
                messages.success(request, _("The end of the appointment was recorded."))
                return redirect("directory:person", membership.person.handle)
        except REFUSALS as error:
            refused(form, error)
            decided = None
    context = {"form": form, "held": membership, "decided": decided}
    if decided is not None:
        context |= _what_follows(membership, decided)
    return render(request, "directory/end.html", context)


def _what_follows(membership: Membership, valid_to: date) -> dict[str, object]:
    others = queries.history(membership.agency, membership.person).exclude(pk=membership.pk)
    staying = others.filter(queries.after(valid_to)).exists()
    address = queries.personal_addresses(membership.agency, membership.person).first()
    return {
        "staying": staying,
        "email": queries.email(address) if address else "",
        "withdraw_on": periods.withdraw_on(valid_to, membership.post.rank),
        "months": periods.months(membership.post.rank),
        "decision": periods.DECISION,
        "signed_on": periods.SIGNED_ON,
        "too_early": valid_to < membership.valid_from,
    }


@mail_administered
def handed_over(request: SeatedRequest) -> HttpResponse:
    """Show which addresses receive for a hand-over box, and which of them are due for withdrawal."""
    seat = request.seat
    rows = [
        (one, queries.email(one), one.withdraw_on is not None and one.withdraw_on <= seat.on)
        for one in queries.handed_over(seat.agency, seat.on)
    ]
    context = {"rows": rows, "decision": periods.DECISION, "signed_on": periods.SIGNED_ON}
    return render(request, "directory/handed_over.html", context)


@mail_administered
def withdraw(request: SeatedRequest, handle: str) -> HttpResponse:
    """Withdraw an address."""
    seat = request.seat
    address = get_object_or_404(queries.addresses(seat.agency), handle=handle)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            withdraw_address(address=address, by=seat, now=clock.now())
        except REFUSALS as error:
            refused(form, error)
        else:
            messages.success(request, _("The address was withdrawn."))
            return redirect("directory:handed-over")
    early = address.withdraw_on is None or address.withdraw_on > seat.on
    context = {"form": form, "address": address, "email": queries.email(address), "early": early}
    return render(request, "directory/withdraw.html", context)

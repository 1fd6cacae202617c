"""Keys of programs that hand petitions in: an administrator gives and withdraws them."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from congvu.base import clock
from congvu.directory.web.access import SeatedRequest, allowed
from congvu.petitions.actions.api_keys import LONGEST, WithdrawnError, give_key, withdraw_key
from congvu.petitions.models import ApiKey
from congvu.petitions.policies import may_set_services
from congvu.petitions.queries import api_keys as queries

administered = allowed(may_set_services)


class LabelForm(forms.Form):
    """Whose key it is."""

    label = forms.CharField(
        label=gettext_lazy("Program"),
        max_length=LONGEST,
        help_text=gettext_lazy("The name of the program and of who runs it; the list shows it."),
        error_messages={"required": gettext_lazy("Say whose key it is.")},
    )


@administered
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: SeatedRequest) -> HttpResponse:
    """List the keys, and give a new one, shown this once."""
    form, secret = LabelForm(request.POST or None), ""
    if form.is_valid():
        label = form.cleaned_data["label"]
        secret = give_key(agency=request.seat.agency, label=label, by=request.seat, at=clock.now()).secret
        form = LabelForm()
    context = {"form": form, "secret": secret, "keys": queries.keys(request.seat.agency)}
    answer = render(request, "petitions/desk/api_keys.html", context)
    if secret:
        answer["Cache-Control"] = "no-store"
    return answer


@administered
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SeatedRequest, handle: str) -> HttpResponse:
    """Withdraw a key, after asking once more."""
    row = get_object_or_404(
        ApiKey.objects.select_related("agency"), agency=request.seat.agency, handle=handle
    )
    if request.method != "POST":
        return render(request, "petitions/desk/withdraw_api_key.html", {"key": row})
    try:
        withdraw_key(row, by=request.seat, at=clock.now())
    except WithdrawnError:
        messages.info(request, _("The key was withdrawn already."))
    else:
        messages.success(request, _("The key opens nothing any more."))
    return redirect("petitions:api-keys")

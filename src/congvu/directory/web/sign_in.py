"""What an administrator does about somebody's sign-in."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from congvu.base import clock
from congvu.directory.actions import accounts
from congvu.directory.models import Account, Person
from congvu.directory.refusals import REFUSALS, refused
from congvu.directory.web.access import SeatedRequest, administered
from congvu.directory.web.forms import SecondFactorForm
from congvu.directory.web.people import known_person


@administered
def give_password(request: SeatedRequest, handle: str) -> HttpResponse:
    """Give somebody a new one-time password, shown once."""
    person, account = _account(request, handle)
    form = SecondFactorForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            secret = accounts.give_password(
                agency=request.seat.agency,
                account=account,
                without_second_factor=form.cleaned_data["without_second_factor"],
                by=request.seat,
                now=clock.now(),
            )
        except REFUSALS as error:
            refused(form, error)
        else:
            return show_secret(request, person, account, secret)
    return render(request, "directory/give_password.html", {"form": form, "person": person})


@administered
def close(request: SeatedRequest, handle: str) -> HttpResponse:
    """Close somebody's account at once."""
    person, account = _account(request, handle)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            accounts.close_account(
                agency=request.seat.agency, account=account, by=request.seat, now=clock.now()
            )
        except REFUSALS as error:
            refused(form, error)
        else:
            messages.success(request, _("The account was closed; its sign-ins have ended."))
            return redirect("directory:person", person.handle)
    return render(request, "directory/close_account.html", {"form": form, "person": person})


@administered
def reopen(request: SeatedRequest, handle: str) -> HttpResponse:
    """Open a closed account again, with a one-time password that is shown once."""
    person, account = _account(request, handle)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            secret = accounts.reopen_account(
                agency=request.seat.agency, account=account, by=request.seat, now=clock.now()
            )
        except REFUSALS as error:
            refused(form, error)
        else:
            return show_secret(request, person, account, secret)
    return render(request, "directory/reopen_account.html", {"form": form, "person": person})


def show_secret(request: SeatedRequest, person: Person, account: Account, secret: str) -> HttpResponse:
    """Show a one-time password once; no cache keeps the page."""
    context = {"person": person, "username": account.username, "secret": secret}
    response = render(request, "directory/secret.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _account(request: SeatedRequest, handle: str) -> tuple[Person, Account]:
    person = known_person(request, handle)
    account = Account.objects.filter(person=person).select_related("person").first()
    if account is None:
        raise Http404
    return person, account

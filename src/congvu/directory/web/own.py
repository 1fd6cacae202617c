"""A person's own pages: language, posts, application passwords, the first password, and the page without a post."""

from allauth.account.forms import SetPasswordForm
from django.conf import settings as configuration
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from congvu.base import clock
from congvu.directory import queries
from congvu.directory.actions import accounts
from congvu.directory.actions import application_passwords as secrets
from congvu.directory.models import ApplicationPassword
from congvu.directory.refusals import REFUSALS, refused
from congvu.directory.web.access import SEAT_KEY, SeatedRequest, seated, seated_before_own_password
from congvu.directory.web.forms import LabelForm, SeatForm, WishesForm


@seated
def settings(request: SeatedRequest) -> HttpResponse:
    """Show a person's own settings, and keep them."""
    account = request.seat.account
    wishes = {name: getattr(account, name) for name in ("uses_shortcuts", "is_told_of_late_duties")}
    form = WishesForm(request.POST or None, initial=wishes | {"language": account.language or get_language()})
    if form.is_valid():
        language = form.cleaned_data["language"]
        accounts.keep_wishes(account=account, **form.cleaned_data)
        with override(language):
            messages.success(request, _("Your settings were saved."))
        response = redirect("directory:settings")
        response.set_cookie(
            configuration.LANGUAGE_COOKIE_NAME, language, samesite="Lax", secure=configuration.CONGVU_HTTPS
        )
        return response
    seat = request.seat
    context = {
        "form": form,
        "seats": queries.seats(account, clock.now()),
        "leaves": queries.leaves(seat.agency).filter(queries.after(seat.on), person=seat.person),
        "on": seat.on,
    }
    return render(request, "directory/settings.html", context)


@seated
def choose_seat(request: SeatedRequest) -> HttpResponse:
    """Choose on which post to act, for whoever holds several."""
    held = queries.seats(request.seat.account, clock.now())
    form = SeatForm(
        request.POST or None,
        seats=held,
        language=get_language() or "vi",
        initial={"seat": request.seat.membership.handle},
    )
    if form.is_valid():
        request.session[SEAT_KEY] = form.cleaned_data["seat"]
        messages.success(request, _("You now act on this post."))
        return redirect(configuration.LOGIN_REDIRECT_URL)
    return render(request, "directory/choose_seat.html", {"form": form})


@seated
def application_passwords(request: SeatedRequest) -> HttpResponse:
    """Show a person's application passwords, and issue one, shown once."""
    form, secret = LabelForm(request.POST or None), ""
    if form.is_valid():
        try:
            _password, secret = secrets.issue(
                by=request.seat, label=form.cleaned_data["label"], now=clock.now()
            )
        except REFUSALS as error:
            refused(form, error, "label")
        else:
            form = LabelForm()
    held = queries.open_application_passwords(request.seat.account).filter(agency=request.seat.agency)
    context = {
        "form": form,
        "secret": secret,
        "passwords": held,
        "host": configuration.CONGVU_HOST,
        "port": configuration.CONGVU_SUBMISSION_PORT,
        "username": request.seat.account.username,
    }
    response = render(request, "directory/application_passwords.html", context)
    if secret:
        response["Cache-Control"] = "no-store"
    return response


@seated
def revoke(request: SeatedRequest, handle: str) -> HttpResponse:
    """Revoke one of a person's own application passwords."""
    password = get_object_or_404(
        ApplicationPassword, agency=request.seat.agency, account=request.seat.account, handle=handle
    )
    if request.method == "POST":
        try:
            secrets.revoke(password=password, by=request.seat, now=clock.now())
        except secrets.AlreadyRevokedError:
            messages.info(request, _("The application password was revoked already."))
        else:
            messages.success(request, _("The application password was revoked."))
        return redirect("directory:application-passwords")
    return render(request, "directory/revoke.html", {"password": password})


@seated_before_own_password
def first_password(request: SeatedRequest) -> HttpResponse:
    """Let somebody who signed in with a one-time password choose their own."""
    account = request.seat.account
    if not account.password_is_initial:
        return redirect(configuration.LOGIN_REDIRECT_URL)
    form = SetPasswordForm(account, request.POST or None)
    if form.is_valid():
        accounts.keep_own_password(account=account, secret=form.cleaned_data["password1"])
        update_session_auth_hash(request, account)
        messages.success(request, _("Your password was kept."))
        return redirect(configuration.LOGIN_REDIRECT_URL)
    return render(request, "directory/first_password.html", {"form": form})


def no_post(request: HttpRequest) -> HttpResponse:
    """Say to somebody who holds no post today why they cannot sign in, and whom to ask."""
    return render(request, "directory/no_post.html", status=403)

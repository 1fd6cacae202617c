"""A person's own key to sign with, and for administrators whom the installation believes."""

from typing import Any

from django.contrib import messages as notices
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from congvu.base import clock
from congvu.directory.web.access import SeatedRequest, mail_administered
from congvu.mail.actions import sending, signing_keys
from congvu.mail.queries import signing
from congvu.mail.smime import cli, trust, words
from congvu.mail.web import explaining
from congvu.mail.web.access import official
from congvu.mail.web.forms import SigningFileForm, SigningTokenForm

AUTO_ID = "hardware_%s"  # both forms stand on one page and have a passphrase


@official
@require_http_methods(["GET", "HEAD", "POST"])
def key(request: SeatedRequest) -> HttpResponse:
    """Show a person's key to sign with, and take one as a file."""
    if request.method != "POST":
        return _page(request)
    form = SigningFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, file=form, status=422)
    data = form.cleaned_data
    try:
        signing_keys.keep_file(
            seat=request.seat, data=data["file"].read(), passphrase=data["passphrase"], now=clock.now()
        )
    except sending.UNSIGNED as error:
        return _page(request, file=_refused(form, error), status=422)
    notices.success(request, _("Your key was kept. Letters can now be signed where they are written."))
    return redirect("mail:signing")


@official
@require_POST
def token(request: SeatedRequest) -> HttpResponse:
    """Take a token as the key to sign with."""
    form = SigningTokenForm(request.POST, auto_id=AUTO_ID)
    if not form.is_valid():
        return _page(request, token=form, status=422)
    data = form.cleaned_data
    try:
        signing_keys.keep_token(
            seat=request.seat, label=data["label"], pin=data["passphrase"], now=clock.now()
        )
    except sending.UNSIGNED as error:
        return _page(request, token=_refused(form, error), status=422)
    notices.success(request, _("Your key was kept. Letters can now be signed where they are written."))
    return redirect("mail:signing")


@official
@require_POST
def remove(request: SeatedRequest) -> HttpResponse:
    """Destroy a person's key in the server."""
    try:
        signing_keys.remove(seat=request.seat, now=clock.now())
    except signing_keys.NoKeyError:
        notices.info(request, _("Your key was taken out before."))
    else:
        notices.success(request, _("Your key was taken out of the server and destroyed here."))
    return redirect("mail:signing")


@mail_administered
@require_safe
def trusted(request: SeatedRequest) -> HttpResponse:
    """Show an administrator by which certificates and lists signatures are believed."""
    folder = trust.own_folder()
    rows = [
        {"kind": one.kind, "title": cli.title(one), "until": cli.until(one), "fingerprint": one.fingerprint}
        for one in trust.kept(folder)
    ]
    return render(request, "mail/trust.html", {"rows": rows, "folder": folder})


def _page(
    request: SeatedRequest, *, file: Form | None = None, token: Form | None = None, status: int = 200
) -> HttpResponse:
    found = signing.shown(request.seat, now=clock.now())
    context: dict[str, Any] = {
        "key": found,
        "problems": words.sentences(found.reasons) if found else [],
        "form": token or file,
        "file_form": file or SigningFileForm(),
        "token_form": token or SigningTokenForm(auto_id=AUTO_ID),
        "may_use_tokens": signing.may_use_tokens(),
        "now": clock.now(),
    }
    return render(request, "mail/signing.html", context, status=status)


def _refused(form: Form, error: Exception) -> Form:
    _field, sentence = explaining.unsigned(error)
    form.add_error("passphrase", sentence)
    return form

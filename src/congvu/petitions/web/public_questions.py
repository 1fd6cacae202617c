"""The questions that are asked of every citizen: where, what, who."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from congvu.base import clock
from congvu.petitions.guarding.pace import TooFastError
from congvu.petitions.queries import offered
from congvu.petitions.web.place_forms import PlaceForm
from congvu.petitions.web.public_asking import Asking, step
from congvu.petitions.web.public_forms import QUESTION, FeedbackForm, WhatForm, WhoForm
from congvu.petitions.web.public_frame import agency_or_404, page
from congvu.petitions.web.refused import status_of, why_not_now


@step("place")
def place(asking: Asking) -> HttpResponse:
    """Ask where it is."""
    form = PlaceForm(asking.posted, initial=asking.answers, service=asking.service)
    if not form.is_valid():
        return asking.ask_form(form)
    return asking.keep_form(form, **form.cleaned_data)


@step("what")
def what(asking: Asking) -> HttpResponse:
    """Ask what happened, and what the service asks beside."""
    own = {QUESTION + code: value for code, value in asking.answers.get("answers", {}).items()}
    form = WhatForm(asking.posted, initial=asking.answers | own, service=asking.service)
    if not form.is_valid():
        return asking.ask_form(form)
    return asking.keep_form(
        form, **{name: form.cleaned_data[name] for name in ("subject", "content", "answers")}
    )


@step("who")
def who(asking: Asking) -> HttpResponse:
    """Ask who asks."""
    form = WhoForm(asking.posted, initial=asking.answers, service=asking.service)
    if not form.is_valid():
        return asking.ask_form(form)
    return asking.keep_form(form, **form.cleaned_data)


@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """Take feedback on the agency's site, all on one page; it is checked and sent as everything else."""
    agency = agency_or_404(slug)
    service = offered.feedback(agency)
    if service is None:
        raise Http404
    one = Asking(request=request, service=service, step="check", now=clock.now())
    form = FeedbackForm(one.posted, service=service)
    status = 422
    try:
        if form.is_valid():
            one.keep(*one.steps[:-1], **form.cleaned_data)
            return redirect("ask:check", slug, service.code)
        one.note_mark(form.mark)
    except TooFastError as error:
        form.add_error(None, why_not_now(error))
        status = status_of(error)
    context = {"form": form, "service": service}
    return page(request, agency, "feedback", context, status=status if form.errors else 200)

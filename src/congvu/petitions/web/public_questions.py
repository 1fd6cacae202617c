"""The questions that are asked of every citizen: where, what, who."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from congvu.base import clock
from congvu.petitions.queries import offered
from congvu.petitions.web.public_asking import Asking, step
from congvu.petitions.web.public_forms import QUESTION, FeedbackForm, PlaceForm, WhatForm, WhoForm
from congvu.petitions.web.public_frame import agency_or_404, page


@step("place")
def place(asking: Asking) -> HttpResponse:
    """Ask where it is."""
    form = PlaceForm(asking.posted, initial=asking.answers, service=asking.service)
    if not form.is_valid():
        return asking.ask_form(form)
    asking.keep("place", **form.cleaned_data)
    return asking.go_on()


@step("what")
def what(asking: Asking) -> HttpResponse:
    """Ask what happened, and what the service asks beside."""
    own = {QUESTION + code: value for code, value in asking.answers.get("answers", {}).items()}
    form = WhatForm(asking.posted, initial=asking.answers | own, service=asking.service)
    if not form.is_valid():
        return asking.ask_form(form)
    asking.keep("what", **{name: form.cleaned_data[name] for name in ("subject", "content", "answers")})
    return asking.go_on()


@step("who")
def who(asking: Asking) -> HttpResponse:
    """Ask who asks."""
    form = WhoForm(asking.posted, initial=asking.answers, service=asking.service)
    if not form.is_valid():
        return asking.ask_form(form)
    asking.keep("who", **form.cleaned_data)
    return asking.go_on()


@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """Take feedback on the agency's site, all on one page; it is checked and sent as everything else."""
    agency = agency_or_404(slug)
    service = offered.feedback(agency)
    if service is None:
        raise Http404
    one = Asking(request=request, service=service, step="check", now=clock.now())
    form = FeedbackForm(one.posted, service=service)
    if not form.is_valid():
        context = {"form": form, "service": service}
        return page(request, agency, "feedback", context, status=422 if form.errors else 200)
    one.keep(*one.steps[:-1], **form.cleaned_data)
    return redirect("ask:check", slug, service.code)

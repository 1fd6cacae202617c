"""Appointing somebody, one question a page, then check your answers.

The answers wait in the session until they are confirmed; nothing is written before.
"""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from congvu.base import clock
from congvu.base.database import atomic
from congvu.directory import naming, queries
from congvu.directory.actions.appointments import Appointed, appoint
from congvu.directory.actions.people import register_person
from congvu.directory.models import Address, Person, Post
from congvu.directory.refusals import REFUSALS, SENTENCES
from congvu.directory.web.access import SeatedRequest, administered
from congvu.directory.web.forms import DayForm, LocalPartForm, PersonForm, PostChoiceForm

KEY = "appointing"
STEPS = ("who", "post", "day", "address")


@administered
def begin(request: SeatedRequest) -> HttpResponse:
    """Begin anew, with the person or the post that a page named."""
    wanted = {name: request.GET[name] for name in ("person", "post") if request.GET.get(name)}
    request.session[KEY] = wanted
    return _on(request)


@administered
def who(request: SeatedRequest) -> HttpResponse:
    """Ask who is appointed."""
    answers = _answers(request)
    people = list(queries.known_people(request.seat.agency))
    initial = {"known": answers.get("person", ""), "full_name": answers.get("full_name", "")}
    form = PersonForm(request.POST or None, people=people, initial=initial)
    if form.is_valid():
        try:
            name = naming.clean_text(form.cleaned_data["full_name"]) if form.cleaned_data["full_name"] else ""
        except naming.TextError as error:
            form.add_error("full_name", str(SENTENCES[type(error)]))
        else:
            return _keep(request, person=form.cleaned_data["known"], full_name=name, local_part="")
    return _ask(request, form, _("Who is appointed?"), "who")


@administered
def post(request: SeatedRequest) -> HttpResponse:
    """Ask to which post."""
    seat, answers = request.seat, _answers(request)
    held = queries.memberships(seat.agency).filter(queries.after(seat.on))
    holders: dict[int, list[str]] = {}
    for one in held:
        holders.setdefault(one.post_id, []).append(one.person.full_name)
    rows = [
        (row, f" ({', '.join(holders[row.pk])})" if row.pk in holders else f" ({_('vacant')})")
        for row in queries.posts(seat.agency)
        if row.unit.valid_to is None or row.unit.valid_to > seat.on
    ]
    form = PostChoiceForm(
        request.POST or None,
        posts=rows,
        language=get_language() or "vi",
        initial={"post": answers.get("post", "")},
    )
    if form.is_valid():
        return _keep(request, post=form.cleaned_data["post"])
    return _ask(request, form, _("To which post?"), "post")


@administered
def day(request: SeatedRequest) -> HttpResponse:
    """Ask since when."""
    initial = {"day": _answers(request).get("day") or request.seat.on}
    label = gettext_lazy("First day on the post")
    form = DayForm(request.POST or None, label=label, initial=initial)
    if form.is_valid():
        return _keep(request, day=form.cleaned_data["day"].isoformat())
    return _ask(request, form, _("From which day?"), "day")


@administered
def address(request: SeatedRequest) -> HttpResponse:
    """Ask which address; somebody who has one in the agency keeps it and is not asked."""
    seat, answers = request.seat, _answers(request)
    if _held_address(request) is not None:
        return _keep(request, local_part="")
    taken = Address.objects.filter(agency=seat.agency)
    proposed = naming.local_part_from(
        _name(request), is_taken=lambda one: taken.filter(local_part=one).exists()
    )
    initial = {"local_part": answers.get("local_part") or proposed}
    form = LocalPartForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            local_part = naming.clean_local_part(form.cleaned_data["local_part"])
        except naming.TextError as error:
            form.add_error("local_part", str(SENTENCES[type(error)]))
        else:
            if not taken.filter(local_part=local_part).exists():
                return _keep(request, local_part=local_part)
            form.add_error(
                "local_part", _("The agency gave this address before; an address never changes hands.")
            )
    return _ask(request, form, _("Which address?"), "address")


@administered
def check(request: SeatedRequest) -> HttpResponse:
    """Show all answers, and appoint when they are confirmed."""
    if _missing(request) is not None:
        return _on(request)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            made = _appoint(request)
        except REFUSALS as error:
            form.add_error(None, str(SENTENCES[type(error)]))
        else:
            del request.session[KEY]
            return _made(request, made)
    answers, held = _answers(request), _held_address(request)
    context = {
        "form": form,
        "name": _name(request),
        "post": _post(request),
        "day": date.fromisoformat(answers["day"]),
        "email": queries.email(held) if held else f"{answers['local_part']}@{request.seat.agency.domain}",
        "keeps": held is not None,
    }
    return render(request, "directory/appoint_check.html", context)


def _appoint(request: SeatedRequest) -> Appointed:
    seat, answers, now = request.seat, _answers(request), clock.now()
    with atomic():  # a new person and the appointment come together or not at all
        person = _known(request) or register_person(
            agency=seat.agency, full_name=answers["full_name"], by=seat, now=now
        )
        return appoint(
            person=person,
            post=_post(request),
            valid_from=date.fromisoformat(answers["day"]),
            local_part=answers["local_part"],
            by=seat,
            now=now,
        )


def _made(request: SeatedRequest, made: Appointed) -> HttpResponse:
    if made.initial_password is None:
        messages.success(request, _("The appointment was recorded."))
        return redirect("directory:person", made.membership.person.handle)
    context = {
        "person": made.membership.person,
        "username": made.account.username,
        "secret": made.initial_password,
        "appointed": made,
    }
    response = render(request, "directory/secret.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _answers(request: SeatedRequest) -> dict[str, str]:
    return dict(request.session.get(KEY, {}))


def _keep(request: SeatedRequest, **answers: str) -> HttpResponse:
    request.session[KEY] = _answers(request) | answers
    return _on(request)


def _on(request: SeatedRequest) -> HttpResponse:
    """Go to the first question without an answer, or to the check."""
    return redirect(f"directory:appoint-{_missing(request) or 'check'}")


def _missing(request: SeatedRequest) -> str | None:
    answers = _answers(request)
    if not answers.get("full_name") and _known(request) is None:
        return "who"
    if not queries.posts(request.seat.agency).filter(handle=answers.get("post", "")).exists():
        return "post"
    if not answers.get("day"):
        return "day"
    return None if answers.get("local_part") or _held_address(request) else "address"


def _known(request: SeatedRequest) -> Person | None:
    people = queries.known_people(request.seat.agency)
    return people.filter(handle=_answers(request).get("person", "")).first()


def _name(request: SeatedRequest) -> str:
    known = _known(request)
    return known.full_name if known else _answers(request).get("full_name", "")


def _post(request: SeatedRequest) -> Post:
    return queries.posts(request.seat.agency).get(handle=_answers(request)["post"])


def _held_address(request: SeatedRequest) -> Address | None:
    known = _known(request)
    return queries.personal_addresses(request.seat.agency, known).first() if known else None


def _ask(request: SeatedRequest, form: forms.Form, question: str, step: str) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "question": question,
        "step": STEPS.index(step) + 1,
        "steps": len(STEPS),
    }
    context["domain"] = request.seat.agency.domain if step == "address" else ""
    return render(request, "directory/question.html", context)

"""Following a petition with its number and secret, without an account: how it stands, and what its citizen may do.

The secret comes by POST and never stands in an address; the session remembers whose door it opened. A letter's link
carries both behind the `#`, which browsers keep to themselves.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from congvu.base import blobs, clock
from congvu.directory.models import Agency
from congvu.ledger import queries as ledger
from congvu.petitions.actions import citizens
from congvu.petitions.actions.refusing import noted
from congvu.petitions.actions.steps import SecrecyError, WrongStateError
from congvu.petitions.guarding import checking
from congvu.petitions.guarding.pace import TooFastError
from congvu.petitions.models import Attachment, Petition, Step
from congvu.petitions.queries import petitions
from congvu.petitions.queries.missed import missed
from congvu.petitions.web import words
from congvu.petitions.web.public_answers import own, place
from congvu.petitions.web.public_forms import (
    SECRECY,
    DisputeForm,
    Form,
    KeyForm,
    ObjectionForm,
    RateForm,
    ReplyForm,
)
from congvu.petitions.web.public_frame import agency_or_404, page
from congvu.petitions.web.refused import why_not_now
from congvu.petitions.web.words import Word
from congvu.petitions.words import DISPUTABLE, Channel, End, State
from congvu.ui.web.files import attachment
from congvu.ui.web.network import network_address

KEY = "followed_petitions"  # of the session: handles whose secret was shown here
MOST = 20
OWN = ("petition.disputed", "answer.rated", "term.resumed", "petition.added")  # what citizens do themselves
DISCLOSED = ("petition", "number", "received_on", "digest", "promised_on")  # nothing of officials
RATEABLE = (*DISPUTABLE, State.DISPUTED)


def remember(request: HttpRequest, petition: Petition) -> None:
    """Let this browser in to a petition until its session ends."""
    held = [one for one in request.session.get(KEY, []) if one != petition.handle]
    request.session[KEY] = [*held, petition.handle][-MOST:]


def leave_all(request: HttpRequest) -> None:
    """Let this browser in nowhere any more."""
    request.session.pop(KEY, None)


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for number and secret."""
    return _door(request, agency_or_404(slug), number=request.GET.get("number", ""))


@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Forget in this browser which petitions were followed."""
    leave_all(request)
    messages.success(request, _("This browser no longer knows your request."))
    return redirect("ask:start", agency_or_404(slug).slug)


def followed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a page the petition whose secret was shown in this browser; else ask for it."""

    @wraps(view)
    def shown(request: HttpRequest, slug: str, number: str, **more: str) -> HttpResponse:
        agency = agency_or_404(slug)
        found = petitions.by_number(number, agency=agency)
        if found is None or found.handle not in request.session.get(KEY, []):
            return _door(request, agency, number=number)
        return view(request, found, **more)

    return require_http_methods(["GET", "HEAD", "POST"])(shown)


@followed
def petition(request: HttpRequest, petition: Petition) -> HttpResponse:
    """Show how a petition stands, what was done, and until when what is owed."""
    now = clock.now()
    steps = [one for one in petitions.steps(petition) if is_shown(one)]
    files, end = petitions.attachments(petition), petitions.last_end(petition)
    shown = files + petitions.repeated(petition)
    context = {
        "petition": petition,
        "place": place({name: getattr(petition, name) for name in ("place", "latitude", "longitude")}),
        "answers": list(own(petition.service, petition.answers)),
        "steps": [
            (one, [file for file in shown if file.step_id in {one.pk, one.repeats_id}])
            for one in reversed(steps)
        ],
        "files": [one for one in files if one.step_id is None],
        "terms": petitions.terms(petition, now=now),
        "missed": missed([petition]).get(petition.pk, [])[-1:],
        "question": _question(steps) if petition.state == State.WAITING else None,
        "dispute": words.DISPUTES[end] if end and petition.state in DISPUTABLE else "",
        "is_answered": end == End.ANSWERED,
        "may_rate": petition.state in RATEABLE,
    }
    return page(request, petition.agency, "petition", context)


@followed
def reply(request: HttpRequest, petition: Petition) -> HttpResponse:
    """Answer what the agency asked."""

    def act(said: dict[str, Any]) -> None:
        citizens.reply(petition, text=said["text"], at=clock.now())

    return _act(request, petition, ReplyForm, act, "reply", _("Your answer was sent. The work goes on."))


@followed
def dispute(request: HttpRequest, petition: Petition) -> HttpResponse:
    """Say that what the petition came to is not right."""
    end = petitions.last_end(petition)
    questions = DisputeForm if end == End.ANSWERED else ObjectionForm

    def act(said: dict[str, Any]) -> None:
        citizens.dispute(petition, text=said["text"], at=clock.now())

    thanks = _("Your dispute was recorded. The request is open again.")
    return _act(request, petition, questions, act, "dispute", thanks, heading=words.DISPUTES.get(end, ""))


@followed
def rate(request: HttpRequest, petition: Petition) -> HttpResponse:
    """Rate an answer, or how else the petition was handled."""
    heading = _("Rate the answer")
    if petitions.last_end(petition) != End.ANSWERED:
        heading = _("Rate how it was handled")

    def act(said: dict[str, Any]) -> None:
        citizens.rate(petition, score=said["score"], text=said["text"], at=clock.now())

    thanks = _("Thank you. Your rating was recorded.")
    return _act(request, petition, RateForm, act, "rate", thanks, heading=heading)


@followed
def receipt(request: HttpRequest, petition: Petition, step: str) -> HttpResponse:
    """Hand out the proof of a step: of when and what, and nothing of who in the office did it."""
    found = next((one for one in petitions.steps(petition) if one.handle == step and is_shown(one)), None)
    if found is None:
        raise Http404
    agency = petition.agency
    try:
        data = ledger.prove(found.entry, agency=agency.handle, disclose=DISCLOSED)
    except ledger.PendingError:
        return page(request, agency, "pending", {"petition": petition}, status=409)
    name = f"receipt-{petition.number}-{found.kind}-{localtime(found.at).date().isoformat()}.congvu.json"
    return attachment(data, name=name, content_type="application/json")


@followed
def text(request: HttpRequest, petition: Petition) -> HttpResponse:
    """Hand out what was written, octet for octet as its evidence counts it (SHA-256)."""
    del request
    return attachment(
        petition.content, name=f"{petition.number}.txt", content_type="text/plain; charset=utf-8"
    )


@followed
def file(request: HttpRequest, petition: Petition, handle: str) -> HttpResponse:
    """Show a picture, or hand out a document, of a petition or of its answers."""
    del request
    blob_of = {one: one.blob for one in petitions.attachments(petition)}
    blob_of |= {one: one.public_blob for one in petitions.repeated(petition)}
    found = next((one for one in blob_of if one.handle == handle), None)
    if found is None:
        raise Http404
    return _file(found, blobs.get(blob_of[found]))


def is_shown(step: Step) -> bool:
    """Return whether the citizen sees a step: what everyone may, and what they did themselves."""
    return step.is_public or (step.kind in OWN and step.by_id is None)


def _door(request: HttpRequest, agency: Agency, *, number: str) -> HttpResponse:
    """Ask for number and secret, and let in whoever knows both."""
    is_sent = request.method == "POST" and "key" in request.POST
    form = KeyForm(request.POST if is_sent else None, initial={"number": number})
    if form.is_valid():
        try:
            checking.keep_pace(network_address(request), now=clock.now())
        except TooFastError as error:
            return page(request, agency, "too_fast", {"why": why_not_now(error)}, status=429)
        found = petitions.of_citizen(**_typed(form), agency=agency)
        if found is not None:
            request.session.cycle_key()  # whoever knew the session before knows none that is let in
            remember(request, found)
            return redirect("ask:petition", agency.slug, found.number)
        form.add_error(
            "key", _("Number and key do not belong together. Compare both with what you were given.")
        )
    context = {"form": form, "number": number}
    return page(request, agency, "follow", context, status=422 if form.errors else 200)


def _typed(form: KeyForm) -> dict[str, str]:
    return {"typed": form.cleaned_data["number"], "key": form.cleaned_data["key"]}


def _act(
    request: HttpRequest,
    petition: Petition,
    questions: type[Form],
    act: Callable[[dict[str, Any]], None],
    template: str,
    thanks: str,
    *,
    heading: Word = "",
) -> HttpResponse:
    form = questions(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            checking.keep_pace(network_address(request), now=clock.now())
            with noted(petition.agency, channel=Channel.PORTAL, petition=petition, at=clock.now()):
                act(form.cleaned_data)
        except TooFastError as error:
            form.add_error(None, why_not_now(error))
        except SecrecyError:
            form.add_error("text", str(SECRECY))
        except WrongStateError:
            messages.warning(request, _("The request has moved on meanwhile; see how it stands now."))
            return redirect("ask:petition", petition.agency.slug, petition.number)
        else:
            messages.success(request, thanks)
            return redirect("ask:petition", petition.agency.slug, petition.number)
    context = {"form": form, "petition": petition, "act": heading}
    return page(request, petition.agency, template, context, status=422 if form.errors else 200)


def _question(steps: list[Step]) -> Step | None:
    """Return what the agency asked last."""
    return next((one for one in reversed(steps) if one.kind == "term.suspended"), None)


def _file(found: Attachment, data: bytes) -> HttpResponse:
    if found.media_type.startswith("image/"):
        return HttpResponse(
            data, content_type=found.media_type, headers={"Cache-Control": "private, no-store"}
        )
    return attachment(data, name=f"{found.handle}.pdf", content_type=found.media_type)

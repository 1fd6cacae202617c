"""The last pages: whether others said the same, check your answers, sending, and what one gets for it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from congvu.base import clock, handles
from congvu.petitions import keys
from congvu.petitions.actions import citizens, drafting
from congvu.petitions.actions.receiving import (
    NoReporterError,
    PlaceNeededError,
    ServiceClosedError,
    TooManyFilesError,
)
from congvu.petitions.actions.refusing import noted
from congvu.petitions.actions.steps import EmptyError, SecrecyError, TooLongError, WrongStateError
from congvu.petitions.attributes import BadAnswersError
from congvu.petitions.guarding import checking
from congvu.petitions.guarding.pace import TooFastError
from congvu.petitions.models import Petition, UnsentPetition
from congvu.petitions.places import NoPlaceError, OutsideError
from congvu.petitions.queries import duplicates, offered, petitions, unsent
from congvu.petitions.submissions import Submission, Who
from congvu.petitions.web import public_following as following
from congvu.petitions.web.public_answers import answered
from congvu.petitions.web.public_asking import Asking, forget, step, too_fast, written
from congvu.petitions.web.public_forms import SECRECY
from congvu.petitions.web.public_frame import agency_or_404, page
from congvu.petitions.web.refused import FORM_ERRORS, status_of, why_not_now
from congvu.petitions.words import Channel
from congvu.ui.web.network import network_address
from congvu.ui.words import language

WORD = "voice"  # of the session
REFUSALS: dict[
    type[Exception], tuple[str, str | Promise]
] = {  # the page where it can be mended, and what to say
    EmptyError: ("what", gettext_lazy("Write what happened, or what you ask for.")),
    TooLongError: ("what", gettext_lazy("What you wrote is too long.")),
    SecrecyError: ("what", SECRECY),
    BadAnswersError: ("what", gettext_lazy("A question of this service is not answered.")),
    PlaceNeededError: ("place", gettext_lazy("Say where it is.")),
    NoPlaceError: ("place", gettext_lazy("There is no such place.")),
    OutsideError: ("place", gettext_lazy("This place is not in this agency's territory.")),
    NoReporterError: ("who", gettext_lazy("The law asks who is asking: your name, and a way to answer you.")),
    TooManyFilesError: ("files", gettext_lazy("These are more files than can be sent.")),
    ServiceClosedError: ("check", gettext_lazy("This service was closed meanwhile.")),
}


@step("similar")
def similar(asking: Asking) -> HttpResponse:
    """Show open requests that may be about the same thing; who says so joins one in place of sending a second."""
    found = [one.petition for one in _alike(asking)]
    chosen = asking.posted.get("same", "") if asking.posted else ""
    joined = next((one for one in found if one.number == chosen), None)
    if joined is not None:
        return _join(asking, joined)
    if not found or asking.posted is not None:
        asking.keep("similar")
        return asking.go_on()
    return asking.ask({"found": found})


@step("check")
def check(asking: Asking) -> HttpResponse:
    """Show all answers, and send them when they are confirmed."""
    if asking.next != "check":
        return asking.go_on()
    return _check_page(asking) if asking.posted is None else _send(asking)


@require_http_methods(["GET", "HEAD", "POST"])
def done(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Show number and secret, until when an answer is due, and by which article; for an hour, in this browser only."""
    agency = agency_or_404(slug)
    service = offered.service(agency, code)
    if service is None:
        raise Http404
    row = written(request, service, now=clock.now())
    if row is None or row.petition is None:
        return redirect("ask:follow", slug)
    if request.method == "POST":
        return _leave(request, row)
    petition, (who, secret) = row.petition, petitions.asker(row.petition)
    context = {
        "petition": petition,
        "service": service,
        "key": keys.shown(secret),
        "terms": [one for one in petitions.terms(petition, now=clock.now()) if one[0].ended_at is None],
        "email": who.email if who else "",
    }
    return page(request, agency, "done", context)


@require_safe
def joined(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """Say that somebody's voice was counted with a request that was there."""
    agency = agency_or_404(slug)
    petition = petitions.by_number(number, agency=agency)
    if petition is None or not petition.is_public:
        raise Http404
    return page(request, agency, "joined", {"petition": petition})


@require_POST
def throw_away(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Destroy what was written and not sent."""
    service = offered.service(agency_or_404(slug), code)
    if service is None:
        raise Http404
    row = written(request, service, now=clock.now())
    if row is not None:
        drafting.throw_away(row)
    forget(request, service)
    messages.success(request, _("What you wrote was deleted. Nothing was sent."))
    return redirect("ask:start", slug)


def _leave(request: HttpRequest, row: UnsentPetition) -> HttpResponse:
    """Forget number and secret in this browser."""
    drafting.throw_away(row)
    forget(request, row.service)
    following.leave_all(request)
    messages.success(request, _("This browser no longer knows your request."))
    return redirect("ask:start", row.agency.slug)


def _alike(asking: Asking) -> list[duplicates.Similar]:
    latitude, longitude = asking.answers.get("latitude"), asking.answers.get("longitude")
    return duplicates.similar(
        asking.service,
        content=asking.answers.get("content", ""),
        point=None if latitude is None or longitude is None else (latitude, longitude),
        place=asking.answers.get("place", ""),
        now=asking.now,
    )


def _join(asking: Asking, petition: Petition) -> HttpResponse:
    try:
        checking.keep_pace(network_address(asking.request), now=asking.now)
        citizens.endorse(petition, who=_who(asking), word=_word(asking.request), at=asking.now)
    except TooFastError as error:
        return too_fast(asking, error)
    except WrongStateError:
        messages.warning(asking.request, _("That request was answered meanwhile. You can send yours."))
        return asking.go_on()
    drafting.throw_away(asking.held())
    forget(asking.request, asking.service)
    return redirect("ask:joined", asking.agency.slug, petition.number)


def _check_page(asking: Asking, problem: tuple[str, str] | None = None, *, status: int = 200) -> HttpResponse:
    context = {
        "lines": answered(asking.service, asking.answers),
        "files": unsent.files(asking.held()),
        "problem": problem,
        "challenge": checking.challenge(agency=asking.agency, now=asking.now),
    }
    return asking.ask(context, status=status)


def _send(asking: Asking) -> HttpResponse:
    row = asking.held()
    try:
        with noted(asking.agency, channel=Channel.PORTAL, at=asking.now):
            petition = drafting.hand_in(
                row, _submission(asking, row), prove=lambda: _prove(asking), at=asking.now
            )
    except TooFastError as error:
        return too_fast(asking, error)
    except FORM_ERRORS as error:
        return _ask_for_proof(asking, error)
    except tuple(REFUSALS) as error:
        page_, sentence = REFUSALS[type(error)]
        return _check_page(asking, (page_, str(sentence)), status=422)
    following.remember(asking.request, petition)
    return redirect("ask:done", asking.agency.slug, asking.service.code)


def _prove(asking: Asking) -> None:
    address = network_address(asking.request)
    checking.check(asking.request.POST, agency=asking.agency, address=address, now=asking.now)


def _ask_for_proof(asking: Asking, error: Exception) -> HttpResponse:
    """Ask to copy digits: the second step where a browser has proven nothing."""
    is_first = isinstance(error, checking.NotProvenError)
    context = {
        "question": checking.question(agency=asking.agency, now=asking.now),
        "error": "" if is_first else why_not_now(error),
    }
    return asking.ask(context, template="prove", status=200 if is_first else status_of(error))


def _who(asking: Asking) -> Who:
    return Who(**{name: asking.answers.get(name, "") for name in petitions.WHO})


def _word(request: HttpRequest) -> str:
    """Return the random word by which this browser is known again while its session lasts."""
    word: str = request.session.setdefault(WORD, handles.new())
    return word


def _submission(asking: Asking, row: UnsentPetition) -> Submission:
    said = asking.answers
    return Submission(
        service=asking.service,
        channel=Channel.PORTAL,
        content=said.get("content", ""),
        language=language(),
        subject=said.get("subject", ""),
        who=_who(asking),
        answers=said.get("answers", {}),
        latitude=said.get("latitude"),
        longitude=said.get("longitude"),
        place=said.get("place", ""),
        files=unsent.opened(unsent.files(row)),
    )

"""Taking a petition in while somebody telephones: one page, the keyboard alone, under a minute."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from congvu.base import clock
from congvu.directory.queries import Seat
from congvu.directory.web.access import SeatedRequest, allowed
from congvu.petitions import keys
from congvu.petitions.actions import citizens, drafting, receiving
from congvu.petitions.actions.refusing import noted
from congvu.petitions.actions.steps import EmptyError, SecrecyError, TooLongError, WrongStateError
from congvu.petitions.attributes import BadAnswersError
from congvu.petitions.models import Petition, Step
from congvu.petitions.policies import may_take_in
from congvu.petitions.queries import duplicates
from congvu.petitions.queries import petitions as queries
from congvu.petitions.submissions import Who
from congvu.petitions.terms import ANSWER
from congvu.petitions.web.acts import petition_or_404
from congvu.petitions.web.public_forms import FAULTS, QUESTION, SECRECY
from congvu.petitions.web.taking_forms import CallForm
from congvu.petitions.web.words import Word

SECRET_SHOWN = timedelta(hours=1)
REFUSALS: dict[type[Exception], tuple[str, Word]] = {
    EmptyError: ("content", gettext_lazy("Some words are missing.")),
    TooLongError: ("content", gettext_lazy("The text is too long.")),
    SecrecyError: ("content", SECRECY),
    receiving.ServiceClosedError: ("service", gettext_lazy("This service takes nothing at present.")),
    receiving.NoReporterError: (
        "name",
        gettext_lazy("The law asks who is asking: a name, and a way to answer."),
    ),
    receiving.PlaceNeededError: ("place", gettext_lazy("This service asks where.")),
    receiving.FutureDayError: ("received_on", gettext_lazy("This day has not come yet.")),
    receiving.TooManyFilesError: ("documents", gettext_lazy("These are too many files.")),
}
taken_in = allowed(may_take_in)


@taken_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SeatedRequest) -> HttpResponse:
    """Take a petition in."""
    form = CallForm(request.POST or None, request.FILES or None, seat=request.seat)
    if form.is_bound and form.is_valid():
        found = _taken(request, form)
        if found is not None:
            return redirect("petitions:taken", found.handle)
    return render(request, "petitions/desk/new.html", {"form": form}, status=422 if form.errors else 200)


@taken_in
@require_safe
def services(request: SeatedRequest) -> HttpResponse:
    """Give the part of the page with the services that fit the words, and the questions of the first or chosen one."""
    is_chosen = request.headers.get("HX-Trigger") == "id_service"
    chosen = request.GET.get("service", "") if is_chosen else ""
    form = CallForm(seat=request.seat, found=request.GET.get("find", "").strip(), chosen=chosen)
    return render(request, "petitions/desk/_service.html", {"form": form})


@taken_in
@require_POST
def similar(request: SeatedRequest) -> HttpResponse:
    """Give the open petitions that may be about the same thing."""
    form = CallForm(request.POST, seat=request.seat)
    content, place = request.POST.get("content", "")[:2000], request.POST.get("place", "")[:300]
    found = (
        duplicates.similar(form.chosen, content=content, place=place, seat=request.seat, now=clock.now())
        if form.chosen and (content or place)
        else []
    )
    return render(request, "petitions/desk/_similar.html", {"similar": [one.petition for one in found]})


@taken_in
@require_POST
def same(request: SeatedRequest, petition: str) -> HttpResponse:
    """Count a caller in who has the same request as another, instead of taking one more."""
    found = petition_or_404(request, petition)
    try:
        who = Who(**{name: request.POST.get(name, "")[:254] for name in ("phone", "email")})
        citizens.endorse(found, who=who, word=request.POST.get("once", "")[:26], at=clock.now())
    except WrongStateError:
        messages.error(request, _("This request is no longer open. Take the caller's own."))
    else:
        text = _("The caller is counted in. Read out the number of the request: %(number)s.")
        messages.success(request, text % {"number": found.number})
    return redirect("petitions:petition", found.handle)


@taken_in
@require_safe
def taken(request: SeatedRequest, petition: str) -> HttpResponse:
    """Show the number to be read out, with the day until which an answer is due."""
    found, now = petition_or_404(request, petition), clock.now()
    terms = [one for one, standing in queries.terms(found, now=now) if standing == "open" and one.due_at]
    context = {
        "now": now,
        "petition": found,
        "terms": terms,
        "answer": next((one for one in terms if one.kind == ANSWER), None),
        "key": keys.shown(queries.secret(found)) if _may_read_out(request, found) else "",
        "similar": _similar_to(found, request.seat),
    }
    return render(request, "petitions/desk/taken.html", context)


def _taken(request: SeatedRequest, form: CallForm) -> Petition | None:
    now = clock.now()
    given, seat = form.submission(), request.seat
    try:
        with noted(seat.agency, channel=given.channel, by=seat.person, at=now):
            return drafting.write_down(given, once=form.cleaned_data["once"], by=seat.person, at=now)
    except tuple(REFUSALS) as error:
        field, sentence = REFUSALS[type(error)]
        form.add_error(field, str(sentence))
    except BadAnswersError as error:
        for code, fault in error.faults.items():
            form.add_error(QUESTION + code, str(FAULTS[fault]))
    return None


def _may_read_out(request: SeatedRequest, petition: Petition) -> bool:
    """Return whether the citizen's secret is shown: for an hour, to whoever wrote the petition down."""
    if clock.now() - petition.received_at > SECRET_SHOWN:
        return False
    came = Step.objects.filter(petition=petition, kind="petition.received", by=request.seat.person)
    return came.exists()


def _similar_to(petition: Petition, seat: Seat) -> list[Petition]:
    if petition.service.is_confidential:
        return []
    found = duplicates.similar(
        petition.service,
        content=petition.content,
        place=petition.place,
        seat=seat,
        but=petition,
        now=clock.now(),
    )
    return [one.petition for one in found]

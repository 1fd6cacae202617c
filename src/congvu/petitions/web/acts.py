"""Acts about one petition: which are offered to whom, and one page for each."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from congvu.base import clock
from congvu.directory.queries import Seat
from congvu.directory.web.access import SeatedRequest, seated
from congvu.petitions.actions import admitting, answering, arranging, sending
from congvu.petitions.actions.receiving import TooManyFilesError
from congvu.petitions.actions.refusing import DESK, noted
from congvu.petitions.actions.steps import EmptyError, SecrecyError, TooLongError, WrongStateError
from congvu.petitions.models import Petition
from congvu.petitions.policies import (
    NotAllowedError,
    may_accept,
    may_answer,
    may_decide,
    may_guide,
    may_hand_back,
    may_let_in,
    may_read,
    may_refuse,
    may_release,
    may_send_on,
    may_shut_out,
    may_tell_term,
    may_write_to,
)
from congvu.petitions.queries import missed
from congvu.petitions.queries import petitions as queries
from congvu.petitions.submissions import MOST_FILES
from congvu.petitions.web import acts_admitting as admissions
from congvu.petitions.web import acts_answering as answers
from congvu.petitions.web import acts_arranging as arrangements
from congvu.petitions.web import acts_sending as ways
from congvu.petitions.web import words
from congvu.petitions.web.act_forms import ActForm
from congvu.petitions.web.public_forms import SECRECY
from congvu.petitions.web.words import Word
from congvu.petitions.words import State
from congvu.ui.templatetags.ui import LANGUAGES


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An act with its form; `may` says who, whatever the state."""

    name: str
    form: type[ActForm]
    may: Callable[[Seat, Petition], bool]

    def fits(self, seat: Seat, petition: Petition) -> bool:
        """Return whether the act is offered to a seat now."""
        return petition.state in self.form.states and self.may(seat, petition)


def _missed_a_letter(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may say that it told the citizen what a letter did not."""
    return may_write_to(seat, petition) and bool(missed.unsettled(petition))


ACTS = {
    name: Act(name=name, form=form, may=may)
    for name, form, may in (
        ("accept", answers.AcceptForm, may_accept),
        ("answer", answers.AnswerForm, may_answer),
        ("promise", answers.PromiseForm, may_answer),
        ("ask", answers.SuspendForm, may_answer),
        ("resume", answers.ResumeForm, may_answer),
        ("close", answers.CloseForm, may_answer),
        ("assign", ways.AssignForm, may_decide),
        ("hand-back", ways.HandBackForm, may_hand_back),
        ("forward", ways.ForwardForm, may_send_on),
        ("guide", ways.GuideForm, may_guide),
        ("extend", answers.ExtendForm, may_decide),
        ("told", answers.TellTermForm, may_tell_term),
        ("told-otherwise", arrangements.ToldForm, _missed_a_letter),
        ("note", arrangements.NoteForm, may_read),
        ("reclassify", arrangements.ReclassifyForm, may_send_on),
        ("merge", arrangements.MergeForm, may_release),
        ("link", arrangements.LinkForm, may_read),
        ("release", arrangements.ReleaseForm, may_release),
        ("let-in", admissions.LetInForm, may_let_in),
        ("shut-out", admissions.ShutOutForm, may_shut_out),
        ("escalate", ways.EscalateForm, may_read),
        ("redirect", ways.RedirectForm, may_send_on),
        ("refuse", answers.RefuseForm, may_refuse),
    )
}
FIRST = ("told-otherwise", "accept", "answer", "promise", "ask", "resume", "close", "note")
AWAITED = {  # by state: of these, the first that fits is due now
    State.RECEIVED: ("accept", "forward"),
    State.ASSIGNED: ("accept", "assign"),
    State.IN_PROGRESS: ("answer",),
    State.DISPUTED: ("answer", "forward"),
    State.ANSWERED: ("close",),
}
FAULTS: dict[type[Exception], Word] = {
    EmptyError: gettext_lazy("Some words are missing."),
    TooLongError: gettext_lazy("The text is too long."),
    SecrecyError: SECRECY,
    TooManyFilesError: gettext_lazy("At most %(count)s files can be sent.") % {"count": MOST_FILES},
    NotAllowedError: gettext_lazy("Somebody else decides this. Nothing was changed."),
    sending.NotOfUnitError: gettext_lazy("This person holds no post in the unit that has the request."),
    admitting.NoPostError: gettext_lazy("This person holds no post in the agency today."),
    answering.PastDayError: gettext_lazy("This day is over. Promise one that comes."),
    answering.NoProofError: gettext_lazy(
        "Say what shows it: add a picture or a document, or write it under “What shows it”."
    ),
    answering.NoAnswerError: gettext_lazy("The request has no answer yet, so it cannot be closed."),
    arranging.ConfidentialError: gettext_lazy(
        "Complaints and denunciations are never shown to everyone, nor merged."
    ),
    arranging.SamePetitionError: gettext_lazy("This is the same request. Write the number of the other one."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """The acts that a seat may take now: the one that is due, what is often done, and the others."""

    due: Act | None
    often: list[Act]
    others: list[Act]


def offered(seat: Seat, petition: Petition) -> Offered:
    """Return the acts that a seat may take now."""
    fitting = {one.name: one for one in ACTS.values() if one.fits(seat, petition)}
    awaited = AWAITED.get(State(petition.state), ())
    if petition.assignee_id is not None:
        awaited = tuple("answer" if name == "assign" else name for name in awaited)
    due = next((fitting.pop(name) for name in awaited if name in fitting), None)
    return Offered(
        due=due,
        often=[one for one in fitting.values() if one.name in FIRST],
        others=[one for one in fitting.values() if one.name not in FIRST],
    )


def petition_or_404(request: SeatedRequest, handle: str) -> Petition:
    """Return a petition that the seat may read."""
    found = queries.readable(handle, seat=request.seat)
    if found is None:
        raise Http404
    return found


@seated
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: SeatedRequest, petition: str, name: str) -> HttpResponse:
    """Take one act about a petition."""
    found, chosen = petition_or_404(request, petition), ACTS.get(name)
    if chosen is None:
        raise Http404
    if not chosen.may(request.seat, found):
        raise PermissionDenied
    posted, fits = request.method == "POST", found.state in chosen.form.states
    if not fits and not posted:
        return _too_late(request, found)
    given = (request.POST, request.FILES) if posted else (None, None)
    form = chosen.form(*given, seat=request.seat, petition=found, initial=_initial(request))
    if not fits:
        form.add_error(None, _changed(found.state))
        return _page(request, found, chosen, form)
    if posted and "fill" in request.POST and isinstance(form, answers.WordedForm):
        return _page(request, found, chosen, _filled(request, chosen, form))
    if posted and form.is_valid() and _done(request, form):
        messages.success(request, str(form.outcome()))
        return redirect("petitions:petition", found.handle)
    return _page(request, found, chosen, form)


@seated
@require_POST
def take(request: SeatedRequest, petition: str) -> HttpResponse:
    """Take a petition on oneself."""
    found = petition_or_404(request, petition)
    try:
        sending.assign(found, to=request.seat.person, by=request.seat, at=clock.now())
    except (NotAllowedError, sending.NotOfUnitError) as error:
        messages.error(request, str(FAULTS[type(error)]))
    except WrongStateError:
        return _too_late(request, found)
    else:
        messages.success(request, _("The request is yours."))
    return redirect("petitions:petition", found.handle)


def _initial(request: SeatedRequest) -> dict[str, str]:
    return {"number": request.GET["number"][:20]} if "number" in request.GET else {}


def _filled(request: SeatedRequest, chosen: Act, form: answers.WordedForm) -> ActForm:
    """Return the form as it was filled in, with a template's words behind those in the field."""
    said = {**request.POST.dict(), form.worded: form.filled()}
    return chosen.form(seat=request.seat, petition=form.petition, initial=said)


def _done(request: SeatedRequest, form: ActForm) -> bool:
    seat, now = request.seat, clock.now()
    try:
        with noted(seat.agency, channel=DESK, by=seat.person, petition=form.petition, at=now):
            form.perform(by=seat, at=now)
    except tuple(FAULTS) as error:
        form.add_error(None, str(FAULTS[type(error)]))
    except WrongStateError as error:
        form.add_error(None, _changed(str(error)))
    return form.is_valid()


def _changed(state: str) -> str:
    named = str(words.STATES.get(state, (state, ""))[0])
    return _("Meanwhile the request has changed. It is now: %(state)s.") % {"state": named}


def _too_late(request: SeatedRequest, petition: Petition) -> HttpResponse:
    messages.error(request, _changed(petition.state))
    return redirect("petitions:petition", petition.handle)


def _page(request: SeatedRequest, petition: Petition, chosen: Act, form: ActForm) -> HttpResponse:
    now = clock.now()
    context = {
        "petition": petition,
        "act": chosen,
        "form": form,
        "now": now,
        "language": LANGUAGES.get(petition.language, petition.language),
        "terms": [one for one in queries.terms(petition, now=now) if one[1] in {"open", "over"}],
        "fills": isinstance(form, answers.WordedForm) and "template" in form.fields,
    }
    return render(request, "petitions/desk/act.html", context, status=422 if form.errors else 200)

"""What every official is told of records that are to be destroyed, and the word that each has against it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from congvu.base import clock
from congvu.desk.web import disposal_words as words
from congvu.desk.web.disposal import names, one_of, period, proven
from congvu.desk.web.disposal_forms import ReasonForm
from congvu.directory.queries import Seat
from congvu.directory.web.access import SeatedRequest, seated
from congvu.ledger.actions import ReadOnlyError
from congvu.ledger.disposal import queries
from congvu.ledger.disposal.actions import deciding
from congvu.ledger.disposal.models import Disposal

LATELY = timedelta(days=14)  # how long a destruction is told after it


@dataclass(frozen=True, slots=True)
class Told:
    """A disposal as everybody may know it: which records, by which law, how far it is."""

    one: Disposal
    kinds: list[words.Words]
    period: list[date]
    word: words.Words
    tone: str


def told(seat: Seat, one: Disposal) -> Told:
    """Return a disposal as everybody may know it."""
    return Told(one, names(one.kinds), period(seat, one), *words.STATES[one.state])


def lately(seat: Seat, *, now: datetime) -> list[Told]:
    """Return what is to be destroyed, and what was within two weeks."""
    return [told(seat, one) for one in queries.announced(seat.agency.handle, now - LATELY)]


@seated
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: SeatedRequest, disposal: str) -> HttpResponse:
    """Show which records go, and take an objection."""
    found, person = one_of(request.seat, disposal), request.seat.person.handle
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason, now = form.cleaned_data["reason"], clock.now()
        try:
            deciding.object_to(found.handle, agency=found.agency, by=person, reason=reason, at=now)
        except (deciding.WrongStateError, deciding.AlreadyObjectedError, ReadOnlyError) as error:
            messages.error(request, words.error(error))
        else:
            messages.success(
                request, _("Your objection is recorded. The head of the agency reads it before deciding.")
            )
        return redirect("desk:disposal-notice", disposal)
    own = queries.objections(found).filter(person=person).first()
    is_open = found.state in {Disposal.State.PROPOSED, Disposal.State.APPROVED}
    context = {
        "told": told(request.seat, found),
        "own": own,
        "form": form,
        "may_object": is_open and own is None,
        "next": words.NEXT.get(found.state, ""),
    }
    return render(request, "desk/disposal_notice.html", context, status=422 if form.errors else 200)


@seated
@require_safe
def receipt(request: SeatedRequest, disposal: str) -> HttpResponse:
    """Give an official the bundle that proves their own objection, for congvu-verify."""
    found = one_of(request.seat, disposal)
    own = queries.objections(found).filter(person=request.seat.person.handle).first()
    if own is None:
        raise Http404
    return proven(found, own.entry, "objection")

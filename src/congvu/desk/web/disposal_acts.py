"""Proposing, approving, beginning, stating and verifying a destruction of records."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from congvu.base import clock
from congvu.desk.web import disposal_words as words
from congvu.desk.web.disposal import concerned, context_of, one_of
from congvu.desk.web.disposal_forms import ApprovalForm, BeginForm, CopiesForm, ProposalForm, ReasonForm
from congvu.directory import policies
from congvu.directory.queries import Seat, legal_day
from congvu.directory.web.access import SeatedRequest, allowed
from congvu.ledger.actions import ReadOnlyError
from congvu.ledger.disposal.actions import deciding
from congvu.ledger.disposal.actions.deciding import Choice
from congvu.ledger.disposal.models import Disposal
from congvu.ledger.queries import EntryMissingError, PendingError

Said = dict[str, Any]  # what a form holds
REFUSALS = (
    deciding.NothingChosenError,
    deciding.NotOfferedError,
    deciding.AlreadyDestroyedError,
    deciding.PeriodError,
    deciding.NoReasonError,
    deciding.NotCountedError,
    deciding.SamePersonError,
    deciding.OtherPersonError,
    deciding.WrongStateError,
    deciding.HeldError,
    deciding.NotVerifiedError,
    EntryMissingError,
    PendingError,
    ReadOnlyError,
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an act asks: the form, the prefix of its fields, its name on the page."""

    made: type[forms.Form]
    prefix: str
    name: str


_FORMS = {
    "approve": _Asked(ApprovalForm, "approval", "approving"),
    "decline": _Asked(ReasonForm, "refuse", "refusing"),
    "withdraw": _Asked(ReasonForm, "withdraw", "withdrawing"),
    "begin": _Asked(BeginForm, "begin", "beginning"),
    "copies": _Asked(CopiesForm, "copies", "stating"),
}


@allowed(policies.may_propose_disposal)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SeatedRequest) -> HttpResponse:
    """Take a proposal."""
    form = ProposalForm(request.POST or None, agency=request.seat.agency)
    if form.is_valid() and (made := _proposed(request.seat, form)):
        messages.success(request, _("Your proposal is recorded. The head of the agency decides."))
        return redirect("desk:disposal", made.handle)
    return render(request, "desk/disposal_new.html", {"form": form}, status=422 if form.errors else 200)


@concerned
@require_POST
def act(request: SeatedRequest, disposal: str) -> HttpResponse:
    """Do what a button says with a disposal."""
    found = one_of(request.seat, disposal)
    name = next((one for one in _ACTS if one in request.POST), "")
    may, work = _ACTS.get(name, (None, None))
    if may is None or work is None or not may(request.seat):
        raise PermissionDenied
    asked = _FORMS.get(name)
    form = asked.made(request.POST, prefix=asked.prefix) if asked else None
    if asked and form and not form.is_valid():
        context = context_of(request.seat, found, **{asked.name: form})
        return render(request, "desk/disposal.html", context, status=422)
    try:
        work(request.seat, found, form.cleaned_data if form else {})
    except REFUSALS as error:
        messages.error(request, words.error(error))
    else:
        messages.success(request, str(words.DONE[name]))
    return redirect("desk:disposal", disposal)


def _proposed(seat: Seat, form: ProposalForm) -> Disposal | None:
    begins_at, ends_at = form.period()
    said = form.cleaned_data
    choice = Choice(
        kinds=said["kinds"],
        begins_at=begins_at,
        ends_at=ends_at,
        entries=said["entries"],
        basis=said["basis"],
        reason=said["reason"],
    )
    try:
        return deciding.propose(choice, agency=seat.agency.handle, by=seat.person.handle, at=clock.now())
    except REFUSALS as error:
        form.add_error(None, words.error(error))
        return None


def _approve(seat: Seat, one: Disposal, said: Said) -> None:
    by, now = seat.person.handle, clock.now()
    deciding.approve(one.handle, agency=one.agency, by=by, at=now, objections=said["objections"])


def _decline(seat: Seat, one: Disposal, said: Said) -> None:
    by, now = seat.person.handle, clock.now()
    deciding.decline(one.handle, agency=one.agency, by=by, reason=said["reason"], at=now)


def _withdraw(seat: Seat, one: Disposal, said: Said) -> None:
    by, now = seat.person.handle, clock.now()
    deciding.withdraw(one.handle, agency=one.agency, by=by, reason=said["reason"], at=now)


def _begin(seat: Seat, one: Disposal, _said: Said) -> None:
    deciding.begin(one.handle, agency=one.agency, by=seat.person.handle, at=clock.now())


def _ask(_seat: Seat, one: Disposal, _said: Said) -> None:
    deciding.ask_again(one.handle, agency=one.agency)


def _copies(seat: Seat, one: Disposal, said: Said) -> None:
    now = clock.now()
    deciding.state_copies(
        one.handle,
        agency=one.agency,
        by=seat.person.handle,
        until=said["until"],
        text=said["text"],
        today=legal_day(seat.agency, now),
        at=now,
    )


def _verify(seat: Seat, one: Disposal, _said: Said) -> None:
    by, now = seat.person.handle, clock.now()
    deciding.verify(one.handle, agency=one.agency, by=by, today=legal_day(seat.agency, now), at=now)


_ACTS: dict[str, tuple[Callable[[Seat], bool], Callable[[Seat, Disposal, Said], None]]] = {
    "approve": (policies.may_approve_disposal, _approve),
    "decline": (policies.may_approve_disposal, _decline),
    "withdraw": (policies.may_propose_disposal, _withdraw),
    "begin": (policies.may_propose_disposal, _begin),
    "ask": (policies.may_propose_disposal, _ask),
    "copies": (policies.may_propose_disposal, _copies),
    "verify": (policies.may_propose_disposal, _verify),
}

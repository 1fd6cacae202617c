"""Pages about the destruction of records: what is proposed, how far it is, what is left, and its certificate."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from congvu.base import clock
from congvu.base.blobs import BlobDamagedError, BlobMissingError
from congvu.conduct.queries import full_names
from congvu.desk.web import disposal_words as words
from congvu.desk.web.disposal_forms import ApprovalForm, BeginForm, CopiesForm, ReasonForm
from congvu.directory import policies
from congvu.directory.queries import Seat, legal_day
from congvu.directory.web.access import SeatedRequest, allowed
from congvu.ledger import queries as ledger
from congvu.ledger.disposal import queries
from congvu.ledger.disposal.actions.deciding import is_verifiable
from congvu.ledger.disposal.models import Disposal
from congvu.ui.web.files import attachment

PAGE = 25
concerned = allowed(policies.may_read_disposals)


@concerned
@require_safe
def overview(request: SeatedRequest) -> HttpResponse:
    """Show all disposals and holds of the agency."""
    agency = request.seat.agency.handle
    page = Paginator(queries.disposals(agency), PAGE).get_page(request.GET.get("page"))
    holds = Paginator(queries.holds(agency), PAGE).get_page(request.GET.get("holds"))
    people = full_names({handle for one in holds for handle in (one.placed_by, one.lifted_by)})
    for one in page:
        one.word, one.tone = words.STATES[one.state]  # type: ignore[attr-defined]  # for the page
    context = {
        "page_obj": page,
        "holds_page": holds,
        "holds": [
            (
                one,
                names(one.kinds),
                people.get(one.placed_by, ""),
                people.get(one.lifted_by, ""),
                policies.may_lift_hold(request.seat, one.placed_by),
            )
            for one in holds
        ],
        "may_propose": policies.may_propose_disposal(request.seat),
        "may_hold": policies.may_hold_records(request.seat),
    }
    return render(request, "desk/disposals.html", context)


@concerned
@require_safe
def disposal(request: SeatedRequest, disposal: str) -> HttpResponse:
    """Show one disposal and what can be done with it now."""
    found = one_of(request.seat, disposal)
    is_part = request.headers.get("HX-Request") and found.state == Disposal.State.EXECUTING
    template = "desk/_disposal_progress.html" if is_part else "desk/disposal.html"
    return render(request, template, context_of(request.seat, found))


@concerned
@require_safe
def certificate(request: SeatedRequest, disposal: str) -> HttpResponse:
    """Show the certificate of destruction, to be printed."""
    found = one_of(request.seat, disposal)
    if found.executed_at is None:
        raise Http404
    context = context_of(request.seat, found) | {"digest": sha256(_listed(found)).hexdigest()}
    return render(request, "desk/disposal_certificate.html", context)


def _listed(found: Disposal) -> bytes:
    """Return the list of destroyed entries. Raises Http404."""
    try:
        return queries.listing(found)
    except (BlobMissingError, BlobDamagedError) as error:
        raise Http404 from error


@concerned
@require_safe
def listing(request: SeatedRequest, disposal: str) -> HttpResponse:
    """Give the list of destroyed entries."""
    data = _listed(one_of(request.seat, disposal))
    return attachment(data, name=f"disposal-{disposal}.txt", content_type="text/plain; charset=utf-8")


@concerned
@require_safe
def proof(request: SeatedRequest, disposal: str, step: str) -> HttpResponse:
    """Give the bundle that proves a step of a disposal, for congvu-verify."""
    found = one_of(request.seat, disposal)
    return proven(found, found.evidence.get(step.replace("_", "."), ""), step)


def proven(found: Disposal, entry: str, step: str) -> HttpResponse:
    """Return the bundle of an entry about a disposal. Raises Http404 before it is signed."""
    try:
        data = ledger.prove(entry, agency=found.agency)
    except (ledger.EntryMissingError, ledger.PendingError) as error:
        raise Http404 from error
    name = f"disposal-{found.handle}-{step}.congvu.json"
    return attachment(data, name=name, content_type="application/json")


def one_of(seat: Seat, handle: str) -> Disposal:
    """Return a disposal of the seat's agency, or say that there is none."""
    try:
        return queries.disposal(handle, agency=seat.agency.handle)
    except queries.DisposalMissingError as error:
        raise Http404 from error


def context_of(seat: Seat, found: Disposal, **forms: Any) -> dict[str, Any]:
    """Return what a page says of a disposal, and what the seat may do with it."""
    now, state = clock.now(), found.state
    today = legal_day(seat.agency, now)
    word, tone = words.STATES[state]
    is_clerk, is_head = policies.may_propose_disposal(seat), policies.may_approve_disposal(seat)
    is_before = state in {Disposal.State.PROPOSED, Disposal.State.APPROVED}
    is_open = state in {Disposal.State.EXECUTING, Disposal.State.EXECUTED}
    holds = queries.holding(found) if state in {"proposed", "approved", "executing"} else []
    objections = list(queries.objections(found))
    doers = _doers(found)
    people = full_names({*doers.values(), *(row.person for row in objections)})
    return {
        "one": found,
        "agency": seat.agency,
        "period": period(seat, found),
        "objections": [(people.get(row.person, ""), row) for row in objections],
        "next": words.NEXT.get(state, ""),
        "word": word,
        "tone": tone,
        "step": words.STEPS.get(found.step, ""),
        "kinds": names(found.kinds),
        "counts": found.counts,
        "people": {act: people.get(handle, "") for act, handle in doers.items()},
        "answers": [(words.HOLDERS.get(row.holder, row.holder), row) for row in queries.answers(found)],
        "proofs": [
            (step.replace(".", "_"), words.PROOFS[step], entry) for step, entry in found.evidence.items()
        ],
        "holds": holds,
        "is_own": is_head and state == Disposal.State.PROPOSED and found.proposed_by == seat.person.handle,
        "may_approve": is_head
        and state == Disposal.State.PROPOSED
        and found.proposed_by != seat.person.handle
        and not holds,
        "may_refuse": is_head and is_before,
        "may_withdraw": is_clerk and is_before and found.proposed_by == seat.person.handle,
        "may_begin": is_clerk and (state == Disposal.State.APPROVED or found.is_held) and not holds,
        "may_state": is_clerk and is_open,
        "may_ask": is_clerk and state == Disposal.State.EXECUTED,
        "may_verify": is_clerk
        and state == Disposal.State.EXECUTED
        and is_verifiable(found, today=today, at=now),
        "is_over": found.copies_until is not None and found.copies_until <= today,
        "approving": ApprovalForm(prefix="approval", initial={"objections": len(objections)}),
        "refusing": forms.get("refusing") or ReasonForm(prefix="refuse"),
        "withdrawing": forms.get("withdrawing") or ReasonForm(prefix="withdraw"),
        "beginning": forms.get("beginning") or BeginForm(prefix="begin"),
        "stating": forms.get("stating") or CopiesForm(prefix="copies", initial={"until": today}),
        "form": next(filter(None, forms.values()), None),
    }


def period(seat: Seat, one: Disposal) -> list[date]:
    """Return the first and the last day of what a disposal chooses; nothing when it names entries."""
    last = one.ends_at and one.ends_at - timedelta(microseconds=1)
    return [legal_day(seat.agency, instant) for instant in (one.begins_at, last) if instant]


def names(kinds: list[str]) -> list[words.Words]:
    """Return the names of kinds, for people."""
    return [words.KINDS.get(kind, kind) for kind in kinds]


def _doers(one: Disposal) -> dict[str, str]:
    """Return those who took part, by what they did."""
    return {
        "proposed": one.proposed_by,
        "decided": one.decided_by,
        "begun": one.begun_by,
        "copies": one.copies_by,
        "verified": one.verified_by,
    }

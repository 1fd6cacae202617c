"""The page of one duty: why somebody is told of it, its evidence, what people said, and what they may do."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from congvu.base import clock
from congvu.conduct import queries
from congvu.conduct.actions import findings as acts
from congvu.conduct.policies import Reach, reach
from congvu.conduct.queries import Card, Said
from congvu.conduct.web.forms import DecisionForm, ReplyForm
from congvu.conduct.wording import Wording, compare
from congvu.directory.models import Agency
from congvu.directory.web.access import SeatedRequest, seated
from congvu.ledger import queries as ledger
from congvu.ledger.log_keys import KeyMissingError
from congvu.ledger.queries import Entry
from congvu.rules import bundle
from congvu.rules import queries as rules
from congvu.rules.duties import Duty, Explanation
from congvu.ui.web.files import attachment

REPORTED = "conduct.report.made"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """An entry of the log as a person reads it; without a place in the log it waits for its checkpoint."""

    id: str
    kind: str
    at: datetime | None
    log: str | None
    number: int | None


@seated
@require_safe
def duty(request: SeatedRequest, obligation: str) -> HttpResponse:
    """Show a duty to its bearer, to whoever stands above and to auditors; to others there is no such page."""
    return _page(request, *_known(request, obligation))


@seated
@require_POST
def reply(request: SeatedRequest, obligation: str) -> HttpResponse:
    """Take the bearer's reply."""
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _page(request, *_known(request, obligation), reply_form=form)
    try:
        acts.reply(by=request.seat, obligation=obligation, text=form.cleaned_data["text"], at=clock.now())
    except acts.DutyMissingError as error:
        raise Http404 from error
    except acts.NotBearerError:
        return _refused(
            request, obligation, form, _("Only the person who answers for this duty can reply here.")
        )
    messages.success(request, _("Your reply is recorded."))
    return redirect("conduct:duty", obligation)


@seated
@require_POST
def decide(request: SeatedRequest, obligation: str) -> HttpResponse:
    """Take the decision of whoever stands above."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, *_known(request, obligation), decision_form=form)
    try:
        _decide(request, obligation, form)
    except acts.DutyMissingError as error:
        raise Http404 from error
    except acts.OwnFindingError:
        return _refused(request, obligation, form, _("Nobody decides about their own duty."))
    except acts.NotAboveError:
        return _refused(request, obligation, form, _("Another head decides about this person."))
    except acts.NothingToDecideError:
        return _refused(
            request, obligation, form, _("There is nothing to decide: the duty is open or was met.")
        )
    messages.success(request, _("Your decision is recorded."))
    return redirect("conduct:duty", obligation)


@seated
@require_safe
def proof(request: SeatedRequest, obligation: str, entry: str) -> HttpResponse:
    """Hand out the receipt of an entry that this duty rests on, or its COSE receipt, to whoever may read the duty."""
    card, power, why = _known(request, obligation)
    if entry not in _entry_ids(card, why):
        raise Http404
    agency = request.seat.agency.handle
    try:
        if request.GET.get("format") == "cose":
            data = ledger.prove_by_cose(entry, agency=agency)
            return attachment(data, name=f"{entry}.cose", content_type="application/cose")
        shown = _shown(ledger.entry(entry, agency=agency), card.duty, power)
        data = ledger.prove(entry, agency=agency, disclose=shown)
    except ledger.PendingError:
        messages.info(request, _("This entry waits for its signed checkpoint. Try again in a moment."))
        return redirect("conduct:duty", obligation)
    except KeyMissingError:
        messages.error(request, _("The key of this log is gone: no COSE receipt can be signed any more."))
        return redirect("conduct:duty", obligation)
    except ledger.EntryMissingError as error:
        raise Http404 from error
    return attachment(data, name=f"{entry}.congvu.json", content_type="application/json")


@seated
@require_safe
def finding(request: SeatedRequest, obligation: str) -> HttpResponse:
    """Hand out a duty with all that it rests on, to be replayed by congvu-recheck, to whoever may read the duty."""
    card, power, _why = _known(request, obligation)
    try:
        found = bundle.export(
            obligation,
            agency=request.seat.agency,
            shown=lambda entry: _shown(entry, card.duty, power),
        )
    except ledger.PendingError:
        messages.info(request, _("An entry waits for its signed checkpoint. Try again in a moment."))
        return redirect("conduct:duty", obligation)
    if found is None:
        raise Http404
    return attachment(found, name=f"{obligation}.finding.json", content_type="application/json")


def _decide(request: SeatedRequest, obligation: str, form: DecisionForm) -> None:
    said = form.cleaned_data
    if said["decision"] == "excuse":
        acts.excuse(
            by=request.seat, obligation=obligation, reason=said["reason"], cause=said["cause"], at=clock.now()
        )
    else:
        acts.confirm(by=request.seat, obligation=obligation, reason=said["reason"], at=clock.now())


def _known(request: SeatedRequest, obligation: str) -> tuple[Card, Reach, Explanation]:
    """Return the duty, or answer 404 as if there were none."""
    agency, power = request.seat.agency, reach(request.seat)
    why = rules.explanation(obligation, agency=agency.handle)
    if why is None or not power.may_read(why.duty.bearer_person, why.duty.bearer_unit):
        raise Http404
    return queries.cards([why.duty], agency=agency)[0], power, why


def _refused(request: SeatedRequest, obligation: str, form: forms.Form, sentence: str) -> HttpResponse:
    form.add_error(None, sentence)
    if isinstance(form, ReplyForm):
        return _page(request, *_known(request, obligation), reply_form=form)
    return _page(request, *_known(request, obligation), decision_form=form)


def _page(
    request: HttpRequest,
    card: Card,
    power: Reach,
    why: Explanation,
    reply_form: forms.Form | None = None,
    decision_form: forms.Form | None = None,
) -> HttpResponse:
    duty = card.duty
    is_own = power.is_own(duty.bearer_person)
    may_decide = power.may_decide(duty.bearer_person, duty.bearer_unit) and duty.status in acts.DECIDABLE
    context = {
        "card": card,
        "reported": _reported(why, power.seat.agency),
        "duty": duty,
        "why": why,
        "unit": power.units.get(card.unit),
        "acting_for": queries.full_names([why.acting_for]).get(why.acting_for) if why.acting_for else None,
        "evidence": _evidence(card, why, power.seat.agency.handle),
        "said": _said(card, power.seat.agency.handle),
        "is_own": is_own,
        "own_waits": is_own and duty.status in acts.DECIDABLE and card.decision is None,
        "reply_form": (reply_form or ReplyForm()) if is_own else None,
        "decision_form": (decision_form or DecisionForm()) if may_decide else None,
        "form": reply_form or decision_form,
        "zone": why.zone,
    }
    return render(request, "conduct/duty.html", context, status=422 if context["form"] else 200)


def _reported(why: Explanation, agency: Agency) -> tuple[str, Wording] | None:
    """Return the words of the report behind a duty, which the person concerned may read, and whether they are whole."""
    found = queries.report_behind(why.trigger_entry, agency=agency)
    if found is None:
        return None
    return found.text, compare({found.entry: found.text}, agency=agency.handle)[found.entry]


def _said(card: Card, agency: str) -> list[tuple[Said, Wording]]:
    """Return what people said, each with whether its text is the one that was recorded."""
    compared = compare({one.entry: one.text for one in card.said}, agency=agency)
    return [(one, compared[one.entry]) for one in card.said]


def _entry_ids(card: Card, why: Explanation) -> list[str]:
    judged = [
        why.trigger_entry,
        *(step.entry for step in why.course),
        *why.away_by,
        why.fulfilled_by,
        why.annulled_by,
        why.excused_by,
        why.confirmed_by,
    ]
    found = dict.fromkeys([one for one in judged if one] + [one.entry for one in card.said])
    return list(found)


def _evidence(card: Card, why: Explanation, agency: str) -> list[Evidence]:
    """Return the entries behind a duty in the log's order, those that wait for a checkpoint last."""
    wanted = _entry_ids(card, why)
    signed = ledger.entries(wanted, agency=agency)
    found = [Evidence(id=one.id, kind=one.kind, at=one.at, log=one.log, number=one.index) for one in signed]
    waiting = set(wanted) - {one.id for one in signed}
    said = {one.entry: one for one in card.said}
    return found + [
        Evidence(id=one, kind=f"conduct.finding.{said[one].kind}", at=said[one].at, log=None, number=None)
        for one in wanted
        if one in waiting and one in said
    ]


def _shown(entry: Entry, duty: Duty, power: Reach) -> list[str] | None:
    """Return which disclosures go into the receipt: who reported stays with those who decide."""
    if entry.kind != REPORTED or power.is_own(entry.disclosures.get("actor")):
        return None
    if power.may_decide(duty.bearer_person, duty.bearer_unit) or power.seat.has("auditor"):
        return None
    return [name for name in entry.disclosures if name != "actor"]

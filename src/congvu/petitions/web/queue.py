"""The queue of petitions, by due time; as a table, as a list on paper; and acts on several together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from congvu.base import clock
from congvu.base.texts import pick
from congvu.directory.queries import Absence
from congvu.directory.web.access import SeatedRequest, seated
from congvu.petitions.actions import answering, sending
from congvu.petitions.actions.steps import WrongStateError
from congvu.petitions.models import Petition
from congvu.petitions.policies import NotAllowedError, may_set_services, may_set_templates, may_take_in
from congvu.petitions.queries import queue as queries
from congvu.petitions.queries.missed import missed
from congvu.petitions.queries.petitions import whole, within_reach
from congvu.petitions.queries.reckoning import unreckoned
from congvu.petitions.web import due, words
from congvu.petitions.web.queue_forms import TAB_NAMES, BulkForm, QueueForm, known_query
from congvu.ui.web.tables import csv_response
from congvu.ui.words import language

PAGE = 50
PRINTED = 500
TABLE = 10_000
REFUSALS = (NotAllowedError, WrongStateError, sending.NotOfUnitError, answering.NoAnswerError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A petition in the list; `absence` is that of its assignee, `is_left` when that official has left the unit."""

    petition: Petition
    is_undecided: bool
    is_missed: bool  # a letter did not reach its citizen
    absence: Absence | None
    is_left: bool


@seated
@require_safe
def queue(request: SeatedRequest) -> HttpResponse:
    """Show what the seat may read, the next due first."""
    seat, now, form = request.seat, clock.now(), QueueForm(request.GET, seat=request.seat)
    asked = form.asked()
    page = Paginator(queries.found(seat, asked, now=now), PAGE).get_page(request.GET.get("page"))
    counts = queries.counts(seat, now=now)
    context = {
        "now": now,
        "form": form,
        "asked": asked,
        "tabs": [(name, word, counts.get(name)) for name, word in TAB_NAMES.items()],
        "page_obj": page,
        "rows": _rows(request, whole(page.object_list)),
        "bulk": BulkForm(seat=seat),
        "saved": queries.saved(seat),
        "unreckoned": unreckoned(seat.agency),
        "query": known_query(request.GET.urlencode(), request.seat),
        "may_take_in": may_take_in(seat),
        "may_set_services": may_set_services(seat),
        "may_set_templates": may_set_templates(seat),
    }
    return render(request, "petitions/desk/queue.html", context)


@seated
@require_safe
def printed(request: SeatedRequest) -> HttpResponse:
    """Show the list as it is laid on paper, at most PRINTED lines."""
    now = clock.now()
    asked = QueueForm(request.GET, seat=request.seat).asked()
    found = queries.found(request.seat, asked, now=now)
    context = {
        "now": now,
        "rows": _rows(request, whole(found[:PRINTED])),
        "total": found.count(),
        "tab": TAB_NAMES[asked.tab],
        "query": known_query(request.GET.urlencode(), request.seat),
    }
    return render(request, "petitions/desk/printed.html", context)


@seated
@require_safe
def table(request: SeatedRequest) -> HttpResponse:
    """Save the list as a table for a spreadsheet; who asked is not in it."""
    now = clock.now()
    asked = QueueForm(request.GET, seat=request.seat).asked()
    header = [
        _("Number"), _("Service"), _("Received"), _("Last day"), _("Standing"), _("State"), _("Unit"),
        _("Given to"), _("Channel"), _("Place"), _("Content"),
    ]  # fmt: skip
    found = whole(queries.found(request.seat, asked, now=now)[:TABLE])
    return csv_response("congvu-requests", header, [_cells(one, now) for one in found])


@seated
@require_POST
def bulk(request: SeatedRequest) -> HttpResponse:
    """Do one thing with the chosen petitions; each that cannot be done is named, with nothing changed in it."""
    form = BulkForm(request.POST, seat=request.seat)
    chosen = list(within_reach(request.seat).filter(handle__in=request.POST.getlist("petition")[:PAGE]))
    if not chosen:
        messages.error(request, _("Choose at least one request in the list."))
    elif form.is_valid():
        _tell(request, chosen, [one for one in chosen if _done(request, form, one, clock.now())])
    else:
        messages.error(request, _("Choose what to do with the chosen requests."))
    return redirect(
        f"{reverse('petitions:queue')}?{known_query(request.POST.get('query', ''), request.seat)}"
    )


def _done(request: SeatedRequest, form: BulkForm, petition: Petition, now: datetime) -> bool:
    do, _colon, whom = form.cleaned_data["do"].partition(":")
    try:
        if do == "assign":
            sending.assign(petition, to=form.people[whom], by=request.seat, at=now)
        elif do == "forward":
            sending.forward(petition, units=[form.units[whom]], by=request.seat, is_told=False, at=now)
        else:
            answering.close(petition, by=request.seat, at=now)
    except REFUSALS:
        return False
    return True


def _tell(request: SeatedRequest, chosen: Sequence[Petition], done: Sequence[Petition]) -> None:
    if done:
        text = ngettext("%(n)s request is done.", "%(n)s requests are done.", len(done)) % {"n": len(done)}
        messages.success(request, text)
    left = [one.number for one in chosen if one not in done]
    if left:
        text = _("Not possible for these, which stay as they were: %(numbers)s.") % {
            "numbers": ", ".join(left)
        }
        messages.warning(request, text)


def _rows(request: SeatedRequest, found: Sequence[Petition]) -> list[Row]:
    undecided, away = queries.undecided(found), queries.away(request.seat, found)
    letters, left = missed(found), queries.left_behind(found)
    return [
        Row(
            petition=one,
            is_undecided=one.pk in undecided,
            is_missed=any(not each.is_settled for each in letters.get(one.pk, ())),
            absence=away.get(one.assignee_id or 0),
            is_left=one.pk in left,
        )
        for one in found
    ]


def _cells(one: Petition, now: datetime) -> list[object]:
    left = due.due(one.due_at, now) if one.due_at else None
    return [
        one.number,
        pick(one.service.name, language())[0],
        timezone.localtime(one.received_at).isoformat(timespec="minutes"),
        left.last_day.isoformat() if left else "",
        left.word if left else "",
        words.STATES[one.state][0],
        pick(one.unit.name, language())[0] if one.unit else "",
        one.assignee.full_name if one.assignee else "",
        words.CHANNELS[one.channel],
        one.place,
        one.content,
    ]

"""The operator's page: does the evidence hold, and what must be looked at."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from congvu.base import clock
from congvu.desk.watching import actions, queries, wording
from congvu.desk.watching.facts import Facts, facts
from congvu.desk.watching.findings import findings, is_silent, verdict
from congvu.desk.watching.policies import may_acknowledge, may_watch
from congvu.directory.policies import NotAllowedError
from congvu.directory.web.access import SeatedRequest, allowed

watched = allowed(may_watch)


@watched
@require_safe
def overview(request: SeatedRequest) -> HttpResponse:
    """Show the verdict, what must be looked at, and the facts; it writes nothing."""
    seat = request.seat
    now = clock.now()
    found = facts(seat.agency, now)
    incidents = queries.present(seat.agency, findings(found))
    is_sealed = found.ledger is not None and bool(found.ledger.sealed)
    context = {
        "now": now,
        "found": found,
        "verdict": verdict(one.sort for one in incidents if not one.is_over) if found.logs else "",
        "incidents": [_worded(one) for one in incidents],
        "past": [_worded(one) for one in queries.past(seat.agency)],
        "witnesses": _witnesses(found),
        "is_awaited": found.standing is not None and found.standing.is_awaited,
        "disks": [(", ".join(str(wording.PLACES[one]) for one in disk.places), disk) for disk in found.disks],
        "may_acknowledge": may_acknowledge(seat) and not is_sealed,
        "is_sealed": is_sealed,
        "longest": actions.LONGEST,
    }
    return render(request, "desk/watch.html", context)


@watched
@require_POST
def acknowledge(request: SeatedRequest, incident: str) -> HttpResponse:
    """Take note of an incident."""
    try:
        actions.acknowledge(
            by=request.seat, incident=incident, note=request.POST.get("note", ""), now=clock.now()
        )
    except NotAllowedError as error:
        raise PermissionDenied from error
    except actions.NoIncidentError as error:
        raise Http404 from error
    except actions.NoNoteError:
        said = _("Nothing was saved: write what you found or did, in at most %(n)d characters.")
        messages.error(request, said % {"n": actions.LONGEST})
    except actions.AlreadyAcknowledgedError:
        messages.info(request, _("Somebody has acknowledged this before; their note stays."))
    else:
        messages.success(request, _("Acknowledged. It is recorded as evidence."))
    return redirect("desk:watch")


def _worded(shown: queries.Shown) -> dict[str, Any]:
    return {
        "shown": shown,
        "words": wording.words(shown.sort, shown.fact),
        "about": wording.subject(shown.sort, shown.about),
        "detail": wording.detail(shown.sort, shown.fact),
        "is_raw": wording.is_raw(shown.sort),
    }


def _witnesses(found: Facts) -> list[dict[str, Any]]:
    return [
        {
            "row": one,
            "answer": wording.ANSWERS.get(one.error, one.error),
            "is_silent": is_silent(one, found),
            "is_asked": bool(one.url),
        }
        for one in found.attendances
    ]

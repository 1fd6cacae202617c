"""The mailbox of somebody on leave: deciding whether whoever acts reads it, and reading it."""

from typing import Any

from django.contrib import messages as notices
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from congvu.base import clock
from congvu.directory import queries as directory
from congvu.directory.models import Leave
from congvu.directory.policies import may_grant_leave
from congvu.directory.queries import Seat
from congvu.directory.web.access import SeatedRequest
from congvu.mail.actions import delegating as acts
from congvu.mail.queries import delegating
from congvu.mail.web.access import official
from congvu.mail.web.folders import frame
from congvu.mail.web.rows import rows

PAGE = 50


@official
@require_safe
def letters(request: SeatedRequest, handle: str) -> HttpResponse:
    """Show what came to the mailbox of somebody for whom the person acts; nothing of the letters' text."""
    held = next((one for one in delegating.running(request.seat) if one.handle == handle), None)
    if held is None:
        raise Http404
    page = Paginator(delegating.letters(held), PAGE).get_page(request.GET.get("page"))
    context = {"delegation": held, "page_obj": page, "rows": rows(list(page.object_list), {})}
    return render(request, "mail/delegated.html", frame(request, current="delegated") | context)


@official
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: SeatedRequest, handle: str) -> HttpResponse:
    """Show whether whoever acts reads the mailbox of a leave, and decide it."""
    seat = request.seat
    leave = get_object_or_404(directory.leaves(seat.agency), handle=handle)
    by = acts.standing(seat, leave)
    held = delegating.of_leave(leave)
    may_look = by or (held and held.person_id == seat.person.pk) or _grants(seat, leave)
    if not may_look:
        raise Http404
    context: dict[str, Any] = {
        "leave": leave,
        "by": by,
        "held": held,
        "may_close": held and (by or held.person_id == seat.person.pk),
        "is_over": leave.valid_to <= seat.on,
    }
    if request.method == "POST":
        problem = _decide(request, context)
        if not problem:
            return redirect("mail:delegate", handle) if by else redirect("mail:inbox")
        context |= {"problem": problem, "reason": request.POST.get("reason", "")}
    page = frame(request, current="absence" if by == "owner" else "") | context
    return render(request, "mail/delegate.html", page, status=422 if "problem" in context else 200)


def _grants(seat: Seat, leave: Leave) -> bool:
    """Tell whether the seat granted or may end the leave: it sees who reads the mailbox, and decides nothing."""
    held = directory.held_between(seat.agency, leave.person, leave.valid_from, leave.valid_to)
    return may_grant_leave(seat, leave.person, held)


def _decide(request: SeatedRequest, context: dict[str, Any]) -> str:
    """Do what was pressed; return what is wrong, "" when it was done."""
    seat, now, leave, held = request.seat, clock.now(), context["leave"], context["held"]
    if request.POST.get("do") == "close":
        if held:
            acts.close(seat=seat, held=held, now=now)
        notices.success(request, _("The mailbox is its holder’s alone again."))
        return ""
    try:
        acts.delegate(seat=seat, leave=leave, reason=request.POST.get("reason", ""), now=now)
    except acts.NoReasonError:
        return _("Say why the mailbox has to be opened. Its holder reads it.")
    except acts.NobodyActsError:
        return _("Nobody acts during this leave, or it is over.")
    except acts.NoAddressError:
        return _("The person has no mailbox.")
    except acts.AlreadyOpenError:
        return ""
    notices.success(request, _("Whoever acts reads the letters that come on these days."))
    return ""

"""What accounts send: how near they come to the limits, and which are stopped. For administrators and heads."""

from django.conf import settings
from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from congvu.base import clock
from congvu.directory.models import Person
from congvu.directory.web.access import SeatedRequest
from congvu.mail.actions import limiting
from congvu.mail.policies import may_see_sending
from congvu.mail.queries import volumes
from congvu.mail.web.access import official
from congvu.mail.web.folders import frame

SHARE = 2  # who has used half of a day's recipients is listed


@official
@require_safe
def limits(request: SeatedRequest) -> HttpResponse:
    """Show the limits, who comes near them, and whose sending is stopped."""
    _allowed(request)
    daily = settings.CONGVU_LIMIT_RECIPIENTS
    context = {
        "senders": volumes.busiest(request.seat.agency, now=clock.now(), at_least=max(1, daily // SHARE)),
        "hourly": settings.CONGVU_LIMIT_MESSAGES,
        "daily": daily,
        "outside": settings.CONGVU_ALARM_OUTSIDE,
        "new_network": settings.CONGVU_ALARM_NEW_NETWORK,
    }
    return render(request, "mail/sending.html", frame(request, current="sending") | context)


@official
@require_POST
def resume(request: SeatedRequest, handle: str) -> HttpResponse:
    """Let an account send again."""
    _allowed(request)
    person = get_object_or_404(Person, handle=handle)
    try:
        limiting.resume(agency=request.seat.agency, person=person, now=clock.now())
    except limiting.NotStoppedError:
        notices.info(request, _("This account may send."))
    else:
        notices.success(request, _("%(name)s may send again.") % {"name": person.full_name})
    return redirect("mail:sending")


def _allowed(request: SeatedRequest) -> None:
    if not may_see_sending(request.seat):
        raise Http404

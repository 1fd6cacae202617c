"""An official's day."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from congvu.base import clock
from congvu.desk import queries
from congvu.desk.web import disposal_notices
from congvu.directory.web.access import SeatedRequest, seated


@seated
@require_safe
def day(request: SeatedRequest) -> HttpResponse:
    """Show what is due today, the windows, what is unread and what can be explained."""
    seat, now = request.seat, clock.now()
    context = {
        "now": now,
        "on": seat.on,
        "is_working_day": queries.is_working_day(seat),
        "windows": queries.windows(seat, now=now),
        "due": queries.due(seat, now=now),
        "undecided": queries.undecided(seat, now=now),
        "recent": queries.recent(seat, now=now),
        "requests": queries.requests(seat, now=now),
        "post": queries.post(seat, now=now),
        "uneven": queries.uneven(seat),
        "disposals": disposal_notices.lately(seat, now=now),
    }
    return render(request, "desk/day.html", context)

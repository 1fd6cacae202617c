"""The queue of petitions, by due time."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from congvu.directory.web.access import SeatedRequest, seated
from congvu.petitions.queries import petitions


@seated
@require_safe
def queue(request: SeatedRequest) -> HttpResponse:
    """Show what the seat may read, the next due first."""
    rows = petitions.within_reach(request.seat).order_by("due_at")[:50]
    return render(request, "petitions/desk/queue.html", {"petitions": rows})

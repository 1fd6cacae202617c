"""The administrators' page: whether every message of the last days has its outcomes."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from congvu.directory.web.access import SeatedRequest, mail_administered
from congvu.mail.outcomes import queries

SHOWN = 60  # days


@mail_administered
@require_safe
def days(request: SeatedRequest) -> HttpResponse:
    """Show the last days with their figures, those in which something is missing first."""
    agency = request.seat.agency
    context = {"troubled": queries.troubled(agency), "days": queries.newest(agency, limit=SHOWN)}
    return render(request, "mail/outcomes.html", context)

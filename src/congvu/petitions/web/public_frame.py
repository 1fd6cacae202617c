"""What stands around every page of citizens, and whose agency it is."""

from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from congvu.base import clock
from congvu.directory.models import Agency
from congvu.directory.queries import agencies
from congvu.petitions import visits


def agency_or_404(slug: str) -> Agency:
    """Return an agency by the word in its addresses."""
    found = agencies().filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def page(
    request: HttpRequest,
    agency: Agency,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Render a page of an agency, in its zone, where its legal days are; nobody on the way keeps a copy."""
    now = clock.now()
    frame = {
        "agency": agency,
        "agency_name": agency.name,
        "demonstration": agency.demonstration,
        "now": now,
        "brand_url": reverse("ask:start", args=[agency.slug]),
        "foot_links": [
            (_("Follow a request"), reverse("ask:follow", args=[agency.slug])),
            (_("Check a receipt"), reverse("portal:verify")),
            (_("Accessibility and privacy"), reverse("portal:about")),
        ],
    }
    with timezone.override(ZoneInfo(agency.zone)):
        answer = render(request, f"petitions/ask/{template}.html", frame | (context or {}), status=status)
    if status == HTTPStatus.OK:
        visits.visited(request, agency, f"ask-{template}", now=now)
    answer["Cache-Control"] = "no-store"
    return answer

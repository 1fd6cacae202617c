"""The map on which somebody picks a place: the outlines of an agency's areas; fetched only when a map is asked for."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from congvu.petitions.queries.outlines import outlines as outlines_of
from congvu.petitions.web.public_frame import agency_or_404
from congvu.ui import tiles
from congvu.ui.words import language


@require_safe
def outlines(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the outlines of an agency's areas (GeoJSON, RFC 7946), named in the reader's language."""
    del request
    areas = outlines_of(agency_or_404(slug), language())
    return JsonResponse(
        {"tiles": tiles.pattern(), "areas": areas}, headers={"Cache-Control": "private, max-age=300"}
    )

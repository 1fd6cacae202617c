"""The map on which somebody picks a place: the outlines of an agency's areas; fetched only when a map is asked for."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from congvu.base.texts import pick
from congvu.petitions.models import Area
from congvu.petitions.web.public_frame import agency_or_404
from congvu.ui import tiles
from congvu.ui.words import language


@require_safe
def outlines(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the outlines of an agency's areas (GeoJSON, RFC 7946), named in the reader's language."""
    del request
    rows = Area.objects.filter(agency=agency_or_404(slug)).order_by("code")
    areas = {"type": "FeatureCollection", "features": [_feature(one) for one in rows]}
    return JsonResponse(
        {"tiles": tiles.pattern(), "areas": areas}, headers={"Cache-Control": "private, max-age=300"}
    )


def _feature(area: Area) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"name": pick(area.name, language())[0], "is_territory": area.is_territory},
        "geometry": {"type": "Polygon", "coordinates": area.rings},
    }

"""The outlines of an agency's areas, which everyone may see, as maps draw them."""

from typing import Any

from congvu.base.texts import pick
from congvu.directory.models import Agency
from congvu.petitions.models import Area


def outlines(agency: Agency, language: str) -> dict[str, Any]:
    """Return the areas as GeoJSON (RFC 7946), named in a language; a ring within a ring is a hole."""
    rows = Area.objects.filter(agency=agency).order_by("code")
    return {"type": "FeatureCollection", "features": [_feature(one, language) for one in rows]}


def _feature(area: Area, language: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"name": pick(area.name, language)[0], "is_territory": area.is_territory},
        "geometry": {"type": "Polygon", "coordinates": area.rings},
    }

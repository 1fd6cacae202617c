"""Where on the map: whether a point lies in an area, and which unit answers there."""

from collections.abc import Sequence
from itertools import pairwise

from congvu.base.rows import Remembered
from congvu.directory.models import Agency, Unit
from congvu.petitions.models import Area, Route, Service

Ring = Sequence[Sequence[float]]  # [[longitude, latitude], …], closed

_AREAS = Remembered(Area.objects.all)
_AROUND = "agency_id = %s AND west <= %s AND east >= %s AND south <= %s AND north >= %s"
_ROUTES = Remembered(lambda: Route.objects.select_related("unit"))
_LEADING = "petitions_route.agency_id = %s AND area_id = %s"


class OutsideError(Exception):
    """A place lies outside the agency's territory."""


class NoPlaceError(Exception):
    """A point is none on earth, or the one where broken devices stand: 0, 0."""


def area_at(agency: Agency, latitude: float, longitude: float) -> Area | None:
    """Return the area of a point, None when no area is drawn there.

    Raises NoPlaceError, and OutsideError where the agency has drawn its territory and the point is not in it.
    """
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or latitude == longitude == 0:  # noqa: PLR2004 -- the earth
        raise NoPlaceError
    around = _AREAS.find(_AROUND, [agency.pk, longitude, longitude, latitude, latitude])
    found = [one for one in around if contains(one, latitude, longitude)]
    is_inside = any(one.is_territory for one in found)
    if not is_inside and Area.objects.filter(agency=agency, is_territory=True).exists():
        raise OutsideError
    return min((one for one in found if not one.is_territory), key=lambda one: one.code, default=None)


def contains(area: Area, latitude: float, longitude: float) -> bool:
    """Return whether a point lies within an area's rings; a ring within a ring is a hole (RFC 7946, even-odd)."""
    return sum(_crosses(ring, latitude, longitude) for ring in area.rings) % 2 == 1


def unit_for(service: Service, area: Area | None) -> Unit | None:
    """Return who answers: by the route of the service in the area, of the area, or of the service."""
    if area is not None:
        routes = _ROUTES.find(_LEADING, [service.agency_id, area.pk])
        found = {route.service_id: route.unit for route in routes}
        for asked in (service.pk, None):
            if asked in found:
                return found[asked]
    return service.unit


def _crosses(ring: Ring, latitude: float, longitude: float) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > latitude) != (y2 > latitude) and longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside

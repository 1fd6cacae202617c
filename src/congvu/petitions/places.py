"""Where on the map: whether a point lies in an area, and which unit answers there."""

from collections.abc import Sequence
from itertools import pairwise

from congvu.directory.models import Agency, Unit
from congvu.petitions.models import Area, Route, Service

Ring = Sequence[Sequence[float]]  # [[longitude, latitude], …], closed


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
    areas = list(Area.objects.filter(agency=agency).order_by("code"))
    territory = [one for one in areas if one.is_territory]
    if territory and not any(contains(one, latitude, longitude) for one in territory):
        raise OutsideError
    parts = (one for one in areas if not one.is_territory)
    return next((one for one in parts if contains(one, latitude, longitude)), None)


def contains(area: Area, latitude: float, longitude: float) -> bool:
    """Return whether a point lies within an area's rings; a ring within a ring is a hole (RFC 7946, even-odd)."""
    return sum(_crosses(ring, latitude, longitude) for ring in area.rings) % 2 == 1


def unit_for(service: Service, area: Area | None) -> Unit | None:
    """Return who answers: by the route of the service in the area, of the area, or of the service."""
    if area is not None:
        routes = Route.objects.filter(agency=service.agency_id, area=area).select_related("unit")
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

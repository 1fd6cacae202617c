"""Areas as maps give them: GeoJSON (RFC 7946) read into rings, with longitude before latitude."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from congvu.petitions.places import Ring

LARGEST = 5_000_000  # octets
MOST_POINTS = 100_000
MOST_AREAS = 500


class GeoJsonError(ValueError):
    """Not an area; `reason` is one of json, large, shape, ring, range, name, many."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """An area as it was drawn; `code` and `name` are what its feature says of itself, or empty."""

    code: str
    name: dict[str, str]
    rings: list[Ring]


def read(text: str) -> list[Drawn]:
    """Return the areas of a polygon, of a feature, or of a collection of features. Raises GeoJsonError."""
    if len(text.encode()) > LARGEST:
        raise GeoJsonError("large")
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise GeoJsonError("json") from error
    found = list(_features(given))
    if not found:
        raise GeoJsonError("shape")
    if len(found) > MOST_AREAS or sum(len(ring) for one in found for ring in one.rings) > MOST_POINTS:
        raise GeoJsonError("many")
    return found


def _features(given: Any) -> Iterator[Drawn]:
    if not isinstance(given, Mapping):
        raise GeoJsonError("shape")
    if given.get("type") == "FeatureCollection":
        features = given.get("features")
        for one in features if isinstance(features, list) else []:
            yield from _features(one)
    elif given.get("type") == "Feature":
        said = given.get("properties")
        yield _drawn(given.get("geometry"), said if isinstance(said, Mapping) else {})
    else:
        yield _drawn(given, {})


def _drawn(geometry: Any, said: Mapping[str, Any]) -> Drawn:
    name = said.get("name")
    named = name if isinstance(name, Mapping) else {"": name} if name else {}
    return Drawn(
        code=str(said.get("code", ""))[:40],
        name={str(language): str(text)[:200] for language, text in named.items()},
        rings=_rings(geometry),
    )


def _rings(geometry: Any) -> list[Ring]:
    match geometry:
        case {"type": "Polygon", "coordinates": [*rings]}:
            found = rings
        case {"type": "MultiPolygon", "coordinates": [*polygons]}:
            found = [ring for polygon in polygons if isinstance(polygon, list) for ring in polygon]
        case _:
            raise GeoJsonError("shape")
    if not found:
        raise GeoJsonError("shape")
    return [_ring(one) for one in found]


def _ring(points: Any) -> Ring:
    """Return a closed ring of at least a triangle."""
    if not isinstance(points, list) or len(points) < 4:  # noqa: PLR2004 -- a triangle, closed
        raise GeoJsonError("ring")
    ring = [_point(one) for one in points]
    if ring[0] != ring[-1]:
        raise GeoJsonError("ring")
    return ring


def _point(given: Any) -> list[float]:
    match given:
        case [int() | float() as longitude, int() | float() as latitude, *_]:
            if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):  # noqa: PLR2004 -- the earth
                raise GeoJsonError("range")
            return [float(longitude), float(latitude)]
    raise GeoJsonError("ring")

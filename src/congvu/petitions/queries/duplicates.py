"""Which open petitions may be about the same thing: near in place, in time, and in words."""

from datetime import datetime, timedelta
from math import cos, hypot, radians
from typing import NamedTuple

from django.db.models import QuerySet

from congvu.base.fold import fold
from congvu.directory.queries import Seat
from congvu.petitions.models import Petition, Service
from congvu.petitions.queries import published
from congvu.petitions.queries.petitions import within_reach
from congvu.petitions.words import OPEN

DAYS = 90
METERS = 200.0
DEGREE = 111_320.0  # meters of a degree of latitude
COMPARED = 500  # the newest of what is near
SHOWN = 5
ENOUGH = 0.35
NEARNESS = 0.6  # weight of the place, the rest is that of the words
SHORT = 2  # letters of a word that says nothing

Point = tuple[float, float]  # latitude, longitude


class Similar(NamedTuple):
    """A petition that may be about the same thing: `likeness` from 0 to 1, `meters` where both places are known."""

    petition: Petition
    likeness: float
    meters: float | None


def similar(
    service: Service,
    *,
    content: str,
    now: datetime,
    point: Point | None = None,
    place: str = "",
    seat: Seat | None = None,
    but: Petition | None = None,
) -> list[Similar]:
    """Return the most similar open petitions of a service, at most SHOWN; nothing confidential.

    For the public only those of which words are released: what is compared of them is what everyone may read, or asking
    again and again would find the place of the others. For a seat those that it may read.
    """
    shown = published.released(published.register(service.agency))
    rows = (within_reach(seat) if seat else shown).filter(
        agency=service.agency_id,
        service=service,
        service__is_confidential=False,
        state__in=OPEN,
        received_at__gte=now - timedelta(days=DAYS),
    )
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    if point is not None:
        rows = _around(rows if seat else rows.filter(shows_point=True), point)
    words, places = _words(content), _words(place)
    found = []
    for one in rows.select_related("unit").order_by("-received_at")[:COMPARED]:
        meters = _meters(one, point)
        where, text = (one.place, one.content) if seat else (one.public_place, one.public_content)
        near = max(1 - meters / METERS, 0.0) if meters is not None else _share(places, _words(where))
        likeness = NEARNESS * near + (1 - NEARNESS) * _share(words, _words(text))
        if likeness >= ENOUGH:
            found.append(Similar(one, likeness, meters))
    return sorted(found, key=lambda one: -one.likeness)[:SHOWN]


def _around(rows: QuerySet[Petition], point: Point) -> QuerySet[Petition]:
    latitude, longitude = point
    high, wide = METERS / DEGREE, METERS / DEGREE / max(cos(radians(latitude)), 0.01)
    return rows.filter(
        latitude__range=(latitude - high, latitude + high),
        longitude__range=(longitude - wide, longitude + wide),
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in fold(text[:2000]).split() if len(word) > SHORT)


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much of the smaller set of words stands in both."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _meters(one: Petition, point: Point | None) -> float | None:
    if point is None or one.latitude is None or one.longitude is None:
        return None
    north = (one.latitude - point[0]) * DEGREE
    east = (one.longitude - point[1]) * DEGREE * cos(radians(point[0]))
    return hypot(north, east)

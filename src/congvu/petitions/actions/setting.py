"""What an agency sets: its services with their questions, its areas, and which unit answers where."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from importlib import resources
from typing import Any

import yaml

from congvu.base.database import atomic
from congvu.base.texts import Texts
from congvu.directory.models import Agency, Unit
from congvu.directory.policies import Actor, NotAllowedError, actor, require_administrator
from congvu.ledger.actions import record
from congvu.petitions.events import AreaDrawn, RouteSet, ServiceSet
from congvu.petitions.models import Area, Route, Service, ServiceAttribute
from congvu.petitions.words import CONFIDENTIAL, Datatype, Sort, Urgency

COUNTRIES = ("vn", "kz")


class NoNameError(Exception):
    """A service, a question or an area has no name in any language."""


class UnknownWordError(Exception):
    """A sort, urgency or datatype is none of the closed words; the argument is the word."""


class BadRingsError(Exception):
    """An area's rings are no closed rings of [longitude, latitude]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A further question of a service, as `ServiceAttribute` keeps it."""

    code: str
    description: Texts
    datatype: str = "string"
    required: bool = False
    variable: bool = True
    help: Texts = field(default_factory=dict)
    values: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A service as it is to be, as `Service` keeps it, with its questions in their order."""

    code: str
    name: Texts
    description: Texts = field(default_factory=dict)
    group: Texts = field(default_factory=dict)
    keywords: Sequence[str] = ()
    sort: str = "report"
    urgency: str = "ordinary"
    needs_place: bool = False
    forwards_at_once: bool = True
    allows_anonymous: bool = True
    is_confidential: bool = False
    is_open: bool = True
    position: int = 0
    attributes: Sequence[Question] = ()


def set_service(agency: Agency, offer: Offer, *, unit: Unit | None, by: Actor, at: datetime) -> Service:
    """Open, change or close a service by its code; what was asked before keeps the sort that it had then.

    Complaints and denunciations are always confidential. Raises NotAllowedError, NoNameError or UnknownWordError.
    """
    _require(by, agency, unit)
    _check(offer)
    said = asdict(offer) | {"keywords": list(offer.keywords)}
    del said["attributes"], said["code"]
    said["is_confidential"] = offer.is_confidential or offer.sort in CONFIDENTIAL
    with atomic():
        service, _is_new = Service.objects.update_or_create(
            agency=agency, code=offer.code, defaults={**said, "unit": unit, "changed_at": at}
        )
        _ask(service, offer.attributes)
        event = ServiceSet(sort=offer.sort, is_open=offer.is_open)
        disclosures = {"actor": actor(by), "service": service.handle} | (
            {"unit": unit.handle} if unit else {}
        )
        record(event, agency=agency.handle, at=at, disclosures=disclosures)
    return service


def load(agency: Agency, country: str, *, unit: Unit | None, by: Actor, at: datetime) -> list[Service]:
    """Open the services to begin with of a country (`vn`, `kz`) that the agency has not; return the new ones."""
    require_administrator(by, agency)
    known = set(Service.objects.filter(agency=agency).values_list("code", flat=True))
    new = [one for one in offers(country) if one.code not in known]
    with atomic():
        return [set_service(agency, one, unit=unit, by=by, at=at) for one in new]


def offers(country: str) -> list[Offer]:
    """Return the services to begin with of a country, in their order."""
    text = resources.files("congvu.petitions.offers").joinpath(f"{country}.yaml").read_text(encoding="utf-8")
    return [
        Offer(
            **{**one, "attributes": tuple(Question(**question) for question in one.get("attributes", ()))},
            position=order,
        )
        for order, one in enumerate(yaml.safe_load(text)["services"])
    ]


def draw_area(
    agency: Agency,
    *,
    code: str,
    name: Texts,
    rings: Sequence[Sequence[Sequence[float]]],
    is_territory: bool = False,
    by: Actor,
    at: datetime,
) -> Area:
    """Draw or redraw an area. Raises NotAllowedError, NoNameError or BadRingsError."""
    require_administrator(by, agency)
    if not any(name.values()):
        raise NoNameError(code)
    if not rings or not all(_is_ring(one) for one in rings):
        raise BadRingsError(code)
    with atomic():
        said = {"name": name, "rings": [list(ring) for ring in rings], "is_territory": is_territory}
        area, _is_new = Area.objects.update_or_create(agency=agency, code=code, defaults=said)
        disclosures = {"actor": actor(by), "area": area.handle}
        record(AreaDrawn(), agency=agency.handle, at=at, disclosures=disclosures)
    return area


def set_route(area: Area, *, service: Service | None, unit: Unit | None, by: Actor, at: datetime) -> None:
    """Let a unit answer in an area, for one service or for all; without one the route is gone. NotAllowedError."""
    _require(by, area.agency, service, unit)
    with atomic():
        found = Route.objects.filter(agency=area.agency, area=area, service=service)
        if unit is None:
            found.delete()
        elif not found.update(unit=unit):
            Route.objects.create(agency=area.agency, area=area, service=service, unit=unit)
        disclosures = {"actor": actor(by), "area": area.handle} | ({"unit": unit.handle} if unit else {})
        record(RouteSet(), agency=area.agency.handle, at=at, disclosures=disclosures)


def _require(by: Actor, agency: Agency, *named: Service | Unit | None) -> None:
    """Raise NotAllowedError unless the actor administers the agency, and everything named is the agency's own."""
    require_administrator(by, agency)
    if any(one is not None and one.agency_id != agency.pk for one in named):
        raise NotAllowedError


def _check(offer: Offer) -> None:
    if not any(offer.name.values()) or not all(any(one.description.values()) for one in offer.attributes):
        raise NoNameError(offer.code)
    wrong = [offer.sort] if offer.sort not in Sort.values else []
    wrong += [offer.urgency] if offer.urgency not in Urgency.values else []
    wrong += [one.datatype for one in offer.attributes if one.datatype not in Datatype.values]
    if wrong:
        raise UnknownWordError(wrong[0])


def _ask(service: Service, questions: Sequence[Question]) -> None:
    rows = ServiceAttribute.objects.filter(agency=service.agency_id, service=service)
    rows.exclude(code__in=[one.code for one in questions]).delete()
    for order, one in enumerate(questions):
        said = asdict(one) | {"order": order, "values": [dict(value) for value in one.values]}
        ServiceAttribute.objects.update_or_create(
            agency=service.agency, service=service, code=said.pop("code"), defaults=said
        )


def _is_ring(ring: Sequence[Sequence[float]]) -> bool:
    closed = 4  # positions, the last one the first (RFC 7946, 3.1.6)
    return (
        len(ring) >= closed
        and list(ring[0]) == list(ring[-1])
        and all(len(one) == 2 and abs(one[0]) <= 180 and abs(one[1]) <= 90 for one in ring)  # noqa: PLR2004 -- the earth
    )

"""The documents of GeoReport v2, Service Discovery and the extensions that are in use.

A field of an `OPTIONAL` name is left out while it is None; every other empty field is written, as null or as an empty
element. Identifiers are strings. Instants are aware.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"
LONGEST_DESCRIPTION: Final = 4000  # characters
DAYS: Final = 90  # that a query spans at most
ROWS: Final = 1000  # that an answer holds at most
OPTIONAL: Final = frozenset({"service_request_id", "token", "extended_attributes"})
OPEN: Final = "open"
CLOSED: Final = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What may be asked for: one of GET Service List."""

    service_code: str
    service_name: str
    description: str | None
    metadata: bool
    type: str
    keywords: str | None
    group: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One choice of a list."""

    key: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One question of a service definition."""

    variable: bool
    code: str
    datatype: str
    required: bool
    datatype_description: str | None
    order: int
    description: str | None
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDefinition:
    """What a service asks besides: GET Service Definition."""

    service_code: str
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A released picture (extension)."""

    media_url: str
    title: str | None
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was said to a question of the service definition (extension)."""

    code: str
    label: str | None
    value: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendedAttributes:
    """More about a request, if `extensions=true`; `rating` is 1 to 5, `late` None while nothing is due."""

    detailed_status: str
    sort: str
    channel: str
    answered_datetime: datetime | None
    late: bool | None
    disputed: bool
    endorsements: int
    rating: int | None
    answers: tuple[Answer, ...]
    photos: tuple[Photo, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRequest:
    """What was asked and how it stands: one of GET Service Requests."""

    service_request_id: str
    status: str
    status_notes: str | None
    service_name: str
    service_code: str
    description: str | None
    agency_responsible: str | None
    service_notice: str | None
    requested_datetime: datetime
    updated_datetime: datetime
    expected_datetime: datetime | None
    address: str | None
    address_id: str | None
    zipcode: str | None
    lat: float | None
    long: float | None
    media_url: str | None
    extended_attributes: ExtendedAttributes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkRequest:
    """A row of the GeoReport Bulk data (proposed), and what figures are recomputed from: from `service_code` on."""

    service_request_id: str
    requested_datetime: datetime
    updated_datetime: datetime
    closed_date: datetime | None
    status_description: str
    status_notes: str | None
    source: str
    service_name: str
    service_subtype: str | None
    description: str | None
    agency_responsible: str
    address: str | None
    lat: float | None
    long: float | None
    service_code: str
    sort: str
    agency_code: str | None
    area_code: str | None
    due_datetime: datetime | None
    expected_datetime: datetime | None
    answered_datetime: datetime | None
    late: bool | None
    disputed: bool
    disputed_ends: str | None
    endorsements: int
    rating: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """What POST Service Request answers: the request's id, or a token in its place."""

    service_request_id: str | None = None
    token: str | None = None
    service_notice: str | None
    account_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed:
    """What GET service_request_id from a token answers."""

    service_request_id: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One thing that was done about a request: of GET Service Request Updates (extension)."""

    update_id: str
    service_request_id: str
    status: str
    updated_datetime: datetime
    description: str | None
    media_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateReceived:
    """What POST Service Request Update answers (extension)."""

    update_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """Why a thing was not done; `code` is the HTTP status."""

    code: int
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a version of the interface is found; `type` is production or test."""

    specification: str
    url: str
    changeset: str
    type: str
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """Service Discovery: whom to ask, and where the interface is."""

    changeset: str
    contact: str
    key_service: str
    endpoints: tuple[Endpoint, ...]


Document = (
    Service
    | ServiceDefinition
    | ServiceRequest
    | BulkRequest
    | Created
    | Redeemed
    | Update
    | UpdateReceived
    | Error
    | Discovery
)

"""The whole public register as a stream: CSV, JSON or XML, row by row (GeoReport Bulk, proposed)."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime, timedelta
from itertools import islice
from operator import attrgetter
from types import NoneType
from typing import Any, Final, NamedTuple

from django.http import StreamingHttpResponse

from congvu.directory.models import Agency, Unit
from congvu.petitions.guarding.pace import Pace, TooFastError
from congvu.petitions.models import Area, Service
from congvu.petitions.open311 import shown
from congvu.petitions.open311.door import FORMATS, Visit, slower
from congvu.petitions.queries import published
from congvu.petitions.words import State
from congvu.standards.open311 import documents, instants, mapping
from congvu.ui.web.network import network_address
from congvu.ui.web.tables import harmless

BULK_FORMATS: Final = {**FORMATS, "csv": "text/csv; charset=utf-8"}
COLUMNS: Final = tuple(one.name for one in fields(documents.BulkRequest))
_CELLS: Final = attrgetter(*COLUMNS)
MOST: Final = 20  # an hour for one address
PACE: Final = Pace(timedelta(hours=1))
_AT_ONCE: Final = 500  # rows of one piece of the stream


class _Row(NamedTuple):
    """What is read of a petition; the names are those of its columns."""

    number: str
    state: str
    sort: str
    channel: str
    received_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    answered_at: datetime | None
    due_at: datetime | None
    promised_on: date | None
    is_late: bool | None
    was_disputed: bool
    disputed_ends: str
    endorsements: int
    score: int | None
    service_id: int
    unit_id: int | None
    area_id: int | None
    public_content: str
    public_place: str
    shows_point: bool
    latitude: float | None
    longitude: float | None
    said: str | None


class _Names(NamedTuple):
    """A code and a name; of a service its group too, and whether it asks where."""

    code: str
    name: str
    group: str = ""
    has_place: bool = False


def bulk(visit: Visit) -> StreamingHttpResponse:
    """Send the register of the agency; so much work is not asked again and again."""
    try:
        PACE.step(network_address(visit.request), most=MOST, now=visit.now)
    except TooFastError as error:
        raise slower(error.seconds) from error
    pieces = WRITERS[visit.form](rows(visit.agency, visit.language))
    answer = StreamingHttpResponse(pieces, content_type=BULK_FORMATS[visit.form])
    answer["Content-Disposition"] = f'attachment; filename="requests-{visit.agency.slug}.{visit.form}"'
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def rows(agency: Agency, language: str) -> Iterator[documents.BulkRequest]:
    """Yield the public register, in the order in which petitions came."""
    reader = shown.Reader(agency=agency, language=language, addressed=lambda _picture: "")
    services = {
        row.pk: _Names(
            row.code, shown.said(row.name, language), shown.said(row.group, language), row.needs_place
        )
        for row in Service.objects.filter(agency=agency)
    }
    units = {
        row.pk: _Names(row.code, shown.said(row.name, language)) for row in Unit.objects.filter(agency=agency)
    }
    areas = dict(Area.objects.filter(agency=agency).values_list("pk", "code"))
    standing = {state: shown.notes(None, state) for state in State.values}
    for _pk, *values in published.walked(published.requests(agency), _Row._fields):
        row = _Row(*values)
        service, unit = services[row.service_id], units.get(row.unit_id or 0)
        yield _bulk(row, service, unit, areas, row.said or standing[row.state], reader)


def as_csv(found: Iterable[documents.BulkRequest]) -> Iterator[str]:
    """Write rows as CSV with a heading (RFC 4180)."""
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    yield from _pieces(writer.writerow([_CELL[type(value)](value) for value in _CELLS(row)]) for row in found)


def as_json(found: Iterable[documents.BulkRequest]) -> Iterator[str]:
    """Write rows as one list, a row to a line."""
    lines = _pieces(mapping.to_json(row) + ",\n" for row in found)
    held = ""
    yield "[\n"
    for piece in lines:
        yield held
        held = piece
    yield held.removesuffix(",\n") + "\n]\n"


def as_xml(found: Iterable[documents.BulkRequest]) -> Iterator[str]:
    """Write rows as one document, a row to a line."""
    yield mapping.DECLARATION + "<service_requests>\n"
    yield from _pieces(mapping.element("request", row) + "\n" for row in found)
    yield "</service_requests>\n"


WRITERS: Final = {"csv": as_csv, "json": as_json, "xml": as_xml}


def _pieces(lines: Iterable[str]) -> Iterator[str]:
    """Join some lines to each piece: a server sends few large pieces faster than many small ones."""
    left = iter(lines)
    while piece := "".join(islice(left, _AT_ONCE)):
        yield piece


def _text(value: str) -> str:
    """Return text as a cell; what a spreadsheet would take for a formula gets an apostrophe."""
    if value.isprintable() and value[:1].isalnum():
        return value  # most cells
    return harmless(mapping.plain(value))


_CELL: Final[Mapping[type, Callable[[Any], str]]] = {
    str: _text,
    datetime: instants.text,
    bool: lambda value: "true" if value else "false",
    int: repr,
    float: repr,
    NoneType: lambda _: "",
}


class _Echo:
    """Gives back what csv.writer writes."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


def _bulk(
    row: _Row,
    service: _Names,
    unit: _Names | None,
    areas: Mapping[int, str],
    notes: str,
    reader: shown.Reader,
) -> documents.BulkRequest:
    place = published.place(row, asks_where=service.has_place)
    return documents.BulkRequest(
        service_request_id=row.number,
        requested_datetime=row.received_at,
        updated_datetime=row.closed_at or row.updated_at,
        closed_date=row.closed_at,
        status_description=row.state,
        status_notes=notes,
        source=row.channel,
        service_name=service.name,
        service_subtype=service.group,
        description=row.public_content,
        agency_responsible=unit.name if unit else shown.said(reader.agency.name, reader.language),
        address=place.words,
        lat=place.latitude,
        long=place.longitude,
        service_code=service.code,
        sort=row.sort,
        agency_code=unit.code if unit else None,
        area_code=areas.get(place.area or 0),
        due_datetime=row.due_at,
        expected_datetime=shown.expected(row.promised_on, row.due_at, reader),
        answered_datetime=row.answered_at,
        late=row.is_late,
        disputed=row.was_disputed,
        disputed_ends=row.disputed_ends or None,
        endorsements=row.endorsements,
        rating=row.score,
    )

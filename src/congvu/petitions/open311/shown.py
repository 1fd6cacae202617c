"""Petitions and services as GeoReport v2 has them; of a petition only what is public.

Until an official released its words, a petition shows its service and how it stands, and neither words nor place.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from congvu.base.texts import pick
from congvu.directory.models import Agency, Unit
from congvu.petitions import attributes
from congvu.petitions.models import Attachment, Petition, Service, ServiceAttribute, Step
from congvu.petitions.queries import published
from congvu.petitions.web import words
from congvu.petitions.words import Datatype
from congvu.standards.open311 import documents

LISTS: Final = frozenset({Datatype.SINGLEVALUELIST, Datatype.MULTIVALUELIST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom something is shown; `addressed` says where everyone finds a released picture."""

    agency: Agency
    language: str
    addressed: Callable[[Attachment], str]


def service(row: Service, *, has_attributes: bool, language: str) -> documents.Service:
    """Return a service of the list; a confidential one answers with a token, for no page shows what came of it."""
    return documents.Service(
        service_code=row.code,
        service_name=said(row.name, language),
        description=said(row.description, language),
        metadata=has_attributes,
        type="batch" if row.is_confidential else "realtime",
        keywords=", ".join(row.keywords),
        group=said(row.group, language),
    )


def definition(row: Service, *, language: str) -> documents.ServiceDefinition:
    """Return what a service asks besides."""
    asked = tuple(_attribute(one, place, language) for place, one in enumerate(attributes.of(row), 1))
    return documents.ServiceDefinition(service_code=row.code, attributes=asked)


def requests(
    rows: Collection[Petition], reader: Reader, *, extended: bool = False
) -> list[documents.ServiceRequest]:
    """Return petitions of the register; with `extended` all that is public of them."""
    shown = [row for row in rows if row.public_content]
    pictures = published.pictures(shown)
    asked = _questions(shown, reader.language) if extended else {}
    return [
        _request(
            row,
            reader,
            pictures.get(row.pk, []),
            _extended(row, reader, pictures.get(row.pk, []), asked) if extended else None,
        )
        for row in rows
    ]


def updates(rows: Iterable[Step]) -> list[documents.Update]:
    """Return public steps, each with the status that the petition had after it."""
    return [
        documents.Update(
            update_id=row.handle,
            service_request_id=row.petition.number,
            status=documents.CLOSED if row.kind in published.ENDS else documents.OPEN,
            updated_datetime=row.at,
            description=row.text or str(words.step(row.kind, row.data.get("outcome", ""))),
            media_url=None,
        )
        for row in rows
    ]


def said(texts: Mapping[str, str], language: str) -> str:
    """Return the text in a language, or the first fallback."""
    return pick(texts, language)[0]


def status(state: str) -> str:
    """Return open or closed. What is answered is open until it is closed: it may still be disputed."""
    return documents.CLOSED if state in published.CLOSED else documents.OPEN


def notes(last: str | None, state: str) -> str:
    """Return the last public words about a petition, or how it stands."""
    return last or str(words.STATES[state][0])


def responsible(unit: Unit | None, reader: Reader) -> str:
    """Return the unit that answers, or the agency before it was sent to one."""
    return said(unit.name if unit else reader.agency.name, reader.language)


def expected(promised_on: date | None, due_at: datetime | None, reader: Reader) -> datetime | None:
    """Return when an answer is due: the end of the day that was promised, else the law's time."""
    if promised_on is not None:
        return datetime.combine(promised_on, time(23, 59, 59), ZoneInfo(reader.agency.zone))
    return due_at


def _request(
    row: Petition,
    reader: Reader,
    pictures: list[Attachment],
    extended: documents.ExtendedAttributes | None,
) -> documents.ServiceRequest:
    place = published.place(row, asks_where=row.service.needs_place)
    return documents.ServiceRequest(
        service_request_id=row.number,
        status=status(row.state),
        status_notes=notes(published.last_words(row), row.state),
        service_name=said(row.service.name, reader.language),
        service_code=row.service.code,
        description=row.public_content[: documents.LONGEST_DESCRIPTION],
        agency_responsible=responsible(row.unit, reader),
        service_notice=None,
        requested_datetime=row.received_at,
        updated_datetime=row.closed_at or row.updated_at,
        expected_datetime=expected(row.promised_on, row.due_at, reader),
        address=place.words,
        address_id=row.area.code if row.area and place.area else None,
        zipcode=None,
        lat=place.latitude,
        long=place.longitude,
        media_url=reader.addressed(pictures[0]) if pictures else None,
        extended_attributes=extended,
    )


def _extended(
    row: Petition,
    reader: Reader,
    pictures: list[Attachment],
    asked: Mapping[tuple[int, str], documents.Attribute],
) -> documents.ExtendedAttributes:
    return documents.ExtendedAttributes(
        detailed_status=row.state,
        sort=row.sort,
        channel=row.channel,
        answered_datetime=row.answered_at,
        late=row.is_late,
        disputed=row.was_disputed,
        endorsements=row.endorsements,
        rating=row.score,
        answers=_answers(row, asked) if row.public_content else (),
        photos=tuple(
            documents.Photo(media_url=reader.addressed(one), title=None, width=one.width, height=one.height)
            for one in pictures
        ),
    )


def _answers(
    row: Petition, asked: Mapping[tuple[int, str], documents.Attribute]
) -> tuple[documents.Answer, ...]:
    """Return what was chosen from lists: closed words, which name nobody. What was written freely stays inside."""
    found = []
    for code, given in row.answers.items():
        question = asked.get((row.service_id, code))
        if question is not None:
            names = {one.key: one.name for one in question.values}
            keys = given if isinstance(given, list) else [given]
            value = ", ".join(names.get(key) or str(key) for key in keys)
            found.append(documents.Answer(code=code, label=question.description, value=value))
    return tuple(found)


def _questions(rows: Iterable[Petition], language: str) -> dict[tuple[int, str], documents.Attribute]:
    services = {row.service_id for row in rows}
    found = ServiceAttribute.objects.filter(service__in=services, datatype__in=LISTS)
    return {(one.service_id, one.code): _attribute(one, one.order, language) for one in found}


def _attribute(row: ServiceAttribute, place: int, language: str) -> documents.Attribute:
    return documents.Attribute(
        variable=row.variable,
        code=row.code,
        datatype=row.datatype,
        required=row.required,
        datatype_description=said(row.help, language),
        order=place,
        description=said(row.description, language),
        values=tuple(
            documents.Value(key=str(one["key"]), name=said(one["name"], language)) for one in row.values
        ),
    )

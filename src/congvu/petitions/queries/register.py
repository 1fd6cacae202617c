"""The public register, sieved and searched, a page at a time.

A page begins behind a petition that the reader names: however deep it lies, it costs what the first one costs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Model, Q, QuerySet

from congvu.base.search import Index
from congvu.directory.models import Agency, Unit
from congvu.petitions import numbers
from congvu.petitions.models import Area, Petition, Service
from congvu.petitions.queries import published
from congvu.petitions.words import CONFIDENTIAL, OPEN

SIZE: Final = 25
LONGEST: Final = 200  # characters of a search
ANSWERED_LATE, OVERDUE = "answered", "open"
KIND, EVERYONE = "petition", "everyone"  # in the index of released words
SHOWN: Final = (  # what a row of the register may hold at all
    *(
        "number",
        "service_id",
        "unit_id",
        "area_id",
        "state",
        "received_at",
        "updated_at",
        "due_at",
        "promised_on",
    ),
    *(
        "answered_at",
        "closed_at",
        "is_late",
        "was_disputed",
        "score",
        "endorsements",
        "public_content",
        "public_place",
    ),
    *("shows_point", "latitude", "longitude", "agency_id", "is_public", "sort"),
)
Place = tuple[datetime, int]  # in the order of the register: when a petition came, and its key
_AT_ONCE: Final = 50  # hits


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of the register: codes as the agency names them; empty means any.

    `late` is `answered` (the answer came late) or `open` (something is owed and past its time).
    """

    words: str = ""
    service: str = ""
    unit: str = ""
    area: str = ""
    state: str = ""
    year: int | None = None
    month: int | None = None
    late: str = ""
    disputed: bool = False
    is_placed: bool = False  # only what stands on the map


def folder() -> Path:
    """Return where the index of released words lies, apart from that of letters."""
    return Path(settings.CONGVU_DATA) / "search-petitions"


def page(agency: Agency, asked: Asked, *, after: str = "", size: int = SIZE, now: datetime) -> list[Petition]:
    """Return up to `size` petitions, the newest first, behind the one that `after` names by its number."""
    number = numbers.read(asked.words)
    if number is not None:
        return list(_ordered(published.register(agency).filter(number=number)))
    place = _place(agency, after)
    if asked.words.strip():
        return _searched(agency, asked, place, size, now)
    return list(_ordered(_behind(_sieved(agency, asked, now), place))[:size])


def span(zone: str, year: int, month: int | None = None) -> tuple[datetime, datetime]:
    """Return the first instant of a legal year or month, and the first after it. Raises ValueError for none such."""
    where = ZoneInfo(zone)
    start = datetime(year, month or 1, 1, tzinfo=where)
    ends = (year + 1, 1) if month in {None, 12} else (year, (month or 0) + 1)
    return start, datetime(*ends, 1, tzinfo=where)


def holding(agency: Agency, words: str, *, until: datetime, limit: int) -> list[str]:
    """Return the handles of the newest petitions whose released words hold these, with or without accents."""
    return (
        Index(folder())
        .search(
            kind=KIND,
            agency=agency.handle,
            readers=[EVERYONE],
            words=words[:LONGEST],
            until=until,
            limit=limit,
        )
        .keys
    )


def is_overdue(row: Petition, now: datetime) -> bool:
    """Return whether a petition is open and owes something whose time is over."""
    return row.state in OPEN and row.due_at is not None and row.due_at < now


def _sieved(agency: Agency, asked: Asked, now: datetime) -> QuerySet[Petition]:
    rows = published.register(agency)
    coded: dict[str, tuple[type[Model], str]] = {
        "service": (Service, asked.service),
        "unit": (Unit, asked.unit),
        "area": (Area, asked.area),
    }
    for name, (table, code) in coded.items():
        if code:
            rows = rows.filter(**{name: _key(table, agency, code)})
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.disputed:
        rows = rows.filter(was_disputed=True)
    if asked.area or asked.is_placed:
        rows = published.placed(rows)
    if asked.is_placed:
        rows = rows.filter(latitude__isnull=False, shows_point=True)
    if asked.late:
        rows = rows.filter(Q(state__in=OPEN, due_at__lt=now) if asked.late == OVERDUE else Q(is_late=True))
    if asked.year:
        start, end = span(agency.zone, asked.year, asked.month)
        rows = rows.filter(received_at__gte=start, received_at__lt=end)
    return rows


def _key(table: type[Model], agency: Agency, code: str) -> int:
    """Return a row's key by its code, one of nobody when there is none: with a key no join is needed."""
    found = table._default_manager.filter(agency=agency, code=code).values_list("pk", flat=True).first()  # noqa: SLF001 -- documented
    return found or 0


def _place(agency: Agency, after: str) -> Place | None:
    rows = Petition.objects.filter(agency=agency, number=after) if after else Petition.objects.none()
    return rows.values_list("received_at", "pk").first()


def _behind(rows: QuerySet[Petition], place: Place | None) -> QuerySet[Petition]:
    if place is None:
        return rows
    at, key = place
    return rows.filter(Q(received_at__lt=at) | Q(pk__lt=key), received_at__lte=at)


def _ordered(rows: QuerySet[Petition]) -> QuerySet[Petition]:
    return rows.order_by("-received_at", "-pk").only(*SHOWN)


def _searched(agency: Agency, asked: Asked, place: Place | None, size: int, now: datetime) -> list[Petition]:
    """Return what the index finds by words and marks, as far as it may be shown by now: rows have the last word.

    They are fetched by handle alone: with more to go by, a database without statistics takes a longer way.
    """
    hidden = set(Service.objects.filter(agency=agency, is_confidential=True).values_list("pk", flat=True))
    found: list[Petition] = []
    seen = 0
    while len(found) < size and (keys := _hits(agency, asked, place, seen)):
        seen += len(keys)
        rows = Petition.objects.filter(handle__in=keys).only(*SHOWN)
        found += [
            row
            for row in rows
            if row.agency_id == agency.pk
            and row.is_public
            and row.public_content
            and row.sort not in CONFIDENTIAL
            and row.service_id not in hidden
            and (place is None or (row.received_at, row.pk) < place)
            and (asked.late != OVERDUE or is_overdue(row, now))
        ]
    return sorted(found, key=lambda row: (row.received_at, row.pk), reverse=True)[:size]


def _hits(agency: Agency, asked: Asked, place: Place | None, seen: int) -> list[str]:
    hits = Index(folder()).search(
        kind=KIND,
        agency=agency.handle,
        readers=[EVERYONE],
        words=asked.words[:LONGEST],
        marks=list(_marks(asked)),
        until=place[0] if place else None,
        offset=seen,
        limit=_AT_ONCE,
    )
    return hits.keys


def _marks(asked: Asked) -> Iterator[str]:
    """Yield what the index can sieve by; what else is asked, the rows decide."""
    for name in ("service", "unit", "area", "state", "year"):
        if value := getattr(asked, name):
            yield f"{name}={value}"
    if asked.month:
        yield f"month={asked.month}"
    if asked.disputed:
        yield "disputed=yes"
    if asked.late:
        yield "late=yes" if asked.late == ANSWERED_LATE else "open=yes"
    if asked.is_placed:
        yield "placed=yes"

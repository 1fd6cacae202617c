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
from congvu.petitions.words import OPEN

SIZE: Final = 25
LONGEST: Final = 200  # characters of a search
ANSWERED_LATE, OVERDUE = "answered", "open"
KIND, EVERYONE = "petition", "everyone"  # in the index of released words
_SPARE: Final = 10  # hits of the same instant that stand on the page before


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
        return list(published.register(agency).filter(number=number))
    rows = _behind(agency, _sieved(agency, asked, now), after)
    if asked.words.strip():
        keys = _found(agency, asked, _place(agency, after), size)
        return list(_ordered(rows.filter(handle__in=keys))[:size])
    return list(_ordered(rows)[:size])


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


def overdue(now: datetime) -> Q:
    """Return what is open and owes something whose time is over."""
    return Q(state__in=OPEN, due_at__lt=now)


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
        rows = rows.filter(latitude__isnull=False)
    if asked.late:
        rows = rows.filter(overdue(now)) if asked.late == OVERDUE else rows.filter(is_late=True)
    if asked.year:
        start, end = span(agency.zone, asked.year, asked.month)
        rows = rows.filter(received_at__gte=start, received_at__lt=end)
    return rows


def _key(table: type[Model], agency: Agency, code: str) -> int:
    """Return a row's key by its code, one of nobody when there is none: with a key no join is needed."""
    found = table._default_manager.filter(agency=agency, code=code).values_list("pk", flat=True).first()  # noqa: SLF001 -- documented
    return found or 0


def _place(agency: Agency, after: str) -> tuple[datetime, int] | None:
    rows = Petition.objects.filter(agency=agency, number=after) if after else Petition.objects.none()
    return rows.values_list("received_at", "pk").first()


def _behind(agency: Agency, rows: QuerySet[Petition], after: str) -> QuerySet[Petition]:
    place = _place(agency, after)
    if place is None:
        return rows
    at, key = place
    return rows.filter(Q(received_at__lt=at) | Q(pk__lt=key), received_at__lte=at)


def _ordered(rows: QuerySet[Petition]) -> QuerySet[Petition]:
    return rows.order_by("-received_at", "-pk")


def _found(agency: Agency, asked: Asked, place: tuple[datetime, int] | None, size: int) -> list[str]:
    hits = Index(folder()).search(
        kind=KIND,
        agency=agency.handle,
        readers=[EVERYONE],
        words=asked.words[:LONGEST],
        marks=list(_marks(asked)),
        until=place[0] if place else None,
        limit=size + _SPARE,
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
    if asked.late == ANSWERED_LATE:
        yield "late=yes"

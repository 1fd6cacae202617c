"""How often the pages for citizens are opened: numbers by day and page, no cookie, nothing of who.

Visits are gathered in memory and written once a minute, with one that comes after it; a process that ends takes what it
gathered since with it.
"""

import re
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import DatabaseError
from django.db.models import Q, Sum
from django.http import HttpRequest

from congvu.directory.models import Agency
from congvu.directory.queries import legal_day
from congvu.ledger.actions import ReadOnlyError
from congvu.petitions.actions import visiting
from congvu.petitions.models import Visits

GATHERED: Final = timedelta(minutes=1)
_PROGRAMS: Final = re.compile(
    r"bot|crawl|spider|slurp|preview|monitor|headless|feed|fetch|curl|wget|python|java/|go-http|okhttp|axios|^$",
    re.IGNORECASE,
)
_Seen = Counter[tuple[int, date, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Visits that are written down: of today, of this year, of all time."""

    today: int
    year: int
    ever: int


class _Gathering:
    """Visits since the last were written."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._seen: _Seen = Counter()
        self._since: datetime | None = None

    def add(self, agency: int, day: date, page: str, now: datetime) -> _Seen:
        """Count one; return what is to be written now, or nothing."""
        with self._turn:
            self._seen[agency, day, page] += 1
            self._since = self._since or now
            if timedelta() <= now - self._since < GATHERED:
                return Counter()
            return self._taken()

    def put_back(self, seen: _Seen) -> None:
        """Keep what could not be written for the next time."""
        with self._turn:
            self._seen.update(seen)

    def _taken(self) -> _Seen:
        seen, self._seen, self._since = self._seen, Counter(), None
        return seen


_gathering = _Gathering()


def visited(request: HttpRequest, agency: Agency, page: str, *, now: datetime) -> None:
    """Count a visit of a person; a page is never refused because of it."""
    seen = _gathering.add(agency.pk, legal_day(agency, now), page, now) if _is_person(request) else None
    if not seen:
        return
    try:
        visiting.count(seen)
    except (DatabaseError, ReadOnlyError):
        _gathering.put_back(seen)


def _is_person(request: HttpRequest) -> bool:
    """Return whether a person seems to look: no program that says so, no browser that only fetches ahead."""
    ahead = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    agent = request.headers.get("User-Agent", "")
    return request.method == "GET" and not _PROGRAMS.search(agent) and "prefetch" not in ahead


def numbers(agency: Agency, *, now: datetime) -> Numbers:
    """Return how often pages were opened."""
    today = legal_day(agency, now)
    found = Visits.objects.filter(agency=agency).aggregate(
        today=Sum("count", filter=Q(day=today)),
        year=Sum("count", filter=Q(day__gte=today.replace(month=1, day=1))),
        ever=Sum("count"),
    )
    return Numbers(**{name: count or 0 for name, count in found.items()})

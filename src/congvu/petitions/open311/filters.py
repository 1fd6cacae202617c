"""Which requests a program asks for: the arguments of GET Service Requests, and those that are in use besides."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from congvu.base.numbers import small_number
from congvu.petitions.models import Petition
from congvu.petitions.open311.door import Visit
from congvu.petitions.open311.refusals import bad
from congvu.petitions.queries import published, register
from congvu.standards.open311 import documents, instants

SPAN: Final = timedelta(days=documents.DAYS)
FARTHEST: Final = 50_000.0  # meters
_FIRST: Final = datetime(1900, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9000, 1, 1, tzinfo=UTC)
_NUMBER: Final = re.compile(r"[+-]?\d{1,9}(\.\d{0,20})?", re.ASCII)
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of the answer is wanted."""

    number: int
    size: int

    @property
    def rows(self) -> slice:
        """Return which rows these are."""
        return slice((self.number - 1) * self.size, self.number * self.size)


def page(visit: Visit) -> Page:
    """Return the part that page and page_size ask for; pages begin with 1, and hold ROWS at most."""
    return Page(
        number=_count(visit, "page", 1), size=min(_count(visit, "page_size", documents.ROWS), documents.ROWS)
    )


def numbers(visit: Visit) -> list[str]:
    """Return the requests that service_request_id names, which override all else."""
    return _listed(visit, "service_request_id")


def chosen(visit: Visit) -> QuerySet[Petition]:
    """Return the petitions that are asked for, the newest first."""
    rows = published.requests(visit.agency).order_by("-received_at", "-pk")
    if asked := numbers(visit):
        return rows.filter(number__in=asked)
    rows = rows.filter(_within(visit))
    if codes := _listed(visit, "service_code"):
        rows = rows.filter(service__code__in=codes)
    if words := visit.text("q"):
        until = span(visit)[1] if _is_spanned(visit) else visit.now
        rows = rows.filter(
            handle__in=register.holding(visit.agency, words, until=until, limit=documents.ROWS)
        )
    return _placed(visit, _standing(visit, rows))


def span(visit: Visit) -> tuple[datetime, datetime]:
    """Return the time between start_date and end_date, of 90 days at most; without both, the last 90 days."""
    start, end = moment(visit, "start_date"), moment(visit, "end_date")
    if start is None:
        end = end or visit.now
        return end - SPAN, end
    end = end or min(start + SPAN, max(start, visit.now))
    if end < start:
        raise bad(_("end_date lies before start_date."))
    if end - start > SPAN:
        raise bad(
            _("start_date and end_date may lie %(days)d days apart at most.") % {"days": documents.DAYS}
        )
    return start, end


def moment(visit: Visit, name: str) -> datetime | None:
    """Return an instant that was given, None without one; what lies centuries away is brought to their edge."""
    complaint = _("%(name)s is no date with a zone, as 2026-01-31T00:00:00Z is.")
    found = _read(visit, name, instants.read, complaint)
    return None if found is None else min(max(found, _FIRST), _LAST)


def number(visit: Visit, name: str) -> float | None:
    """Return a finite number that was given, None without one."""
    return _read(visit, name, _finite, _("%(name)s is not a number."))


def _within(visit: Visit) -> Q:
    after, before = moment(visit, "updated_after"), moment(visit, "updated_before")
    wanted = Q()
    if after is not None:
        wanted &= Q(updated_at__gte=after)
    if before is not None:
        wanted &= Q(updated_at__lte=before)
    if wanted and not _is_spanned(visit):
        return wanted
    return wanted & Q(received_at__range=span(visit))


def _is_spanned(visit: Visit) -> bool:
    return bool(visit.text("start_date") or visit.text("end_date"))


def _standing(visit: Visit, rows: QuerySet[Petition]) -> QuerySet[Petition]:
    asked = set(_listed(visit, "status"))
    if asked - {documents.OPEN, documents.CLOSED}:
        raise bad(_("status is open or closed."))
    if len(asked) != 1:
        return rows
    over = Q(state__in=published.CLOSED)
    return rows.filter(over) if documents.CLOSED in asked else rows.exclude(over)


def _placed(visit: Visit, rows: QuerySet[Petition]) -> QuerySet[Petition]:
    latitude, longitude = point(visit)
    meters = number(visit, "radius")
    if latitude is None or longitude is None:
        if meters is not None:
            raise bad(_("radius needs lat and long."))
        return rows
    if meters is None or not 0 < meters <= FARTHEST:
        raise bad(_("radius is a number of meters, %(most)d at most.") % {"most": FARTHEST})
    return published.near(rows, latitude=latitude, longitude=longitude, meters=meters)


def point(visit: Visit) -> tuple[float | None, float | None]:
    """Return lat and long, both or neither."""
    latitude, longitude = number(visit, "lat"), number(visit, "long")
    if (latitude is None) != (longitude is None):
        raise bad(_("lat and long are needed together."))
    if latitude is not None and longitude is not None and not (abs(latitude) <= 90 and abs(longitude) <= 180):  # noqa: PLR2004 -- the earth
        raise bad(_("lat and long are no place on earth."))
    return latitude, longitude


def _listed(visit: Visit, name: str) -> list[str]:
    given = ",".join(visit.given.getlist(name))
    found = list(dict.fromkeys(one.strip() for one in given.split(",") if one.strip()))
    if len(found) > documents.ROWS:
        raise bad(_("%(name)s names more than %(count)d.") % {"name": name, "count": documents.ROWS})
    return found


def _count(visit: Visit, name: str, otherwise: int) -> int:
    found = small_number(visit.text(name) or str(otherwise))
    if not found:
        raise bad(_("%(name)s is a whole number from 1.") % {"name": name})
    return found


def _finite(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return float(text)


def _read(visit: Visit, name: str, reader: Callable[[str], _Value], complaint: str) -> _Value | None:
    text = visit.text(name)
    try:
        return reader(text) if text else None
    except ValueError as error:
        raise bad(complaint % {"name": name}) from error

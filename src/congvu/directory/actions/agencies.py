"""Founding agencies."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from congvu.base.database import atomic
from congvu.base.texts import Texts
from congvu.directory import naming, queries
from congvu.directory.events import AgencyFounded, UnitOpened
from congvu.directory.models import Agency, Unit
from congvu.directory.policies import Actor, NotAllowedError, Operator, actor
from congvu.ledger.actions import found_ledger, record


class AgencyExistsError(Exception):
    """An agency has this slug or this mail domain already."""


class UnknownCalendarError(Exception):
    """The rulebook holds no such calendar; `known` are those that it holds."""

    def __init__(self, calendar: str, known: list[str]) -> None:
        super().__init__(calendar)
        self.known = known


class UnknownZoneError(Exception):
    """There is no such time zone."""


def found_agency(  # noqa: PLR0913 -- an agency is this much from its first day
    *,
    slug: str,
    name: Texts,
    domain: str,
    by: Actor,
    now: datetime,
    zone: str = "Asia/Ho_Chi_Minh",
    calendar: str = "vn",
    language: str = "vi",
    demonstration: bool = False,
) -> Agency:
    """Found an agency with its ledger and its root unit, whose code is the slug.

    Only the operator of the installation may. Raises NotAllowedError, AgencyExistsError, UnknownZoneError,
    UnknownCalendarError or an error of `naming`.
    """
    if not isinstance(by, Operator):
        raise NotAllowedError
    slug, domain, name = naming.clean_slug(slug), naming.clean_domain(domain), naming.clean_texts(name)
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UnknownZoneError(zone) from error
    _require_calendar(calendar)
    with atomic():
        if Agency.objects.filter(slug=slug).exists() or Agency.objects.filter(domain=domain).exists():
            raise AgencyExistsError(slug)
        agency = Agency.objects.create(
            slug=slug,
            name=name,
            domain=domain,
            zone=zone,
            calendar=calendar,
            language=language,
            demonstration=demonstration,
            founded_at=now,
        )
        root = Unit.objects.create(
            agency=agency, name=name, code=slug, valid_from=queries.legal_day(agency, now)
        )
        found_ledger(
            agency=agency.handle,
            slug=slug,
            host=settings.CONGVU_HOST,
            zone=zone,
            demonstration=demonstration,
        )
        record(AgencyFounded(), agency=agency.handle, at=now, disclosures={"actor": actor(by)})
        record(
            UnitOpened(depth=0),
            agency=agency.handle,
            at=now,
            disclosures={"actor": actor(by), "unit": root.handle, "valid_from": root.valid_from.isoformat()},
        )
    return agency


def _require_calendar(calendar: str) -> None:
    """Raise UnknownCalendarError unless the rulebook has a file of this calendar; who reads it stands above."""
    known = sorted(path.stem for path in (settings.CONGVU_RULEBOOK / "calendars").glob("*.yaml"))
    if calendar not in known:
        raise UnknownCalendarError(calendar, known)

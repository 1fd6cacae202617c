"""Acts on the rules: an agency adopts a book, decides what it leaves open, changes a day; and time passes."""

from datetime import date, datetime

from congvu.base.database import atomic
from congvu.directory.models import Agency
from congvu.directory.policies import NotAllowedError
from congvu.directory.queries import Seat, legal_day
from congvu.ledger.actions import record
from congvu.rules import policies, shelf
from congvu.rules.book import Book, Parameter
from congvu.rules.events import BookAdopted, ClockTicked, DayClosed, ParameterDecided
from congvu.rules.models import Adoption, Clock, Closure, ParameterDecision


class UnknownBookError(Exception):
    """The rulebook holds no such book, or no version in force on that day."""


class AlreadyAdoptedError(Exception):
    """The agency adopted this book before."""


class NotAdoptedError(Exception):
    """The agency has not adopted this book."""


class UnknownParameterError(Exception):
    """The book leaves no such parameter open."""


class OutOfBoundsError(Exception):
    """The value lies outside the bounds of the book; `parameter` holds them."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter.name)
        self.parameter = parameter


class PastDayError(Exception):
    """A decision would reach back: its day is over, and nothing is worsened afterwards."""


class NoReasonError(Exception):
    """A day is closed or opened without a reason."""


class SameDayStateError(Exception):
    """The day stands so already."""


def adopt(*, by: Seat, book: str, valid_from: date, number: str, at: datetime) -> Adoption:
    """Let a book bind the agency from a day on; before it nothing is owed.

    `number` is that of the deciding document, as far as there is one. Raises NotAllowedError, PastDayError,
    UnknownBookError or AlreadyAdoptedError.
    """
    if not policies.may_decide(by):
        raise NotAllowedError
    _require_present(by.agency, valid_from, at)
    version = _version(book, valid_from)
    with atomic():
        if Adoption.objects.filter(agency=by.agency, book=book).exists():
            raise AlreadyAdoptedError(book)
        event = BookAdopted(book=book, book_version=version.version, valid_from=valid_from.isoformat())
        entry = record(event, agency=by.agency.handle, at=at, disclosures={"actor": by.person.handle})
        return Adoption.objects.create(
            agency=by.agency,
            book=book,
            version=version.version,
            valid_from=valid_from,
            number=number.strip(),
            decided_by=by.person,
            decided_at=at,
            entry=entry,
        )


def decide_parameter(
    *, by: Seat, book: str, parameter: str, value: int, valid_from: date, number: str, at: datetime
) -> ParameterDecision:
    """Decide what a book leaves to the agency; it governs what is recorded from then on, never before.

    Raises NotAllowedError, PastDayError, NotAdoptedError, UnknownParameterError or OutOfBoundsError.
    """
    if not policies.may_decide(by):
        raise NotAllowedError
    _require_present(by.agency, valid_from, at)
    with atomic():
        if not Adoption.objects.filter(agency=by.agency, book=book).exists():
            raise NotAdoptedError(book)
        bounds = _version(book, valid_from).parameters.get(parameter)
        if bounds is None:
            raise UnknownParameterError(parameter)
        if not bounds.at_least <= value <= bounds.at_most:
            raise OutOfBoundsError(bounds)
        event = ParameterDecided(
            book=book, parameter=parameter, value=value, unit=bounds.unit, valid_from=valid_from.isoformat()
        )
        entry = record(event, agency=by.agency.handle, at=at, disclosures={"actor": by.person.handle})
        return ParameterDecision.objects.create(
            agency=by.agency,
            book=book,
            parameter=parameter,
            value=value,
            unit=bounds.unit,
            valid_from=valid_from,
            number=number.strip(),
            decided_by=by.person,
            decided_at=at,
            entry=entry,
        )


def close_day(
    *, by: Seat, day: date, reason: str, number: str, at: datetime, is_closed: bool = True
) -> Closure:
    """Close a day for the whole agency, or make it a working day; the latest word on a day counts.

    Closing frees the windows of that day and moves deadlines that counted its hours. Raises NotAllowedError,
    PastDayError, NoReasonError or SameDayStateError.
    """
    if not policies.may_close_days(by):
        raise NotAllowedError
    _require_present(by.agency, day, at)
    if not reason.strip():
        raise NoReasonError
    with atomic():
        latest = Closure.objects.filter(agency=by.agency, day=day).order_by("-decided_at", "-id").first()
        if latest is not None and latest.is_closed == is_closed:
            raise SameDayStateError(day)
        event = DayClosed(day=day.isoformat(), closed=is_closed)
        entry = record(event, agency=by.agency.handle, at=at, disclosures={"actor": by.person.handle})
        return Closure.objects.create(
            agency=by.agency,
            day=day,
            is_closed=is_closed,
            reason=reason.strip(),
            number=number.strip(),
            decided_by=by.person,
            decided_at=at,
            entry=entry,
        )


def tick(*, agency: Agency, at: datetime) -> str:
    """Record that time passed, so that what fell due is found on replay as it was live; return the entry's id."""
    with atomic():
        Clock.objects.update_or_create(agency=agency, defaults={"ticked_at": at})
        return record(ClockTicked(), agency=agency.handle, at=at, disclosures={})


def _require_present(agency: Agency, day: date, at: datetime) -> None:
    if day < legal_day(agency, at):
        raise PastDayError(day)


def _version(book: str, day: date) -> Book:
    found = next((one for one in shelf.versions(book) if one.is_in_force(day)), None)
    if found is None:
        raise UnknownBookError(book)
    return found

"""Confirming a period's counts of a person: what the program proposes, a person takes upon themselves."""

from datetime import date, datetime

from congvu.base.database import atomic
from congvu.conduct import queries
from congvu.conduct.actions.findings import LONGEST, NotAboveError, OwnFindingError, TooLongError
from congvu.conduct.events import CountsConfirmed
from congvu.conduct.models import Confirmation
from congvu.conduct.policies import reach
from congvu.conduct.wording import digest
from congvu.directory.models import Person, Unit
from congvu.directory.queries import Seat
from congvu.ledger.actions import record


class PeriodNotOverError(Exception):
    """The period still runs, or ends before it begins."""


class CountsChangedError(Exception):
    """The figures are no longer those that were read; read them again."""


def confirm_counts(
    *,
    by: Seat,
    person: Person,
    unit: Unit,
    first: date,
    end: date,
    seen: tuple[int, int, int, int],
    remark: str,
    at: datetime,
) -> Confirmation:
    """Confirm a person's counts in a unit, from `first` until before `end`, exactly as they were `seen`.

    `seen` is (on time, late, missed, excused). Nothing follows by itself. Raises PeriodNotOverError,
    OwnFindingError, NotAboveError, CountsChangedError or TooLongError.
    """
    power = reach(by)
    _check(by, first, end, remark)
    if power.is_own(person.handle):
        raise OwnFindingError(person.handle)
    if not power.may_decide(person.handle, unit.handle):
        raise NotAboveError(person.handle)
    with atomic():
        duties = queries.duties_by_figure(
            by.agency, person=person.handle, unit=unit.handle, first=first, end=end
        )
        figures = {name: len(duties[name]) for name in queries.FIGURES}
        if tuple(figures.values()) != seen:
            raise CountsChangedError(person.handle)
        return _confirm(by, person, unit, (first, end), figures, duties, remark.strip(), at)


def _check(by: Seat, first: date, end: date, remark: str) -> None:
    if first >= end or end > by.on:
        raise PeriodNotOverError(end)
    if len(remark) > LONGEST:
        raise TooLongError(len(remark))


def _confirm(
    by: Seat,
    person: Person,
    unit: Unit,
    period: tuple[date, date],
    figures: dict[str, int],
    duties: dict[str, list[str]],
    remark: str,
    at: datetime,
) -> Confirmation:
    disclosures = {
        "person": person.handle,
        "actor": by.person.handle,
        "unit": unit.handle,
        "valid_from": period[0].isoformat(),
        "valid_to": period[1].isoformat(),
        **{name: str(figure) for name, figure in figures.items()},
        "digest": digest(remark),
    }
    entry = record(CountsConfirmed(), agency=by.agency.handle, at=at, disclosures=disclosures)
    return Confirmation.objects.create(
        agency=by.agency,
        person=person,
        unit=unit,
        valid_from=period[0],
        valid_to=period[1],
        duties=duties,
        remark=remark,
        confirmed_by=by.person,
        confirmed_at=at,
        entry=entry,
        **figures,
    )

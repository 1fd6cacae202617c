"""Granting people leave, never asking why, and ending it."""

from datetime import date, datetime

from congvu.base.database import atomic
from congvu.directory import periods, queries
from congvu.directory.events import LeaveEnded, LeaveGranted
from congvu.directory.models import Agency, Leave, Person
from congvu.directory.policies import Actor, NotAllowedError, Operator, actor, may_grant_leave
from congvu.ledger.actions import record

LONGEST_MONTHS = 36  # longer than any leave of the labor laws: who is away longer holds no post


class OwnLeaveError(Exception):
    """Nobody grants or ends their own leave."""


class NotInChargeError(NotAllowedError):
    """The actor's post gives no right over every post that the person holds in that time."""


class EmptyPeriodError(Exception):
    """A leave does not end after it begins."""


class LeaveTooFarError(Exception):
    """A leave begins more than three years from now."""


class LeaveTooLongError(Exception):
    """A leave is longer than three years."""


class NoPostThenError(Exception):
    """The person does not hold a post of the agency on every day of the leave."""


class OverlappingLeaveError(Exception):
    """The person is on leave on one of these days already."""


class ActingForOneselfError(Exception):
    """Nobody acts for themselves."""


class ActingHoldsNoPostError(Exception):
    """Whoever acts does not hold a post of the agency on every day of the leave."""


class ActingAwayError(Exception):
    """Whoever acts is on leave on one of these days."""


class ActingBackwardsError(Exception):
    """Nobody is made answerable afterwards: whoever acts does so from today at the earliest."""


class LeaveOverError(Exception):
    """The leave is over, or was withdrawn."""


class DayPastError(Exception):
    """A leave is not ended backwards: the first day back is today at the earliest."""


class NotEarlierError(Exception):
    """The first day back is not earlier than it was."""


def grant_leave(
    *,
    agency: Agency,
    person: Person,
    valid_from: date,
    valid_to: date,
    acting: Person | None,
    by: Actor,
    now: datetime,
) -> Leave:
    """Grant a person leave from all posts of an agency; `valid_to` is the first day back, in the agency's zone.

    It may lie in the past. Raises what `check_leave` raises.
    """
    with atomic():
        check_leave(
            agency=agency,
            person=person,
            valid_from=valid_from,
            valid_to=valid_to,
            acting=acting,
            by=by,
            now=now,
        )
        leave = Leave.objects.create(
            agency=agency,
            person=person,
            acting=acting,
            valid_from=valid_from,
            valid_to=valid_to,
            granted_at=now,
        )
        days = {"valid_from": valid_from.isoformat(), "valid_to": valid_to.isoformat()}
        acts = {"acting": acting.handle} if acting else {}
        event = LeaveGranted(acting=acting is not None)
        record(event, agency=agency.handle, at=now, disclosures=_about(leave, by) | days | acts)
    return leave


def check_leave(
    *,
    agency: Agency,
    person: Person,
    valid_from: date,
    valid_to: date,
    acting: Person | None,
    by: Actor,
    now: datetime,
) -> None:
    """Check whether leave could be granted so; raises one of this module's errors if not."""
    if valid_to <= valid_from:
        raise EmptyPeriodError(valid_to)
    today = queries.legal_day(agency, now)
    if valid_from > periods.add_months(today, LONGEST_MONTHS):
        raise LeaveTooFarError(valid_from)
    if valid_to > periods.add_months(valid_from, LONGEST_MONTHS):
        raise LeaveTooLongError(valid_to)
    _require_charge(by, agency, person, valid_from, valid_to)
    if not queries.holds_post_throughout(agency, person, valid_from, valid_to):
        raise NoPostThenError(person.handle)
    if _is_away(agency, person, valid_from, valid_to):
        raise OverlappingLeaveError(person.handle)
    if acting is not None:
        if valid_from < today:
            raise ActingBackwardsError(valid_from)
        _check_acting(agency, person, acting, valid_from, valid_to)


def end_leave(*, leave: Leave, valid_to: date, by: Actor, now: datetime) -> Leave:
    """End a leave earlier; `valid_to` is the new first day back. On or before its first day withdraws it whole.

    Days that have passed stay leave: nobody is held to a duty afterwards. Raises what `check_end` raises.
    """
    with atomic():
        leave = Leave.objects.select_related("agency", "person", "acting").get(pk=leave.pk)
        check_end(leave=leave, valid_to=valid_to, by=by, now=now)
        leave.valid_to, leave.ended_at = max(valid_to, leave.valid_from), now
        leave.save(update_fields=["valid_to", "ended_at"])
        told = _about(leave, by) | {"valid_to": leave.valid_to.isoformat()}
        record(LeaveEnded(), agency=leave.agency.handle, at=now, disclosures=told)
    return leave


def check_end(*, leave: Leave, valid_to: date, by: Actor, now: datetime) -> None:
    """Check whether a leave could end so.

    Raises OwnLeaveError, NotInChargeError, LeaveOverError, NotEarlierError or DayPastError.
    """
    _require_charge(by, leave.agency, leave.person, leave.valid_from, leave.valid_to)
    today = queries.legal_day(leave.agency, now)
    if leave.valid_to <= max(today, leave.valid_from):
        raise LeaveOverError(leave.handle)
    if valid_to >= leave.valid_to:
        raise NotEarlierError(valid_to)
    if valid_to < today:
        raise DayPastError(valid_to)


def _require_charge(by: Actor, agency: Agency, person: Person, valid_from: date, valid_to: date) -> None:
    if isinstance(by, Operator):
        return
    if by.person.pk == person.pk:
        raise OwnLeaveError(person.handle)
    held = queries.held_between(agency, person, valid_from, valid_to)
    if by.agency.pk != agency.pk or not may_grant_leave(by, person, held):
        raise NotInChargeError(person.handle)


def _check_acting(agency: Agency, person: Person, acting: Person, valid_from: date, valid_to: date) -> None:
    if acting.pk == person.pk:
        raise ActingForOneselfError(person.handle)
    if not queries.holds_post_throughout(agency, acting, valid_from, valid_to):
        raise ActingHoldsNoPostError(acting.handle)
    if _is_away(agency, acting, valid_from, valid_to):
        raise ActingAwayError(acting.handle)


def _is_away(agency: Agency, person: Person, valid_from: date, valid_to: date) -> bool:
    return queries.leaves(agency).filter(queries.overlaps(valid_from, valid_to), person=person).exists()


def _about(leave: Leave, by: Actor) -> dict[str, str]:
    return {"actor": actor(by), "leave": leave.handle, "person": leave.person.handle}

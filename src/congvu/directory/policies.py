"""Who may, in the directory: rights follow (post, unit and all under it, date)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from congvu.directory import queries
from congvu.directory.models import Account, Agency, Membership, Person, Unit


class NotAllowedError(Exception):
    """The actor's post gives no right to this act."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Whoever runs commands on the machine itself; evidence names this actor `operator`."""


OPERATOR = Operator()
Actor = queries.Seat | Operator


def may_sign_in(account: Account, now: datetime) -> bool:
    """Return whether the account may be used now: its person holds a post today."""
    return account.is_active and queries.seat(account, now) is not None


def may_administer(seat: queries.Seat) -> bool:
    """Return whether the seat may change units, posts, people and addresses of its agency."""
    return seat.has("administrator")


def may_withdraw(seat: queries.Seat) -> bool:
    """Return whether the seat may withdraw addresses of its agency."""
    return seat.has("administrator", "mail_administrator")


def heads(seat: queries.Seat, unit: Unit) -> bool:
    """Return whether the seat is head or deputy of the unit or of a unit above it."""
    if not seat.has("head", "deputy") or unit.agency_id != seat.agency.pk:
        return False
    return unit.pk in {one.pk for one in below(seat)}


def receives_citizens(seat: queries.Seat) -> bool:
    """Return whether the seat takes in what citizens ask, complaints and denunciations too: `queries.receiving`."""
    if seat.has("citizen_reception"):
        return True
    may_stand_in = seat.unit.parent_id is None and seat.has("head", "deputy", "clerk")
    return may_stand_in and seat.membership in queries.receiving(seat.agency, seat.on)


def may_record_leave(seat: queries.Seat) -> bool:
    """Return whether the seat may record leave at all: an administrator's, or that of the head of a unit."""
    return seat.has("administrator", "head")


def may_grant_leave(seat: queries.Seat, person: Person, held: Iterable[Membership]) -> bool:
    """Return whether the seat may grant or end a person's leave while these posts are held.

    An administrator, or the head of all the units in which the posts stand, or of units above them; nobody their
    own, nor that of the person for whom they act.
    """
    if person.pk in {seat.person.pk, seat.leave.person_id if seat.leave else None}:
        return False
    if may_administer(seat):
        return True
    units = {one.post.unit_id for one in held}
    return seat.has("head") and bool(units) and units <= {one.pk for one in below(seat)}


def below(seat: queries.Seat) -> list[Unit]:
    """Return the unit of the seat and all units under it."""
    return queries.units_below(seat.agency, seat.unit)


def may_read_entries(seat: queries.Seat) -> bool:
    """Return whether the seat may read whole entries of the log."""
    return seat.has("auditor")


def may_decide_rules(seat: queries.Seat) -> bool:
    """Return whether the seat may adopt books and decide their parameters for the agency."""
    return seat.has("legal_officer") or (seat.has("head") and seat.unit.parent_id is None)


def may_propose_disposal(seat: queries.Seat) -> bool:
    """Return whether the seat may propose that records are destroyed, and let an approved destruction begin."""
    return seat.has("clerk")


def may_approve_disposal(seat: queries.Seat) -> bool:
    """Return whether the seat may approve that records are destroyed: the head of the agency's."""
    return seat.has("head") and seat.unit.parent_id is None


def may_hold_records(seat: queries.Seat) -> bool:
    """Return whether the seat may forbid that records are destroyed."""
    return seat.has("legal_officer", "ethics_officer", "auditor") or may_approve_disposal(seat)


def may_lift_hold(seat: queries.Seat, placed_by: str) -> bool:
    """Return whether the seat may lift a hold: whoever approves destructions only one of their own."""
    return may_hold_records(seat) and (placed_by == seat.person.handle or not may_approve_disposal(seat))


def may_read_disposals(seat: queries.Seat) -> bool:
    """Return whether the seat may read what was destroyed and what is held."""
    return may_propose_disposal(seat) or may_hold_records(seat) or may_read_entries(seat)


def require_administrator(by: Actor, agency: Agency) -> None:
    """Raise NotAllowedError unless the actor administers this agency."""
    if isinstance(by, queries.Seat) and not (by.agency.pk == agency.pk and may_administer(by)):
        raise NotAllowedError


def require_mail_administrator(by: Actor, agency: Agency) -> None:
    """Raise NotAllowedError unless the actor administers this agency's mail."""
    if isinstance(by, queries.Seat) and not (by.agency.pk == agency.pk and may_withdraw(by)):
        raise NotAllowedError


def actor(by: Actor) -> str:
    """Return how evidence names an actor: the person's handle, or `operator`."""
    return by.person.handle if isinstance(by, queries.Seat) else "operator"

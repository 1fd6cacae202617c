"""Who may, in the directory: rights follow (post, unit and all under it, date)."""

from dataclasses import dataclass
from datetime import datetime

from congvu.directory import queries
from congvu.directory.models import Account, Agency, Unit


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
    return unit.pk in {one.pk for one in queries.units_below(seat.agency, seat.unit)}


def may_read_entries(seat: queries.Seat) -> bool:
    """Return whether the seat may read whole entries of the log."""
    return seat.has("auditor")


def may_decide_rules(seat: queries.Seat) -> bool:
    """Return whether the seat may adopt books and decide their parameters for the agency."""
    return seat.has("legal_officer") or (seat.has("head") and seat.unit.parent_id is None)


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

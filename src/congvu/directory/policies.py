"""Who may, in the directory: rights follow (post, unit and all under it, date)."""

from datetime import datetime

from congvu.directory import queries
from congvu.directory.models import Account, Unit


def may_sign_in(account: Account, now: datetime) -> bool:
    """Return whether the account may be used now: its person holds a post today."""
    return account.is_active and queries.seat(account, now) is not None


def may_administer(seat: queries.Seat) -> bool:
    """Return whether the seat may change units, posts, people and addresses of its agency."""
    return seat.has("administrator")


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

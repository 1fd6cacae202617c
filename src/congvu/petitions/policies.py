"""Who may, about petitions: the clerk takes them in, the unit answers, its head decides about time and refusal."""

from congvu.directory.models import Function, Unit
from congvu.directory.policies import below, heads, may_administer
from congvu.directory.queries import Seat
from congvu.petitions.models import Petition


class NotAllowedError(Exception):
    """The seat gives no right to this."""


def may_take_in(seat: Seat) -> bool:
    """Return whether the seat takes in petitions, by telephone too, and sends them to units: a registry clerk's."""
    return seat.has(Function.CLERK)


def may_set_services(seat: Seat) -> bool:
    """Return whether the seat sets services, areas, routes and keys."""
    return may_administer(seat)


def reach(seat: Seat) -> list[Unit] | None:
    """Return the units whose petitions the seat may read; None for all: the registry clerk's and the agency head's."""
    if seat.has(Function.CLERK) or (seat.has(Function.HEAD, Function.DEPUTY) and seat.unit.parent_id is None):
        return None
    return below(seat) if seat.has(Function.HEAD, Function.DEPUTY) else [seat.unit]


def may_read(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may read a petition with all that is in it.

    A confidential one only its assignee, the clerk and whoever heads the unit: a denouncer is protected.
    """
    if petition.agency_id != seat.agency.pk:
        return False
    if petition.assignee_id == seat.person.pk or seat.has(Function.CLERK):
        return True
    if petition.service.is_confidential:
        return petition.unit is not None and heads(seat, petition.unit)
    units = reach(seat)
    return units is None or petition.unit_id in {one.pk for one in units}


def may_answer(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may answer a petition: of the unit that has it, or of one above."""
    return may_read(seat, petition) and petition.unit_id in {one.pk for one in below(seat)}


def may_decide(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may refuse, extend or give the work to somebody: the head of the unit that has it."""
    return petition.unit is not None and may_read(seat, petition) and heads(seat, petition.unit)


def require(*, allowed: bool) -> None:
    """Raise NotAllowedError unless something is allowed."""
    if not allowed:
        raise NotAllowedError

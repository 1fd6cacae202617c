"""Who may, about petitions: the clerk takes them in, the unit answers, its head decides about time and refusal."""

from congvu.directory.models import Function, Unit
from congvu.directory.policies import below, heads, may_administer
from congvu.directory.queries import Seat, acted
from congvu.petitions.models import Petition
from congvu.petitions.words import CONFIDENTIAL, STATUTORY


class NotAllowedError(Exception):
    """The seat gives no right to this."""


def may_take_in(seat: Seat) -> bool:
    """Return whether the seat takes in petitions, by telephone too, and sends them to units: a registry clerk's."""
    return seat.has(Function.CLERK)


def may_set_services(seat: Seat) -> bool:
    """Return whether the seat sets services, areas, routes and keys."""
    return may_administer(seat)


def may_set_templates(seat: Seat) -> bool:
    """Return whether the seat writes templates of answers: clerks, heads and the administrator."""
    return seat.has(Function.CLERK, Function.HEAD, Function.DEPUTY) or may_administer(seat)


def reach(seat: Seat) -> list[Unit] | None:
    """Return the units whose petitions the seat may read; None for all: the registry clerk's and the agency head's."""
    if seat.has(Function.CLERK) or (seat.has(Function.HEAD, Function.DEPUTY) and seat.unit.parent_id is None):
        return None
    return below(seat) if seat.has(Function.HEAD, Function.DEPUTY) else [seat.unit]


def stood_in_for(seat: Seat) -> frozenset[int]:
    """Return the keys of those whose petitions are the seat's: its person, and those on leave for whom they act."""
    away = acted(seat.agency, seat.on).filter(acting=seat.person)
    return frozenset((seat.person.pk, *away.values_list("person", flat=True)))


def is_confidential(petition: Petition) -> bool:
    """Return whether a petition is confidential: by its service, or by its sort, whatever its service is now."""
    return petition.service.is_confidential or petition.sort in CONFIDENTIAL


def is_given(seat: Seat, petition: Petition) -> bool:
    """Return whether a petition was given to the seat's person, or to somebody on leave for whom the person acts."""
    given = petition.assignee_id
    if given is None or petition.agency_id != seat.agency.pk:
        return False
    return given == seat.person.pk or given in stood_in_for(seat)


def may_read(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may read a petition with all that is in it.

    A confidential one only its assignee, the clerk and whoever heads the unit: a denouncer is protected. Whoever acts
    for an assignee on leave reads as the assignee.
    """
    if petition.agency_id != seat.agency.pk:
        return False
    if seat.has(Function.CLERK) or is_given(seat, petition):
        return True
    if is_confidential(petition):
        return petition.unit is not None and heads(seat, petition.unit)
    units = reach(seat)
    return units is None or petition.unit_id in {one.pk for one in units}


def may_see_reporter(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat sees who asked at once: clerk, assignee and head; others leave a note when they look."""
    return may_read(seat, petition) and (
        seat.has(Function.CLERK) or is_given(seat, petition) or may_decide(seat, petition)
    )


def may_answer(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may answer a petition: of the unit that has it, of one above, or to whom it was given."""
    return may_read(seat, petition) and (
        petition.unit_id in {one.pk for one in below(seat)} or is_given(seat, petition)
    )


def may_decide(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may refuse, extend or give the work to somebody: the head of the unit that has it."""
    return petition.unit is not None and may_read(seat, petition) and heads(seat, petition.unit)


def may_send_on(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may send a petition to a unit or to another agency: the clerk, and its unit's head."""
    return may_read(seat, petition) and (may_take_in(seat) or may_decide(seat, petition))


def may_refuse(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may refuse a petition: its unit's head, before it has a unit the clerk."""
    return may_decide(seat, petition) if petition.unit_id else may_read(seat, petition) and may_take_in(seat)


def may_release(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may decide what everyone reads, or merge; never about what is confidential."""
    if is_confidential(petition):
        return False
    return may_write_to(seat, petition)


def may_accept(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may take a petition on by decision, as the law asks of its sort."""
    return petition.sort in STATUTORY and may_decide(seat, petition)


def may_hand_back(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may give a petition back to the unit."""
    return petition.assignee_id is not None and (is_given(seat, petition) or may_decide(seat, petition))


def may_guide(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may say who is competent, while that is unclear."""
    return petition.competence == "unclear" and may_read(seat, petition) and may_take_in(seat)


def may_tell_term(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may write down that the citizen knows the time limit that runs."""
    return petition.due_at is not None and may_write_to(seat, petition)


def may_write_to(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may speak with the citizen: the clerk, and whoever answers."""
    return may_read(seat, petition) and (may_take_in(seat) or may_answer(seat, petition))


def require(*, allowed: bool) -> None:
    """Raise NotAllowedError unless something is allowed."""
    if not allowed:
        raise NotAllowedError

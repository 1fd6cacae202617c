"""Who may, about petitions: who receives citizens takes them in, the unit answers, its head decides."""

from django.db.models import F, QuerySet

from congvu.directory.models import Function, Unit
from congvu.directory.policies import below, heads, may_administer, receives_citizens
from congvu.directory.queries import Seat, acted
from congvu.petitions.access import Access
from congvu.petitions.models import Petition
from congvu.petitions.words import CONFIDENTIAL, STATUTORY


class NotAllowedError(Exception):
    """The seat gives no right to this."""


def may_take_in(seat: Seat) -> bool:
    """Return whether the seat takes in petitions, by telephone too, and sends them to units: who receives citizens."""
    return receives_citizens(seat)


def may_set_services(seat: Seat) -> bool:
    """Return whether the seat sets services, areas, routes and keys."""
    return may_administer(seat)


def may_set_templates(seat: Seat) -> bool:
    """Return whether the seat writes templates of answers: who takes petitions in, clerks, heads, the administrator."""
    writes = seat.has(Function.CITIZEN_RECEPTION, Function.CLERK, Function.HEAD, Function.DEPUTY)
    return writes or may_administer(seat)


def reach(seat: Seat) -> list[Unit] | None:
    """Return the units whose petitions the seat may read; None for all: of who takes in, and of the agency's head."""
    if _leads_agency(seat) or may_take_in(seat):
        return None
    return below(seat) if seat.has(Function.HEAD, Function.DEPUTY) else [seat.unit]


def _leads_agency(seat: Seat) -> bool:
    return seat.has(Function.HEAD, Function.DEPUTY) and seat.unit.parent_id is None


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


def let_in(seat: Seat) -> QuerySet[Access]:
    """Return by what heads of units let the seat's person read petitions that the same units still have."""
    return Access.objects.filter(agency=seat.agency, person=seat.person, unit=F("petition__unit"))


def may_read(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may read a petition with all that is in it.

    A confidential one only its assignee, who takes petitions in, whoever heads the unit and whom they let in: a
    denouncer is protected. Whoever acts for an assignee on leave reads as the assignee.
    """
    if petition.agency_id != seat.agency.pk:
        return False
    if is_given(seat, petition) or _reaches(seat, petition) or may_take_in(seat):
        return True
    return let_in(seat).filter(petition=petition).exists()


def may_see_reporter(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat sees who asked at once: who takes in, assignee, head; others leave a note on looking."""
    return may_read(seat, petition) and (
        is_given(seat, petition) or may_decide(seat, petition) or may_take_in(seat)
    )


def may_ask_who(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may see who asked, with a note where it has no part in it; whom a head let in never."""
    return may_see_reporter(seat, petition) or (may_read(seat, petition) and not is_confidential(petition))


def may_answer(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may answer a petition: of the unit that has it, of one above, or to whom it was given.

    A confidential one only its assignee and whoever heads the unit.
    """
    if is_given(seat, petition):
        return True
    if petition.unit is None or not may_read(seat, petition):
        return False
    if is_confidential(petition):
        return heads(seat, petition.unit)
    return petition.unit_id in {one.pk for one in below(seat)}


def may_decide(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may refuse, extend or give the work to somebody: the head of the unit that has it."""
    return petition.unit is not None and may_read(seat, petition) and heads(seat, petition.unit)


def may_send_on(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may send a petition to a unit or to another agency: who takes in, its unit's head.

    While no unit has it also the agency's head: nothing lies there because somebody is away.
    """
    if petition.unit_id is None and _leads_agency(seat):
        return may_read(seat, petition)
    return may_decide(seat, petition) or (may_take_in(seat) and may_read(seat, petition))


def may_refuse(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may refuse a petition: its unit's head, before that who takes in."""
    return may_decide(seat, petition) if petition.unit_id else may_read(seat, petition) and may_take_in(seat)


def may_release(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may decide what everyone reads, or merge; never about what is confidential."""
    if is_confidential(petition):
        return False
    return may_write_to(seat, petition)


def may_let_in(seat: Seat, petition: Petition) -> bool:
    """Return whether the seat may let another official read a confidential petition: the head of its unit."""
    return is_confidential(petition) and may_decide(seat, petition)


def may_shut_out(seat: Seat, petition: Petition) -> bool:
    """Return whether there is somebody whom the seat may let read the petition no more."""
    given = Access.objects.filter(agency=petition.agency_id, petition=petition, unit=petition.unit_id)
    return may_let_in(seat, petition) and given.exists()


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
    """Return whether the seat may speak with the citizen: who takes in, and whoever answers."""
    return may_answer(seat, petition) or (may_take_in(seat) and may_read(seat, petition))


def _reaches(seat: Seat, petition: Petition) -> bool:
    """Return whether a petition lies within the seat's units, a confidential one within those that it heads."""
    if is_confidential(petition):
        return petition.unit is not None and heads(seat, petition.unit)
    units = reach(seat)
    return units is None or petition.unit_id in {one.pk for one in units}


def require(*, allowed: bool) -> None:
    """Raise NotAllowedError unless something is allowed."""
    if not allowed:
        raise NotAllowedError

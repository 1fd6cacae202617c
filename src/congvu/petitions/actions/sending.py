"""Sending petitions on: to the unit that is to answer, to an official of it, to another agency, up to who leads."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from congvu.directory.models import Membership, Person, Unit
from congvu.directory.queries import Seat, current, is_open, legal_day
from congvu.petitions import places
from congvu.petitions.actions.steps import (
    PROGRAM,
    Line,
    Move,
    WrongStateError,
    in_hand,
    merged_in_hand,
    take,
    take_all,
    to_stage,
    words,
)
from congvu.petitions.actions.timing import begin_work
from congvu.petitions.events import (
    GuidanceGiven,
    PetitionAssigned,
    PetitionEscalated,
    PetitionForwarded,
    PetitionRedirected,
)
from congvu.petitions.models import Area, Petition, Step
from congvu.petitions.policies import (
    may_answer,
    may_decide,
    may_hand_back,
    may_read,
    may_send_on,
    may_take_in,
    require,
)
from congvu.petitions.submissions import Submission
from congvu.petitions.words import GIVEN_BACK, LEFT, OPEN, Channel, State

NOBODY = "nobody"
SAID_AT_ONCE = frozenset({Channel.PORTAL, Channel.APP, Channel.PHONE, Channel.IN_PERSON})
Ground = Literal["slow", "poor"]


class NotOfUnitError(Exception):
    """A person holds no post in the unit that has the petition."""


def unit_at_once(given: Submission, area: Area | None, *, at: datetime) -> Unit | None:
    """Return the unit to which a new petition goes without anybody's doing; none unless the routes name an open one."""
    if given.competence != "own" or not given.service.forwards_at_once:
        return None
    unit = places.unit_for(given.service, area)
    return unit if unit and is_open(unit, legal_day(given.service.agency, at)) else None


def at_once(petition: Petition, unit: Unit, *, has_address: bool) -> list[Move]:
    """Return the moves of a new petition to a unit.

    Whoever handed it in reads at once where it went: on the page, in the program, from the clerk, or by letter.
    """
    is_told = has_address or petition.channel in SAID_AT_ONCE
    return _moves(petition, [unit], PROGRAM, "", is_told=is_told, tells=has_address, is_escalated=False)


def forward(
    petition: Petition, *, units: Sequence[Unit], by: Seat, text: str = "", is_told: bool, at: datetime
) -> Petition:
    """Send a petition to a unit; the first of several answers, the others help.

    `is_told` when the official has told the citizen. From a unit its head may send it on within the agency.
    Raises NotAllowedError, TooLongError, SecrecyError or WrongStateError.
    """
    said = words(text) if text.strip() else ""
    with in_hand(petition, OPEN) as found:
        require(allowed=may_send_on(by, found))
        if any(one.agency_id != by.agency.pk for one in units) or not units:
            raise NotOfUnitError
        tells, is_escalated = has_address(found), _is_escalated(found)
        told = is_told or tells
        moves = _moves(found, units, by.person, said, is_told=told, tells=tells, is_escalated=is_escalated)
        take_all(found, moves, at=at)
    return found


def assign(petition: Petition, *, to: Person, by: Seat, at: datetime) -> Petition:
    """Give a petition to an official of its unit. Officials of the unit may take one themselves.

    Raises NotAllowedError, NotOfUnitError or WrongStateError.
    """
    with in_hand(petition, OPEN) as found:
        require(allowed=may_decide(by, found) or (may_answer(by, found) and to.pk == by.person.pk))
        if not _is_of_unit(to, found, at):
            raise NotOfUnitError
        found.assignee = to
        begin_work(found, at=at, tells=True)
        line = Line(data={"assignee": to.full_name})
        take(found, PetitionAssigned(), by=by.person, at=at, disclosures={"assignee": to.handle}, line=line)
    return found


def hand_back(petition: Petition, *, by: Seat, at: datetime) -> Petition:
    """Give a petition back to the unit, by whoever it was given to or the head; the assignee is then `nobody`.

    Raises NotAllowedError or WrongStateError.
    """
    with in_hand(petition, OPEN) as found:
        if found.assignee is None:
            raise WrongStateError(found.state)
        require(allowed=may_hand_back(by, found))
        _give_to_unit(found, GIVEN_BACK, by=by.person, at=at)
    return found


def fall_back(petition: Petition, *, at: datetime) -> bool:
    """Give a petition back to the unit in which its assignee holds no post any more; return whether it was.

    Raises WrongStateError.
    """
    with in_hand(petition, OPEN) as found:
        if found.assignee is None or _is_of_unit(found.assignee, found, at):
            return False
        _give_to_unit(found, LEFT, by=PROGRAM, at=at)
    return True


def redirect(petition: Petition, *, to: str, text: str, by: Seat, is_told: bool, at: datetime) -> Petition:
    """Send a petition to another agency (its name), with the reason, and tell the citizen, and whose went on in it.

    Raises NotAllowedError, EmptyError, TooLongError or WrongStateError.
    """
    reason, agency = words(text), words(to)
    with in_hand(petition, OPEN) as found:
        require(allowed=may_send_on(by, found))
        found.state, found.closed_at = State.REDIRECTED, at
        line = Line(text=reason, data={"agency": agency}, is_public=True, tells=True)
        event = PetitionRedirected(notified=is_told or has_address(found))
        take(found, event, by=by.person, at=at, line=line)
        for other in merged_in_hand(found):
            take(other, PetitionRedirected(notified=has_address(other)), by=by.person, at=at, line=line)
    return found


def escalate(petition: Petition, *, ground: Ground, text: str, by: Seat, at: datetime) -> Petition:
    """Bring a petition up to who leads, because its handling is slow or poor; it is then sent on anew.

    Raises NotAllowedError, EmptyError, TooLongError, or WrongStateError, also before it went to a unit.
    """
    reason = words(text)
    with in_hand(petition, OPEN) as found:
        require(allowed=may_read(by, found))
        if found.unit is None:
            raise WrongStateError(found.state)
        take(
            found,
            PetitionEscalated(ground=ground),
            by=by.person,
            at=at,
            line=Line(text=reason, data={"ground": ground}),
        )
    return found


def guide(petition: Petition, *, text: str, by: Seat, at: datetime) -> Petition:
    """Say who is competent where it was unclear. Raises NotAllowedError, EmptyError, TooLongError, WrongStateError."""
    said = words(text)
    with in_hand(petition, OPEN) as found:
        require(allowed=may_read(by, found) and may_take_in(by))
        if found.competence != "unclear":
            raise WrongStateError(found.competence)
        found.competence = "own"
        take(found, GuidanceGiven(), by=by.person, at=at, line=Line(text=said))
    return found


def has_address(petition: Petition) -> bool:
    """Return whether the citizen left an address for letters, as the petition's registration knew."""
    return Step.objects.filter(petition=petition, kind="petition.registered", tells=True).exists()


def _is_of_unit(person: Person, petition: Petition, at: datetime) -> bool:
    """Return whether a person holds a post in the unit that has a petition."""
    on = legal_day(petition.agency, at)
    held = Membership.objects.filter(current(on), agency=petition.agency, person=person)
    return held.filter(post__unit=petition.unit).exists()


def _give_to_unit(petition: Petition, outcome: str, *, by: Person | str, at: datetime) -> None:
    left = petition.assignee
    petition.assignee = None
    line = Line(data={"outcome": outcome, "assignee": left.full_name if left else ""})
    take(petition, PetitionAssigned(), by=by, at=at, disclosures={"assignee": NOBODY}, line=line)


def _is_escalated(petition: Petition) -> bool:
    """Return whether a petition was brought up to who leads since it was last sent on."""
    rows = Step.objects.filter(petition=petition, kind__in=("petition.escalated", "petition.forwarded"))
    return rows.order_by("-id").values_list("kind", flat=True).first() == "petition.escalated"


def _moves(
    petition: Petition,
    units: Sequence[Unit],
    by: Person | str,
    text: str,
    *,
    is_told: bool,
    tells: bool,
    is_escalated: bool,
) -> list[Move]:
    """Let a petition in hand be with these units, and return what is to be recorded of it."""
    petition.unit, petition.assignee = units[0], None
    event = PetitionForwarded(
        sort=petition.sort,
        to="unit" if len(units) == 1 else "several_units",
        urgency=petition.urgency,
        confirmed=is_told,
        escalated=is_escalated,
    )
    data = {"with": " ".join(one.handle for one in units[1:])} if units[1:] else {}
    line = Line(text=text, data=data, unit=units[0], is_public=True, tells=tells)
    forwarded = Move(event=event, by=by, line=line)
    if petition.state != State.RECEIVED:
        return [forwarded]
    petition.state = State.ASSIGNED
    return [to_stage("assigned"), forwarded]

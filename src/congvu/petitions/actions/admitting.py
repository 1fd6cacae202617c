"""Letting officials read a confidential petition, and no longer: the head of the unit that has it decides."""

from datetime import datetime

from congvu.base import handles
from congvu.directory.models import Membership, Person
from congvu.directory.queries import Seat, current
from congvu.petitions.access import Access
from congvu.petitions.actions.steps import Line, in_hand, take
from congvu.petitions.events import AccessGiven, AccessWithdrawn
from congvu.petitions.models import Petition
from congvu.petitions.policies import may_let_in, require
from congvu.petitions.words import State


class NoPostError(Exception):
    """The person holds no post in the agency."""


def let_in(petition: Petition, *, person: Person, by: Seat, at: datetime) -> Access:
    """Let an official of the agency read a confidential petition while the unit has it; twice is once.

    Raises NotAllowedError or NoPostError.
    """
    with in_hand(petition, State.values) as found:
        require(allowed=may_let_in(by, found))
        if not Membership.objects.filter(current(by.on), agency=by.agency, person=person).exists():
            raise NoPostError
        row, is_new = Access.objects.get_or_create(
            agency=found.agency,
            petition=found,
            unit=found.unit,
            person=person,
            defaults={"handle": handles.new(), "given_at": at},
        )
        if is_new:
            _note(found, AccessGiven(), person, by=by, at=at)
    return row


def shut_out(petition: Petition, *, person: Person, by: Seat, at: datetime) -> None:
    """Let an official read a confidential petition no more. Raises NotAllowedError."""
    with in_hand(petition, State.values) as found:
        require(allowed=may_let_in(by, found))
        rows = Access.objects.filter(agency=found.agency, petition=found, unit=found.unit, person=person)
        if rows.delete()[0]:
            _note(found, AccessWithdrawn(), person, by=by, at=at)


def _note(
    petition: Petition, event: AccessGiven | AccessWithdrawn, person: Person, *, by: Seat, at: datetime
) -> None:
    line, said = Line(data={"reader": person.full_name}), {"reader": person.handle}
    take(petition, event, by=by.person, at=at, line=line, disclosures=said)

"""One step of a petition's road: evidence, history, terms and the citizen's letter, in the act's transaction."""

import contextlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from congvu.base import handles
from congvu.base.database import atomic
from congvu.directory.models import Person, Unit
from congvu.ledger.actions import record
from congvu.ledger.events import Event
from congvu.petitions import terms
from congvu.petitions.events import StageReached
from congvu.petitions.models import Petition, Step

LONGEST = 20_000  # characters of an answer or a petition
CITIZEN, PROGRAM = "citizen", "program"


class EmptyError(Exception):
    """Words are asked for and there are none."""


class TooLongError(Exception):
    """Words are longer than LONGEST."""


class WrongStateError(Exception):
    """A petition in this state takes no such step; the argument is the state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the history says of a step. What is public everyone may read; with `tells` the citizen gets a letter."""

    text: str = ""
    data: Mapping[str, str] = field(default_factory=dict)
    unit: Unit | None = None
    is_public: bool = False
    tells: bool = False


QUIET = Line()


@contextlib.contextmanager
def in_hand(
    petition: Petition, states: Collection[str]
) -> Iterator[Petition]:  # no-evidence: the steps inside record
    """Give the petition as it stands now, for steps in one transaction; at its end its terms are reckoned anew.

    Raises WrongStateError unless it is in one of `states`.
    """
    with atomic():
        found = (
            Petition.objects.select_for_update(of=("self",))
            .select_related("agency", "service", "unit", "assignee", "area")
            .get(pk=petition.pk)
        )
        if found.state not in states:
            raise WrongStateError(found.state)
        yield found
        settle(found)


def settle(petition: Petition) -> None:  # no-evidence: the steps before it are recorded
    """Reckon the terms of a petition after its last step, inside the open transaction, and save it."""
    terms.follow(petition)
    petition.save()


def take(
    petition: Petition,
    event: Event,
    *,
    at: datetime,
    by: Person | str = CITIZEN,
    line: Line = QUIET,
    disclosures: Mapping[str, str] | None = None,
) -> Step:
    """Record an event of a petition in hand and write it into its history. `by` is an official, CITIZEN or PROGRAM."""
    official = by if isinstance(by, Person) else None
    said = {
        "petition": petition.handle,
        "actor": official.handle if official else str(by),
        **(disclosures or {}),
    }
    if line.unit is not None:
        said["unit"] = line.unit.handle
    entry = record(event, agency=petition.agency.handle, at=at, disclosures=said)
    petition.updated_at = at
    return Step.objects.create(
        agency=petition.agency,
        handle=handles.new(),
        petition=petition,
        kind=event.kind.removeprefix("petitions."),
        at=at,
        by=official,
        unit=line.unit,
        text=line.text,
        data=dict(line.data),
        is_public=line.is_public,
        tells=line.tells,
        entry=entry,
    )


def reach(petition: Petition, stage: str, *, at: datetime) -> Step:
    """Record that a petition in hand came to a stage."""
    said = {"step": handles.new()}
    line = Line(data={"stage": stage, **said})
    return take(petition, StageReached(stage=stage), by=PROGRAM, at=at, line=line, disclosures=said)


def words(text: str) -> str:
    """Return what somebody wrote, without blank ends; raises EmptyError or TooLongError."""
    found = text.strip()
    if not found:
        raise EmptyError
    if len(found) > LONGEST:
        raise TooLongError(len(found))
    return found

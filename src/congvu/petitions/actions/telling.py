"""Telling citizens by letter what was done: one letter for all that is new, in one transaction with saying so."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from congvu.base.database import atomic
from congvu.directory.models import Person
from congvu.directory.queries import Seat
from congvu.ledger.events import Event
from congvu.mail.actions.accepting import store
from congvu.mail.parcels import Letter, SecrecyMarkError, unsealed
from congvu.petitions.actions.steps import PROGRAM, Line, Move, in_hand, take, take_together, words
from congvu.petitions.events import ExtensionNotified, NoteMade, StageNotified, TermNotified
from congvu.petitions.letters import parcel
from congvu.petitions.models import Petition, Step
from congvu.petitions.policies import may_write_to, require
from congvu.petitions.queries.petitions import answer_term
from congvu.petitions.words import TOLD, State


class ToldMeanwhileError(Exception):
    """Somebody told the same citizen of the same step meanwhile; the argument is the petition's number."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A letter about some steps of a petition as it stood when the letter was written."""

    petition: Petition
    steps: Sequence[Step]
    letter: Letter


def tell(petitions: Iterable[Petition], *, at: datetime) -> int:
    """Write each citizen one letter about every step of which they are to be told; return how many were written.

    Without an address nothing is told: the page for following says the same. The letters are written before anybody
    has to wait for them, and stored together or not at all; if a petition went on meanwhile, the next round writes
    another.
    """
    written = [letter for one in petitions if (letter := _write(one, at)) is not None]
    if not written:
        return 0
    with atomic(), ExitStack() as hands:
        held = [(hands.enter_context(in_hand(one.petition, State.values)), one) for one in written]
        ready = [(found, one) for found, one in held if found.updated_at == one.petition.updated_at]
        messages = store([one.letter for _, one in ready]) if ready else []
        _give_notice([(found, one.steps) for found, one in ready], by=PROGRAM, at=at)
        for (_, one), message in zip(ready, messages, strict=True):
            untold = _rows(one.steps).filter(told_at=None)
            if untold.update(told_at=at, message=message.handle) != len(one.steps):
                raise ToldMeanwhileError(one.petition.number)
    return len(ready)


def _write(petition: Petition, at: datetime) -> _Written | None:
    """Return a letter about what is to be told; where there can be none, note why."""
    rows = Step.objects.filter(agency=petition.agency_id, petition=petition, tells=True, told_at=None)
    steps = list(rows.select_related("unit").order_by("at", "id"))
    try:
        made = parcel(petition, steps, now=at) if steps else None
        letter = unsealed(made) if made else None
    except SecrecyMarkError:  # an official quoted a mark: nothing secret leaves, and the page shows it
        with atomic():
            _rows(steps).update(tells=False, is_withheld=True)
        return None
    if letter is None:
        with atomic():
            _rows(steps).update(tells=False)
        return None
    return _Written(petition, steps, letter)


def _rows(steps: Sequence[Step]) -> "QuerySet[Step]":
    return Step.objects.filter(pk__in=[one.pk for one in steps])


def tell_otherwise(petition: Petition, *, text: str, by: Seat, at: datetime) -> Petition:
    """Note that an official told the citizen by telephone, by post or in person what a letter did not bring.

    What a letter that was never sent would have fulfilled is fulfilled now. Raises NotAllowedError, EmptyError,
    TooLongError or SecrecyError.
    """
    said = words(text)
    with in_hand(petition, State.values) as found:
        require(allowed=may_write_to(by, found))
        take(found, NoteMade(), by=by.person, at=at, line=Line(text=said, data={"outcome": TOLD}))
        rows = Step.objects.filter(agency=found.agency_id, petition=found, is_withheld=True)
        _give_notice([(found, list(rows.order_by("at", "id")))], by=by.person, at=at)
        rows.update(is_withheld=False, told_at=at)
    return found


def _give_notice(
    told: Iterable[tuple[Petition, Sequence[Step]]], *, by: Person | str, at: datetime
) -> None:  # no-evidence: what is taken records
    """Record what telling these steps of petitions fulfils, all at once."""
    moves = [
        (petition, Move(event=event, by=by, disclosures=said))
        for petition, steps in told
        if steps
        for event, said in _notices(petition, steps, at)
    ]
    if moves:
        take_together(moves, at=at)


def _notices(petition: Petition, steps: Sequence[Step], at: datetime) -> list[tuple[Event, dict[str, str]]]:
    """Return the events that telling some steps is: stages, an extension, the day on which an answer is due."""
    stages = Step.objects.filter(
        agency=petition.agency_id,
        petition=petition,
        kind="stage.reached",
        at__gte=steps[0].at,
        at__lte=steps[-1].at,
    )
    found: list[tuple[Event, dict[str, str]]] = [
        (StageNotified(stage=one.data["stage"]), {"step": one.data["step"]}) for one in stages.order_by("id")
    ]
    found += [
        (ExtensionNotified(), {"extension": one.handle}) for one in steps if one.kind == "extension.decided"
    ]
    if answer_term(petition, now=at) is not None:
        found.append((TermNotified(), {}))
    return found

"""Telling citizens by letter what was done: one letter for all that is new, in one transaction with saying so."""

from collections.abc import Sequence
from datetime import datetime

from congvu.base.database import atomic
from congvu.directory.models import Person
from congvu.directory.queries import Seat
from congvu.ledger.events import Event
from congvu.mail.actions.accepting import store
from congvu.mail.parcels import Letter, SecrecyMarkError, unsealed
from congvu.petitions.actions.steps import PROGRAM, Line, Move, in_hand, take, take_all, words
from congvu.petitions.events import ExtensionNotified, NoteMade, StageNotified, TermNotified
from congvu.petitions.letters import parcel
from congvu.petitions.models import Petition, Step
from congvu.petitions.policies import may_write_to, require
from congvu.petitions.queries.petitions import answer_term
from congvu.petitions.words import TOLD, State


def tell(petition: Petition, *, at: datetime) -> bool:
    """Write the citizen one letter about every step of which they are to be told; return whether one was written.

    Without an address nothing is told: the page for following says the same. The letter is written before anybody has
    to wait for it; if the petition went on meanwhile, the next round writes another.
    """
    rows = Step.objects.filter(agency=petition.agency_id, petition=petition, tells=True, told_at=None)
    steps = list(rows.select_related("unit").order_by("at", "id"))
    these = Step.objects.filter(pk__in=[one.pk for one in steps])
    try:
        letter = _written(petition, steps, at)
    except SecrecyMarkError:  # an official quoted a mark: nothing secret leaves, and the page shows it
        with atomic():
            these.update(tells=False, is_withheld=True)
        return False
    if letter is None:
        with atomic():
            these.update(tells=False)
        return False
    with in_hand(petition, State.values) as found:
        if found.updated_at != petition.updated_at:
            return False
        (message,) = store([letter])
        _give_notice(found, steps, by=PROGRAM, at=at)
        these.update(told_at=at, message=message.handle)
    return True


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
        _give_notice(found, list(rows.order_by("at", "id")), by=by.person, at=at)
        rows.update(is_withheld=False, told_at=at)
    return found


def _written(petition: Petition, steps: Sequence[Step], at: datetime) -> Letter | None:
    made = parcel(petition, steps, now=at) if steps else None
    return unsealed(made) if made else None


def _give_notice(petition: Petition, steps: Sequence[Step], *, by: Person | str, at: datetime) -> None:
    """Record what telling these steps fulfils, all at once."""
    found = _notices(petition, steps, at) if steps else []
    if found:
        take_all(petition, [Move(event=event, by=by, disclosures=said) for event, said in found], at=at)


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

"""Telling citizens by letter what was done: one letter for all that is new, in one transaction with saying so."""

from datetime import datetime

from congvu.ledger.events import Event
from congvu.mail.actions.accepting import store
from congvu.mail.parcels import SecrecyMarkError, unsealed
from congvu.petitions.actions.steps import PROGRAM, Line, in_hand, take
from congvu.petitions.events import ExtensionNotified, StageNotified, TermNotified
from congvu.petitions.letters import parcel
from congvu.petitions.models import Petition, Step
from congvu.petitions.queries.petitions import answer_term
from congvu.petitions.words import State


def tell(petition: Petition, *, at: datetime) -> bool:
    """Write the citizen one letter about every step of which they are to be told; return whether one was written.

    Without an address nothing is told: the page for following says the same.
    """
    with in_hand(petition, State.values) as found:
        rows = Step.objects.filter(agency=found.agency_id, petition=found, tells=True, told_at=None)
        steps = list(rows.select_related("unit").order_by("at", "id"))
        letter = parcel(found, steps, now=at) if steps else None
        if letter is None:
            rows.update(tells=False)
            return False
        try:
            (message,) = store([unsealed(letter)])
        except SecrecyMarkError:  # an official quoted a mark: nothing secret leaves, and the page shows it
            rows.update(tells=False)
            return False
        for event, said in _notices(found, steps, at):
            take(found, event, by=PROGRAM, at=at, line=Line(), disclosures=said)
        Step.objects.filter(pk__in=[one.pk for one in steps]).update(told_at=at, message=message.handle)
    return True


def _notices(petition: Petition, steps: list[Step], at: datetime) -> list[tuple[Event, dict[str, str]]]:
    """Return what telling these steps fulfils: stages, an extension, the day on which an answer is due."""
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

"""What runs beside the pages: letters that became petitions, letters to citizens, time limits under new rules."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, QuerySet

from congvu.base.chunks import chunked
from congvu.base.database import is_lost, is_storage_full
from congvu.directory.queries import agencies, legal_day
from congvu.ledger.models import Ledger
from congvu.petitions.actions import sending
from congvu.petitions.actions.drafting import forget_expired
from congvu.petitions.actions.reckoning import go_on
from congvu.petitions.actions.telling import tell
from congvu.petitions.intake.actions import take_in
from congvu.petitions.models import Petition, Step
from congvu.petitions.post import Letter
from congvu.petitions.queries import queue
from congvu.petitions.reckoning import Reckoning

log = logging.getLogger(__name__)
RUN = 100  # done in one round
LETTERS = 5  # stored together: more would make others wait
TRIED = 5_000  # looked at in one round: so many may fail before others wait for them
Row = TypeVar("Row", bound=Model)


def work(now: datetime) -> int:
    """Do a round of all that waits, and destroy what nobody sent; return how much was done.

    What fails is logged, waits for the next round and holds up nothing else.
    """
    forget_expired(now=now)
    waiting = Letter.objects.filter(state=Letter.State.WAITING).order_by("at", "id")
    done = sum(go_on(one, limit=RUN) for one in Reckoning.objects.select_related("agency"))
    done += _each(waiting, lambda letter: take_in(letter, at=now), "a letter could not be taken in")
    return done + _tell(now)


def fall_back(now: datetime) -> int:
    """Give back to their units the petitions of officials who left them; return how many."""
    found = (queue.forsaken(agency, legal_day(agency, now)) for agency in agencies())
    complaint = "a petition could not be given back"
    return sum(_each(rows, lambda one: sending.fall_back(one, at=now), complaint) for rows in found)


def _tell(now: datetime) -> int:
    """Write to the citizens who are to be told something, some together; one by one where together they fail."""
    untold = Step.objects.filter(tells=True, told_at=None).values("petition")
    unsealed = Ledger.objects.filter(sealed="").values("agency")
    petitions = Petition.objects.filter(pk__in=untold, agency__handle__in=unsealed)
    petitions = petitions.select_related("agency").order_by("updated_at")
    done = 0
    for some in chunked(list(petitions.values_list("pk", flat=True)[:TRIED]), LETTERS):
        if done >= RUN:
            break
        these = petitions.filter(pk__in=some)
        try:
            done += tell(these, at=now)
        except Exception as error:
            log.exception("citizens could not be told together")
            if is_storage_full(error) or is_lost(error):
                break  # nor could others
            done += _each(these, lambda one: tell([one], at=now), "a citizen could not be told")
    return done


def _each(rows: QuerySet[Row], act: Callable[[Row], object], complaint: str) -> int:
    done = 0
    for key in list(rows.values_list("pk", flat=True)[:TRIED]):
        if done == RUN:
            break
        try:
            done += bool(act(rows.get(pk=key)))
        except Exception:
            log.exception(complaint, extra={"row": key})
    return done

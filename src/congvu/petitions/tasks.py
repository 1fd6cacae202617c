"""What runs beside the pages: letters that became petitions, and letters to citizens."""

import logging
from datetime import datetime

from congvu.petitions.actions.telling import tell
from congvu.petitions.intake.actions import take_in
from congvu.petitions.models import Petition, Step
from congvu.petitions.post import Letter

log = logging.getLogger(__name__)
RUN = 100  # petitions in one round


def work(now: datetime) -> int:
    """Take in the letters that wait, and tell citizens what is new; return how much was done.

    What fails is logged, waits for the next round and holds up nothing else.
    """
    done = 0
    for letter in Letter.objects.filter(state=Letter.State.WAITING).order_by("at", "id")[:RUN]:
        done += _attempt(letter, now)
    waiting = Step.objects.filter(tells=True, told_at=None).values("petition")
    for petition in (
        Petition.objects.filter(pk__in=waiting).select_related("agency").order_by("updated_at")[:RUN]
    ):
        done += _tell(petition, now)
    return done


def _attempt(letter: Letter, now: datetime) -> int:
    try:
        take_in(letter, at=now)
    except Exception:
        log.exception("a letter could not be taken in", extra={"letter": letter.message})
        return 0
    return 1


def _tell(petition: Petition, now: datetime) -> int:
    try:
        return int(tell(petition, at=now))
    except Exception:
        log.exception("a citizen could not be told", extra={"petition": petition.handle})
        return 0

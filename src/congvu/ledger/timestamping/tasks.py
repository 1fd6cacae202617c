"""What the clerk does about time: each day a stamp, and renewals long before a certificate ends."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings

from congvu.ledger import chores
from congvu.ledger.models import Log
from congvu.ledger.timestamping import actions, asking, queries
from congvu.ledger.timestamping.asking import NoAuthorityError, NotAStampError, RefusedError
from congvu.standards.evidence_records import BrokenRecordError, MalformedRecordError

log_book = logging.getLogger(__name__)
AGAIN = timedelta(minutes=10)
RENEWAL_AGAIN = timedelta(days=1)
FAULTS = (OSError, RefusedError, NoAuthorityError, NotAStampError, BrokenRecordError, MalformedRecordError)


def tend(now: datetime) -> int:
    """Ask for the stamps and renewals that are due; return how many were had. What fails is tried again later."""
    if not asking.addresses():
        return 0
    done = 0
    for log, size in queries.unregistered():
        done += _attempt(log.agency, "register", now, partial(_register, log, size, now))
    for log in queries.due(now):
        done += _attempt(log.agency, "stamp", now, partial(_stamp, log, now))
    for agency, rows in queries.fading(now).items():
        work = partial(actions.renew, agency, rows, digest=settings.CONGVU_TIME_AUTHORITY_DIGEST, now=now)
        done += _attempt(agency, "renew_stamps", now, work, pause=RENEWAL_AGAIN)
    return done


def _stamp(log: Log, now: datetime) -> int:
    actions.stamp(log, digest=settings.CONGVU_TIME_AUTHORITY_DIGEST, now=now)
    return 1


def _register(log: Log, size: int, now: datetime) -> int:
    actions.register(log, size, now=now)
    return 1


def _attempt(
    agency: str, name: str, now: datetime, work: Callable[[], int], *, pause: timedelta = AGAIN
) -> int:
    if chores.is_resting(agency, name, now=now, pause=pause):
        return 0
    try:
        done = work()
    except FAULTS as error:
        log_book.warning("%s of agency %s failed and will be tried again: %s", name, agency, error)
        chores.failed(agency, name, str(error), now=now)
        return 0
    chores.done(agency, name, now=now)
    return done

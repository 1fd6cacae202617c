"""The clerk's part: whoever is due is asked, outside any transaction and far from any page."""

import logging
from datetime import datetime, timedelta

from congvu.base.fetching import FetchError
from congvu.mail.revocations import actions, asking, queries
from congvu.mail.revocations.asking import NothingToldError, Told
from congvu.mail.revocations.models import RevocationInquiry

log = logging.getLogger(__name__)
TOGETHER = 8  # questions of one round
OLD = timedelta(days=7)  # after which a statement on which nothing rests is forgotten


def ask(now: datetime) -> int:
    """Ask authorities whose turn it is; return how many. Nobody is asked where that is switched off."""
    sorts = queries.sorts()
    due = [one for one in queries.due(now, limit=TOGETHER) if one.sort in sorts]
    for inquiry in due:
        _ask(inquiry, now)
    actions.give_up(sorts=sorts, now=now)
    if due:
        actions.forget(before=now - OLD)
    return len(due)


def _refuse_older(told: Told, inquiry: RevocationInquiry) -> None:
    """Raise NothingToldError for a statement made before the last one: somebody replays it, to hide what came after."""
    last = inquiry.statement.said_at if inquiry.statement else None
    if last and told.since and told.since < last:
        raise NothingToldError("older")


def _ask(inquiry: RevocationInquiry, now: datetime) -> None:
    try:
        question = asking.question(
            sort=inquiry.sort,
            place=inquiry.place,
            certificate=bytes(inquiry.certificate),
            issuer=bytes(inquiry.issuer),
        )
        told = asking.ask(question, allowed=queries.hosts(), now=now)
        _refuse_older(told, inquiry)
    except (FetchError, NothingToldError) as error:
        actions.note_failure(inquiry, error.word, now=now)
    except Exception:  # a library failed over what came; the next inquiry must not wait for that
        log.exception("An authority's statement could not be read")
        actions.note_failure(inquiry, "unreadable", now=now)
    else:
        actions.keep_told(inquiry, told, now=now)

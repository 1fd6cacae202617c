"""Comparing heads with every witness of the policy, again and again."""

import logging
import threading
from datetime import datetime

from django.db import connection

from congvu.base import clock
from congvu.base.fetching import FetchError
from congvu.base.places import host_of
from congvu.ledger.gossip import comparing
from congvu.ledger.gossip.comparing import Outcome
from congvu.ledger.neighbors import following
from congvu.ledger.neighbors import queries as neighbors
from congvu.ledger.witnesses import policy as policies
from congvu.standards.quorums import MalformedPolicyError, Policy

log_book = logging.getLogger(__name__)
PAUSE = 600.0  # seconds between rounds
FIRST = 60.0  # seconds after a start


def serve(stop: threading.Event) -> None:
    """Compare until told to stop."""
    pause = FIRST
    while not stop.wait(pause):
        pause = PAUSE
        try:
            following.follow(clock.now())
            compare(clock.now())
        except Exception:
            log_book.exception("comparing heads with witnesses failed and will be tried again")
            connection.close()
    connection.close()


def compare(now: datetime) -> dict[str, Outcome | None]:
    """Compare with each of our witnesses, and among the witnesses of each neighbor's log, once.

    Return how that went by the witness's name or the log's origin; None for who did not answer.
    """
    try:
        policy = policies.current()
    except MalformedPolicyError:
        return {}
    found: dict[str, Outcome | None] = {}
    for witness in policies.asked(policy):
        try:
            found[witness.name] = comparing.compare_with(witness, policy=policy, now=now)
        except FetchError:
            found[witness.name] = None
    known = [one for one in neighbors.neighbors() if one.url and one.size]
    allowed = {host_of(url) for url in _addresses(policy, known)}
    for one in known:
        try:
            found[one.origin] = comparing.compare_among(
                one.origin, one.url, policy=policy, allowed=allowed, now=now
            )
        except FetchError:
            found[one.origin] = None
    comparing.ask_again(policy=policy, now=now)
    return found


def _addresses(policy: Policy, known: list[neighbors.Known]) -> list[str]:
    """Return the addresses that the operator wrote: those hosts may be of the inside."""
    return [*(one.url for one in policies.asked(policy)), *(one.url for one in known)]

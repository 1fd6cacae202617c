"""Comparing heads with every witness of the policy, again and again."""

import logging
import threading
from datetime import datetime

from django.db import connection

from congvu.base import clock
from congvu.base.fetching import FetchError
from congvu.ledger.gossip import comparing
from congvu.ledger.gossip.comparing import Outcome
from congvu.ledger.witnesses import policy as policies
from congvu.standards.quorums import MalformedPolicyError

log_book = logging.getLogger(__name__)
PAUSE = 600.0  # seconds between rounds
FIRST = 60.0  # seconds after a start


def serve(stop: threading.Event) -> None:
    """Compare until told to stop."""
    pause = FIRST
    while not stop.wait(pause):
        pause = PAUSE
        try:
            compare(clock.now())
        except Exception:
            log_book.exception("comparing heads with witnesses failed and will be tried again")
            connection.close()
    connection.close()


def compare(now: datetime) -> dict[str, Outcome | None]:
    """Compare with each witness once; return by name how that went, None for who did not answer."""
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
    comparing.ask_again(policy=policy, now=now)
    return found

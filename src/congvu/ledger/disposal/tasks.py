"""What the clerk does about disposals: counts proposals, and works off what people let begin."""

from datetime import datetime

from congvu.ledger.disposal import queries
from congvu.ledger.disposal.actions import executing
from congvu.ledger.disposal.models import Disposal


def tend(now: datetime) -> int:
    """Count and execute, as far as it goes; return how many steps were done."""
    done = 0
    for one in queries.waiting():
        if one.state == Disposal.State.PROPOSED:
            executing.count(one)
            done += 1
            continue
        while executing.execute(one, now=now):
            done += 1
    return done

"""How long an outcome may take."""

from datetime import timedelta

from django.conf import settings

# A recipient in the queue is given up after five days, one at the gate after six; a day more for the attempt itself.
QUEUE = timedelta(days=6)
GATE = timedelta(days=7)
LATE = timedelta(hours=2)  # until what is due by its time has been written


def answer_within() -> timedelta:
    """Return how long a report about relayed mail is awaited."""
    return timedelta(days=settings.CONGVU_ANSWER_DAYS)

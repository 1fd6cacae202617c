"""What the clerk does about outcomes."""

from datetime import datetime

from congvu.directory.queries import agencies
from congvu.mail import tasks
from congvu.mail.outcomes import actions


def settle(now: datetime) -> int:
    """End the waits that are over, and count the days that are to be counted; return how much was done."""
    done = tasks.give_up(now) + actions.note_unanswered(now=now)
    return done + sum(actions.count_days(agency, now=now) for agency in agencies())

"""Calendar months, and how long an address receives after its holder left.

Decision 652/QD-BTTTT of 26/4/2016 (article not established; the regulation's norm MAIL-MIC-REV): a personal
mailbox is withdrawn 6 months after its holder left, 12 months for heads of departments and above. The rule
book judges whether it was done; these constants only set the date that the directory proposes.
"""

import calendar
from datetime import date

from congvu.directory.models import Rank

DECISION = "652/QĐ-BTTTT"
SIGNED_ON = date(2016, 4, 26)
WITHDRAW_AFTER_MONTHS = 6
WITHDRAW_AFTER_MONTHS_LEADERS = 12
LEADERS = frozenset({Rank.DEPARTMENT_HEAD, Rank.AGENCY_LEADER})


def add_months(day: date, count: int) -> date:
    """Return the same day some calendar months later, or the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months(rank: str) -> int:
    """Return for how many calendar months the address of somebody of a rank goes on receiving."""
    return WITHDRAW_AFTER_MONTHS_LEADERS if rank in LEADERS else WITHDRAW_AFTER_MONTHS


def withdraw_on(left_on: date, rank: str) -> date:
    """Return the day on which the address of somebody who left is due for withdrawal."""
    return add_months(left_on, months(rank))

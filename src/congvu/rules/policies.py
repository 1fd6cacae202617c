"""Who may decide what binds the agency."""

from congvu.directory.policies import may_administer, may_decide_rules
from congvu.directory.queries import Seat


def may_decide(seat: Seat) -> bool:
    """Return whether the seat may adopt books and decide parameters: the agency's head or its legal officer."""
    return may_decide_rules(seat)


def may_close_days(seat: Seat) -> bool:
    """Return whether the seat may close days: who decides rules, and administrators."""
    return may_decide(seat) or may_administer(seat)


def may_read(seat: Seat) -> bool:
    """Return whether the seat may see who decided what and when."""
    return may_close_days(seat)

"""Who watches over the evidence."""

from congvu.directory.policies import may_administer, may_read_entries
from congvu.directory.queries import Seat


def may_watch(seat: Seat) -> bool:
    """Return whether the seat may see how the agency's evidence stands: administrators and auditors."""
    return may_administer(seat) or may_read_entries(seat)


def may_acknowledge(seat: Seat) -> bool:
    """Return whether the seat may acknowledge incidents: administrators, who mend them."""
    return may_administer(seat)

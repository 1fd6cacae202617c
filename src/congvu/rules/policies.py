"""Who may decide what binds the agency."""

from dataclasses import dataclass

from congvu.directory.policies import may_administer, may_decide_rules
from congvu.directory.queries import Seat, units_below


def may_decide(seat: Seat) -> bool:
    """Return whether the seat may adopt books and decide parameters: the agency's head or its legal officer."""
    return may_decide_rules(seat)


def may_close_days(seat: Seat) -> bool:
    """Return whether the seat may close days: who decides rules, and administrators."""
    return may_decide(seat) or may_administer(seat)


def may_read(seat: Seat) -> bool:
    """Return whether the seat may see who decided what and when."""
    return may_close_days(seat)


def may_replay(seat: Seat) -> bool:
    """Return whether the seat may try a draft on the agency's evidence: who decides rules, and administrators."""
    return may_close_days(seat)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Whose names a seat may read in a report on duties; `units` are those that it leads."""

    person: str
    everybody: bool
    units: frozenset[str]

    def covers(self, person: str, unit: str) -> bool:
        """Say whether the seat may read that this person of this unit (handles) bears a duty."""
        return self.everybody or person == self.person or unit in self.units


def sight(seat: Seat) -> Sight:
    """Return whose names a seat may read: its own, of those whom it leads; as auditor or ethics officer all."""
    below = units_below(seat.agency, seat.unit) if seat.has("head", "deputy") else []
    return Sight(
        person=seat.person.handle,
        everybody=seat.has("auditor", "ethics_officer"),
        units=frozenset(one.handle for one in below),
    )

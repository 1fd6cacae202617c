"""Who may decide about whom: never oneself, only from above."""

from dataclasses import dataclass

from congvu.directory import queries
from congvu.directory.models import Membership, Unit
from congvu.directory.queries import Seat
from congvu.rules.duties import Duty

LEADING = ("head", "deputy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a seat may decide and read, worked out once for a whole list.

    `units` holds the agency's units by handle, `leaders` the people (handles) who head
    a unit or stand in for its head on the seat's day, `heads` the head alone, `below` the seat's unit and all
    under it.
    """

    seat: Seat
    units: dict[str, Unit]
    leaders: dict[str, frozenset[str]]
    heads: dict[str, str]
    below: frozenset[str]

    def may_decide(self, person: str | None, unit: str | None) -> bool:
        """Return whether the seat may decide about a person of a unit (handles).

        The head or a deputy of the unit or of a unit above; about a leader, only from above the highest unit that
        they lead. Where nobody else stands above, the agency's ethics officer. Nobody about themselves.
        """
        if self.is_own(person) or (unit and unit not in self.units):
            return False
        chain = self._above(person, unit)
        if chain and chain[0] in self.below and self.seat.has(*LEADING):
            return True
        others = {holder for one in chain for holder in self.leaders.get(one, ())} - {person}
        return not others and self.seat.has("ethics_officer")

    def may_read(self, person: str | None, unit: str | None) -> bool:
        """Return whether the seat may read evidence, reply and decision about a person of a unit (handles)."""
        if unit and unit not in self.units:
            return False
        if self.is_own(person) or self.seat.has("auditor", "ethics_officer"):
            return True
        return unit in self.below and self.seat.has(*LEADING)

    def is_own(self, person: str | None) -> bool:
        """Return whether a person (handle) is the one who sits here."""
        return person is not None and person == self.seat.person.handle

    def scope(self) -> list[Unit]:
        """Return the units whose findings the seat may read beside its own; empty without such a charge."""
        if self.seat.has("auditor", "ethics_officer"):
            return list(self.units.values())
        mine = self.below if self.seat.has(*LEADING) else frozenset()
        return [unit for handle, unit in self.units.items() if handle in mine]

    def _above(self, person: str | None, unit: str | None) -> list[str]:
        """Return the units that decide, the nearest first."""
        by_key = {one.pk: one for one in self.units.values()}
        chain: list[str] = []
        here = self.units.get(unit or "")
        while here is not None:
            chain.append(here.handle)
            here = by_key.get(here.parent_id or 0)
        led = [place for place, one in enumerate(chain) if person in self.leaders.get(one, ())]
        return chain[max(led) + 1 :] if led else chain


def reach(seat: Seat) -> Reach:
    """Return what a seat may decide and read in its agency."""
    units = Unit.objects.filter(agency=seat.agency).order_by("code")
    held = Membership.objects.filter(queries.current(seat.on), agency=seat.agency)
    leaders: dict[str, set[str]] = {}
    heads: dict[str, str] = {}
    for unit, person, functions in held.values_list(
        "post__unit__handle", "person__handle", "post__functions"
    ):
        if set(LEADING) & set(functions):
            leaders.setdefault(unit, set()).add(person)
        if "head" in functions:
            heads[unit] = person
    return Reach(
        seat=seat,
        units={one.handle: one for one in units},
        leaders={unit: frozenset(people) for unit, people in leaders.items()},
        heads=heads,
        below=frozenset(one.handle for one in queries.units_below(seat.agency, seat.unit)),
    )


def may_decide_duty(seat: Seat, duty: Duty) -> bool:
    """Return whether the seat may excuse or confirm a duty."""
    return reach(seat).may_decide(duty.bearer_person, duty.bearer_unit)


def may_read_duty(seat: Seat, duty: Duty) -> bool:
    """Return whether the seat may read a duty and fetch its evidence."""
    return reach(seat).may_read(duty.bearer_person, duty.bearer_unit)

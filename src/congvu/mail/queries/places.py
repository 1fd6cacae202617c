"""Which boxes a seat answers for: its own, those of units, and hand-over boxes."""

from dataclasses import dataclass
from datetime import datetime

from congvu.directory import queries as directory
from congvu.directory.models import Unit
from congvu.directory.policies import receives_citizens
from congvu.directory.queries import Seat
from congvu.mail.models import Key, Mailbox
from congvu.mail.queries.routes import Route, route

LEADING = ("head", "deputy")
ANSWERING = ("clerk", *LEADING)
RECEIVING = ("citizen_reception",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A box that a seat may open; `box` is None before its first message."""

    route: Route
    box: Mailbox | None

    @property
    def kind(self) -> str:
        """Return personal, unit, agency or hand_over."""
        return self.route.kind

    @property
    def handle(self) -> str:
        """Return by what pages name the place: the address, of which a hand-over box may be one of several."""
        is_shared = self.kind == Mailbox.Kind.HAND_OVER and self.box is not None
        return self.box.handle if self.box and is_shared else self.route.address.handle

    @property
    def may_send(self) -> bool:
        """Tell whether mail may be written from here."""
        return self.kind != Mailbox.Kind.HAND_OVER


def own_place(seat: Seat, *, now: datetime) -> Place | None:
    """Return the box of the person on the seat, None when the person has no address."""
    if seat.address is None:
        return None
    found = route(seat.address, now=now)
    return Place(route=found, box=_boxes([found]).get(found.key))


def other_places(seat: Seat, *, now: datetime) -> list[Place]:
    """Return the boxes of units and hand-over boxes that the seat answers for, and those of petitions."""
    if not seat.has(*ANSWERING, *RECEIVING):
        return []
    chart = _Chart(seat)
    ways = [route(one, now=now) for one in directory.addresses(seat.agency).order_by("local_part")]
    returned = Mailbox.objects.filter(agency=seat.agency, kind=Mailbox.Kind.HAND_OVER)
    ways += [_hand_over(box) for box in returned.select_related("address__agency", "unit")]
    mine = {one.key: one for one in ways if one.person is None and chart.is_mine(one)}
    boxes = _boxes(list(mine.values()))
    return [Place(route=one, box=boxes.get(key)) for key, one in mine.items()]


def places(seat: Seat, *, now: datetime) -> list[Place]:
    """Return every box that the seat may open, its own first."""
    own = own_place(seat, now=now)
    return [*([own] if own else []), *other_places(seat, now=now)]


def place(seat: Seat, handle: str, *, now: datetime) -> Place | None:
    """Return the place that a page names if the seat may open it; by its address until the box is there."""
    known = places(seat, now=now)
    by_address = (one for one in known if one.route.address.handle == handle)
    return next((one for one in known if one.handle == handle), None) or next(by_address, None)


def place_of(seat: Seat, box: Mailbox, *, now: datetime) -> Place | None:
    """Return the place of a box if the seat may open it."""
    return next((one for one in places(seat, now=now) if one.box == box), None)


def boxes(seat: Seat, *, now: datetime) -> list[Mailbox]:
    """Return the mailboxes that the seat may read."""
    return [one.box for one in places(seat, now=now) if one.box]


class _Chart:
    """Who answers for which unit's mail in the agency of a seat, on its day."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._parents = dict(Unit.objects.filter(agency=seat.agency).values_list("pk", "parent_id"))
        self._clerks: dict[int, set[int]] = {}
        self._leaders: dict[int, set[int]] = {}
        for held in directory.memberships(seat.agency).filter(directory.current(seat.on)):
            if "clerk" in held.post.functions:
                self._clerks.setdefault(held.post.unit_id, set()).add(held.pk)
            if set(LEADING) & set(held.post.functions):
                self._leaders.setdefault(held.post.unit_id, set()).add(held.pk)

    def is_mine(self, way: Route) -> bool:
        """Tell whether the seat answers for a box: clerks for units, heads and deputies for what was handed over.

        Where neither the unit nor one above has a clerk, its head answers. A box of petitions is that of whoever
        receives citizens alone.
        """
        if way.address.receives_citizens:
            return receives_citizens(self._seat)
        unit = way.unit.pk if way.unit else None
        if way.kind == Mailbox.Kind.HAND_OVER:
            return self._seat.membership.pk in self._nearest(self._leaders, unit)
        answering = self._nearest(self._clerks, unit) or self._nearest(self._leaders, unit)
        return self._seat.membership.pk in answering

    def _nearest(self, held: dict[int, set[int]], unit: int | None) -> set[int]:
        while unit is not None:
            if held.get(unit):
                return held[unit]
            unit = self._parents.get(unit)
        return set()


def _hand_over(box: Mailbox) -> Route:
    return Route(address=box.address, kind=box.kind, person=None, unit=box.unit)


def _boxes(ways: list[Route]) -> dict[Key, Mailbox]:
    rows = Mailbox.objects.filter(address__in=[one.address for one in ways])
    rows = rows.select_related("agency", "address__agency", "person", "unit")
    wanted = {one.key for one in ways}
    return {row.key: row for row in rows if row.key in wanted}

"""What the rules tell the ledger: what an agency decided about its books and days, and that time passed."""

from dataclasses import dataclass
from typing import ClassVar

from congvu.ledger.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BookAdopted(Event):
    """An agency decided that a book binds it from a day on; disclosures: actor."""

    kind: ClassVar[str] = "rules.book.adopted"
    book: str  # vocabulary: the ids of the rulebook
    book_version: int
    valid_from: str  # vocabulary: legal days, YYYY-MM-DD


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterDecided(Event):
    """An agency decided what a book leaves open; disclosures: actor."""

    kind: ClassVar[str] = "rules.parameter.decided"
    book: str  # vocabulary: the ids of the rulebook
    parameter: str  # vocabulary: the parameters of that book
    value: int
    unit: str  # vocabulary: the units of deadlines in the rulebook
    valid_from: str  # vocabulary: legal days, YYYY-MM-DD


@dataclass(frozen=True, slots=True, kw_only=True)
class DayClosed(Event):
    """An agency closed a day, or (closed: false) made it a working day; disclosures: actor."""

    kind: ClassVar[str] = "rules.day.closed"
    day: str  # vocabulary: legal days, YYYY-MM-DD
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTicked(Event):
    """Time passed: something fell due, or a window opened or closed, and no other entry said so."""

    kind: ClassVar[str] = "rules.clock.ticked"

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
class DraftReplayed(Event):
    """Somebody tried a draft of a book on the agency's evidence; it changes no duty; disclosures: actor."""

    kind: ClassVar[str] = "rules.draft.replayed"
    book: str  # vocabulary: the ids of the rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTicked(Event):
    """Time passed: something fell due, or a window opened or closed, and no other entry said so."""

    kind: ClassVar[str] = "rules.clock.ticked"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookProposed(Event):
    """The author of a version of a book asked another person to approve it; disclosures: actor, draft."""

    kind: ClassVar[str] = "rules.book.proposed"
    book: str  # vocabulary: the ids of the rulebook
    book_version: int
    sha256: str  # vocabulary: SHA-256 of a text that is to be public, 64 hexadecimal digits


@dataclass(frozen=True, slots=True, kw_only=True)
class BookReturned(Event):
    """A proposed version of a book was sent back to its author; disclosures: actor, draft."""

    kind: ClassVar[str] = "rules.book.returned"
    book: str  # vocabulary: the ids of the rulebook
    book_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookApproved(Event):
    """A second person approved a proposed version of a book; disclosures: actor, draft."""

    kind: ClassVar[str] = "rules.book.approved"
    book: str  # vocabulary: the ids of the rulebook
    book_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPublished(Event):
    """An approved version of a book was published; it binds from its day on, never before; disclosures: draft."""

    kind: ClassVar[str] = "rules.book.published"
    book: str  # vocabulary: the ids of the rulebook
    book_version: int
    valid_from: str  # vocabulary: legal days, YYYY-MM-DD
    sha256: str  # vocabulary: SHA-256 of the published text, 64 hexadecimal digits


@dataclass(frozen=True, slots=True, kw_only=True)
class BookWithdrawn(Event):
    """A published version of a book was withdrawn before its day; disclosures: actor, draft."""

    kind: ClassVar[str] = "rules.book.withdrawn"
    book: str  # vocabulary: the ids of the rulebook
    book_version: int

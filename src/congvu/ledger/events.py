"""The form of every event, and the ledger's own."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact for the ledger: its fields are coarse attributes (closed words, counts), never names or handles.

    Kinds are past tense, `<package>.<noun>.<verb>`; kinds and versions only grow.
    """

    kind: ClassVar[str]
    version: ClassVar[int] = 1

    def attributes(self) -> dict[str, Any]:
        """Return the coarse attributes as they stand in the leaf; those that are None are left out."""
        pairs = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in pairs if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOpened(Event):
    """An agency's first log began."""

    kind: ClassVar[str] = "ledger.log.opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogContinued(Event):
    """A year's log began, bound to the last checkpoint of the year before."""

    kind: ClassVar[str] = "ledger.log.continued"
    origin: str  # vocabulary: the public names of logs
    size: int
    root: str  # vocabulary: a hash of the public log


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSteppedBack(Event):
    """The machine's clock was found earlier than evidence already recorded."""

    kind: ClassVar[str] = "ledger.clock.stepped_back"
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDestroyed(Event):
    """The disclosures of an entry were destroyed; the entry stays, as a tombstone."""

    kind: ClassVar[str] = "ledger.record.destroyed"

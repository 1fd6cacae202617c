"""The form of every event, and the ledger's own."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal


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
class LogClosed(Event):
    """A log began in the place of another of its year, which was closed at its last head that counts."""

    kind: ClassVar[str] = "ledger.log.closed"
    reason: Literal["stolen", "lost"]
    key: str  # vocabulary: the public keys of logs
    size: int
    root: str  # vocabulary: a hash of the public log
    kept: int  # entries that the closed log still has
    carried: int  # entries that lay behind its last head, and follow here


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSteppedBack(Event):
    """The machine's clock was found earlier than evidence already recorded."""

    kind: ClassVar[str] = "ledger.clock.stepped_back"
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRepaired(Event):
    """Damaged files of a year's log were restored from pieces that its signed root vouches for."""

    kind: ClassVar[str] = "ledger.log.repaired"
    year: int
    files: int
    lost: int  # pieces that nobody could give back
    number: int | None = None  # of the log in its year, if not the first


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessOpened(Event):
    """This installation made keys to cosign its neighbors' checkpoints."""

    kind: ClassVar[str] = "ledger.witness.opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighborAdded(Event):
    """A log of another agency is witnessed here from now on."""

    kind: ClassVar[str] = "ledger.neighbor.added"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighborRemoved(Event):
    """A log of another agency is witnessed here no longer."""

    kind: ClassVar[str] = "ledger.neighbor.removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighborClosed(Event):
    """A neighbor closed its log; no further head of it is cosigned here."""

    kind: ClassVar[str] = "ledger.neighbor.closed"
    reason: Literal["stolen", "lost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyAdopted(Event):
    """It was decided by which witnesses our checkpoints must be cosigned."""

    kind: ClassVar[str] = "ledger.policy.adopted"
    witnesses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessesAsked(Event):
    """Before the first signature after a start the witnesses were asked for what they remember of our log."""

    kind: ClassVar[str] = "ledger.witnesses.asked"
    witnesses: int
    answered: int
    claims: int  # of those, how many said without proof to know more than we do


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictProven(Event):
    """Two heads that one log signed were proven to conflict. sort: same_size, other_prefix."""

    kind: ClassVar[str] = "ledger.conflict.proven"
    sort: str
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointStamped(Event):
    """A time authority stamped a signed checkpoint; `seconds_apart` is how far its clock and ours differed."""

    kind: ClassVar[str] = "ledger.checkpoint.stamped"
    year: int
    size: int
    seconds_apart: int
    number: int | None = None  # of the log in its year, if not the first


@dataclass(frozen=True, slots=True, kw_only=True)
class StampsRenewed(Event):
    """Evidence records of checkpoints were stamped anew, before their last certificate ends."""

    kind: ClassVar[str] = "ledger.stamps.renewed"
    records: int

"""What disposal tells the ledger: that it was decided and done, how much, never what."""

from dataclasses import dataclass
from typing import ClassVar

from congvu.ledger.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalProposed(Event):
    """Somebody proposed to destroy records. choice: period, entries.

    Disclosures: disposal, actor, kinds, basis, reason, and the period or the entries.
    """

    kind: ClassVar[str] = "ledger.disposal.proposed"
    choice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalApproved(Event):
    """A head approved that records are destroyed; `chosen` counts them. Disclosures: disposal, actor."""

    kind: ClassVar[str] = "ledger.disposal.approved"
    chosen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalDeclined(Event):
    """A head refused that records are destroyed. Disclosures: disposal, actor, reason."""

    kind: ClassVar[str] = "ledger.disposal.declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalWithdrawn(Event):
    """Who proposed a destruction took the proposal back before it began. Disclosures: disposal, actor, reason."""

    kind: ClassVar[str] = "ledger.disposal.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalObjected(Event):
    """An official asked that records be kept; what was approved waits for the head again.

    Disclosures: disposal, actor, reason.
    """

    kind: ClassVar[str] = "ledger.disposal.objected"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalBegun(Event):
    """Somebody let an approved destruction begin; said before the first record goes. Disclosures: disposal, actor."""

    kind: ClassVar[str] = "ledger.disposal.begun"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalExecuted(Event):
    """Keys, salts and rows of records are gone. `subjects` counts what went with the entries: letters, duties, reports.

    Disclosures: disposal, and the digest of the list of entries.
    """

    kind: ClassVar[str] = "ledger.disposal.executed"
    entries: int
    subjects: int
    blobs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiesStated(Event):
    """A person said how long copies outside may live: backups, print-outs. `days` from now, 0 when there are none.

    Disclosures: disposal, actor, reason.
    """

    kind: ClassVar[str] = "ledger.copies.stated"
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalVerified(Event):
    """Every holder of copies has answered that it holds nothing any more. Disclosures: disposal, actor."""

    kind: ClassVar[str] = "ledger.disposal.verified"
    holders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced(Event):
    """Nothing that the hold covers may be destroyed any more.

    Disclosures: hold, actor, basis, and what it covers.
    """

    kind: ClassVar[str] = "ledger.hold.placed"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLifted(Event):
    """A hold ended. Disclosures: hold, actor, reason."""

    kind: ClassVar[str] = "ledger.hold.lifted"

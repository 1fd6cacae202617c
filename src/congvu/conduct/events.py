"""What conduct tells the ledger: that people spoke or decided, never what they wrote."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from congvu.ledger.events import Event

CauseWord = Literal["leave", "mission", "technical", "workload", "other"]
MatterWord = Literal["paper_used", "information_missed", "private_address_used", "mailbox_misused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingReplied(Event):
    """The bearer of a duty said why; disclosures: obligation, actor, digest of the reply."""

    kind: ClassVar[str] = "conduct.finding.replied"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingExcused(Event):
    """A head excused a duty with a confirmed cause; disclosures: obligation, actor, digest of the reason."""

    kind: ClassVar[str] = "conduct.finding.excused"
    cause: CauseWord


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingConfirmed(Event):
    """A head confirmed that a duty was late or missed without excuse.

    Disclosures: obligation, actor, digest of the reason.
    """

    kind: ClassVar[str] = "conduct.finding.confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMade(Event):
    """Somebody reported what only people notice.

    Disclosures: report, actor, unit, digest of the text and, if named, person.
    """

    kind: ClassVar[str] = "conduct.report.made"
    matter: MatterWord


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAnswered(Event):
    """A head answered a report; disclosures: report, actor, digest of the answer."""

    kind: ClassVar[str] = "conduct.report.answered"
    matter: MatterWord
    upheld: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsConfirmed(Event):
    """Somebody confirmed a person's counts of a period.

    Disclosures: person, actor, unit, period, the figures, digest of the remark.
    """

    kind: ClassVar[str] = "conduct.counts.confirmed"

"""What the desk records."""

from dataclasses import dataclass
from typing import ClassVar

from congvu.ledger.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentAcknowledged(Event):
    """An administrator took note of an incident with the evidence; what they wrote is disclosed as its hash."""

    kind: ClassVar[str] = "desk.incident.acknowledged"
    sort: str  # vocabulary: the sorts of watching.findings
    is_over: bool

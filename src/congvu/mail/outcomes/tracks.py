"""What is one outcome: the steps of one recipient, read as a word, and the faults of a message."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from congvu.mail.models import Receipt

Kind = Literal["missing", "doubled"]
What = Literal[
    "submission", "outcome", "recipient", "item", "bytes", "entry", "row"
]  # what is missing, or stands twice

_LETTERS = {
    Receipt.Step.JOURNALED: "j",
    Receipt.Step.DELIVERED: "d",
    Receipt.Step.FAILED: "f",
    Receipt.Step.RELAYED: "r",
    Receipt.Step.CONFIRMED: "c",
    Receipt.Step.PASSED: "p",
    Receipt.Step.UNANSWERED: "u",
}
STEPS = frozenset(_LETTERS)
# One outcome is: delivered; failed; relayed, after which a server may report (late too), and what was passed on
# may fail farther on. What was recalled while the relay took it has failed first and was relayed all the same.
# What the mail server sent a copy of has arrived only when its log says so, or the gate, or whoever looked there.
_ONE = re.compile(r"j|j?[df]|f?ru?(c|pf?|f)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is missing or stands twice; `message` is a handle, `recipient` an address or ""."""

    kind: Kind
    what: What
    message: str
    recipient: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """What is known of one recipient: the steps in order, and whether more of them are still in time."""

    recipient: str
    steps: tuple[str, ...]
    is_awaited: bool = False
    is_overdue: bool = False  # its time is over, and nobody wrote so
    is_owed: bool = True  # some row besides the steps says that it is a recipient
    lacks_item: bool = False

    @property
    def has_outcome(self) -> bool:
        """Return whether an outcome is there."""
        return bool(self.steps)

    def faults(self, message: str) -> Sequence[Fault]:
        """Return what is wrong with this recipient of a message."""
        found: list[Fault] = []
        if self.is_overdue or not (self.steps or self.is_awaited):
            found.append(Fault(kind="missing", what="outcome", message=message, recipient=self.recipient))
        if self.steps and not is_one(self.steps):
            found.append(Fault(kind="doubled", what="outcome", message=message, recipient=self.recipient))
        if self.steps and not self.is_owed:
            found.append(Fault(kind="missing", what="recipient", message=message, recipient=self.recipient))
        if self.lacks_item:
            found.append(Fault(kind="missing", what="item", message=message, recipient=self.recipient))
        return found


def is_one(steps: Sequence[str]) -> bool:
    """Return whether the steps of one recipient, in order, are one outcome."""
    return _ONE.fullmatch("".join(_LETTERS[Receipt.Step(one)] for one in steps)) is not None

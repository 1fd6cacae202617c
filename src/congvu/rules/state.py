"""What the judge works on: the duties in its hands, the evidence that waits, what was counted, and the facts."""

from dataclasses import dataclass, field
from datetime import datetime

from congvu.rules.facts import Facts


@dataclass(slots=True, kw_only=True)
class Obligation:
    """A duty as it is kept; the fields of rules.models.Obligation, without the agency."""

    handle: str
    book: str
    version: int
    norm: str
    bearer: str
    person: str
    membership: str
    unit: str
    box: str
    trigger: str
    subject: str
    opened_at: datetime
    due_at: datetime | None
    computed_at: datetime
    is_window: bool = False
    is_reported: bool = False
    parameter: str = ""
    fulfil_key: str = ""
    cancel_key: str = ""
    fulfilled_at: datetime | None = None
    fulfilled_by: str = ""
    annulled_at: datetime | None = None
    annulled_by: str = ""
    excused_at: datetime | None = None
    excused_by: str = ""
    confirmed_at: datetime | None = None
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """Something counted once for one entry."""

    book: str
    norm: str
    entry: str
    at: datetime
    value: str


@dataclass(slots=True)
class State:
    """The state of one agency, or the part of it that a run of entries can touch.

    `unmatched` holds evidence by key and entry. `touched` names the duties that differ from what is stored,
    `waiting` the new unmatched evidence; both in the order of their making.
    """

    agency: str
    facts: Facts = field(default_factory=Facts)
    as_of: datetime | None = None
    obligations: dict[str, Obligation] = field(default_factory=dict)
    by_key: dict[str, dict[str, None]] = field(default_factory=dict)
    unmatched: dict[str, dict[str, datetime]] = field(default_factory=dict)
    touched: dict[str, None] = field(default_factory=dict)
    waiting: dict[tuple[str, str], datetime] = field(default_factory=dict)
    occurrences: dict[tuple[str, str, str], Occurrence] = field(default_factory=dict)
    next_open: datetime | None = None
    changes: int = 0  # of the facts

    def hold(self, duty: Obligation) -> None:
        """Take a stored duty into hand, so that evidence finds it."""
        self.obligations[duty.handle] = duty
        for key in (duty.fulfil_key, duty.cancel_key):
            if key:
                self.by_key.setdefault(key, {})[duty.handle] = None

    def add(self, duty: Obligation) -> None:
        """Take a new duty, unless it is known, and give it the evidence that came before it."""
        if duty.handle in self.obligations:
            return
        self.hold(duty)
        self.touched[duty.handle] = None
        for entry, at in self.unmatched.get(duty.fulfil_key, {}).items():
            self.fulfil(duty, entry, at)
        for entry, at in self.unmatched.get(duty.cancel_key, {}).items():
            self.annul(duty, entry, at)

    def held(self, key: str) -> list[Obligation]:
        """Return the duties in hand that answer to a key."""
        return [self.obligations[handle] for handle in self.by_key.get(key, ())]

    def wait(self, key: str, entry: str, at: datetime) -> None:
        """Keep evidence that met no duty, in case its duty is recorded later."""
        if entry not in self.unmatched.setdefault(key, {}):
            self.unmatched[key][entry] = at
            self.waiting[key, entry] = at

    def fulfil(self, duty: Obligation, entry: str, at: datetime) -> None:
        """Let the earliest evidence fulfil a duty, whatever the order in which it came."""
        if duty.fulfilled_at is None or (at, entry) < (duty.fulfilled_at, duty.fulfilled_by):
            duty.fulfilled_at, duty.fulfilled_by = at, entry
            self.touched[duty.handle] = None

    def annul(self, duty: Obligation, entry: str, at: datetime) -> None:
        """Let the earliest cancellation since its opening annul a duty."""
        if at < duty.opened_at:
            return
        if duty.annulled_at is None or (at, entry) < (duty.annulled_at, duty.annulled_by):
            duty.annulled_at, duty.annulled_by = at, entry
            self.touched[duty.handle] = None

    def count(self, occurrence: Occurrence) -> None:
        """Count something once."""
        self.occurrences[occurrence.book, occurrence.norm, occurrence.entry] = occurrence

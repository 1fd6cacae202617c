"""What the judge works on: the duties in its hands, the evidence that waits, what was counted, and the facts."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

from congvu.rules.facts import Facts
from congvu.rules.law import KEYED, Rule

KEYS = {role: f"{role}_key" for role in KEYED}  # the column that names a duty for evidence in each role
Turn = Literal["resumed", "suspended", "extended", "compensated", "met"]


class Step(NamedTuple):
    """One entry in the course of a duty: what it did to it, and when."""

    at: datetime
    turn: Turn
    entry: str


@dataclass(slots=True, kw_only=True)
class Obligation:
    """A duty as it is kept; the fields of rules.models.Obligation, without the agency.

    Time is counted from `counted_from` (back from it, where the text says "before"). `course` holds, as canonical
    JSON, the evidence that suspended, resumed, extended or compensated it, and each of several fulfilments; due
    time and compensation are always reckoned anew from all of it. A periodic duty ends with `period_to`; of a cap
    `part` and `whole` were counted until now.
    """

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
    counted_from: datetime | None  # None when nobody can tell
    computed_at: datetime
    period_to: datetime | None = None
    is_window: bool = False
    is_reported: bool = False
    parameter: str = ""
    fulfil_key: str = ""
    cancel_key: str = ""
    suspend_key: str = ""
    resume_key: str = ""
    extend_key: str = ""
    compensate_key: str = ""
    course: str = ""
    part: int = 0
    whole: int = 0
    fulfilled_at: datetime | None = None
    fulfilled_by: str = ""
    annulled_at: datetime | None = None
    annulled_by: str = ""
    excused_at: datetime | None = None
    excused_by: str = ""
    confirmed_at: datetime | None = None
    confirmed_by: str = ""
    compensated_at: datetime | None = None
    compensated_by: str = ""

    def steps(self) -> tuple[Step, ...]:
        """Return the course of the duty, the earliest step first."""
        return steps(self.course)

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys by which evidence finds the duty."""
        named = self.fulfil_key, self.cancel_key, self.suspend_key, self.resume_key, self.extend_key
        return tuple([key for key in (*named, self.compensate_key) if key])

    def took(self, step: Step) -> bool:
        """Put a step into the course in its place; say whether it was new."""
        known = self.steps()
        if step in known:
            return False
        self._keep({*known, step})
        return True

    def drop(self, gone: Iterable[Step]) -> None:
        """Take steps out of the course."""
        self._keep(set(self.steps()).difference(gone))

    def _keep(self, known: set[Step]) -> None:
        plain = [[one.at.isoformat(), one.turn, one.entry] for one in sorted(known)]
        self.course = json.dumps(plain, separators=(",", ":"))


def steps(course: str) -> tuple[Step, ...]:
    """Return the steps that a course holds."""
    if not course:
        return ()
    return tuple(Step(datetime.fromisoformat(at), turn, entry) for at, turn, entry in json.loads(course))


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """Something counted once for one entry."""

    book: str
    norm: str
    entry: str
    at: datetime
    value: str


class Bound(NamedTuple):
    """Which of some rules bound on a day, for what is recorded since then, until facts change."""

    rules: list[Rule]
    day: date
    since: datetime
    changes: int
    found: list[Rule]


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
    running: dict[str, datetime] = field(default_factory=dict)  # caps whose period may end, with its end
    changes: int = 0  # of the facts
    bound: dict[int, Bound] = field(default_factory=dict, compare=False)  # by the identity of the rules

    def hold(self, duty: Obligation) -> None:
        """Take a stored duty into hand, so that evidence finds it."""
        self.obligations[duty.handle] = duty
        for key in duty.keys:
            self.by_key.setdefault(key, {})[duty.handle] = None

    def add(self, duty: Obligation) -> bool:
        """Take a new duty, unless it is known, and give it the evidence that came before it; say whether it is new."""
        if duty.handle in self.obligations:
            return False
        twins = self.held(duty.fulfil_key) if duty.fulfil_key else []
        self.hold(duty)
        self.touched[duty.handle] = None
        for entry, at in self.came(duty.fulfil_key):
            self.fulfil(duty, entry, at)
        for twin in twins:  # evidence that met another duty of this key does not wait
            if twin.fulfilled_at is not None:
                self.fulfil(duty, twin.fulfilled_by, twin.fulfilled_at)
        for entry, at in self.came(duty.cancel_key):
            self.annul(duty, entry, at)
        return True

    def came(self, key: str) -> list[tuple[str, datetime]]:
        """Return the evidence that waits under a key."""
        held = self.unmatched.get(key) if key else None
        return list(held.items()) if held else []

    def held(self, key: str) -> list[Obligation]:
        """Return the duties in hand that answer to a key."""
        named = self.by_key.get(key)
        return [self.obligations[handle] for handle in named] if named else []

    def wait(self, key: str, entry: str, at: datetime) -> None:
        """Keep evidence that met no duty, in case its duty is recorded later."""
        held = self.unmatched.setdefault(key, {})
        if entry not in held:
            held[entry] = at
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

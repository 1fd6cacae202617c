"""A book of rules as data: one file is one version of one legal text (LegalRuleML's vocabulary where it has one)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Literal, TypeAlias

from congvu.base.texts import Texts

Value: TypeAlias = str | int | bool
Unit = Literal["working_minute", "working_hour", "working_day", "month"]
Kind = Literal[
    "obligation", "prohibition", "permission", "power", "recommendation", "legal_effect", "consequence"
]
Feed = Literal["evidence", "report", "count", "people", "nothing"]
Bearer = Literal[
    "official",
    "agency_mailbox",
    "recipient",
    "agency",
    "mail_administrator",
    "head_of_unit",
    "sender",
    "reported",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One closed operator over one attribute: `is`, `in`, `not`, `at_least` or `at_most`."""

    attribute: str
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A match table over one kind of event; every test must hold. `same` names the correlating disclosures."""

    kind: str
    tests: tuple[Match, ...] = ()
    same: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """When a duty falls due, counted from the trigger or from the legal date in one of its disclosures.

    Exactly one of `parameter` (the agency decides how much) and `amount` is given, or `same_day`.
    """

    parameter: str = ""
    amount: int = 0
    unit: Unit | None = None
    same_day: bool = False
    start: str = ""
    roll: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A daily half-open window in the agency's zone, on working days."""

    opens: time
    closes: time

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}/{self.closes:%H:%M}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What the text leaves to the agency, with the bounds inside which it decides."""

    name: str
    unit: Unit
    at_least: int
    at_most: int
    title: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where a norm stands and how well that is known; an article that is not established is named as such."""

    article: str  # "not-established" when nobody has read it
    wording: str  # legal_text | unofficial_copy | press
    checked: str  # gazette | unofficial_copy | secondary | press


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """One rule of a book (vi: quy phạm; kk: норма)."""

    id: str
    code: str
    kind: Kind
    title: Texts
    text: Texts
    cite: Citation
    bearer: tuple[Bearer, ...] = ()
    when: Condition | None = None
    unless: str = ""
    windows: tuple[Window, ...] = ()
    deadline: Deadline | None = None
    fulfil: Condition | None = None
    cancel: Condition | None = None
    report: Condition | None = None
    count: Condition | None = None
    decided_by: str = ""
    answers_too: str = ""
    note: Texts | None = None
    consequence: Texts | None = None
    line: int = 0

    @property
    def feed(self) -> Feed:
        """Say what makes this norm apply: evidence, people's reports, a count, people's decision or nothing yet."""
        if self.fulfil:
            return "evidence"
        if self.report:
            return "report"
        if self.count:
            return "count"
        return "people" if self.decided_by else "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One event of an example, with its time in the calendar's zone."""

    kind: str
    at: str
    attributes: Mapping[str, Value]
    disclosures: Mapping[str, str | None]
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An executable example: these events, looked at then, give exactly these duties of one norm."""

    title: Texts
    norm: str
    as_of: str
    given: tuple[Given, ...]
    expect: tuple[Mapping[str, Value], ...]
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The act that a book renders."""

    issuer: Texts
    number: str
    signed: date
    checked: str
    note: Texts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """One version of one legal text (vi: văn bản; kk: құқықтық акт)."""

    id: str
    version: int
    original: str
    title: Texts
    source: Source
    jurisdiction: str
    calendar: str
    in_force_from: date
    in_force_to: date | None  # exclusive
    parameters: Mapping[str, Parameter]
    norms: tuple[Norm, ...]
    examples: tuple[Example, ...] = ()
    file: str = ""

    def norm(self, name: str) -> Norm | None:
        """Return the norm of this id."""
        return next((norm for norm in self.norms if norm.id == name), None)

    def is_in_force(self, day: date) -> bool:
        """Say whether this version judges what happens on a day."""
        return self.in_force_from <= day and (self.in_force_to is None or day < self.in_force_to)

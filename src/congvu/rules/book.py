"""A book of rules as data: one file is one version of one legal text (LegalRuleML's vocabulary where it has one)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Literal, TypeAlias

from congvu.base.texts import Texts

Value: TypeAlias = str | int | bool
Unit = Literal["minute", "hour", "working_minute", "working_hour", "working_day", "day", "month", "year"]
Period = Literal["day", "working_day", "week", "month", "quarter", "half_year", "year"]
Level = Literal["nation", "ministry", "city", "agency"]
Kind = Literal[
    "obligation", "prohibition", "permission", "power", "recommendation", "legal_effect", "consequence"
]
Feed = Literal["evidence", "report", "count", "people", "nothing"]
Treatment = Literal["encoded", "human", "not_applicable"]
Bearer = Literal[
    "official",
    "agency_mailbox",
    "recipient",
    "agency",
    "mail_administrator",
    "head_of_unit",
    "sender",
    "reported",
    "actor",
    "assignee",
    "registry_clerk",
    "deputy_in_charge",
    "unit",
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

    Exactly one of these says how long: `parameter` (the agency decides), `amount` with `unit`, `same_day` (the end
    of that day's work), `same_or_next_day` (at latest the end of the next working day), `next_morning` (12:00 of
    the next working day), or `by` (the next such day of a year, as MM-DD). `is_before` counts back from `start`;
    `is_from_year_end` counts from the end of the start's year; `roll` moves an end on a day off to the next
    working day.
    """

    parameter: str = ""
    amount: int = 0
    unit: Unit | None = None
    same_day: bool = False
    same_or_next_day: bool = False
    next_morning: bool = False
    by: str = ""
    start: str = ""
    is_before: bool = False
    is_from_year_end: bool = False
    roll: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """While time does not run: from one event until another of the same matter."""

    begin: Condition
    end: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """More time, `times` times at most, when notice was given before the time was over. `amount` in `unit`."""

    notice: Condition
    amount: int
    unit: Unit
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What is owed again and again: `times` in each period of `length` units; whole periods of the calendar."""

    period: Period
    length: int = 1
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """What `part` may be of `whole` at most, in per cent, counted over each period of the norm's rhythm."""

    part: Condition
    whole: Condition
    percent: int


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
    wording: str  # one of norm_loader.WORDINGS: where the words come from
    checked: str  # one of norm_loader.CHECKED: against what they were compared
    is_article_from_memory: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A norm of another book that this one replaces, and the article that gives the power to do so."""

    book: str
    norm: str
    competence: str  # "book article", empty when nothing is declared


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
    rhythm: Rhythm | None = None
    deadline: Deadline | None = None
    fulfil: Condition | None = None
    cancel: Condition | None = None
    suspend: Suspension | None = None
    extend: Extension | None = None
    compensate: Condition | None = None
    cap: Cap | None = None
    exception_to: tuple[str, ...] = ()  # ids of norms of this book, or book/norm
    overrides: Override | None = None
    report: Condition | None = None
    count: Condition | None = None
    decided_by: str = ""
    answers_too: str = ""
    note: Texts | None = None
    consequence: Texts | None = None
    quote: Texts | None = None  # in the original language
    checklist: tuple[Texts, ...] = ()  # what a person asks; never a finding of the program
    not_applicable: Texts | None = None  # why this norm is nothing that Congvu could serve
    is_opinion: bool = False  # on what people think and say: ships disabled
    line: int = 0

    @property
    def conditions(self) -> dict[str, Condition]:
        """Return every match table of the norm by the key under which it stands in the file."""
        found = {
            "when": self.when,
            "report": self.report,
            "fulfil": self.fulfil,
            "cancel": self.cancel,
            "suspend.from": self.suspend.begin if self.suspend else None,
            "suspend.until": self.suspend.end if self.suspend else None,
            "extend.notice": self.extend.notice if self.extend else None,
            "compensate": self.compensate,
            "cap.part": self.cap.part if self.cap else None,
            "cap.whole": self.cap.whole if self.cap else None,
            "count": self.count,
        }
        return {name: one for name, one in found.items() if one is not None}

    @property
    def treatment(self) -> Treatment:
        """Say whether the program serves this norm, people apply it, or it does not apply here."""
        if self.not_applicable:
            return "not_applicable"
        return "encoded" if self.when or self.rhythm or self.report or self.count or self.cap else "human"

    @property
    def feed(self) -> Feed:
        """Say what makes this norm apply: evidence, people's reports, a count, people's decision or nothing yet."""
        if self.fulfil or self.cap:
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
    level: Level = "nation"
    adopts: tuple[str, ...] = ()  # ids of books that this one brings into force for its place
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

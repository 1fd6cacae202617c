"""What a reader is told about duties: frozen answers of rules.queries, and the one function that gives a status."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from congvu.base.texts import Texts
from congvu.rules.state import Step
from congvu.standards.working_time import Segment

Status = Literal["pending", "fulfilled", "late", "compensated", "breached", "reported", "excused", "annulled"]
STATUSES: tuple[Status, ...] = (
    "pending",
    "fulfilled",
    "late",
    "compensated",
    "breached",
    "reported",
    "excused",
    "annulled",
)


class Judged(Protocol):
    """The instants of an obligation on which its status depends."""

    due_at: datetime | None
    is_window: bool
    is_reported: bool
    fulfilled_at: datetime | None
    annulled_at: datetime | None
    excused_at: datetime | None
    confirmed_at: datetime | None
    compensated_at: datetime | None


def status(duty: Judged, as_of: datetime) -> Status:
    """Return the status of a duty as seen at an instant.

    A deadline may be met in its last instant; a window is half-open, so it is over when it closes. What people
    reported is `reported` until people confirm (breached) or excuse it. Without a due time nothing is breached.
    A cancellation counts when it came in time: a recall after the due time wipes no breach away. What was made good
    later stays visible as compensated.
    """
    if _is_annulled(duty):
        return "annulled"
    met = duty.fulfilled_at
    if met is not None and (duty.due_at is None or met <= duty.due_at):
        return "fulfilled"
    if _is_excused(duty):
        return "excused"
    if met is not None:
        return "late"
    is_over = bool(duty.confirmed_at) if duty.is_reported else _is_over(duty, as_of)
    if is_over:
        return "compensated" if duty.compensated_at else "breached"
    return "reported" if duty.is_reported else "pending"


def _is_over(duty: Judged, as_of: datetime) -> bool:
    return duty.due_at is not None and (duty.due_at < as_of or (duty.due_at == as_of and duty.is_window))


def _is_excused(duty: Judged) -> bool:
    """Say whether people excused it and did not decide otherwise later."""
    if duty.excused_at is None:
        return False
    return duty.confirmed_at is None or duty.excused_at > duty.confirmed_at


def _is_annulled(duty: Judged) -> bool:
    if duty.annulled_at is None:
        return False
    in_time = duty.due_at is None or duty.annulled_at <= duty.due_at
    return in_time and (duty.fulfilled_at is None or duty.annulled_at < duty.fulfilled_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One duty as its bearer, its head and the people who decide see it.

    `cite` is number and article in words for people, as far as established. `window` is its two instants.
    `box` is the mailbox's handle when a mailbox owes it; then the clerk in `bearer_person` answers.
    `trigger_subject` is the message's handle when a message set it off. Handles are those of the evidence.
    """

    handle: str
    book: str
    version: int
    norm: str
    title: Texts
    cite: str
    bearer_person: str | None
    bearer_unit: str | None
    bearer_membership: str | None
    box: str | None
    opened_at: datetime
    due_at: datetime | None
    status: Status
    as_of: datetime
    fulfilled_at: datetime | None
    excused_at: datetime | None
    confirmed_at: datetime | None
    compensated_at: datetime | None
    window: tuple[datetime, datetime] | None
    trigger_subject: str | None
    trigger_entry: str | None
    fulfilled_by: str | None
    is_reported: bool
    period_to: datetime | None  # of what is owed in each period; also the end of a window


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A slice of duties and how many there are in all."""

    duties: tuple[Duty, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterShown:
    """The agency's decision that gave a duty its due time."""

    name: str
    title: Texts
    value: int
    unit: str
    decided_by: str  # full name
    decided_at: datetime
    number: str  # of the deciding document


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What was counted for a cap until now, and how many per cent of the whole are allowed."""

    part: int
    whole: int
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why somebody is told that a duty exists: this entry, this article, this reckoning."""

    duty: Duty
    book_title: Texts
    book_version: int
    issuer: Texts
    number: str
    article: str  # "not-established" when nobody has read it
    wording: str
    checked: str
    norm_text: Texts
    note: Texts | None
    consequence: Texts | None
    zone: str
    segments: tuple[Segment, ...]  # the worked periods counted; empty when no working time was counted
    calendar: str  # name and version of the calendar used
    parameter: ParameterShown | None
    undecided_parameter: str  # the parameter that the agency has not decided
    trigger_entry: str | None
    fulfilled_by: str | None
    annulled_by: str | None
    excused_by: str | None
    confirmed_by: str | None
    compensated_by: str | None
    counted_from: datetime | None  # the event, or the day that it tells
    suspended: tuple[
        tuple[datetime, datetime | None], ...
    ]  # time did not run; without an end it stands still
    extended: tuple[datetime, ...]  # by notice given then
    away: tuple[Segment, ...]  # the person was on leave; no time ran
    away_by: tuple[str, ...]  # the entries of that leave
    acting_for: str | None  # the person on leave for whom the bearer acts, by handle
    course: tuple[Step, ...]  # the evidence of all that, and of several fulfilments
    times: int  # how often it is owed in its period
    met: int  # how often it was done, as far as that counts
    share: Share | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowToday:
    """One window of the day, and where it stands."""

    book: str
    norm: str
    title: Texts
    opens_at: datetime
    closes_at: datetime
    state: Literal["ahead", "open", "over"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency:
    """How often something that is only counted happened, by month (YYYY-MM) and by its value."""

    norm: str
    month: str
    value: str
    count: int

"""When a duty is due, reckoned anew from its whole course: whatever the order in which its evidence came."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from congvu.rules import absence, deadlines
from congvu.rules.book import Book, Deadline, Extension, Norm
from congvu.rules.deadlines import Span
from congvu.rules.facts import Evidence, Facts
from congvu.rules.law import Law
from congvu.rules.state import Obligation, State, Step
from congvu.standards.periods import Period
from congvu.standards.working_time import Calendar, NoWorkingTimeError, UnknownYearError

WORKING = {"working_minute", "working_hour", "working_day"}
UNKNOWABLE = (NoWorkingTimeError, UnknownYearError, OverflowError, ValueError)


class Term(NamedTuple):
    """How long a duty has, in the calendar by which it is counted."""

    deadline: Deadline
    start: datetime
    amount: int
    unit: str | None
    calendar: Calendar

    def due(self, suspended: Iterable[Period] = (), extended: Iterable[Span] = ()) -> datetime | None:
        """Return when the time is over, None when the calendar does not tell."""
        try:
            return deadlines.due(
                self.deadline,
                start=self.start,
                amount=self.amount,
                unit=self.unit,
                calendar=self.calendar,
                suspended=suspended,
                extended=extended,
            )
        except UNKNOWABLE:
            return None

    def segments(self, end: datetime, how: "Reckoned") -> tuple[Period, ...]:
        """Return the periods that were counted until `end`, past those in which time stood still."""
        return deadlines.segments(
            self.deadline,
            start=self.start,
            end=end,
            unit=self.unit,
            calendar=self.calendar,
            suspended=[(begin, over) for begin, over in how.suspended if over is not None],
        )


class Reckoned(NamedTuple):
    """The due time, and what it was reckoned with. Without a due time nothing is late: time stands still."""

    due_at: datetime | None
    suspended: tuple[tuple[datetime, datetime | None], ...] = ()
    extended: tuple[datetime, ...] = ()  # by notice given then


def start(law: Law, deadline: Deadline, entry: Evidence) -> datetime | None:
    """Return from when an entry's duty is counted, None when the day that is to tell it is missing or no day."""
    if deadline.is_before and not entry.disclosures.get(deadline.start):
        return None
    try:
        return deadlines.legal_start(
            deadline, at=entry.at, disclosures=entry.disclosures, calendar=law.calendar
        )
    except UNKNOWABLE:
        return None


def term(law: Law, facts: Facts, duty: Obligation) -> Term | None:
    """Return the time that a duty's own version of its norm gives, None while the agency has not decided it."""
    norm = law.norms.get((duty.book, duty.version, duty.norm))
    return _term(law, facts, duty, norm.deadline) if norm else None


def _term(law: Law, facts: Facts, duty: Obligation, deadline: Deadline | None) -> Term | None:
    if deadline is None or duty.counted_from is None:
        return None
    amount, unit = deadline.amount, deadline.unit
    if deadline.parameter:
        decided = facts.decided.get(duty.parameter)
        if decided is None:
            return None
        amount, unit = decided.value, decided.unit  # type: ignore[assignment]  # a unit within the bounds
    calendar = law.calendar
    if facts.days:
        calendar = facts.calendar_of(calendar, duty.opened_at, is_before=deadline.is_before)
    if facts.leaves:
        calendar = facts.calendar_without(calendar, away(facts, duty, is_before=deadline.is_before))
    return Term(deadline, duty.counted_from, amount, unit, calendar)


def away(facts: Facts, duty: Obligation, *, is_before: bool) -> tuple[Period, ...]:
    """Return when no time runs because the person is on leave: never for what a unit, mailbox or agency owes."""
    if duty.bearer != duty.person or duty.counted_from is None:
        return ()
    leaves = facts.leaves_of(duty.person)
    return absence.away(leaves, start=duty.counted_from, opened_at=duty.opened_at, is_before=is_before)


def away_within(law: Law, facts: Facts, duty: Obligation) -> tuple[Period, ...]:
    """Return the leave that touches the time of a duty, for its explanation."""
    norm = law.norms.get((duty.book, duty.version, duty.norm))
    begin, end = duty.counted_from, duty.due_at or duty.period_to
    if norm is None or begin is None:
        return ()
    found = away(facts, duty, is_before=bool(norm.deadline and norm.deadline.is_before))
    first, last = min(begin, end or begin), max(begin, end) if end else None
    return tuple(one for one in found if first < one[1] and (last is None or one[0] < last))


def decision(law: Law, facts: Facts, book: Book, norm: Norm, at: datetime) -> str:
    """Return the entry of the decision that governs a duty opened then, empty when none is needed or none fits."""
    if norm.deadline is None or not norm.deadline.parameter:
        return ""
    bounds = book.parameters[norm.deadline.parameter]
    decided = facts.decision(book.id, bounds.name, at, law.calendar.day_of(at))
    if decided is None or decided.unit != bounds.unit:
        return ""
    return decided.entry if bounds.at_least <= decided.value <= bounds.at_most else ""


def reckon(law: Law, facts: Facts, duty: Obligation) -> Reckoned:
    """Return the due time of a duty with all that is known of its course."""
    norm = law.norms.get((duty.book, duty.version, duty.norm))
    if norm is None or duty.is_window or duty.is_reported or norm.cap:
        return Reckoned(due_at=duty.due_at)
    given = _term(law, facts, duty, norm.deadline)
    if given is None:
        return Reckoned(due_at=duty.period_to if norm.deadline is None else None)
    found = _walk(given, duty, norm) if duty.course else Reckoned(due_at=given.due())
    if duty.period_to is None or found.due_at is None or found.due_at <= duty.period_to:
        return found
    return Reckoned(due_at=duty.period_to, suspended=found.suspended, extended=found.extended)


def segments(law: Law, facts: Facts, duty: Obligation, how: Reckoned) -> tuple[Period, ...]:
    """Return the worked periods that were counted, none when no working time was."""
    given = term(law, facts, duty)
    if given is None or duty.due_at is None or duty.is_window or given.unit not in {None, *WORKING}:
        return ()
    if given.deadline.by:
        return ()
    try:
        return given.segments(duty.due_at, how)
    except UNKNOWABLE:
        return ()


def settle(law: Law, state: State, duty: Obligation) -> None:
    """Write due time and compensation of a duty whose course or calendar changed."""
    before = (duty.due_at, duty.computed_at, duty.compensated_at, duty.compensated_by)
    duty.due_at = reckon(law, state.facts, duty).due_at
    duty.computed_at = known_at(law, state.facts, duty)
    made = next(
        (
            one
            for one in duty.steps()
            if one.turn == "compensated" and duty.due_at is not None and one.at > duty.due_at
        ),
        None,
    )
    duty.compensated_at, duty.compensated_by = (made.at, made.entry) if made else (None, "")
    if before != (duty.due_at, duty.computed_at, duty.compensated_at, duty.compensated_by):
        state.touched[duty.handle] = None


def later(law: Law, state: State, duty: Obligation) -> None:
    """Reckon a deadline again after a word on a day or on leave, also one that is recorded late."""
    norm = law.norms.get((duty.book, duty.version, duty.norm))
    is_reckoned = duty.due_at is not None or duty.course  # while time stands still there is no due time
    if norm and norm.deadline and is_reckoned:
        settle(law, state, duty)


def take(law: Law, state: State, duty: Obligation, steps: Sequence[Step]) -> None:
    """Take steps into the course of a duty, and reckon it again when one was new."""
    if steps and any([duty.took(step) for step in steps]):  # noqa: C419 -- every step is to be taken
        state.touched[duty.handle] = None
        settle(law, state, duty)


def _walk(given: Term, duty: Obligation, norm: Norm) -> Reckoned:
    """Go through the course in the order of time: a step counts when the time was not over at its instant."""
    closed: list[Period] = []
    open_since: datetime | None = None
    extended: list[datetime] = []
    spans: list[Span] = []
    for step in duty.steps():
        if step.turn == "resumed" and open_since is not None:
            closed.append((open_since, step.at))
            open_since = None
        elif step.turn == "suspended" and open_since is None and not given.deadline.is_before:
            due = given.due(closed, spans)
            open_since = step.at if due is None or step.at < due else None
        elif step.turn == "extended" and norm.extend and len(spans) < norm.extend.times:
            due = given.due(closed, spans)
            is_in_time = open_since is not None or due is None or step.at <= due
            if is_in_time and step.at >= duty.opened_at:
                spans.append(_span(norm.extend))
                extended.append(step.at)
    return Reckoned(
        due_at=given.due(closed, spans) if open_since is None else None,
        suspended=(*closed, *([(open_since, None)] if open_since else [])),
        extended=tuple(extended),
    )


def _span(extension: Extension) -> Span:
    return extension.amount, extension.unit


def known_at(law: Law, facts: Facts, duty: Obligation) -> datetime:
    """Return the time of the latest word that the due time rests on."""
    if not (duty.course or facts.days or facts.leaves):
        return duty.opened_at
    found = [step.at for step in duty.steps() if step.turn in {"suspended", "resumed", "extended"}]
    if duty.due_at is not None and duty.counted_from is not None and facts.days:
        first, last = law.calendar.day_of(duty.counted_from), law.calendar.day_of(duty.due_at)
        found += [one.at for one in facts.days.values() if one.is_closed and first <= one.day <= last]
    leaves = facts.leaves_of(duty.person) if facts.leaves and duty.bearer == duty.person else ()
    if leaves and duty.due_at is not None and duty.counted_from is not None:
        begin, end = sorted((duty.counted_from, duty.due_at))
        found += [one.at for one in leaves if one.since < end and begin < one.until]
    return max([duty.opened_at, *found])

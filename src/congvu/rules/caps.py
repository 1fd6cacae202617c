"""What may be at most so many per cent of a whole, counted over a period. It speaks of the agency, of no person."""

from datetime import datetime

from congvu.base import handles
from congvu.rules import force
from congvu.rules.facts import Evidence
from congvu.rules.law import Law, Rule, period_key
from congvu.rules.rhythm import period
from congvu.rules.state import Obligation, State

ROLES = ("part", "whole")
HUNDRED = 100


def take(law: Law, state: State, role: str, rule: Rule, entry: Evidence) -> None:
    """Count an entry for its period, and judge the cap when the period is over."""
    span = _span(law, rule, entry)
    if span is None or not force.binding(
        law, state.facts, rule.book, rule.norm, span[0], law.calendar.day_of(span[0])
    ):
        return
    part_key, whole_key = _keys(state, rule, span[0])
    state.wait(whole_key if role == "whole" else part_key, entry.id, entry.at)
    if not state.unmatched.get(whole_key):
        return
    duty = state.obligations.get(_handle(state, rule, span[0]))
    if duty is None:
        duty = _duty(state, rule, span)
        state.hold(duty)
    state.running[duty.handle] = span[1]
    duty.part, duty.whole = (
        len(state.unmatched.get(part_key, ())),
        len(state.unmatched.get(whole_key, ())),
    )
    state.touched[duty.handle] = None
    end(law, state)


def keys(law: Law, state: State, rule: Rule, entry: Evidence) -> tuple[tuple[str, str], ...]:
    """Return by which keys, in which roles, the counts of an entry's period are found."""
    span = _span(law, rule, entry)
    if span is None:
        return ()
    part_key, whole_key = _keys(state, rule, span[0])
    return ("cancel", part_key), ("fulfil", whole_key)


def end(law: Law, state: State) -> None:
    """Judge every running cap whose period is over."""
    if state.as_of is None:
        return
    for handle in [name for name, over in state.running.items() if over <= state.as_of]:
        del state.running[handle]
        duty = state.obligations[handle]
        norm = law.norms.get((duty.book, duty.version, duty.norm))
        if norm and norm.cap:
            is_kept = HUNDRED * duty.part <= norm.cap.percent * duty.whole
            duty.fulfilled_at = duty.due_at if is_kept else None
            state.touched[handle] = None


def _span(law: Law, rule: Rule, entry: Evidence) -> tuple[datetime, datetime] | None:
    """Return the period in which an entry lies, None when another version of the book judges it."""
    if rule.norm.rhythm is None:
        return None
    day = law.calendar.day_of(entry.at)
    first, following = period(rule.norm.rhythm, day, since=rule.book.in_force_from.year)
    if not rule.book.is_in_force(first):
        return None
    return law.calendar.midnight(first), law.calendar.midnight(following)


def _keys(state: State, rule: Rule, begin: datetime) -> tuple[str, str]:
    named = rule.book.id, rule.norm.id, state.agency, begin
    return period_key(*named, "part"), period_key(*named, "whole")


def _handle(state: State, rule: Rule, begin: datetime) -> str:
    return handles.derive(state.agency, rule.book.id, rule.norm.id, state.agency, begin.isoformat())


def _duty(state: State, rule: Rule, span: tuple[datetime, datetime]) -> Obligation:
    part_key, whole_key = _keys(state, rule, span[0])
    return Obligation(
        handle=_handle(state, rule, span[0]),
        book=rule.book.id,
        version=rule.book.version,
        norm=rule.norm.id,
        bearer=state.agency,
        person="",
        membership="",
        unit="",
        box="",
        trigger="",
        subject="",
        opened_at=span[0],
        due_at=span[1],
        counted_from=span[0],
        computed_at=span[0],
        period_to=span[1],
        fulfil_key=whole_key,
        cancel_key=part_key,
    )

"""Daily windows and whole periods: who owes what in which of them, made when it opens."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from congvu.base import handles
from congvu.rules import bearers, caps, force, reckoning
from congvu.rules.bearers import Bearer
from congvu.rules.book import Book, Norm
from congvu.rules.facts import Facts
from congvu.rules.law import Law, period_key
from congvu.rules.rhythm import period
from congvu.rules.state import Obligation, State
from congvu.standards.working_time import Calendar, NoWorkingTimeError, UnknownYearError

HORIZON = 40  # days looked ahead for the next window; longer than any run of days off


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A window or period that begins."""

    book: Book
    norm: Norm
    begin: datetime
    end: datetime


def advance(law: Law, state: State, at: datetime) -> None:
    """Move `as_of` to an instant, opening and ending what lies on the way; it never goes back."""
    if state.as_of is not None and at <= state.as_of:
        return
    begun = state.as_of
    state.as_of = at
    if begun is None:
        return
    if state.next_open is None:
        state.next_open = _next_open(law, state.facts, begun)
    if state.next_open <= at:
        before = state.next_open - timedelta(microseconds=1)
        for one in openings(law, state.facts, before, at):
            _open(law, state, one)
        state.next_open = _next_open(law, state.facts, at)
    if state.running:
        caps.end(law, state)


def openings(law: Law, facts: Facts, after: datetime, until: datetime) -> Iterator[Opening]:
    """Yield the windows and periods that begin in (after, until], in order of their beginning."""
    adopted = force.reachable(law, facts) if facts.adopted else frozenset()
    periodic = [(book, norm) for book, norm in law.periodic if book.id in adopted]
    if not periodic:
        return
    calendar = facts.calendar(law.calendar)
    day, last = calendar.day_of(after), calendar.day_of(until)
    while day <= last:
        found = [
            one
            for book, norm in periodic
            if book.is_in_force(day)
            for one in _of_day(calendar, book, norm, day)
            if after < one.begin <= until and force.binding(law, facts, book, norm, one.begin, day)
        ]
        yield from sorted(found, key=lambda one: (one.begin, one.book.id, one.norm.id))
        day += timedelta(days=1)


def _of_day(calendar: Calendar, book: Book, norm: Norm, day: date) -> list[Opening]:
    """Return what opens on a day; nothing on one that the calendar does not know: nothing is invented."""
    try:
        times = list(_times(calendar, book, norm, day))
    except (NoWorkingTimeError, UnknownYearError):
        return []
    return [Opening(book=book, norm=norm, begin=begin, end=end) for begin, end in times]


def _times(calendar: Calendar, book: Book, norm: Norm, day: date) -> Iterator[tuple[datetime, datetime]]:
    for window in norm.windows:
        if (times := calendar.window(day, window.opens, window.closes)) is not None:
            yield times
    if norm.windows or norm.rhythm is None:
        return
    first, following = period(norm.rhythm, day, since=book.in_force_from.year)
    if first != day:
        return
    days = (first + timedelta(days=n) for n in range((following - first).days))
    if norm.rhythm.period != "working_day" or any(calendar.is_working_day(one) for one in days):
        yield calendar.midnight(first), calendar.midnight(following)


def _next_open(law: Law, facts: Facts, after: datetime) -> datetime:
    """Return when the next window or period opens, or the horizon when none does before it."""
    horizon = after + timedelta(days=HORIZON)
    return next((one.begin for one in openings(law, facts, after, horizon)), horizon)


def _open(law: Law, state: State, opening: Opening) -> None:
    found = bearers.of_period(state, opening.norm, opening.begin, opening.end)
    parameter = reckoning.decision(law, state.facts, opening.book, opening.norm, opening.begin)
    for _, bearer in sorted(found.items()):
        state.add(_duty(law, state, opening, bearer, parameter))


def _duty(law: Law, state: State, opening: Opening, bearer: Bearer, parameter: str) -> Obligation:
    book, norm, begin = opening.book, opening.norm, opening.begin
    made = Obligation(
        handle=handles.derive(state.agency, book.id, norm.id, bearer.key, begin.isoformat()),
        book=book.id,
        version=book.version,
        norm=norm.id,
        bearer=bearer.key,
        person=bearer.person,
        membership=bearer.membership,
        unit=bearer.unit,
        box=bearer.box,
        trigger="",
        subject="",
        opened_at=begin,
        due_at=opening.end,
        counted_from=begin,
        computed_at=begin,
        period_to=opening.end,
        is_window=bool(norm.windows),
        parameter=parameter,
        fulfil_key=period_key(book.id, norm.id, bearer.key, begin),
    )
    made.due_at = reckoning.reckon(law, state.facts, made).due_at
    return made


def rebind(state: State, duty: Obligation, *, closes: datetime, entry: str) -> None:
    """Let a person's other post carry a window's duty, or annul it when none covers the window."""
    if duty.bearer != duty.person:  # a mailbox, unit or agency owes it, whoever answers for it
        return
    held = state.facts.members.values()
    others = [one for one in held if one.person == duty.person and one.covers(duty.opened_at, closes)]
    if not others:
        state.annul(duty, entry, duty.opened_at)
        return
    chosen = min(others, key=lambda one: (one.since, one.membership))
    duty.membership, duty.unit = chosen.membership, chosen.unit
    state.touched[duty.handle] = None

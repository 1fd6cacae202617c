"""Daily windows: who owes a check in which window, made when the window opens."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from congvu.base import handles
from congvu.rules.book import Book, Norm
from congvu.rules.facts import Facts
from congvu.rules.law import Law, window_key
from congvu.rules.state import Obligation, State

HORIZON = 40  # days looked ahead for the next window; longer than any run of days off


def advance(law: Law, state: State, at: datetime) -> None:
    """Move `as_of` to an instant, opening the windows on the way; it never goes back."""
    if state.as_of is not None and at <= state.as_of:
        return
    begun = state.as_of
    state.as_of = at
    if begun is None:
        return
    if state.next_open is None:
        state.next_open = _next_open(law, state.facts, begun)
    while state.next_open <= at:
        for book, norm, begin, end in _opening(law, state.facts, state.next_open):
            _open(state, book, norm, begin, end)
        state.next_open = _next_open(law, state.facts, state.next_open)


def window_times(
    law: Law, facts: Facts, after: datetime, until: datetime
) -> Iterator[tuple[Book, Norm, datetime, datetime]]:
    """Yield the windows that begin in (after, until], in order of their beginning."""
    calendar = facts.calendar(law.calendar)
    day, last = calendar.day_of(after), calendar.day_of(until)
    normed = [pair for pair in law.windowed() if pair[0].id in facts.adopted]
    while day <= last and normed:
        found = []
        for book, norm in normed:
            if book.is_in_force(day):
                for window in norm.windows:
                    times = calendar.window(day, window.opens, window.closes)
                    if times and after < times[0] <= until and facts.binds(book.id, times[0], day):
                        found.append((times[0], book.id, norm.id, book, norm, times[1]))
        for begin, _, _, book, norm, end in sorted(found, key=lambda one: one[:3]):
            yield book, norm, begin, end
        day += timedelta(days=1)


def _next_open(law: Law, facts: Facts, after: datetime) -> datetime:
    """Return when the next window opens, or the horizon when none does before it."""
    horizon = after + timedelta(days=HORIZON)
    return next((begin for _, _, begin, _ in window_times(law, facts, after, horizon)), horizon)


def _opening(law: Law, facts: Facts, at: datetime) -> Iterator[tuple[Book, Norm, datetime, datetime]]:
    return window_times(law, facts, at - timedelta(microseconds=1), at)


def _open(state: State, book: Book, norm: Norm, begin: datetime, end: datetime) -> None:
    bearers: dict[str, Obligation] = {}
    if "official" in norm.bearer:
        bearers.update(_officials(state, begin, end, book, norm))
    if "agency_mailbox" in norm.bearer:
        bearers.update(_mailboxes(state, begin, end, book, norm))
    for _, duty in sorted(bearers.items()):
        state.add(duty)


def _officials(
    state: State, begin: datetime, end: datetime, book: Book, norm: Norm
) -> Iterator[tuple[str, Obligation]]:
    """Yield a duty for each person who holds a post and a mailbox for the whole window."""
    boxes = {
        one.person
        for one in state.facts.mailboxes.values()
        if one.box == "personal" and one.covers(begin, end)
    }
    holding = [one for one in state.facts.members.values() if one.covers(begin, end) and one.person in boxes]
    for one in sorted(holding, key=lambda one: (one.since, one.membership), reverse=True):
        duty = _duty(state, book, norm, one.person, begin, end)
        duty.person, duty.membership, duty.unit = one.person, one.membership, one.unit
        yield one.person, duty


def _mailboxes(
    state: State, begin: datetime, end: datetime, book: Book, norm: Norm
) -> Iterator[tuple[str, Obligation]]:
    """Yield a duty for each mailbox of a unit or the agency; the clerk's post answers."""
    for one in state.facts.mailboxes.values():
        if one.box in {"unit", "agency"} and one.covers(begin, end):
            clerk = state.facts.nearest(one.unit, begin, clerk=True)
            duty = _duty(state, book, norm, one.mailbox, begin, end)
            duty.box, duty.unit = one.mailbox, one.unit or (clerk.unit if clerk else "")
            if clerk:
                duty.person, duty.membership = clerk.person, clerk.membership
            yield one.mailbox, duty


def _duty(state: State, book: Book, norm: Norm, bearer: str, begin: datetime, end: datetime) -> Obligation:
    return Obligation(
        handle=handles.derive(state.agency, book.id, norm.id, bearer, begin.isoformat()),
        book=book.id,
        version=book.version,
        norm=norm.id,
        bearer=bearer,
        person="",
        membership="",
        unit="",
        box="",
        trigger="",
        subject="",
        opened_at=begin,
        due_at=end,
        computed_at=begin,
        is_window=True,
        fulfil_key=window_key(book.id, norm.id, bearer, begin),
    )


def rebind(state: State, duty: Obligation, *, closes: datetime, entry: str) -> None:
    """Let a person's other post carry a window's duty, or annul it when none covers the window."""
    if duty.box:  # the mailbox owes it, whoever its clerk is
        return
    held = state.facts.members.values()
    others = [one for one in held if one.person == duty.person and one.covers(duty.opened_at, closes)]
    if not others:
        state.annul(duty, entry, duty.opened_at)
        return
    chosen = min(others, key=lambda one: (one.since, one.membership))
    duty.membership, duty.unit = chosen.membership, chosen.unit
    state.touched[duty.handle] = None

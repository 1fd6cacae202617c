"""Entries that settle the facts: books, parameters, days, units, posts, leave and addresses."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from congvu.rules import reckoning, vocabulary, windows
from congvu.rules.absence import Leave, Return
from congvu.rules.facts import Adopted, DayChanged, Decided, Evidence, Mailbox, Member
from congvu.rules.law import Law
from congvu.rules.state import Obligation, State

Settler = Callable[[Law, State, Evidence], None]


def _adopt(law: Law, state: State, entry: Evidence) -> None:
    book = str(entry.attributes["book"])
    known = state.facts.adopted.get(book)
    made = Adopted(book=book, at=entry.at, valid_from=_day(law, entry, "valid_from"), entry=entry.id)
    if known is None or (made.at, made.entry) < (known.at, known.entry):
        state.facts.adopted[book] = made
        _settled(state)


def _decide(law: Law, state: State, entry: Evidence) -> None:
    state.facts.decided[entry.id] = Decided(
        book=str(entry.attributes["book"]),
        parameter=str(entry.attributes["parameter"]),
        value=int(entry.attributes["value"]),
        unit=str(entry.attributes["unit"]),
        at=entry.at,
        valid_from=_day(law, entry, "valid_from"),
        entry=entry.id,
    )
    _settled(state)


def _change_day(law: Law, state: State, entry: Evidence) -> None:
    """Close or open a day; closing it frees its windows, and moves deadlines that counted its hours."""
    changed = DayChanged(
        day=_day(law, entry, "day"),
        is_closed=entry.attributes.get("closed") is not False,
        at=entry.at,
        entry=entry.id,
    )
    if entry.id in state.facts.days:
        return
    state.facts.days[entry.id] = changed
    _settled(state)
    for duty in list(state.obligations.values()):
        if changed.is_closed and _is_owed_on(law, duty, changed.day):
            state.annul(duty, entry.id, duty.opened_at)
        if not duty.is_window:
            reckoning.later(law, state, duty)


def _is_owed_on(law: Law, duty: Obligation, day: date) -> bool:
    """Say whether something is owed because this one day is worked; a share is counted of whatever happened on it."""
    norm = law.norms.get((duty.book, duty.version, duty.norm))
    if norm is None or norm.rhythm is None or norm.cap is not None or duty.period_to is None:
        return False
    if norm.rhythm.period != "working_day":
        return False
    midnight = law.calendar.midnight(day + timedelta(days=1))
    return law.calendar.day_of(duty.opened_at) == day and duty.period_to <= midnight


def _open_unit(law: Law, state: State, entry: Evidence) -> None:
    unit = entry.disclosures.get("unit")
    if unit and law:
        state.facts.units[unit] = entry.disclosures.get("parent") or ""
        state.changes += 1


def _appoint(law: Law, state: State, entry: Evidence) -> None:
    membership, person = entry.disclosures.get("membership"), entry.disclosures.get("person")
    if not membership or not person:
        return
    begins = _legal(law, entry, "valid_from")
    known = state.facts.members.get(membership)
    until = _legal(law, entry, "valid_to") or (known.until if known else None)
    made = Member(
        membership=membership,
        person=person,
        post=entry.disclosures.get("post") or "",
        unit=entry.disclosures.get("unit") or "",
        head=entry.attributes.get("head") is True,
        clerk=entry.attributes.get("clerk") is True,
        deputy=entry.attributes.get("deputy") is True,
        since=max(begins, entry.at) if begins else entry.at,
        until=until,
    )
    state.facts.put_member(made)
    state.changes += 1


def _end_appointment(law: Law, state: State, entry: Evidence) -> None:
    membership = entry.disclosures.get("membership")
    known = state.facts.members.get(membership or "")
    if membership is None or known is None:
        return
    until = _legal(law, entry, "valid_to") or entry.at
    state.facts.put_member(replace(known, until=until))
    state.changes += 1
    for duty in list(state.obligations.values()):
        if duty.membership == membership and duty.period_to and duty.period_to > until:
            windows.rebind(state, duty, closes=duty.period_to, entry=entry.id)


def _grant_leave(law: Law, state: State, entry: Evidence) -> None:
    """Take leave; recorded afterwards it frees what was owed in it, and moves terms that counted its hours."""
    leave, person = entry.disclosures.get("leave"), entry.disclosures.get("person")
    since, until = _legal(law, entry, "valid_from"), _legal(law, entry, "valid_to")
    if not leave or not person or since is None or until is None or leave in state.facts.leaves:
        return
    acting = entry.disclosures.get("acting") or ""
    made = Leave(
        leave=leave, person=person, acting=acting, since=since, until=until, at=entry.at, entry=entry.id
    )
    state.facts.put_leave(made)
    state.changes += 1
    for duty in list(state.obligations.values()):
        if duty.person != person or duty.bearer != person:
            continue
        if duty.period_to and made.covers(duty.opened_at, duty.period_to):
            state.annul(duty, entry.id, duty.opened_at)
        if not duty.is_window:
            reckoning.later(law, state, duty)


def _end_leave(law: Law, state: State, entry: Evidence) -> None:
    """Shorten leave: for what begins from now on, and, recorded late, for what has begun since."""
    known = state.facts.leaves.get(entry.disclosures.get("leave") or "")
    until = _legal(law, entry, "valid_to")
    if known and until and all(one.entry != entry.id for one in known.returns):
        back = Return(until=until, at=entry.at, entry=entry.id)
        state.facts.put_leave(replace(known, returns=(*known.returns, back)))
        state.changes += 1
        for duty in list(state.obligations.values()):
            if duty.person == duty.bearer == known.person and not duty.is_window:
                reckoning.later(law, state, duty)


def _charge_post(law: Law, state: State, entry: Evidence) -> None:
    post = entry.disclosures.get("post")
    head, clerk, deputy = (entry.attributes.get(name) is True for name in ("head", "clerk", "deputy"))
    for one in list(state.facts.members.values()):
        if law and post and one.post == post:
            state.facts.put_member(replace(one, head=head, clerk=clerk, deputy=deputy))
            state.changes += 1


def _give_address(law: Law, state: State, entry: Evidence) -> None:
    mailbox = entry.disclosures.get("address") or entry.disclosures.get("mailbox")
    if mailbox and law:
        state.facts.put_mailbox(
            Mailbox(
                mailbox=mailbox,
                box=str(entry.attributes.get("box", "personal")),
                person=entry.disclosures.get("person") or "",
                unit=entry.disclosures.get("unit") or "",
                given_at=entry.at,
            )
        )
        state.changes += 1


def _withdraw_address(law: Law, state: State, entry: Evidence) -> None:
    mailbox = entry.disclosures.get("address") or entry.disclosures.get("mailbox")
    known = state.facts.mailboxes.get(mailbox or "")
    if mailbox and known and law:
        state.facts.put_mailbox(replace(known, withdrawn_at=entry.at))
        state.changes += 1


def _open_intake(law: Law, state: State, entry: Evidence) -> None:
    """Let nothing be owed as mail in a mailbox any more: its letters become petitions, with terms of their own."""
    known = state.facts.mailboxes.get(entry.disclosures.get("address") or "")
    if known and law:
        state.facts.put_mailbox(replace(known, withdrawn_at=entry.at, intake_at=entry.at))
        state.changes += 1


def _settled(state: State) -> None:
    state.changes += 1
    state.next_open = None
    state.facts.forget_calendar()


def _day(law: Law, entry: Evidence, name: str) -> date:
    text = entry.attributes.get(name)
    return date.fromisoformat(str(text)) if text else law.calendar.day_of(entry.at)


def _legal(law: Law, entry: Evidence, name: str) -> datetime | None:
    text = entry.disclosures.get(name)
    return law.calendar.midnight(date.fromisoformat(text)) if text else None


SETTLERS: Mapping[str, Settler] = {
    vocabulary.ADOPTED: _adopt,
    vocabulary.DECIDED: _decide,
    vocabulary.DAY_CLOSED: _change_day,
    vocabulary.UNIT_OPENED: _open_unit,
    vocabulary.UNIT_MOVED: _open_unit,
    vocabulary.POST_CHARGED: _charge_post,
    vocabulary.APPOINTED: _appoint,
    vocabulary.APPOINTMENT_ENDED: _end_appointment,
    vocabulary.LEAVE_GRANTED: _grant_leave,
    vocabulary.LEAVE_ENDED: _end_leave,
    vocabulary.ADDRESS_GIVEN: _give_address,
    vocabulary.ADDRESS_WITHDRAWN: _withdraw_address,
    vocabulary.INTAKE_OPENED: _open_intake,
}

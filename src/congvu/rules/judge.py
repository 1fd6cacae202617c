"""The judge: a pure function (state, entries) -> state. The same entries in any batches give the same state.

Every act's entry advances `as_of`, which never goes back; ticks do it when nothing else happens. The ledger's own
entries do not: they bear the sequencer's time. Books, parameters,
days and holdings count as known when an entry comes; what fulfils or cancels may come before or after its duty.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from congvu.base import handles
from congvu.rules import settlement, vocabulary, windows
from congvu.rules.book import Norm
from congvu.rules.facts import Evidence, Member
from congvu.rules.law import Law, Rule, due, legal_start, window_key
from congvu.rules.state import Obligation, Occurrence, State

UNTRACEABLE = "untraceable"
OWN = "ledger."
SUBJECTS = (
    "message",
    "report",
    "address",
    "membership",
)  # what set a duty off, by the first that is disclosed


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Who owes: a person by a membership, or a mailbox with the clerk who answers for it, or the agency."""

    key: str
    person: str = ""
    membership: str = ""
    unit: str = ""
    box: str = ""


def judge(law: Law, state: State, entries: Sequence[Evidence]) -> State:
    """Take entries, in order, into the state and return it. The law is the agency's books and calendar."""
    for entry in entries:
        if entry.kind.startswith(OWN):
            continue
        windows.advance(law, state, entry.at)
        if entry.kind in settlement.SETTLERS:
            settlement.SETTLERS[entry.kind](law, state, entry)
        _trigger(law, state, entry)
        _fulfil(law, state, entry)
        _cancel(law, state, entry)
        _count(law, state, entry)
        _decide(state, entry)
    return state


def keys_of(law: Law, state: State, entry: Evidence) -> Iterator[str]:
    """Yield the keys of every duty that an entry can make, fulfil or cancel, so that a reader can fetch them."""
    for rule in law.listening("when", entry.kind, entry.attributes):
        yield from _keys(rule, entry)
    for rule in law.listening("fulfil", entry.kind, entry.attributes):
        yield rule.key("fulfil", entry.disclosures, rule.condition.same)
        yield from _window_keys(law, state, rule, entry)
    for rule in law.listening("cancel", entry.kind, entry.attributes):
        yield rule.key("cancel", entry.disclosures, rule.condition.same)


def _keys(rule: Rule, entry: Evidence) -> tuple[str, str]:
    fulfil, cancel = rule.norm.fulfil, rule.norm.cancel
    return (
        rule.key("fulfil", entry.disclosures, fulfil.same if fulfil else ()),
        rule.key("cancel", entry.disclosures, cancel.same if cancel else ()),
    )


def _binding(law: Law, state: State, rule: Rule, entry: Evidence) -> bool:
    day = law.calendar.day_of(entry.at)
    return rule.book.is_in_force(day) and state.facts.binds(rule.book.id, entry.at, day)


def _trigger(law: Law, state: State, entry: Evidence) -> None:
    for role in ("when", "report"):
        for rule in law.listening(role, entry.kind, entry.attributes):
            if not _binding(law, state, rule, entry):
                continue
            if rule.norm.unless and _holds_address(state, entry):
                continue
            bearer = _bearer(state, rule.norm, entry)
            if bearer is not None and (role == "report" or _keys(rule, entry)[0]):
                state.add(_obligation(law, state, rule, entry, bearer))
            elif entry.destroyed:
                _occur(state, rule, entry, UNTRACEABLE)


def _obligation(law: Law, state: State, rule: Rule, entry: Evidence, bearer: Bearer) -> Obligation:
    fulfil, cancel = _keys(rule, entry)
    due_at, parameter = (entry.at, "") if rule.norm.report else _due(law, state, rule, entry)
    return Obligation(
        handle=handles.derive(state.agency, rule.book.id, rule.norm.id, bearer.key, entry.id),
        book=rule.book.id,
        version=rule.book.version,
        norm=rule.norm.id,
        bearer=bearer.key,
        person=bearer.person,
        membership=bearer.membership,
        unit=bearer.unit,
        box=bearer.box,
        trigger=entry.id,
        subject=next((found for name in SUBJECTS if (found := entry.disclosures.get(name))), ""),
        opened_at=entry.at,
        due_at=due_at,
        computed_at=entry.at,
        is_reported=rule.norm.report is not None,
        parameter=parameter,
        fulfil_key=fulfil,
        cancel_key=cancel,
    )


def _due(law: Law, state: State, rule: Rule, entry: Evidence) -> tuple[datetime | None, str]:
    """Return the due time and the decision used; no due time while the agency has not decided."""
    deadline = rule.norm.deadline
    if deadline is None:
        return None, ""
    calendar = state.facts.calendar(law.calendar)
    start = legal_start(deadline, at=entry.at, disclosures=entry.disclosures, calendar=calendar)
    if not deadline.parameter:
        return due(deadline, start=start, amount=deadline.amount, unit=deadline.unit, calendar=calendar), ""
    bounds = rule.book.parameters[deadline.parameter]
    decided = state.facts.decision(rule.book.id, bounds.name, entry.at, law.calendar.day_of(entry.at))
    if (
        decided is None
        or decided.unit != bounds.unit
        or not bounds.at_least <= decided.value <= bounds.at_most
    ):
        return None, ""
    at = due(deadline, start=start, amount=decided.value, unit=bounds.unit, calendar=calendar)
    return at, decided.entry


def _holds_address(state: State, entry: Evidence) -> bool:
    return state.facts.has_address(entry.disclosures.get("person") or "", entry.at)


def _bearer(state: State, norm: Norm, entry: Evidence) -> Bearer | None:
    """Return who owes, None when the evidence no longer tells."""
    for kind in norm.bearer:
        if kind == "recipient":
            return _recipient(state, entry)
        if kind in {"agency", "mail_administrator"}:
            return Bearer(key=state.agency, unit=entry.disclosures.get("unit") or "")
        if kind == "head_of_unit":
            return _head(state, entry)
        if kind in {"reported", "sender"}:
            return _person(state, entry) or _head(state, entry)
    return None


def _recipient(state: State, entry: Evidence) -> Bearer | None:
    person = entry.disclosures.get("recipient")
    if person:
        return _of_person(state, person, entry)
    box = state.facts.box_of(entry)
    if not box:
        return None
    known = state.facts.mailboxes.get(box)
    unit = entry.disclosures.get("unit") or (known.unit if known else "")
    clerk = state.facts.nearest(unit, entry.at, clerk=True)
    return replace(_holder(clerk), key=box, box=box, unit=unit or (clerk.unit if clerk else ""))


def _person(state: State, entry: Evidence) -> Bearer | None:
    person = entry.disclosures.get("person")
    return _of_person(state, person, entry) if person else None


def _of_person(state: State, person: str, entry: Evidence) -> Bearer:
    held = state.facts.posts_of(person, entry.at)
    chosen = _holder(held[0] if held else None)
    return replace(chosen, key=person, person=person, unit=chosen.unit or entry.disclosures.get("unit") or "")


def _head(state: State, entry: Evidence) -> Bearer | None:
    unit = entry.disclosures.get("unit")
    if not unit:
        person = entry.disclosures.get("person")
        held = state.facts.posts_of(person, entry.at) if person else []
        unit = held[0].unit if held else ""
    if not unit:
        return None
    return replace(_holder(state.facts.nearest(unit, entry.at, head=True)), key=unit, unit=unit)


def _holder(member: Member | None) -> Bearer:
    if member is None:
        return Bearer(key="")
    return Bearer(key=member.person, person=member.person, membership=member.membership, unit=member.unit)


def _fulfil(law: Law, state: State, entry: Evidence) -> None:
    for rule in law.listening("fulfil", entry.kind, entry.attributes):
        key = rule.key("fulfil", entry.disclosures, rule.condition.same)
        duties = state.held(key) if key else []
        for duty in duties:
            state.fulfil(duty, entry.id, entry.at)
        if key and not duties:
            state.wait(key, entry.id, entry.at)
        for one in _window_keys(law, state, rule, entry):
            for duty in state.held(one):
                state.fulfil(duty, entry.id, entry.at)


def _window_keys(law: Law, state: State, rule: Rule, entry: Evidence) -> Iterator[str]:
    """Yield the key of the window in which a check lies: of the person in a personal box, else of the box."""
    if not rule.norm.windows:
        return
    is_own = entry.attributes.get("box") == "personal"
    bearer = entry.disclosures.get("actor") if is_own else state.facts.box_of(entry)
    day = law.calendar.day_of(entry.at)
    for window in rule.norm.windows:
        opens = law.calendar.instant(day, window.opens)
        if bearer and opens <= entry.at < law.calendar.instant(day, window.closes):
            yield window_key(rule.book.id, rule.norm.id, bearer, opens)


def _cancel(law: Law, state: State, entry: Evidence) -> None:
    for rule in law.listening("cancel", entry.kind, entry.attributes):
        key = rule.key("cancel", entry.disclosures, rule.condition.same)
        if not key:
            continue
        duties = state.held(key)
        for duty in duties:
            state.annul(duty, entry.id, entry.at)
        # A recall also meets recipients whose delivery is recorded after it.
        state.wait(key, entry.id, entry.at)


def _count(law: Law, state: State, entry: Evidence) -> None:
    for rule in law.listening("count", entry.kind, entry.attributes):
        if _binding(law, state, rule, entry):
            named = rule.condition.tests[0].attribute if rule.condition.tests else ""
            _occur(state, rule, entry, str(entry.attributes.get(named, "")))


def _occur(state: State, rule: Rule, entry: Evidence, value: str) -> None:
    state.count(Occurrence(book=rule.book.id, norm=rule.norm.id, entry=entry.id, at=entry.at, value=value))


def _decide(state: State, entry: Evidence) -> None:
    """Write what people decided about a finding on its duty; of each kind the latest decision stands."""
    if entry.kind not in {vocabulary.EXCUSED, vocabulary.CONFIRMED}:
        return
    duty = state.obligations.get(entry.disclosures.get("obligation") or "")
    if duty is None:
        return
    made = (entry.at, entry.id)
    if entry.kind == vocabulary.EXCUSED:
        if duty.excused_at is None or made > (duty.excused_at, duty.excused_by):
            duty.excused_at, duty.excused_by = made
            state.touched[duty.handle] = None
    elif duty.confirmed_at is None or made > (duty.confirmed_at, duty.confirmed_by):
        duty.confirmed_at, duty.confirmed_by = made
        state.touched[duty.handle] = None

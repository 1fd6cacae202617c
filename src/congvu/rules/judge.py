"""The judge: a pure function (state, entries) -> state. The same entries in any batches give the same state.

Every act's entry advances `as_of`, which never goes back; ticks do it when nothing else happens. The ledger's own
entries do not: they bear the sequencer's time. Books, parameters, days and holdings count as known when an entry comes;
what fulfils, cancels, suspends, extends or compensates may come before or after its duty.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from congvu.base import handles
from congvu.rules import bearers, caps, force, precedence, reckoning, settlement, vocabulary, windows
from congvu.rules.bearers import Bearer
from congvu.rules.facts import Evidence
from congvu.rules.law import PLACES, TRIGGERS, Law, Rule, period_key
from congvu.rules.rhythm import period
from congvu.rules.state import KEYS, Bound, Obligation, Occurrence, State, Step, Turn

UNTRACEABLE = "untraceable"
NEVER = datetime.max.replace(tzinfo=UTC)
OWN = "ledger."
SUBJECTS = (
    "message",
    "report",
    "address",
    "membership",
)  # what set a duty off, by the first that is disclosed
Hearer = Callable[[Law, State, str, list[Rule], Evidence], None]
TURNS: dict[str, Turn] = {
    "suspend": "suspended",
    "resume": "resumed",
    "extend": "extended",
    "compensate": "compensated",
}


class SettlesFactsError(Exception):
    """What settles facts (books, parameters, days, posts, leave) cannot be supposed; the argument is its kind."""


def judge(law: Law, state: State, entries: Sequence[Evidence]) -> State:
    """Take entries, in order, into the state and return it. The law is the agency's books and calendar."""
    for entry in entries:
        if entry.kind.startswith(OWN):
            continue
        windows.advance(law, state, entry.at)
        if entry.kind in settlement.SETTLERS:
            settlement.SETTLERS[entry.kind](law, state, entry)
        for role, rules in law.met(entry.kind, entry.attributes):
            HEARERS[role](law, state, role, rules, entry)
        if entry.kind in vocabulary.DECISIONS:
            _decide(state, entry)
    return state


def foresee(law: Law, state: State, entries: Sequence[Evidence]) -> tuple[Obligation, ...]:
    """Return the duties in hand after entries that are only supposed, by due time; facts stay as they are.

    No daily window opens on the way. Raises SettlesFactsError.
    """
    for entry in entries:
        if entry.kind in settlement.SETTLERS:
            raise SettlesFactsError(entry.kind)
    state.as_of = max((entry.at for entry in entries), default=None)
    judge(law, state, entries)
    return tuple(sorted(state.obligations.values(), key=_order))


def _order(duty: Obligation) -> tuple[datetime, datetime, str, str, str]:
    return duty.due_at or NEVER, duty.opened_at, duty.book, duty.norm, duty.bearer


def keys_of(law: Law, state: State, entry: Evidence) -> Iterator[tuple[str, str]]:
    """Yield role and key of every duty that an entry can make or touch, so that a reader can fetch them."""
    for role, rules in law.met(entry.kind, entry.attributes):
        for rule in rules:
            if role in TRIGGERS:
                yield from _keys(law, rule, entry).items()
            elif role in caps.ROLES:
                yield from caps.keys(law, state, rule, entry)
            elif rule.norm.rhythm is not None:
                yield from (("fulfil", key) for key in _period_keys(law, state, rule, entry))
            elif role in KEYS:
                yield role, rule.key(entry.disclosures)


def _keys(law: Law, rule: Rule, entry: Evidence) -> dict[str, str]:
    """Return the keys, by role, by which evidence will find the duty that an entry sets off."""
    listening = law.keyed[rule.book.id, rule.book.version, rule.norm.id]
    return {role: key for role, one in listening if (key := one.key(entry.disclosures))}


def _binding(law: Law, state: State, rule: Rule, entry: Evidence) -> bool:
    day = law.calendar.day_of(entry.at)
    return rule.book.is_in_force(day) and force.binding(law, state.facts, rule.book, rule.norm, entry.at, day)


def _trigger(law: Law, state: State, role: str, rules: list[Rule], entry: Evidence) -> None:
    for rule in _bound(law, state, rules, entry):
        if not _bear(law, state, role, rule, entry) and entry.destroyed:
            _occur(state, rule, entry, UNTRACEABLE)


def _bound(law: Law, state: State, rules: list[Rule], entry: Evidence) -> list[Rule]:
    """Return which of the rules that an event meets bind and prevail; of a destroyed one all that bind.

    That is the same for every event of a day until facts change, so it is remembered, but for what is recorded late.
    """
    if entry.destroyed:
        return [rule for rule in rules if _binding(law, state, rule, entry)]
    day, known = law.calendar.day_of(entry.at), state.bound.get(id(rules))
    if known and (known.day, known.changes) == (day, state.changes) and known.since <= entry.at:
        return known.found
    found = precedence.prevailing(law, [rule for rule in rules if _binding(law, state, rule, entry)])
    since = max((one.at for one in state.facts.adopted.values()), default=entry.at)
    if since <= entry.at:
        if len(state.bound) >= PLACES:
            state.bound.clear()
        state.bound[id(rules)] = Bound(rules, day, since, state.changes, found)
    return found


def _bear(law: Law, state: State, role: str, rule: Rule, entry: Evidence) -> bool:
    """Let an entry set off a duty; say whether that is settled, because it did or because nothing is owed."""
    if rule.norm.unless and _holds_address(state, entry):
        return True
    bearer = bearers.of_event(state, rule.norm, entry)
    keys = _keys(law, rule, entry)
    if bearer is None or not (role == "report" or keys.get("fulfil")):
        return False
    duty = _obligation(state, rule, entry, bearer, keys)
    if role == "report":
        duty.is_reported, duty.due_at = True, entry.at
    else:
        _reckon(law, state, duty, rule, entry)
    if state.add(duty):
        turned = [(TURNS[name], key) for name, key in keys.items() if name in TURNS]
        steps = [Step(at, turn, name) for turn, key in turned for name, at in state.came(key)]
        reckoning.take(law, state, duty, steps)
    return True


def _obligation(
    state: State, rule: Rule, entry: Evidence, bearer: Bearer, keys: dict[str, str]
) -> Obligation:
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
        subject=_subject(entry.disclosures),
        opened_at=entry.at,
        due_at=None,
        counted_from=entry.at,
        computed_at=entry.at,
        fulfil_key=keys.get("fulfil", ""),
        cancel_key=keys.get("cancel", ""),
        suspend_key=keys.get("suspend", ""),
        resume_key=keys.get("resume", ""),
        extend_key=keys.get("extend", ""),
        compensate_key=keys.get("compensate", ""),
    )


def _subject(disclosures: Mapping[str, str | None]) -> str:
    for name in SUBJECTS:
        if found := disclosures.get(name):
            return found
    return ""


def _reckon(law: Law, state: State, duty: Obligation, rule: Rule, entry: Evidence) -> None:
    """Give a new duty its time: from when it is counted, by which decision, until when."""
    deadline = rule.norm.deadline
    if deadline is None:
        return
    duty.parameter = reckoning.decision(law, state.facts, rule.book, rule.norm, entry.at)
    duty.counted_from = reckoning.start(law, deadline, entry)
    duty.due_at = reckoning.reckon(law, state.facts, duty).due_at
    duty.computed_at = reckoning.known_at(law, state.facts, duty)


def _holds_address(state: State, entry: Evidence) -> bool:
    return state.facts.has_address(entry.disclosures.get("person") or "", entry.at)


def _fulfil(law: Law, state: State, role: str, rules: list[Rule], entry: Evidence) -> None:
    del role
    for rule in rules:
        if rule.norm.rhythm is not None:
            for key in _period_keys(law, state, rule, entry):
                for duty in state.held(key):
                    _meet(state, rule.norm.rhythm.times, duty, entry)
            continue
        key = rule.key(entry.disclosures)
        duties = state.held(key) if key else []
        for duty in duties:
            state.fulfil(duty, entry.id, entry.at)
        if key and not duties:
            state.wait(key, entry.id, entry.at)


def _meet(state: State, times: int, duty: Obligation, entry: Evidence) -> None:
    """Fulfil a periodic duty by one of so many: it is fulfilled by the last of the earliest ones."""
    if times == 1:
        state.fulfil(duty, entry.id, entry.at)
    elif duty.took(Step(entry.at, "met", entry.id)):
        met = [step for step in duty.steps() if step.turn == "met"]
        if len(met) >= times:
            duty.drop(met[times:])
            duty.fulfilled_at, duty.fulfilled_by = met[times - 1].at, met[times - 1].entry
        state.touched[duty.handle] = None


def _period_keys(law: Law, state: State, rule: Rule, entry: Evidence) -> Iterator[str]:
    """Yield the keys of the windows or the period in which evidence lies, for each to whom it may belong."""
    norm, book = rule.norm, rule.book
    if norm.windows:
        yield from _window_keys(law, state, rule, entry)
    elif norm.rhythm is not None:
        first, _ = period(norm.rhythm, law.calendar.day_of(entry.at), since=book.in_force_from.year)
        if book.is_in_force(first):
            opens = law.calendar.midnight(first)
            for bearer in bearers.told(state, norm, rule.condition.same, entry):
                yield period_key(book.id, norm.id, bearer, opens)


def _window_keys(law: Law, state: State, rule: Rule, entry: Evidence) -> Iterator[str]:
    """Yield the key of the window in which a check lies: of the person in a personal box, else of the box."""
    day = law.calendar.day_of(entry.at)
    if not rule.book.is_in_force(day):
        return
    is_own = entry.attributes.get("box") == "personal"
    bearer = entry.disclosures.get("actor") if is_own else state.facts.box_of(entry)
    for window in rule.norm.windows:
        opens = law.calendar.instant(day, window.opens)
        if bearer and opens <= entry.at < law.calendar.instant(day, window.closes):
            yield period_key(rule.book.id, rule.norm.id, bearer, opens)


def _cancel(law: Law, state: State, role: str, rules: list[Rule], entry: Evidence) -> None:
    del law, role
    for rule in rules:
        key = rule.key(entry.disclosures)
        if not key:
            continue
        for duty in state.held(key):
            state.annul(duty, entry.id, entry.at)
        # A recall also meets recipients whose delivery is recorded after it.
        state.wait(key, entry.id, entry.at)


def _turn(law: Law, state: State, role: str, rules: list[Rule], entry: Evidence) -> None:
    """Suspend, resume, extend or compensate the duties of a matter, those too that are recorded later."""
    for rule in rules:
        key = rule.key(entry.disclosures)
        for duty in state.held(key) if key else ():
            reckoning.take(law, state, duty, [Step(entry.at, TURNS[role], entry.id)])
        if key:
            state.wait(key, entry.id, entry.at)


def _share(law: Law, state: State, role: str, rules: list[Rule], entry: Evidence) -> None:
    for rule in rules:
        caps.take(law, state, role, rule, entry)


def _count(law: Law, state: State, role: str, rules: list[Rule], entry: Evidence) -> None:
    del role
    for rule in rules:
        if _binding(law, state, rule, entry):
            named = rule.condition.tests[0].attribute if rule.condition.tests else ""
            _occur(state, rule, entry, str(entry.attributes.get(named, "")))


def _occur(state: State, rule: Rule, entry: Evidence, value: str) -> None:
    state.count(Occurrence(book=rule.book.id, norm=rule.norm.id, entry=entry.id, at=entry.at, value=value))


def _decide(state: State, entry: Evidence) -> None:
    """Write what people decided about a finding on its duty; of each kind the latest decision stands."""
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


HEARERS: Mapping[str, Hearer] = {
    **dict.fromkeys(TRIGGERS, _trigger),
    "fulfil": _fulfil,
    "cancel": _cancel,
    **dict.fromkeys(TURNS, _turn),
    **dict.fromkeys(caps.ROLES, _share),
    "count": _count,
}

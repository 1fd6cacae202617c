"""The judge against a naive reading of the same events, in any order, batch and repetition."""

import copy
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from congvu.rules.duties import status
from congvu.rules.judge import judge
from congvu.rules.state import State
from tests.rules.worlds import CALENDAR, LAW, ZONE, Story, at, judged, office, outcome

MONDAY = at("2026-03-02 00:00")
PEOPLE = ("an", "binh")
MINUTES = st.integers(0, 3 * 24 * 60 - 1)
LETTERS = ["deliver", "acknowledge", "recall", "check"]


def drawn_of(kinds: list[str]) -> st.SearchStrategy:
    one = st.tuples(
        st.sampled_from(kinds), MINUTES, st.sampled_from(["letter", "memo", "note"]), st.sampled_from(PEOPLE)
    )
    return st.lists(one, max_size=25)


EVENTS = drawn_of(LETTERS)
LIVED = drawn_of([*LETTERS, "close", "away", "back"])


def events(drawn) -> list:
    story = Story()
    delivered = set()
    for kind, minute, message, person in drawn:
        moment = MONDAY + timedelta(minutes=minute)
        if kind == "deliver" and (message, person) not in delivered:
            delivered.add((message, person))
            story.deliver(moment, message, person)
        elif kind == "acknowledge":
            story.acknowledge(moment, message, person)
        elif kind == "recall":
            story.recall(moment, message)
        elif kind == "check":
            story.check(moment, person)
        elif kind == "close":
            story.close(moment, f"2026-03-0{2 + minute % 4}", closed=minute % 5 > 0)
        elif kind == "away":
            first, acting = 2 + minute % 3, {"an": "binh"}.get(person, "") if minute % 2 else ""
            days = f"2026-03-0{first}", f"2026-03-0{first + 1 + minute % 2}"
            story.away(moment, person, *days, acting=acting, leave=f"{person}-{message}")
        elif kind == "back":
            story.back(moment, person, f"2026-03-0{2 + minute % 4}", leave=f"{person}-{message}")
    return story.told


def whole(told) -> list:
    """The office, these events under fresh ids, and the end of the third day."""
    story = office()
    for one in told:
        story.tell(one.at, one.kind, disclosed=one.disclosures, **one.attributes)
    return story.tick("2026-03-05 00:00").told


def naive(told) -> dict:
    """Look at every event for every duty, and at a watch for every minute."""
    found = {}
    seen = max(one.at for one in told)
    for one in told:
        if one.kind == "mail.message.delivered":
            message, person = one.disclosures["message"], one.disclosures["recipient"]
            due, left = one.at, 30
            while left:
                here = due.astimezone(ZONE)
                minute = here.hour * 60 + here.minute
                open_ = here.weekday() < 5 and (450 <= minute < 690 or 780 <= minute < 1020)
                left -= open_
                due += timedelta(minutes=1)
            met = [e.at for e in told if e.kind.endswith("acknowledged") and e.disclosures["message"] == message and e.disclosures["actor"] == person]  # fmt: skip
            gone = [e.at for e in told if e.kind.endswith("recalled") and e.disclosures["message"] == message and e.at >= one.at]  # fmt: skip
            name = "breached" if seen > due else "pending"
            if met:
                name = "fulfilled" if min(met) <= due else "late"
            if gone and min(gone) <= due and (not met or min(gone) < min(met)):
                name = "annulled"
            found["acknowledge", message, person] = name
    for day in ("2026-03-02", "2026-03-03", "2026-03-04"):
        for opens, closes in (("08:00", "09:00"), ("14:00", "15:00")):
            begin, end = at(f"{day} {opens}"), at(f"{day} {closes}")
            for person in PEOPLE:
                checked = any(
                    e.kind.endswith("checked") and e.disclosures["actor"] == person and begin <= e.at < end
                    for e in told
                )
                found["check-mailbox", f"{day} {opens}", person] = "fulfilled" if checked else "breached"
    return found


def named(state: State) -> dict:
    found = {}
    for one in state.obligations.values():
        if one.norm == "acknowledge":
            found["acknowledge", one.subject, one.bearer] = status(one, state.as_of)
        elif one.norm == "check-mailbox" and one.bearer in PEOPLE:
            day = f"{one.opened_at.astimezone(CALENDAR.tzinfo):%Y-%m-%d %H:%M}"
            found["check-mailbox", day, one.bearer] = status(one, state.as_of)
    return found


@settings(max_examples=200)
@given(EVENTS)
def test_the_judge_agrees_with_the_naive_reading(drawn):
    told = whole(sorted(events(drawn), key=lambda one: one.at))
    assert named(judged(told)) == naive(told)


@settings(max_examples=100)
@given(LIVED, st.lists(st.integers(1, 7), min_size=1))
def test_any_batches_give_the_same_state(drawn, sizes):
    told = whole(sorted(events(drawn), key=lambda one: one.at))
    state, rest, turn = State("agency"), told, 0
    while rest:
        size = sizes[turn % len(sizes)]
        state = judge(LAW, state, rest[:size])
        state.next_open = None  # as after a restart
        rest, turn = rest[size:], turn + 1
    assert outcome(state) == outcome(judged(told))


@settings(max_examples=100)
@given(EVENTS, st.randoms(use_true_random=False))
def test_what_is_recorded_late_counts_by_its_own_time(drawn, random):
    told = whole(sorted(events(drawn), key=lambda one: one.at))
    settled = [one for one in told if not one.kind.startswith("mail.")]
    mixed = [one for one in told if one.kind.startswith("mail.")]
    random.shuffle(mixed)
    assert outcome(judged([*settled, *mixed])) == outcome(judged(told))


@settings(max_examples=100)
@given(LIVED, st.randoms(use_true_random=False))
def test_an_entry_read_twice_changes_nothing(drawn, random):
    told = whole(sorted(events(drawn), key=lambda one: one.at))
    doubled = [again for one in told for again in ([one, copy.copy(one)] if random.random() < 0.5 else [one])]
    assert outcome(judged(doubled)) == outcome(judged(told))


def test_a_long_silence_is_judged_day_by_day():
    state = judged(office().tick("2026-03-31 23:00").told)
    days = {one.opened_at.astimezone(ZONE).date() for one in state.obligations.values() if one.is_window}
    assert len(days) == 22

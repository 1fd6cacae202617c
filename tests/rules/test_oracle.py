"""Random traces, late, out of order, told twice, over a change of the book: the judge and a naive reading agree."""

import os
import random

import pytest

from congvu.rules.duties import status
from congvu.rules.judge import judge
from congvu.rules.law import Law
from congvu.rules.reckoning import reckon
from congvu.rules.state import State
from tests.rules import oracle, traces

TRACES = 1_000
MANY = int(os.environ.get("CONGVU_TRACES", "1000000"))


def pair(at, by):
    return (at, by) if at else None


def judged(law, told, agency="agency") -> State:
    return judge(law, State(agency), told)


def outcome(law, state) -> dict:
    found = {}
    for one in state.obligations.values():
        seen = status(one, state.as_of)
        if one.norm == "share":
            counted = {"part": one.part, "whole": one.whole, "due": one.due_at, "status": seen}
            found["share", one.opened_at] = counted
            assert (one.person, one.bearer) == ("", "agency")
            continue
        how = reckon(law, state.facts, one)
        found[one.norm, one.trigger or one.opened_at] = {
            "version": one.version,
            "bearer": one.bearer,
            "due": one.due_at,
            "met": pair(one.fulfilled_at, one.fulfilled_by),
            "gone": pair(one.annulled_at, one.annulled_by),
            "mended": pair(one.compensated_at, one.compensated_by),
            "pauses": len(how.suspended),
            "longer": len(how.extended),
            "status": seen,
        }
    return found


def disagreement(seed: int) -> str:
    """Return in what judge and oracle differ for one trace, empty when they agree."""
    chance = random.Random(seed)  # noqa: S311 -- a test that can be repeated
    world, told = traces.world(chance), traces.trace(chance)
    law = Law(traces.books(world), traces.CALENDAR)
    found, wanted = outcome(law, judged(law, told)), oracle.outcome(world, told)
    if found == wanted:
        return ""
    names = [name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name)]
    return f"{seed}: " + "; ".join(f"{name}: {found.get(name)} for {wanted.get(name)}" for name in names)


def test_the_judge_agrees_with_the_naive_reading_of_a_thousand_traces():
    assert [wrong for seed in range(TRACES) if (wrong := disagreement(seed))] == []


@pytest.mark.torture
def test_the_judge_agrees_with_the_naive_reading_of_very_many_traces():
    assert [wrong for seed in range(TRACES, TRACES + MANY) if (wrong := disagreement(seed))] == []

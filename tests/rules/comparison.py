"""One random trace, judged by the engine and read by the oracle: in what they differ, and what that trace tried."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from multiprocessing import get_context

from congvu.rules.duties import status
from congvu.rules.judge import judge
from congvu.rules.law import Law
from congvu.rules.reckoning import reckon
from congvu.rules.state import State
from tests.rules.lawgiver import CALENDAR, World, world
from tests.rules.oracle import Oracle
from tests.rules.traces import trace

RUN = 500  # traces that a process takes at once
TOLD_EVERY = 20  # seconds


@dataclass
class Met:
    """What was compared: how many traces, what they covered, and what disagreed."""

    traces: int = 0
    covered: Counter[str] = field(default_factory=Counter)
    disagreed: list[str] = field(default_factory=list)

    def add(self, other: "Met") -> None:
        self.traces += other.traces
        self.covered.update(other.covered)
        self.disagreed += other.disagreed


def drawn(seed: int) -> tuple[World, list]:
    """Return the world and the trace of a seed."""
    chance = random.Random(seed)  # noqa: S311 -- a test that can be repeated
    one = world(chance)
    return one, trace(chance, one)


def judged(law, told, agency="agency") -> State:
    return judge(law, State(agency), told)


def outcome(law, state) -> dict:
    """Return what the engine found, in the words of the oracle."""
    found = {(one.norm, "counted", one.entry): one.value for one in state.occurrences.values()}
    for one in state.obligations.values():
        name = (f"{one.book} {one.norm}", one.bearer, one.trigger or one.opened_at)
        assert name not in found, f"{name} is owed twice"
        found[name] = _shown(law, state, one)
    return found


def _shown(law, state, one) -> dict:
    said = {"version": one.version, "due": one.due_at, "status": status(one, state.as_of)}
    if law.norms[one.book, one.version, one.norm].cap:
        assert (one.person, one.bearer) == ("", "agency")
        return said | {"part": one.part, "whole": one.whole}
    how = reckon(law, state.facts, one)
    return said | {
        "who": (one.bearer, one.person, one.membership, one.unit, one.box),
        "met": _pair(one.fulfilled_at, one.fulfilled_by),
        "gone": _pair(one.annulled_at, one.annulled_by),
        "mended": _pair(one.compensated_at, one.compensated_by),
        "excused": _pair(one.excused_at, one.excused_by),
        "confirmed": _pair(one.confirmed_at, one.confirmed_by),
        "pauses": len(how.suspended),
        "longer": len(how.extended),
    }


def _pair(at, by):
    return (at, by) if at else None


def differing(books, told, covered: Counter[str] | None = None) -> dict:
    """Return what the engine and the oracle say where they say different things, by duty."""
    law, oracle = Law(books, CALENDAR), Oracle(books, CALENDAR, told)
    found, wanted = outcome(law, judged(law, told)), oracle.outcome()
    if covered is not None:
        covered.update(oracle.covered)
    if found == wanted:
        return {}
    names = found.keys() | wanted.keys()
    return {
        name: (found.get(name), wanted.get(name)) for name in names if found.get(name) != wanted.get(name)
    }


def compare(seeds: range) -> Met:
    """Compare the traces of these seeds; each disagreement names its seed."""
    met = Met()
    for seed in seeds:
        one, told = drawn(seed)
        differs = differing(one.books, told, met.covered)
        if differs:
            words = (f"{name}: {found} for {wanted}" for name, (found, wanted) in differs.items())
            met.disagreed.append(f"CONGVU_SEED={seed}: {'; '.join(words)}")
        met.traces += 1
    return met


def compare_many(first: int, count: int, *, processes: int, tell: Callable[[str], object]) -> Met:
    """Compare many traces in several processes; tell progress and each disagreement as it is found."""
    met, begun, told = Met(), time.monotonic(), 0.0
    runs = [range(seed, min(seed + RUN, first + count)) for seed in range(first, first + count, RUN)]
    with get_context("fork").Pool(processes) as pool:
        for one in pool.imap_unordered(compare, runs):
            met.add(one)
            for line in one.disagreed:
                tell(line)
            spent = time.monotonic() - begun
            if spent > told + TOLD_EVERY or met.traces == count:
                told = spent
                agreed = met.traces - len(met.disagreed)
                tell(f"traces {met.traces}, agreed {agreed}, {met.traces / spent:.0f} a second")
    return met


def shrunk(books, told) -> tuple:
    """Return the fewest entries, books and norms that still make a difference, found by leaving out one after another."""
    fewer = True
    while fewer:
        fewer = False
        for other in [*_with_less_told(books, told), *_with_less_law(books, told)]:
            if differing(*other):
                (books, told), fewer = other, True
                break
    return books, told


def _with_less_told(books, told):
    if len(told) > 1:
        yield from ((books, told[:place] + told[place + 1 :]) for place in reversed(range(len(told))))


def _with_less_law(books, told):
    for place, book in enumerate(books):
        before, after = books[:place], books[place + 1 :]
        if before or after:
            yield (*before, *after), told
        for norm in book.norms:
            less = replace(book, norms=tuple(one for one in book.norms if one is not norm))
            yield (*before, less, *after), told

"""Due times of petitions, by every petition book, beside a wall calendar and a clock: how many differ.

Every case is an event of one book at a random second of 2024 to 2027 (a third of them where days and hours begin and
end), in an agency of Viet Nam or Kazakhstan with days of its own and its own decisions, with notices of extension in
time and too late. Our side is the judge, as a forecast asks him; the other side is `bench.petition_oracle`. Every duty
counts: one that is missing or too many is a difference as well.
"""

import argparse
import itertools
import json
import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from bench.petition_oracle import BOUNDS, FROM, MATTERS, MINUTE, PLACES, UNTIL, Matter, Reading, Wall
from congvu.rules.examples import Told
from congvu.rules.facts import Adopted, DayChanged, Decided, Facts
from congvu.rules.judge import foresee
from congvu.rules.law import Law
from congvu.rules.shelf import shelve
from congvu.rules.state import State

RULEBOOK = Path(__file__).resolve().parents[1] / "rulebook"
SEED, AGENCIES = 1022, 4  # of each place
BEGIN, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2027, 7, 1, tzinfo=UTC)
BEFORE = datetime(2023, 1, 1, tzinfo=UTC)  # everything was adopted, decided and closed then
SAID = {"petition": "petition", "step": "step", "unit": "unit"}
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
Due = dict[tuple[str, str], datetime | None]


@dataclass(frozen=True, slots=True)
class Side:
    """One agency, as both sides know it."""

    law: Law
    facts: Mapping[str, Facts]  # by the one book that it adopted
    wall: Wall
    decided: Mapping[str, int]


class Case(NamedTuple):
    """What happened where, and when notice of more time was given."""

    side: Side
    matter: Matter
    at: datetime
    notices: tuple[datetime, ...]


def main(arguments: list[str]) -> int:
    """Print the first differences and the JSON line; return 1 when there are any."""
    parser = argparse.ArgumentParser(prog="python -m bench petition_terms")
    parser.add_argument("cases", nargs="?", type=int, default=1_000_000)
    asked = parser.parse_args(arguments).cases
    found = compare(asked)
    for one in found.different[:10]:
        print(one)
    line = {
        "bench": "petition_terms",
        "value": len(found.different),
        "unit": f"differences in {asked:,} cases",
    }
    rates = {"cases_per_second": round(asked / found.seconds), "ours_per_second": round(asked / found.ours)}
    print(json.dumps({**line, **rates, "due_times": found.due_times, "norms": found.norms, "seed": SEED}))
    return bool(found.different)


class Compared(NamedTuple):
    """What differed, how long it took, and what was compared."""

    different: list[str]
    seconds: float
    ours: float  # of the seconds
    due_times: int
    norms: int


def compare(count: int, *, seed: int = SEED) -> Compared:
    """Let both sides tell the due times of so many random cases."""
    different: list[str] = []
    norms: set[tuple[str, str]] = set()
    ours_took, due_times = 0.0, 0
    dice = random.Random(seed)  # noqa: S311 -- a sample, the same for everybody
    cases = drawn(dice, sides(dice))
    began = time.perf_counter()
    for case in itertools.islice(cases, count):
        asked = time.perf_counter()
        ours = judged(case)
        ours_took += time.perf_counter() - asked
        theirs = reckoned(case)
        norms.update((case.matter.book, norm) for norm, _ in theirs)
        due_times += sum(due is not None for due in theirs.values())
        if ours != theirs:
            different.append(f"{case.matter} at {case.at}, notices {case.notices}: {ours} beside {theirs}")
    return Compared(different, time.perf_counter() - began, ours_took, due_times, len(norms))


def sides(dice: random.Random) -> list[Side]:
    """Return agencies of each place: the first has decided nothing and changed no day."""
    shelf = shelve(RULEBOOK, with_examples=False)
    found = []
    for name, place in PLACES.items():
        law = Law(shelf.books, shelf.calendars[name].calendar)
        for number in range(AGENCIES):
            days = dice.sample(range((END - BEGIN).days + 120), 30 * bool(number))
            changed = {BEGIN.date() + one * DAY: bool(at % 3) for at, one in enumerate(days)}
            decided = {one: dice.randint(least, most) for one, (least, most, _) in BOUNDS.items() if number}
            wall = Wall(
                place, *([day for day, off in changed.items() if off is way] for way in (True, False))
            )
            assert wall.ends  # read off beforehand, once for all cases
            facts = {one.book: _facts(one, changed, decided) for one in MATTERS}
            found.append(Side(law, facts, wall, decided))
    return found


def _facts(matter: Matter, changed: Mapping[date, bool], decided: Mapping[str, int]) -> Facts:
    book, first = matter.book, BEFORE.date()
    return Facts(
        adopted={book: Adopted(book=book, at=BEFORE, valid_from=first, entry="adopted")},
        decided={
            name: Decided(
                book=book,
                parameter=name,
                value=value,
                unit=BOUNDS[name][2],
                at=BEFORE,
                valid_from=first,
                entry=name,
            )
            for name, value in decided.items()
        },
        days={
            f"{day}": DayChanged(day=day, is_closed=off, at=BEFORE, entry=f"{day}")
            for day, off in changed.items()
        },
    )


def drawn(dice: random.Random, among: list[Side]) -> Iterator[Case]:
    """Yield random cases without end."""
    while True:
        side, matter = dice.choice(among), dice.choice(MATTERS)
        at = BEGIN + dice.randrange((END - BEGIN) // SECOND) * SECOND
        if not dice.randrange(3):
            at = _edge(dice, side.wall, at)
        notices = sorted(at + dice.randrange(150 * 24 * 60) * MINUTE for _ in range(dice.randrange(4)))
        yield Case(side, matter, at, tuple(notices) if matter.notice else ())


def _edge(dice: random.Random, wall: Wall, at: datetime) -> datetime:
    """Return an instant at the beginning or end of the day or its hours of work, or a second beside it."""
    day = wall.day(at)
    minutes = [0, *(one for span in wall.place.hours for one in span), 24 * 60]
    return wall.begins[day] + dice.choice(minutes) * MINUTE + dice.randint(-1, 1) * SECOND


def judged(case: Case) -> Due:
    """Return what the judge says, by norm and by what set the duty off."""
    matter = case.matter
    told = [_told("0", matter.kind, case.at, matter.said)]
    for number, at in enumerate(case.notices, start=1):
        told.append(_told(str(number), "extension.decided", at, matter.notice or {}))
    state = State("agency", facts=case.side.facts[matter.book])
    return {(one.norm, one.trigger): one.due_at for one in foresee(case.side.law, state, told)}


def _told(name: str, kind: str, at: datetime, said: Mapping[str, str | bool]) -> Told:
    return Told(id=name, kind=f"petitions.{kind}", at=at, attributes=said, disclosures=SAID)


def reckoned(case: Case) -> Due:
    """Return what the wall calendar says."""
    found = {("0", one): at for one, at in _reckoned(case, case.at, case.matter.due, case.notices)}
    for number, notice in enumerate(case.notices, start=1):
        due = _reckoned(case, notice, case.matter.notice_due, ())
        found |= {(str(number), one): at for one, at in due}
    return {(norm, name): at for (name, norm), at in found.items()}


def _reckoned(
    case: Case, at: datetime, due: tuple[Reading, ...], notices: tuple[datetime, ...]
) -> Iterator[tuple[str, datetime | None]]:
    book, wall = case.matter.book, case.side.wall
    if FROM.get(book, date.min) <= wall.day(at) < UNTIL.get(book, date.max):
        for one in due:
            yield one.norm, wall.due(at, one, case.side.decided, notices)

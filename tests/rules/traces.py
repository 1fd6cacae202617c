"""Random traces over a book that uses everything: two versions, a matter with a course, periods, a cap."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from congvu.rules.book import (
    Book,
    Cap,
    Citation,
    Condition,
    Deadline,
    Extension,
    Match,
    Norm,
    Rhythm,
    Source,
    Suspension,
)
from congvu.rules.examples import Told
from congvu.standards.working_time import Calendar

ZONE = "Asia/Ho_Chi_Minh"
HALF = timedelta(minutes=30)
FIRST = datetime(2026, 3, 1, 17, tzinfo=UTC)  # midnight before Monday 2026-03-02
DAYS = 24
HOURS = ((time(8), time(12)), (time(13), time(17)))
CALENDAR = Calendar(zone=ZONE, weekly=(*[HOURS] * 5, (), ()))
CITE = Citation(article="1", wording="legal_text", checked="gazette")
CASES = ("c1", "c1", "c1", "c2", "c3")


@dataclass(frozen=True, kw_only=True)
class World:
    """What differs from trace to trace; the judge gets it as books, the oracle reads it as it stands."""

    turns_on: date  # the day from which version 2 is in force
    amounts: tuple[int, int]  # of the deadline, of both versions
    units: tuple[str, str]
    longer: tuple[int, str]  # the extension
    times: int  # how often it may be extended
    rhythm: tuple[str, int]
    often: int
    capped: tuple[str, int]
    percent: int


def world(chance: random.Random) -> World:
    unit = ("hour", "working_hour", "day", "working_day")
    return World(
        turns_on=date(2026, 3, 2) + timedelta(days=chance.randrange(1, DAYS)),
        amounts=(chance.randrange(1, 9), chance.randrange(1, 9)),
        units=(chance.choice(unit), chance.choice(unit)),
        longer=(chance.randrange(1, 4), chance.choice(unit)),
        times=chance.randrange(1, 3),
        rhythm=chance.choice(
            (("day", 1), ("working_day", 1), ("week", 1), ("month", 1), ("day", 3), ("week", 2))
        ),
        often=chance.randrange(1, 4),
        capped=chance.choice((("week", 1), ("day", 2), ("month", 1))),
        percent=chance.choice((0, 20, 50, 100)),
    )


def books(one: World) -> tuple[Book, Book]:
    """Return both versions; the second also asks that an answer is written."""
    first = Book(
        id="test",
        version=1,
        original="en",
        title={},
        source=Source(issuer={}, number="1", signed=date(2026, 1, 1), checked="gazette"),
        jurisdiction="vn",
        calendar="test",
        in_force_from=date(2020, 1, 1),
        in_force_to=one.turns_on,
        parameters={},
        norms=tuple(_norms(one, 0)),
    )
    norms = tuple(_norms(one, 1))
    return first, replace(first, version=2, in_force_from=one.turns_on, in_force_to=None, norms=norms)


def _norms(one: World, place: int):
    same = ("case",)
    written = (Match(attribute="written", operator="is", values=(True,)),) if place else ()
    base = {"code": "", "title": {}, "text": {}, "cite": CITE}
    answer = Norm(
        id="answer",
        kind="obligation",
        bearer=("actor",),
        when=Condition(kind="t.asked", tests=(Match(attribute="level", operator="at_least", values=(2,)),)),
        deadline=Deadline(amount=one.amounts[place], unit=one.units[place]),
        fulfil=Condition(kind="t.answered", tests=written, same=same),
        cancel=Condition(kind="t.dropped", same=same),
        suspend=Suspension(
            begin=Condition(kind="t.paused", same=same), end=Condition(kind="t.resumed", same=same)
        ),
        extend=Extension(
            notice=Condition(kind="t.prolonged", same=same),
            amount=one.longer[0],
            unit=one.longer[1],
            times=one.times,
        ),
        compensate=Condition(kind="t.mended", same=same),
        **base,
    )
    yield answer
    yield replace(answer, id="advice", kind="recommendation")
    yield replace(answer, id="opinion", is_opinion=True)
    yield Norm(
        id="report",
        kind="obligation",
        bearer=("agency",),
        rhythm=Rhythm(period=one.rhythm[0], length=one.rhythm[1], times=one.often),
        fulfil=Condition(kind="t.reported"),
        **base,
    )
    top = (Match(attribute="level", operator="is", values=(3,)),)
    yield Norm(
        id="share",
        kind="obligation",
        bearer=("agency",),
        rhythm=Rhythm(period=one.capped[0], length=one.capped[1]),
        cap=Cap(
            part=Condition(kind="t.rated", tests=top),
            whole=Condition(kind="t.rated"),
            percent=one.percent,
        ),
        **base,
    )


KINDS = (
    *["t.asked"] * 3,
    *["t.answered"] * 2,
    "t.dropped",
    *["t.paused"] * 2,
    *["t.resumed"] * 2,
    *["t.prolonged"] * 2,
    "t.mended",
    *["t.reported"] * 4,
    *["t.rated"] * 4,
    "rules.day.closed",
    "rules.clock.ticked",
)


def trace(chance: random.Random) -> list[Told]:
    """Return entries in the order of the log: some late, some told twice, the adoption mostly first."""
    days = chance.choice((2, 5, DAYS))
    told = [_entry(chance, number, days) for number in range(chance.randrange(4, 30))]
    told.sort(key=lambda one: one.at)
    for _ in range(chance.randrange(len(told))):  # what is recorded late comes behind later acts
        late = told.pop(chance.randrange(len(told)))
        told.insert(chance.randrange(len(told) + 1), late)
    adopted = Told(
        id="adopted",
        kind="rules.book.adopted",
        at=_at(chance, days=chance.choice((1, 1, 12))),
        attributes={"book": "test", "book_version": 1, "valid_from": "2026-03-01"},
        disclosures={},
    )
    told.insert(chance.choice((0, 0, 0, min(3, len(told)))), adopted)
    for _ in range(chance.randrange(4)):
        told.insert(chance.randrange(len(told)), chance.choice(told))
    seen = _at(chance, days=chance.choice((days, DAYS)))
    end = Told(id="end", kind="rules.clock.ticked", at=seen, attributes={}, disclosures={})
    return [*told, end]


def _at(chance: random.Random, *, days: int) -> datetime:
    return FIRST + HALF * chance.randrange(48 * days)


def _entry(chance: random.Random, number: int, days: int) -> Told:
    kind = chance.choice(KINDS)
    attributes, disclosures = {}, {}
    if kind == "rules.day.closed":
        day = date(2026, 3, 2) + timedelta(days=chance.randrange(DAYS))
        attributes = {"day": day.isoformat(), "closed": chance.random() < 0.7}
    elif kind != "rules.clock.ticked":
        attributes = {"level": chance.randrange(1, 4), "written": chance.random() < 0.5}
        disclosures = {"case": chance.choice(CASES), "actor": chance.choice(("an", "binh"))}
    return Told(
        id=f"e{number:02}{chance.randrange(100):02}",
        kind=kind,
        at=_at(chance, days=days),
        attributes=attributes,
        disclosures=disclosures,
    )

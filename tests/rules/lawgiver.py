"""Random small rulebooks for the traces: each draws a few norms of a menu that uses everything a book can say."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from congvu.rules.book import (
    Book,
    Cap,
    Citation,
    Condition,
    Deadline,
    Extension,
    Match,
    Norm,
    Override,
    Parameter,
    Rhythm,
    Source,
    Suspension,
    Window,
)
from congvu.standards.working_time import Calendar

ZONE = "Asia/Ho_Chi_Minh"
MONDAY = date(2026, 3, 2)
DAYS = 24
HOURS = ((time(8), time(12)), (time(13), time(17)))
CALENDAR = Calendar(
    zone=ZONE,
    weekly=(*[HOURS] * 5, (), ()),
    days_off=frozenset({date(2026, 3, 5), date(2026, 3, 13)}),
    days_on={date(2026, 3, 7): HOURS, date(2026, 3, 10): HOURS[:1]},  # a compensation day, a half day
)
SAME = ("case",)
BASE = {
    "code": "",
    "title": {},
    "text": {},
    "cite": Citation(article="1", wording="legal_text", checked="gazette"),
}
LEVELS = ("nation", "ministry", "city", "agency")
OWERS = (
    *[("actor",)] * 2,
    ("assignee", "head_of_unit"),
    ("head_of_unit",),
    *[("deputy_in_charge",)] * 2,
    ("registry_clerk",),
    ("unit",),
    ("recipient",),
    ("sender", "unit"),
    ("agency",),
)
STANDING = (
    *[("agency",)] * 2,
    ("official",),
    ("unit",),
    ("head_of_unit",),
    ("deputy_in_charge",),
    ("registry_clerk",),
    ("agency_mailbox",),
    ("official", "agency_mailbox"),
)
RHYTHMS = (
    ("day", 1),
    ("working_day", 1),
    ("week", 1),
    ("month", 1),
    ("day", 3),
    ("week", 2),
    ("working_day", 2),
)
RARE = (("quarter", 1), ("half_year", 1), ("year", 1), ("month", 2))
UNITS = ("hour", "working_hour", "day", "working_day", "minute", "working_minute")
HALF_HOURS = {"minute": 30, "working_minute": 30}  # time is told in half hours
DECIDED = ("working_hour", "working_day", "day", "working_minute")
FORMS = {
    "of the day": 10,
    "by": 8,
    "decided": 16,
    "before": 14,
    "year end": 4,
    "long": 5,
    "span": 49,
}  # how often


@dataclass(frozen=True, kw_only=True)
class World:
    """What differs from trace to trace, besides the entries."""

    books: tuple[Book, ...]  # the first two are the versions of the agency's own
    themes: frozenset[str]


def world(chance: random.Random) -> World:
    """Return two versions of a book, and sometimes a law above or beside it."""
    themes = frozenset(
        chance.sample(
            ("answer", "answer", "report", "watch", "share", "missed", "seen"), chance.choice((1, 1, 2, 3))
        )
    )
    if "answer" in themes and chance.random() < 0.5:
        themes |= {"rival"}
    turns_on = MONDAY + timedelta(days=chance.randrange(1, chance.choice((4, 4, DAYS))))
    level = chance.choice(LEVELS)
    unit = chance.choice(DECIDED)
    bounds = [
        Parameter(
            name="within",
            unit=unit,
            at_least=HALF_HOURS.get(unit, 1),
            at_most=most * HALF_HOURS.get(unit, 1),
            title={},
        )
        for most in (8, chance.choice((4, 8)))
    ]
    first = replace(
        _book("test", _norms(chance, themes, place=0), level=level),
        in_force_to=turns_on,
        adopts=chance.choice(((), ("law",))),
        parameters={"within": bounds[0]},
    )
    second = replace(
        first,
        version=2,
        in_force_from=turns_on,
        in_force_to=None,
        adopts=chance.choice(((), ("law",), ("law",))),
        norms=_amended(chance, first.norms),
        parameters={"within": bounds[1]},
    )
    above = _above(chance, first) if "rival" in themes or chance.random() < 0.1 else ()
    return World(books=(first, second, *above), themes=themes)


def _book(name: str, norms, *, level: str, signed: date = date(2026, 1, 1)) -> Book:
    return Book(
        id=name,
        version=1,
        original="en",
        title={},
        source=Source(issuer={}, number="1", signed=signed, checked="gazette"),
        jurisdiction="vn",
        calendar="test",
        in_force_from=date(2020, 1, 1),
        in_force_to=None,
        level=level,
        parameters={},
        norms=tuple(norms),
    )


def _above(chance: random.Random, own: Book) -> Iterator[Book]:
    """Yield a law with a rival of the answer, or with a norm that takes the place of another; and who adopts it."""
    signed = chance.choice((date(2025, 5, 5), date(2026, 1, 1), date(2026, 2, 2)))
    norms = []
    answer = own.norm("answer")
    if answer and chance.random() < 0.7:
        norms.append(
            replace(answer, deadline=deadline(chance, decided=False), exception_to=(), overrides=None)
        )
    if answer and chance.random() < 0.3:
        special = _when(chance.choice(("level", "written")))
        norms.append(
            replace(
                answer,
                id="special",
                when=special,
                deadline=deadline(chance, decided=False),
                exception_to=("test/answer",),
            )
        )
    if chance.random() < 0.5:
        target = chance.choice(own.norms)
        power = Override(book="test", norm=target.id, competence=chance.choice(("test 1", "test 1", "")))
        plain = Norm(id="power", kind="permission", **BASE)
        if answer:
            mild = deadline(chance, decided=False)
            plain = replace(answer, id="power", when=_when("written"), deadline=mild, exception_to=())
        norms.append(replace(plain, overrides=power))
    law = _book("law", norms, level=chance.choice(LEVELS), signed=signed)
    if chance.random() < 0.3:
        law = replace(law, in_force_from=MONDAY + timedelta(days=chance.randrange(1, DAYS)))
    yield replace(law, adopts=chance.choice(((), ("far",), ("far",))))
    if answer and chance.random() < 0.6:
        far = replace(answer, id="far", deadline=deadline(chance, decided=False), exception_to=())
        own_again = Override(book="law", norm=chance.choice(("answer", "power", "power")), competence="law 1")
        yield _book(
            "far",
            [replace(far, overrides=chance.choice((None, own_again, own_again)))],
            level=chance.choice(LEVELS),
        )


def _norms(chance: random.Random, themes: frozenset[str], *, place: int) -> Iterator[Norm]:
    if "answer" in themes:
        yield from _answers(chance, is_rivaled="rival" in themes)
    if "report" in themes:
        yield _report(chance)
    if "watch" in themes:
        spans = chance.sample(((8, 9), (14, 15), (11, 13), (16, 18)), chance.randrange(1, 3))
        yield Norm(
            id="watch",
            kind="obligation",
            bearer=chance.choice((("official",), ("agency_mailbox",), ("official", "agency_mailbox"))),
            rhythm=Rhythm(period="working_day"),
            windows=tuple(Window(opens=time(begin), closes=time(end)) for begin, end in sorted(spans)),
            fulfil=Condition(kind="t.checked"),
            **BASE,
        )
    if "share" in themes:
        yield _share(chance)
    if "missed" in themes:
        yield Norm(
            id="missed",
            kind="prohibition",
            bearer=chance.choice((("reported",), ("head_of_unit",))),
            report=_when("level"),
            **BASE,
        )
    if "seen" in themes:
        yield Norm(
            id="seen",
            kind="permission",
            bearer=("sender",),
            count=Condition(kind="t.asked", tests=_level(2)),
            **BASE,
        )


def _level(least: int, operator: str = "at_least") -> tuple[Match, ...]:
    return (Match(attribute="level", operator=operator, values=(least,)),)


def _when(by: str) -> Condition:
    written = (Match(attribute="written", operator="is", values=(True,)),)
    return Condition(kind="t.asked", tests=_level(3, "is") if by == "level" else written)


def _answers(chance: random.Random, *, is_rivaled: bool) -> Iterator[Norm]:
    answer = Norm(
        id="answer",
        kind=chance.choice(("obligation", "obligation", "prohibition")),
        bearer=chance.choice(OWERS),
        when=Condition(kind="t.asked", tests=_level(2)),
        unless="holds_address" if chance.random() < 0.15 else "",
        deadline=deadline(chance),
        fulfil=Condition(kind="t.answered", same=SAME),
        cancel=Condition(kind="t.dropped", same=SAME),
        suspend=Suspension(
            begin=Condition(kind="t.paused", same=SAME), end=Condition(kind="t.resumed", same=SAME)
        ),
        extend=Extension(
            notice=Condition(kind="t.prolonged", same=SAME),
            times=chance.randrange(1, 3),
            **_span(chance),
        ),
        compensate=Condition(kind="t.mended", same=SAME),
        **BASE,
    )
    yield answer
    if chance.random() < 0.1:
        yield replace(answer, id="advice", kind="recommendation")
        yield replace(answer, id="opinion", is_opinion=True)
    if is_rivaled and chance.random() < 0.6:
        urgent = replace(
            answer, id="urgent", when=_when("level"), deadline=deadline(chance), exception_to=("answer",)
        )
        yield urgent
        if chance.random() < 0.5:
            both = Condition(kind="t.asked", tests=(*_when("level").tests, *_when("written").tests))
            yield replace(urgent, id="calm", when=both, deadline=deadline(chance), exception_to=("urgent",))


def _report(chance: random.Random) -> Norm:
    period, length = chance.choice(RHYTHMS if chance.random() < 0.9 else RARE)
    by_name = chance.random() < 0.2
    return Norm(
        id="report",
        kind=chance.choice(("obligation", "obligation", "prohibition")),
        bearer=("official",) if by_name else chance.choice(STANDING),
        rhythm=Rhythm(period=period, length=length, times=chance.choice((1, 2, 2, 3))),
        deadline=deadline(chance, is_of_period=True) if chance.random() < 0.5 else None,
        fulfil=Condition(kind="t.reported", same=("person",) if by_name else ()),
        **BASE,
    )


def _share(chance: random.Random) -> Norm:
    period, length = chance.choice((("week", 1), ("day", 2), ("month", 1), ("working_day", 1)))
    whole = chance.choice(((), (), _level(2)))
    return Norm(
        id="share",
        kind="obligation",
        bearer=("agency",),
        rhythm=Rhythm(period=period, length=length),
        cap=Cap(
            part=Condition(kind=chance.choice(("t.rated", "t.rated", "t.praised")), tests=_level(3, "is")),
            whole=Condition(kind="t.rated", tests=whole),
            percent=chance.choice((1, 20, 50, 100)),
        ),
        **BASE,
    )


def _amended(chance: random.Random, norms: tuple[Norm, ...]) -> tuple[Norm, ...]:
    """Return the norms of the second version: other times, and an answer must be written."""
    written = (Match(attribute="written", operator="is", values=(True,)),)
    asks = chance.random() < 0.5
    gone = chance.choice(norms).id if len(norms) > 1 and chance.random() < 0.1 else ""

    def amended(one: Norm) -> Norm:
        if one.cap:
            return replace(one, cap=replace(one.cap, percent=chance.choice((1, 20, 50, 100))))
        if one.rhythm and not one.windows:
            return replace(one, rhythm=replace(one.rhythm, times=chance.choice((1, 2, 3))))
        if one.when is None or one.deadline is None or one.fulfil is None:
            return one
        fulfil = replace(one.fulfil, tests=written) if asks else one.fulfil
        return replace(one, deadline=deadline(chance), fulfil=fulfil)

    return tuple(amended(one) for one in norms if one.id != gone)


def _span(chance: random.Random, units: tuple[str, ...] = UNITS, *, most: int = 8) -> dict:
    unit = chance.choice(units)
    return {"amount": chance.randrange(1, most + 1) * HALF_HOURS.get(unit, 1), "unit": unit}


def deadline(chance: random.Random, *, decided: bool = True, is_of_period: bool = False) -> Deadline:
    """Return one of every kind of deadline; `decided` may leave it to the agency."""
    forms = FORMS | ({} if decided else {"decided": 0}) | ({"before": 0} if is_of_period else {})
    (form,) = chance.choices(list(forms), list(forms.values()))
    if form == "of the day":
        return Deadline(**{chance.choice(("same_day", "same_or_next_day", "next_morning")): True})
    if form == "year end":
        told = _span(chance, ("day", "working_day", "month", "working_hour")) | {"is_from_year_end": True}
    elif form == "before":
        told = _span(chance, (*UNITS, "day", "working_day")) | {"start": "told", "is_before": True}
    else:
        told = {"start": "told" if not is_of_period and chance.random() < 0.15 else ""}
        if form == "by":
            told |= {
                "by": (MONDAY + timedelta(days=chance.randrange(chance.choice((4, DAYS))))).strftime("%m-%d")
            }
        elif form == "decided":
            told |= {"parameter": "within"}
        else:
            units = ("month", "month", "month", "year") if form == "long" else UNITS
            told |= _span(chance, units, most=2 if form == "long" else 8)
    return Deadline(**told, roll=chance.random() < (0.5 if form == "before" else 0.25))

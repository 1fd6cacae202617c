"""Random worlds over the whole grammar of books, and the bundles of the findings that the engine makes in them."""

import random
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta

from congvu.rules import reckoning
from congvu.rules.book import (
    Book,
    Cap,
    Citation,
    Condition,
    Deadline,
    Extension,
    Match,
    Norm,
    Parameter,
    Rhythm,
    Source,
    Suspension,
    Window,
)
from congvu.rules.bundle import Case, build, of_agency, of_duty
from congvu.rules.duties import status
from congvu.rules.examples import Told
from congvu.rules.judge import judge
from congvu.rules.law import Law
from congvu.rules.state import Obligation, State
from tests.rules.worlds import SHELF, Story

AGENCY = "agency"
BOOK = "test.everything"
WORDS = {"vi": "Thử", "en": "Test"}
UNITS = ("minute", "hour", "working_minute", "working_hour", "working_day", "day", "month", "year")
AMOUNTS = {
    "minute": 3000,
    "hour": 200,
    "working_minute": 900,
    "working_hour": 60,
    "working_day": 20,
    "day": 40,
    "month": 4,
    "year": 2,
}
PERIODS = ("day", "working_day", "week", "month", "quarter", "half_year", "year")
BEGIN = datetime(2025, 12, 8, tzinfo=UTC)  # so that a year begins, and a version ends
SETTLED = (
    *("rules.day.closed", "rules.parameter.decided", "test.begun"),
    *("directory.leave.granted", "directory.leave.ended"),
)
KINDS = (
    *("done", "done", "done", "cancelled", "stopped", "resumed", "resumed"),
    *("extended", "compensated", "part", "whole", "whole"),
)
DAYS = 170
PEOPLE = ("an", "binh", "chi")


def condition(kind, norm, *same) -> Condition:
    return Condition(
        kind=f"test.{kind}", tests=(Match(attribute="norm", operator="is", values=(norm,)),), same=same
    )


def deadline(rng: random.Random) -> Deadline:
    roll, chosen = rng.random() < 0.3, rng.random()
    if chosen < 0.15:
        return Deadline(parameter="term", roll=roll)
    if chosen < 0.4:
        return Deadline(**{rng.choice(["same_day", "same_or_next_day", "next_morning"]): True}, roll=roll)
    if chosen < 0.5:
        return Deadline(by=f"{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}", roll=roll)
    unit = rng.choice(UNITS)
    start, is_before = rng.choice([("", False), ("", False), ("day", False), ("day", True)])
    return Deadline(
        amount=rng.randrange(1, AMOUNTS[unit]),
        unit=unit,
        start=start,
        is_before=is_before,
        is_from_year_end=not is_before and rng.random() < 0.15,
        roll=roll,
    )


def norm(rng: random.Random, name: str) -> Norm:
    """Return a norm of one of five sorts."""
    sort = rng.choices(["event", "report", "window", "period", "cap"], [20, 2, 1, 4, 2])[0]
    made = Norm(
        id=name,
        code=name,
        kind="obligation",
        title=WORDS,
        text=WORDS,
        cite=Citation(article="1", wording="memory", checked="memory"),
        bearer=(rng.choice(["recipient", "agency", "unit", "head_of_unit", "actor", "registry_clerk"]),),
        fulfil=condition("done", name, "matter"),
    )
    if sort == "report":
        return replace(made, report=condition("begun", name), fulfil=None, bearer=("reported",))
    if sort == "window":
        windows = (Window(opens=time(8), closes=time(9)), Window(opens=time(14), closes=time(15)))
        return replace(
            made,
            bearer=("official",),
            rhythm=Rhythm(period="working_day"),
            windows=windows,
            fulfil=condition("done", name),
        )
    rhythm = Rhythm(period=rng.choice(PERIODS), length=rng.randrange(1, 3), times=rng.randrange(1, 4))
    if sort == "period":
        within = deadline(rng) if rng.random() < 0.3 else None
        within = replace(within, start="", is_before=False) if within else None
        bearer = rng.choice(["official", "agency", "unit"])
        return replace(made, bearer=(bearer,), rhythm=rhythm, deadline=within, fulfil=condition("done", name))
    if sort == "cap":
        cap = Cap(part=condition("part", name), whole=condition("whole", name), percent=rng.randrange(20, 80))
        return replace(made, bearer=("agency",), rhythm=rhythm, cap=cap, fulfil=None)
    return replace(
        made,
        when=condition("begun", name),
        deadline=deadline(rng) if rng.random() < 0.95 else None,
        cancel=condition("cancelled", name, "matter"),
        suspend=Suspension(
            begin=condition("stopped", name, "matter"), end=condition("resumed", name, "matter")
        ),
        extend=Extension(
            notice=condition("extended", name, "matter"),
            amount=rng.randrange(1, 5),
            unit=rng.choice(UNITS[:-1]),
            times=rng.randrange(1, 3),
        ),
        compensate=condition("compensated", name, "matter"),
    )


def law(rng: random.Random) -> Law:
    """Return a book in two versions, the second from April on, and one of the calendars that ship."""
    unit = rng.choice(UNITS[:6])
    parameters = {"term": Parameter(name="term", unit=unit, at_least=1, at_most=AMOUNTS[unit], title=WORDS)}
    norms = tuple(norm(rng, f"norm-{number}") for number in range(6))
    first = Book(
        id=BOOK,
        version=1,
        original="vi",
        title=WORDS,
        source=Source(issuer=WORDS, number="1", signed=date(2020, 1, 1), checked="memory"),
        jurisdiction="vn",
        calendar="vn",
        in_force_from=date(2020, 1, 1),
        in_force_to=date(2026, 4, 1),
        parameters=parameters,
        norms=norms,
    )
    changed = tuple(replace(one, deadline=deadline(rng)) if one.when else one for one in norms)
    second = replace(first, version=2, in_force_from=date(2026, 4, 1), in_force_to=None, norms=changed)
    return Law((first, second), rng.choice(list(SHELF.calendars.values())).calendar)


def founded() -> Story:
    """Return an office of three people that the book binds."""
    story = Story().tell(
        BEGIN, "rules.book.adopted", book=BOOK, book_version=1, valid_from=BEGIN.date().isoformat()
    )
    story.tell(BEGIN, "directory.unit.opened", disclosed={"unit": "office"}, depth=0)
    for number, person in enumerate(PEOPLE):
        story.appoint(BEGIN, person, valid_from=BEGIN.date().isoformat(), clerk=number == 0, head=number == 2)
        story.give(BEGIN, person)
    return story


def told(rng: random.Random, of: Law, events: int) -> list[Told]:
    """Return what an agency records in half a year."""
    story, unit = founded(), of.books[0].parameters["term"].unit
    begun = len(story.told)
    for number in range(events // 3):
        at = BEGIN + timedelta(milliseconds=250 * rng.randrange(DAYS * 24 * 60 * 60 * 4))
        name, person, chosen = f"norm-{rng.randrange(6)}", rng.choice(PEOPLE), rng.random()
        said = {
            "matter": f"m{number}",
            "unit": "office",
            **dict.fromkeys(("recipient", "person", "actor"), person),
        }
        if chosen < 0.1:
            closed = (at + timedelta(days=rng.randrange(-2, 12))).date()
            story.tell(at, "rules.day.closed", day=closed.isoformat(), closed=rng.random() < 0.7)
        elif chosen < 0.15:
            decided = {"parameter": "term", "value": rng.randrange(1, AMOUNTS[unit]), "unit": unit}
            story.tell(at, "rules.parameter.decided", book=BOOK, valid_from=at.date().isoformat(), **decided)
        elif chosen < 0.2:
            absence(rng, story, at, person)
        else:
            said["day"] = (at + timedelta(days=rng.randrange(-5, 30))).date().isoformat()
            story.tell(at, "test.begun", disclosed=said, norm=name)
            for _ in range(rng.randrange(6)):
                later = at + timedelta(seconds=round(10 ** rng.uniform(1, 6.5)))
                story.tell(later, f"test.{rng.choice(KINDS)}", disclosed=said, norm=name, box="personal")
    made = [*story.told[:begun], *sorted(story.told[begun:], key=lambda one: one.at)]
    for number in range(len(made) - 1, begun, -1):  # some of it is recorded late
        if made[number].kind not in SETTLED and rng.random() < 0.1:
            made.insert(rng.randrange(number, len(made)), made.pop(number))
    return made


def absence(rng: random.Random, story: Story, at: datetime, person: str) -> None:
    """Tell of leave, granted before or after it began; now and then it is shortened."""
    first = (at + timedelta(days=rng.randrange(-15, 20))).date()
    days, name = rng.randrange(1, 25), f"leave-{len(story.told)}"
    story.away(at, person, first.isoformat(), (first + timedelta(days=days)).isoformat(), leave=name)
    if rng.random() < 0.4:
        back = (first + timedelta(days=rng.randrange(days + 1))).isoformat()
        story.back(at + timedelta(hours=rng.randrange(1, 500)), person, back, leave=name)


def decisions(rng: random.Random, entries: list[Told], state: State) -> list[Told]:
    """Return what people decided about some duties."""
    last = max(one.at for one in entries)
    chosen = [one for one in state.obligations if rng.random() < 0.2]
    return [
        Told(
            id=f"x{number:05}",
            kind=rng.choice(["conduct.finding.excused", "conduct.finding.confirmed"]),
            at=last + timedelta(minutes=number),
            attributes={},
            disclosures={"obligation": duty, "actor": "chi"},
        )
        for number, duty in enumerate(chosen + [one for one in chosen if rng.random() < 0.3])
    ]


def world(seed: int, events: int = 120, seen_after: int = 0) -> tuple[Law, list[Told], State]:
    """Return a world, looked at when the last of it was recorded or so many days after it began."""
    rng = random.Random(seed)  # noqa: S311 -- worlds, not secrets
    of = law(rng)
    entries = told(rng, of, events)
    if (seen := BEGIN + timedelta(days=seen_after)) > entries[-1].at:
        entries.append(Told(id="tick", kind="rules.clock.ticked", at=seen, attributes={}, disclosures={}))
    state = judge(of, State(AGENCY), entries)
    return of, entries, judge_more(of, entries, state, decisions(rng, entries, state))


def judge_more(of: Law, entries: list[Told], state: State, more: list[Told]) -> State:
    entries.extend(more)
    return judge(of, state, more)


def bundle_of(of: Law, entries: list[Told], state: State, duty: Obligation) -> bytes:
    """Return the bundle of a duty, as the export makes it of the database."""
    wanted = {*of_duty(duty), *of_agency(duty, of, state.facts)}
    if of.norms[duty.book, duty.version, duty.norm].cap:
        wanted |= {*state.unmatched.get(duty.fulfil_key, ()), *state.unmatched.get(duty.cancel_key, ())}
    named = [one for one in entries if one.id in wanted]
    seen = state.as_of or BEGIN
    return build(
        Case(
            agency=AGENCY,
            duty=duty,
            law=of,
            facts=state.facts,
            label="test",
            entries=named,
            receipts={},
            seen=seen,
        )
    )


def bundles(seed: int, events: int = 120) -> Iterator[bytes]:
    """Yield the bundle of every finding of a world."""
    of, entries, state = world(seed, events)
    for duty in state.obligations.values():
        yield bundle_of(of, entries, state, duty)


def ways(of: Law, duty: Obligation, state: State) -> set[str]:
    """Return what a finding lets the program reckon: how time counts, what happened on the way, how it ended."""
    norm = of.norms[duty.book, duty.version, duty.norm]
    found = {status(duty, state.as_of or BEGIN), of.calendar.zone, *(step.turn for step in duty.steps())}
    found |= {"report"} if norm.report else {"cap"} if norm.cap else {"window"} if norm.windows else set()
    found |= {f"every {norm.rhythm.period}"} if norm.rhythm else set()
    found |= {"leave"} if reckoning.away_within(of, state.facts, duty) else set()
    if norm.deadline:
        found |= {one.name for one in fields(Deadline) if getattr(norm.deadline, one.name)} - {"amount"}
        found |= {norm.deadline.unit} if norm.deadline.unit else set()
    return found


def every_way() -> set[str]:
    """Return all of what `ways` can find."""
    return {
        *(one.name for one in fields(Deadline) if one.name != "amount"),
        *UNITS,
        *(f"every {period}" for period in PERIODS),
        *("report", "cap", "window", "leave"),
        *("suspended", "resumed", "extended", "compensated", "met"),
        *("pending", "fulfilled", "late", "breached", "reported", "excused", "annulled"),
        *(one.calendar.zone for one in SHELF.calendars.values()),
    }

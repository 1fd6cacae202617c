"""Random traces over random small rulebooks: late, out of order, told twice, destroyed; posts, mailboxes, days and all."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from congvu.base import handles
from congvu.rules.examples import Told
from tests.rules.lawgiver import DAYS, MONDAY, World

HALF = timedelta(minutes=30)
FIRST = datetime(2026, 3, 1, 17, tzinfo=UTC)  # midnight before Monday 2026-03-02
CASES = (*["c1"] * 5, "c2", "c3")
PEOPLE = ("an", "binh", "chi")
UNITS = ("office", "room", "cell")
POSTS = ("p1", "p2", "p3")
BOXES = {"a-an": "personal", "a-binh": "personal", "a-office": "unit", "a-room": "unit", "a-agency": "agency"}
MATTER = (
    *["t.asked"] * 3,
    *["t.answered"] * 2,
    "t.dropped",
    *["t.paused"] * 2,
    *["t.resumed"] * 2,
    *["t.prolonged"] * 2,
    "t.mended",
)
KINDS = {
    "answer": MATTER,
    "report": ["t.reported"] * 5,
    "watch": ["t.checked"] * 5,
    "share": (*["t.rated"] * 5, "t.praised"),
    "missed": ["t.asked"] * 3,
    "seen": ["t.asked"] * 2,
}
AIMED = {"t.paused", "t.prolonged", "t.mended", "t.answered", "t.dropped"}
APPOINTED, ENDED = "directory.appointment.made", "directory.appointment.ended"
GIVEN, WITHDRAWN = "directory.address.given", "directory.address.withdrawn"
ACCENTS = {  # what a trace dwells upon
    "none": (),
    "days": ["rules.day.closed"] * 7,
    "decided": ["rules.parameter.decided"] * 7,
    "leave": (*["directory.leave.granted"] * 4, *["directory.leave.ended"] * 3),
    "boxes": (*[GIVEN] * 2, *[WITHDRAWN] * 4),
    "posts": (
        *[APPOINTED] * 2,
        *[ENDED] * 3,
        *["directory.post.charged"] * 3,
        "directory.unit.opened",
        *["directory.unit.moved"] * 2,
    ),
}
HOURS = (0, 0, 8, 8, 9, 11, 12, 14, 15, 17, 17, 17)
OFF = (3, 3, 6, 6, 8, 11, 12, 13)  # days off of the calendar, counted from its Monday, and a half day
OFFICES = ("head", "clerk", "deputy")


def trace(chance: random.Random, world: World) -> list[Told]:
    """Return entries in the order of the log: some late, some told twice, the adoption mostly first."""
    days = chance.choice((2, 2, 3, 3, 4, 5, 8, DAYS))
    kinds = _kinds(chance, world)
    told = [_entry(chance, world, kinds, number, days) for number in range(chance.randrange(3, 26))]
    _aim(chance, world, told)
    told.sort(key=lambda one: one.at)
    _delay(chance, told, chance.randrange(len(told)))
    told = [*_settled(chance, world), *told]
    _delay(chance, told, chance.choice((0, 0, 1, 3)))
    for number, book in enumerate(world.books[1:]):
        if book.id == "test" or chance.random() < 0.4:
            told.insert(chance.choice((0, 0, 0, min(3, len(told)))), _adoption(chance, number, book.id))
    told += _decisions(chance, world, told, days)
    for _ in range(chance.randrange(4)):
        told.insert(chance.randrange(len(told)), chance.choice(told))
    return [*told, _end(chance, told, days)]


def _end(chance: random.Random, told: list[Told], days: int) -> Told:
    """Return the last look: some day, or the very instant at which the last day is over."""
    seen = _at(chance, days=chance.choice((days, days, days + 2, DAYS)))
    if chance.random() < 0.2:
        last = max(one.at for one in told) - FIRST
        seen = FIRST + timedelta(days=1) * -(-last // timedelta(days=1))
    return _told("end", "rules.clock.ticked", at=seen)


def _aim(chance: random.Random, world: World, told: list[Told]) -> None:
    """Let some steps fall on the very instant at which the time of a matter is over, if nothing moved it."""
    asked = [one for one in told if one.kind == "t.asked" and not one.destroyed]
    steps = [place for place, one in enumerate(told) if one.kind in AIMED and not one.destroyed]
    spans = [
        norm.deadline for norm in world.books[0].norms if norm.when and norm.deadline and norm.deadline.unit
    ]
    for place in chance.sample(steps, min(len(steps), chance.choice((0, 1, 2)))) if asked and spans else ():
        cause, span = chance.choice(asked), chance.choice(spans)
        if span.unit in {"hour", "minute"}:
            at = cause.at + timedelta(**{f"{span.unit}s": span.amount})
        else:
            midnight = FIRST + timedelta(days=(cause.at - FIRST).days)
            at = midnight + timedelta(days=span.amount % 5, hours=chance.choice((17, 24)))
        case = {"case": cause.disclosures["case"]}
        told[place] = replace(told[place], at=at, disclosures={**told[place].disclosures, **case})


def _delay(chance: random.Random, told: list[Told], count: int) -> None:
    """Let some entries be recorded late, behind later acts, and others early."""
    for _ in range(count):
        late = told.pop(chance.randrange(len(told)))
        told.insert(chance.randrange(len(told) + 1), late)


def _kinds(chance: random.Random, world: World) -> list[str]:
    """Return which kinds of entries a trace draws from: the acts of its norms, and what it dwells upon besides."""
    acts = [kind for theme in sorted(world.themes & KINDS.keys()) for kind in KINDS[theme]]
    norms = [norm for book in world.books for norm in book.norms]
    accents = ["days", "leave", "posts", "none"]
    accents += ["decided"] * 6 * any(norm.deadline and norm.deadline.parameter for norm in norms)
    accents += ["boxes"] * 6 * any(norm.unless for norm in norms)
    staff = [kind for kinds in ACCENTS.values() for kind in kinds] if chance.random() < 0.3 else []
    return acts + staff + list(ACCENTS[chance.choice(accents)]) + ["rules.clock.ticked"]


def _settled(chance: random.Random, world: World) -> list[Told]:
    """Return the offices as they stand before the first act, or most of them."""
    if world.themes <= {"share", "seen"}:
        return []
    told = [
        _told("unit", "directory.unit.opened", disclosures={"unit": "office"}),
        _told("room", "directory.unit.opened", disclosures={"unit": "room", "parent": "office"}),
        _told("cell", "directory.unit.opened", disclosures={"unit": "cell", "parent": "room"}),
        _told("decided", "rules.parameter.decided", attributes=_decision(chance, world, "2026-03-01")),
    ]
    for number, person in enumerate(PEOPLE):
        unit = chance.choice(UNITS)
        offices = {name: chance.random() < 0.5 for name in OFFICES}
        told.append(
            _told(
                f"member{number}",
                "directory.appointment.made",
                attributes=offices,
                disclosures=_membership(f"m{number}", person, f"p{number + 1}", unit),
            )
        )
    if chance.random() < 0.3:  # a person of two posts
        second = _membership("m4", "binh", "p1", "office")
        told.append(
            _told(
                "member4",
                "directory.appointment.made",
                attributes=dict.fromkeys(OFFICES, False),
                disclosures=second,
            )
        )
    told += [
        _told(box, "directory.address.given", attributes={"box": kind}, disclosures=_address(box))
        for box, kind in BOXES.items()
        if chance.random() < 0.8
    ]
    return [*(one for one in told if chance.random() < 0.9), *_leaves(chance)]


def _leaves(chance: random.Random) -> list[Told]:
    """Return leave that was granted before the first act, and returns that were told before or soon after it."""
    told = []
    for number in chance.sample(range(3), chance.choice((0, 0, 1, 2))):
        granted = _leave(chance, "granted", number, PEOPLE[number], days=4)
        told.append(_told(f"leave{number}", "directory.leave.granted", disclosures=granted))
        if chance.random() < 0.5:
            back = date.fromisoformat(granted["valid_from"]) + timedelta(days=chance.randrange(4))
            said = {"leave": f"l{number}", "person": PEOPLE[number], "valid_to": back.isoformat()}
            at = FIRST - 30 * HALF if chance.random() < 0.3 else _at(chance, days=2)
            told.append(_told(f"back{number}", "directory.leave.ended", disclosures=said, at=at))
    return told


def _told(
    name: str, kind: str, *, attributes=None, disclosures=None, at: datetime = FIRST - 30 * HALF
) -> Told:
    return Told(id=name, kind=kind, at=at, attributes=attributes or {}, disclosures=disclosures or {})


def _adoption(chance: random.Random, number: int, book: str) -> Told:
    valid_from = date(2026, 3, 1) if chance.random() < 0.85 else _day(chance)
    return _told(
        f"adopted{number}",
        "rules.book.adopted",
        at=FIRST - 31 * HALF if chance.random() < 0.5 else _at(chance, days=chance.choice((1, 1, 1, 12))),
        attributes={"book": book, "book_version": 1, "valid_from": valid_from.isoformat()},
    )


def _at(chance: random.Random, *, days: int) -> datetime:
    """Return an instant of these days, mostly one at which something begins or ends."""
    if chance.random() < 0.3:
        return FIRST + HALF * chance.randrange(48 * days)
    return FIRST + timedelta(days=chance.randrange(days), hours=chance.choice(HOURS))


def _day(chance: random.Random) -> date:
    return MONDAY + timedelta(days=chance.randrange(DAYS))


def _entry(chance: random.Random, world: World, kinds: list[str], number: int, days: int) -> Told:
    kind = chance.choice(kinds)
    at = _at(chance, days=days)
    attributes, disclosures = _content(chance, world, kind, days)
    gone = kind.startswith("t.") and chance.random() < 0.03
    return Told(
        id=f"e{chance.randrange(100):02}{number:02}",
        kind=kind,
        at=at,
        attributes=attributes,
        disclosures={} if gone else disclosures,
        destroyed=gone,
    )


def _content(chance: random.Random, world: World, kind: str, days: int) -> tuple[dict, dict]:
    match kind.split("."):
        case ["t", _]:
            return _act(chance, days)
        case ["rules", "day", _]:
            closed = chance.random() < 0.6
            day = (
                chance.randrange(min(days + 2, DAYS))
                if closed or chance.random() < 0.3
                else chance.choice(OFF)
            )
            return {"day": (MONDAY + timedelta(days=day)).isoformat(), "closed": closed}, {}
        case ["rules", "parameter", _]:
            return _decision(
                chance, world, (MONDAY + timedelta(days=chance.randrange(-1, min(days, 4)))).isoformat()
            ), {}
        case ["directory", noun, done]:
            return _staff(chance, noun, done, days)
    return {}, {}


def _act(chance: random.Random, days: int) -> tuple[dict, dict]:
    """Return the attributes and disclosures of an act in a matter."""
    person = chance.choice(PEOPLE)
    told = {"case": chance.choice(CASES), "actor": chance.choice(PEOPLE), "person": person}
    told |= {name: chance.choice(PEOPLE) for name in ("assignee", "sender") if chance.random() < 0.7}
    if chance.random() < 0.4:
        told["recipient"] = chance.choice(PEOPLE)
    elif chance.random() < 0.5:
        told["address"] = chance.choice(list(BOXES))
    if chance.random() < 0.6:
        told["unit"] = chance.choice(UNITS)
    if chance.random() < 0.15:
        del told["person"]
    if chance.random() < 0.9:
        told["told"] = _legal(chance, min(days + 8, DAYS + 14))
    box = chance.choice(("personal", "personal", "unit", "agency"))
    return {"level": chance.choice((1, 2, 2, 3, 3)), "written": chance.random() < 0.5, "box": box}, told


def _legal(chance: random.Random, days: int) -> str:
    """Return a legal day, an instant with or without an offset, or what is neither."""
    at = _at(chance, days=days)
    form = chance.random()
    if form < 0.5:
        return (MONDAY + timedelta(days=chance.randrange(days))).isoformat()
    if form < 0.75:
        return at.isoformat()
    return at.replace(tzinfo=None).isoformat() if form < 0.95 else "soon"


def _decision(chance: random.Random, world: World, valid_from: str) -> dict:
    """Return what the agency decides: sometimes in another unit, or more than the other version allows."""
    unit = world.books[0].parameters["within"].unit
    unit = unit if chance.random() < 0.9 else chance.choice(("working_hour", "day"))
    value = chance.randrange(1, 9) * (30 if unit == "working_minute" else 1)
    return {"book": "test", "parameter": "within", "value": value, "unit": unit, "valid_from": valid_from}


def _staff(chance: random.Random, noun: str, done: str, days: int) -> tuple[dict, dict]:
    """Return the attributes and disclosures of an act on units, posts or addresses."""
    offices = {name: chance.random() < 0.4 for name in OFFICES}
    number = chance.randrange(5)
    person = PEOPLE[number % 3]
    match noun, done:
        case "appointment", "made":
            told = _membership(f"m{number}", person, chance.choice(POSTS), chance.choice(UNITS))
            if chance.random() < 0.3:
                told["valid_from"] = _day(chance).isoformat()
            return offices, told | ({"valid_to": _day(chance).isoformat()} if chance.random() < 0.2 else {})
        case "appointment", _:
            told = {"membership": f"m{number}", "person": person}
            last = MONDAY + timedelta(days=chance.randrange(days))
            return {}, told | ({"valid_to": last.isoformat()} if chance.random() < 0.7 else {})
        case "post", _:
            return offices, {"post": chance.choice(POSTS)}
        case "address", _:
            box = chance.choice(list(BOXES))
            return {"box": BOXES[box]}, _address(box)
        case "leave", _:
            return {}, _leave(chance, done, number, person, days=DAYS)
    unit, parent = chance.choice(
        (("office", ""), ("room", "office"), ("cell", "room"), ("cell", "office"), ("room", "cell"))
    )
    return {}, {"unit": unit} | ({"parent": parent} if parent else {})


def _leave(chance: random.Random, done: str, number: int, person: str, *, days: int) -> dict[str, str]:
    first = MONDAY + timedelta(days=chance.randrange(days))
    until = first + timedelta(days=chance.randrange(1, 6))
    told = {"leave": f"l{number}", "person": person, "valid_to": until.isoformat()}
    if done == "granted":
        told["valid_from"] = first.isoformat()
        if chance.random() < 0.6:
            told["acting"] = chance.choice([one for one in PEOPLE if one != person])
    return told


def _membership(membership: str, person: str, post: str, unit: str) -> dict[str, str]:
    return {
        "membership": membership,
        "person": person,
        "post": post,
        "unit": unit,
        "valid_from": "2026-03-01",
    }


def _address(box: str) -> dict[str, str]:
    holder = box.removeprefix("a-")
    if BOXES[box] == "personal":
        return {"address": box, "person": holder}
    return {"address": box} | ({"unit": holder} if BOXES[box] == "unit" else {})


def _decisions(chance: random.Random, world: World, told: list[Told], days: int) -> list[Told]:
    """Return what people decided of some duties, found by the handles that they must have."""
    found: list[Told] = []
    for number in range(chance.choice((0, 0, 1, 3))):
        norm, bearer, cause = _cause(chance, world, told, days)
        if not norm:
            break
        made = _told(
            f"d{chance.randrange(100):02}{number}",
            chance.choice(("conduct.finding.excused", "conduct.finding.confirmed")),
            at=_at(chance, days=days),
            attributes={"about": f"test {norm} {bearer} {cause}"},
            disclosures={
                "obligation": handles.derive("agency", "test", norm, bearer, cause.replace(" ", "T"))
            },
        )
        found.append(made)
        if chance.random() < 0.4:  # and thought better of it
            other = {"conduct.finding.excused": "conduct.finding.confirmed"}.get(
                made.kind, "conduct.finding.excused"
            )
            found.append(replace(made, id=f"{made.id}x", kind=other, at=_at(chance, days=days)))
    return found


def _cause(chance: random.Random, world: World, told: list[Told], days: int) -> tuple[str, str, str]:
    """Return norm, bearer and cause (an entry, or the beginning of a window) of a duty that there may be."""
    norms = [norm for norm in world.books[0].norms if norm.when or norm.report or norm.windows]
    asked = [one for one in told if one.kind == "t.asked" and not one.destroyed]
    if not norms:
        return "", "", ""
    norm = chance.choice(norms)
    if norm.windows:
        begin = FIRST + timedelta(days=chance.randrange(days), hours=norm.windows[0].opens.hour)
        return norm.id, chance.choice(("an", "binh", "a-office", "a-agency")), str(begin)
    if not asked:
        return "", "", ""
    cause = chance.choice(asked)
    kind = {"reported": "person", "sender": "person"}.get(norm.bearer[0], norm.bearer[0])
    bearer = cause.disclosures.get(kind) or cause.disclosures.get("unit") or "agency"
    return norm.id, bearer, cause.id

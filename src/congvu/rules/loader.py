"""From a file of the rulebook to a Book, with every problem that stands in its way."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast, get_args

from congvu.rules import vocabulary
from congvu.rules.book import (
    Bearer,
    Book,
    Citation,
    Condition,
    Deadline,
    Example,
    Given,
    Kind,
    Match,
    Norm,
    Parameter,
    Source,
    Unit,
    Value,
    Window,
)
from congvu.rules.calendars import WEEK, NationalCalendar, calendar, span
from congvu.rules.conditions import OPERATORS
from congvu.rules.reading import LANGUAGES, Reading
from congvu.rules.source import Located, Problem, UnreadableError, read

WORDINGS = ("legal_text", "unofficial_copy", "press")
CHECKED = ("gazette", "unofficial_copy", "secondary", "press")
NOT_ESTABLISHED = "not-established"
WORDS_OF_TYPE: dict[type, str] = {bool: "true, false", int: "whole numbers", str: "words in quotes"}
NEVER = date(1900, 1, 1)
BOOK = "book version original title source jurisdiction calendar in_force norms"
NORM_TEXT = "id code kind title text cite"
NORM_LAW = (
    "bearer when unless every windows deadline fulfil cancel report count decided_by breach note consequence"
)


@dataclass(frozen=True)
class Loaded:
    """What a file gave: a book unless it was unreadable, and its problems."""

    book: Book | None
    problems: tuple[Problem, ...]


def load_book(path: Path) -> Loaded:
    """Return the book of a file with its problems; a book with problems is for showing, not for judging."""
    try:
        node = read(path)
    except UnreadableError as error:
        return Loaded(None, (error.problem,))
    reading = Reading(file=path.name, where="", node=node, problems=[])
    book = _book(reading)
    return Loaded(book, tuple(reading.problems))


def load_calendar(path: Path) -> tuple[NationalCalendar | None, tuple[Problem, ...]]:
    """Return the calendar of a file, or None, with its problems."""
    try:
        node = read(path)
    except UnreadableError as error:
        return None, (error.problem,)
    reading = Reading(file=path.name, where="", node=node, problems=[])
    found = _calendar(reading)
    return (None if reading.problems else found), tuple(reading.problems)


def _calendar(reading: Reading) -> NationalCalendar | None:
    reading.keys("calendar title zone weekly seed days_off", "days_on")
    week, seed, off = reading.inner("weekly"), reading.inner("seed"), reading.inner("days_off")
    if week is None or seed is None or off is None:
        return None
    week.keys("", " ".join(WEEK))
    seed.keys("library version country from through")
    if (name := reading.text("calendar")) and name != Path(reading.file).stem:
        reading.complain(f"the calendar is called `{name}`.", "Call it as its file is called.")
    try:
        return NationalCalendar(
            id=reading.text("calendar"),
            title=reading.texts("title"),
            country=seed.text("country"),
            library=f"{seed.text('library')} {seed.text('version')}",
            through=date(seed.number("through", default=1), 12, 31),
            calendar=calendar(
                zone=reading.text("zone"),
                weekly={name: tuple(week.parsed(name, span)) for name in week.fields},
                days_off={date.fromisoformat(day): off.text(day) for day in off.fields},
                days_on=[date.fromisoformat(str(node.value)) for node in reading.sequence("days_on")],
            ),
        )
    except ValueError as error:
        reading.complain(
            f"the days are not a calendar: {error}.", "Write days as 2026-01-31, hours in order."
        )
        return None


def _book(reading: Reading) -> Book:
    reading.keys(BOOK, "parameters scenes examples")
    force = reading.inner("in_force", "in_force")
    if force:
        force.keys("from", "to")
    return Book(
        id=reading.text("book"),
        version=reading.number("version", default=1),
        original=reading.text("original", known=LANGUAGES),
        title=reading.texts("title"),
        source=_source(reading),
        jurisdiction=reading.text("jurisdiction"),
        calendar=reading.text("calendar"),
        in_force_from=(force and force.day("from")) or NEVER,
        in_force_to=force.day("to") if force else None,
        parameters=_parameters(reading),
        norms=tuple(_norm(one) for one in reading.each("norms")),
        examples=tuple(_example(one, _scenes(reading)) for one in reading.each("examples")),
        file=reading.file,
    )


def _source(reading: Reading) -> Source:
    inner = reading.inner("source", "source")
    if inner is None:
        return Source(issuer={}, number="", signed=NEVER, checked="secondary")
    inner.keys("issuer number signed checked", "note")
    return Source(
        issuer=inner.texts("issuer"),
        number=inner.text("number"),
        signed=inner.day("signed") or NEVER,
        checked=inner.text("checked", known=CHECKED),
        note=inner.texts("note") or None,
    )


def _parameters(reading: Reading) -> dict[str, Parameter]:
    outer = reading.inner("parameters", "parameters")
    found = {}
    for name in outer.fields if outer else ():
        inner = outer and outer.inner(name, name)
        if inner is None:
            continue
        inner.keys("unit at_least at_most title")
        unit = cast("Unit", inner.text("unit", known=get_args(Unit)))
        low, high = inner.number("at_least", default=1), inner.number("at_most", default=1)
        if low > high:
            inner.complain(
                f"at_least {low} is more than at_most {high}: no value is possible.",
                "Exchange them.",
                at="at_least",
            )
        found[name] = Parameter(name=name, unit=unit, at_least=low, at_most=high, title=inner.texts("title"))
    return found


def _norm(reading: Reading) -> Norm:
    reading.where = reading.text("id") if isinstance(reading.node.value, dict) else "norms"
    reading.keys(NORM_TEXT, NORM_LAW)
    cite, breach = reading.inner("cite"), reading.inner("breach")
    if breach:
        breach.keys("answers_too")
    if "windows" in reading.fields and reading.text("every", known=("working_day",)) == "":
        reading.complain("`windows` open on no day.", "Add `every: working_day`.", at="windows")
    return Norm(
        id=reading.text("id"),
        code=reading.text("code"),
        kind=cast("Kind", reading.text("kind", known=get_args(Kind))),
        title=reading.texts("title"),
        text=reading.texts("text"),
        cite=_citation(cite),
        bearer=cast("tuple[Bearer, ...]", reading.words("bearer", known=get_args(Bearer))),
        when=_condition(reading, "when"),
        unless=reading.text("unless", known=vocabulary.EXEMPTIONS),
        windows=tuple(Window(opens=a, closes=b) for a, b in reading.parsed("windows", span)),
        deadline=_deadline(reading),
        fulfil=_condition(reading, "fulfil"),
        cancel=_condition(reading, "cancel"),
        report=_condition(reading, "report"),
        count=_condition(reading, "count"),
        decided_by=reading.text("decided_by", known=vocabulary.DECIDERS),
        answers_too=breach.text("answers_too", known=get_args(Bearer)) if breach else "",
        note=reading.texts("note") or None,
        consequence=reading.texts("consequence") or None,
        line=reading.node.line,
    )


def _citation(reading: Reading | None) -> Citation:
    if reading is None:
        return Citation(article=NOT_ESTABLISHED, wording="press", checked="press")
    reading.keys("article wording checked")
    article, wording = reading.text("article"), reading.text("wording", known=WORDINGS)
    if article != NOT_ESTABLISHED and wording == "press":
        reading.complain(
            f"article {article} is cited from a press report.",
            f"Write `article: {NOT_ESTABLISHED}` until the text was read.",
            at="article",
        )
    return Citation(article=article, wording=wording, checked=reading.text("checked", known=CHECKED))


def _deadline(reading: Reading) -> Deadline | None:
    inner = reading.inner("deadline")
    if inner is None:
        return None
    inner.keys("", "after within same_day start day_off")
    if len({"after", "within", "same_day"} & set(inner.fields)) != 1:
        inner.complain("a deadline needs one of `after`, `within`, `same_day`.", "Keep exactly one.")
    within = inner.inner("within")
    unit: Unit | None = None
    amount = 0
    if within:
        within.keys("", " ".join(get_args(Unit)))
        for name in within.fields:
            unit, amount = cast("Unit", name), within.number(name)
    return Deadline(
        parameter=inner.text("after"),
        amount=amount,
        unit=unit,
        same_day=inner.flag("same_day"),
        start=inner.text("start"),
        roll=inner.text("day_off", known=("next_working_day",)) != "",
    )


def _condition(reading: Reading, key: str) -> Condition | None:
    inner = reading.inner(key)
    if inner is None:
        return None
    kind = inner.text("kind")
    if kind not in vocabulary.KINDS:
        known = ", ".join(vocabulary.KINDS)
        inner.complain(
            f"`{key}` names the event `{kind}`, which nothing records.", f"Known are: {known}.", at="kind"
        )
        return Condition(kind=kind)
    shape = vocabulary.KINDS[kind]
    inner.keys("kind", " ".join(["same", *shape.attributes]))
    tests = tuple(
        _test(inner, name, shape.attributes[name]) for name in inner.fields if name in shape.attributes
    )
    return Condition(kind=kind, tests=tests, same=inner.words("same", known=sorted(shape.disclosures)))


def _test(reading: Reading, name: str, allowed: vocabulary.Range) -> Match:
    node = reading.fields[name]
    operator, operand = "is", node
    if isinstance(node.value, list):
        operator = "in"
    elif isinstance(node.value, dict):
        inner = Reading(reading.file, reading.where, node, reading.problems)
        inner.keys("", " ".join(OPERATORS[1:]))
        if len(inner.fields) != 1:
            inner.complain(f"`{name}` needs exactly one operator.", f"Use one of {', '.join(OPERATORS[1:])}.")
        operator, operand = next(iter(inner.fields.items()), ("in", Located([], node.line)))
    values = tuple(_value(reading, name, one, allowed) for one in _list(operand))
    if operator in {"at_least", "at_most"} and allowed is not int:
        reading.complain(
            f"`{name}` is no number, so `{operator}` cannot hold.", "Use a list of words.", at=name
        )
        return Match(attribute=name, operator="in", values=())
    return Match(attribute=name, operator=operator, values=values)


def _list(node: Located) -> list[Located]:
    return node.value if isinstance(node.value, list) else [node]


def _value(reading: Reading, name: str, node: Located, allowed: vocabulary.Range) -> Value:
    value = node.value
    fits = value in allowed if isinstance(allowed, tuple) else type(value) is allowed
    if not fits or not isinstance(value, (str, int)):
        known = ", ".join(allowed) if isinstance(allowed, tuple) else WORDS_OF_TYPE[allowed]
        reading.complain(f"`{name}` can never be `{value}`.", f"Possible are: {known}.", at=name)
        return ""
    return value


def _scenes(reading: Reading) -> dict[str, tuple[Given, ...]]:
    outer = reading.inner("scenes", "scenes")
    return {name: tuple(_given(one) for one in outer.each(name)) for name in outer.fields} if outer else {}


def _example(reading: Reading, scenes: dict[str, tuple[Given, ...]]) -> Example:
    reading.keys("title norm as_of expect", "scene given")
    reading.where = f"example {reading.text('norm')}"
    scene = scenes.get(reading.text("scene", known=tuple(scenes)), ())
    return Example(
        title=reading.texts("title"),
        norm=reading.text("norm"),
        as_of=reading.text("as_of"),
        given=scene + tuple(_given(one) for one in reading.each("given")),
        expect=tuple(_expectation(one) for one in reading.each("expect")),
        line=reading.node.line,
    )


def _expectation(reading: Reading) -> dict[str, Value]:
    reading.keys("", "bearer status due opened count value box")
    pairs = ((key, reading.scalar(key)) for key in reading.fields)
    return {key: value for key, value in pairs if value is not None}


def _given(reading: Reading) -> Given:
    reading.keys("at kind", "attributes disclosures")
    kind = reading.text("kind", known=tuple(vocabulary.KINDS))
    shape = vocabulary.KINDS.get(kind, vocabulary.Shape({}, frozenset()))
    attributes, disclosures = reading.inner("attributes"), reading.inner("disclosures")
    if attributes:
        attributes.keys("", " ".join(shape.attributes))
        for name in set(attributes.fields) & set(shape.attributes):
            _value(attributes, name, attributes.fields[name], shape.attributes[name])
    if disclosures:
        disclosures.keys("", " ".join(sorted(shape.disclosures)))
    return Given(
        kind=kind,
        at=reading.text("at"),
        attributes={
            name: value
            for name in (attributes.fields if attributes else ())
            if attributes and (value := attributes.scalar(name)) is not None
        },
        disclosures={
            name: None if (value := disclosures.scalar(name)) is None else str(value)
            for name in (disclosures.fields if disclosures else ())
            if disclosures
        },
        line=reading.node.line,
    )

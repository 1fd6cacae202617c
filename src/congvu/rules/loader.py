"""From a file of the rulebook to a Book, with every problem that stands in its way."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast, get_args

from congvu.rules import vocabulary
from congvu.rules.book import Book, Example, Given, Level, Parameter, Source, Unit, Value
from congvu.rules.calendar_loader import read_calendar
from congvu.rules.calendars import NationalCalendar
from congvu.rules.norm_loader import CHECKED, read_norm, read_value
from congvu.rules.reading import LANGUAGES, Reading
from congvu.rules.sentences import sentence as _
from congvu.rules.shape import Shape
from congvu.rules.source import Located, Problem, UnreadableError, parse, read

NEVER = date(1900, 1, 1)
BOOK = "book version original title source jurisdiction calendar in_force norms"


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
    return _loaded(node, path.name)


def read_book(octets: bytes, *, name: str) -> Loaded:
    """Return the book of a file's octets with its problems."""
    try:
        node = parse(octets, name=name)
    except UnreadableError as error:
        return Loaded(None, (error.problem,))
    return _loaded(node, name)


def _loaded(node: Located, name: str) -> Loaded:
    reading = Reading(file=name, where="", node=node, problems=[])
    book = _book(reading)
    return Loaded(book, tuple(reading.problems))


def load_calendar(path: Path) -> tuple[NationalCalendar | None, tuple[Problem, ...]]:
    """Return the calendar of a file, or None, with its problems."""
    try:
        node = read(path)
    except UnreadableError as error:
        return None, (error.problem,)
    reading = Reading(file=path.name, where="", node=node, problems=[])
    found = read_calendar(reading)
    return (None if reading.problems else found), tuple(reading.problems)


def _book(reading: Reading) -> Book:
    reading.keys(BOOK, "level adopts parameters scenes examples")
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
        level=cast("Level", reading.text("level", known=get_args(Level), default="nation")),
        adopts=reading.words("adopts"),
        parameters=_parameters(reading),
        norms=tuple(read_norm(one) for one in reading.each("norms")),
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
                _(
                    "at_least %(low)s is more than at_most %(high)s: no value is possible.",
                    low=low,
                    high=high,
                ),
                _("Exchange them."),
                at="at_least",
            )
        found[name] = Parameter(name=name, unit=unit, at_least=low, at_most=high, title=inner.texts("title"))
    return found


def _scenes(reading: Reading) -> dict[str, tuple[Given, ...]]:
    outer = reading.inner("scenes", "scenes")
    return {name: tuple(_given(one) for one in outer.each(name)) for name in outer.fields} if outer else {}


def _example(reading: Reading, scenes: dict[str, tuple[Given, ...]]) -> Example:
    reading.keys("title norm as_of expect", "scene given")
    reading.where = _("example %(norm)s", norm=reading.text("norm"))
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
    shape = vocabulary.KINDS.get(kind, Shape({}, frozenset()))
    attributes, disclosures = reading.inner("attributes"), reading.inner("disclosures")
    if attributes:
        attributes.keys("", " ".join(shape.attributes))
        for name in set(attributes.fields) & set(shape.attributes):
            read_value(attributes, name, attributes.fields[name], shape.attributes[name])
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

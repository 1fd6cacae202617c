"""Examples in a book are run like evidence: these events, looked at then, must give exactly these duties."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from congvu.rules import vocabulary
from congvu.rules.book import Book, Example, Given, Value
from congvu.rules.calendars import NationalCalendar
from congvu.rules.duties import status
from congvu.rules.force import version_on
from congvu.rules.judge import judge
from congvu.rules.law import Law
from congvu.rules.sentences import Sentence
from congvu.rules.sentences import sentence as _
from congvu.rules.source import Problem
from congvu.rules.state import Obligation, State
from congvu.standards.working_time import Calendar

AGENCY = "agency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An example's event as evidence."""

    id: str
    kind: str
    at: datetime
    attributes: Mapping[str, Value]
    disclosures: Mapping[str, str | None]
    destroyed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """An example that was run: by which version of its book (0: none was in force then), and how it failed."""

    example: Example
    version: int
    problem: Problem | None


def runs(book: Book, calendars: Mapping[str, NationalCalendar], books: Sequence[Book]) -> Iterator[Run]:
    """Run each example of a book, by the version that is in force on its day. Problems must be mended first."""
    yield from _runs(book, Law(tuple(books), calendars[book.calendar].calendar))


def failures(
    book: Book, calendars: Mapping[str, NationalCalendar], books: Sequence[Book]
) -> Iterator[Problem]:
    """Yield a problem for each example that does not give what it says."""
    yield from (one.problem for one in runs(book, calendars, books) if one.problem)


def all_failures(books: Sequence[Book], calendars: Mapping[str, NationalCalendar]) -> Iterator[Problem]:
    """Yield the failures of every book; the books are compiled once for each calendar."""
    named = {book.calendar for book in books}
    laws = {name: Law(tuple(books), calendars[name].calendar) for name in named}
    for book in books:
        yield from (one.problem for one in _runs(book, laws[book.calendar]) if one.problem)


def _runs(book: Book, law: Law) -> Iterator[Run]:
    for example in book.examples:
        version, told = _run(book, law, example)
        problem = None
        if told is not None:
            where = _("example %(norm)s", norm=example.norm)
            problem = Problem(file=book.file, line=example.line, where=where, what=told[0], mend=told[1])
        yield Run(example=example, version=version, problem=problem)


def _run(book: Book, law: Law, example: Example) -> tuple[int, tuple[Sentence, Sentence] | None]:
    """Return which version judged an example, and what is wrong with what it gives."""
    try:
        state = _judged(law, example)
        found = _outcome(law.calendar, example, state)
    except (ValueError, OverflowError) as error:
        what = _("a time or day cannot be read: %(reason)s.", reason=error)
        return book.version, (what, _("Write it as `2026-03-02 08:10`."))
    version = _version(book, law, example, state)
    if found == list(example.expect):
        return version, None
    what = _(
        "it expects %(expected)s and gives %(found)s.", expected=_words(example.expect), found=_words(found)
    )
    if version == book.version:
        return version, (what, _("Mend the norm or the example."))
    what = _("%(what)s It was not judged by this version: %(why)s.", what=what, why=_why(version))
    return version, (
        what,
        _(
            "Mend the example, or date it on %(day)s or later, the first day of this version.",
            day=book.in_force_from,
        ),
    )


def _why(version: int) -> Sentence:
    if not version:
        return _("no version of the book is in force on its day")
    return _("version %(version)s is in force on its day", version=version)


def _version(book: Book, law: Law, example: Example, state: State) -> int:
    """Return the version that an example is about: of its duties, else the one in force at its last event."""
    named = {
        one.version for one in state.obligations.values() if (one.book, one.norm) == (book.id, example.norm)
    }
    if named:
        return book.version if book.version in named else max(named)
    last = max((one.at for one in example.given), default=example.as_of)
    found = version_on(law.books, book.id, law.calendar.day_of(instant(last, law.calendar)))
    return found.version if found else 0


def outcome(law: Law, calendar: Calendar, example: Example) -> list[dict[str, Value]]:
    """Return what an example's events give, in the words and with the fields of its expectation."""
    return _outcome(calendar, example, _judged(law, example))


def _judged(law: Law, example: Example) -> State:
    told = [evidence(one, index, law.calendar) for index, one in enumerate(example.given)]
    seen = instant(example.as_of, law.calendar)
    tick = Told(id="tick", kind=vocabulary.TICKED, at=seen, attributes={}, disclosures={})
    return judge(law, State(AGENCY), [*told, tick])


def _outcome(calendar: Calendar, example: Example, state: State) -> list[dict[str, Value]]:
    seen = instant(example.as_of, calendar)
    fields = [tuple(one) for one in example.expect]
    counted: list[dict[str, Value]] = [
        {"count": 1, "value": one.value} for one in state.occurrences.values() if one.norm == example.norm
    ]
    duties = [one for one in state.obligations.values() if one.norm == example.norm]
    duties.sort(key=lambda one: (one.opened_at, one.bearer))
    shown = [_shown(one, seen, calendar) for one in duties] + counted
    wanted = fields + [tuple(fields[-1]) if fields else ()] * (len(shown) - len(fields))
    return [
        {name: one[name] for name in (names or tuple(one)) if name in one}
        for one, names in zip(shown, wanted, strict=False)
    ]


def evidence(given: Given, index: int, calendar: Calendar) -> Told:
    """Return an example's event as evidence; a disclosure without a value was destroyed, and with it all."""
    gone = any(value is None for value in given.disclosures.values())
    return Told(
        id=f"e{index}",
        kind=given.kind,
        at=instant(given.at, calendar),
        attributes=given.attributes,
        disclosures={} if gone else given.disclosures,
        destroyed=gone,
    )


def instant(text: str, calendar: Calendar) -> datetime:
    """Return the instant of a local time; raises ValueError."""
    return datetime.fromisoformat(text).replace(tzinfo=calendar.tzinfo).astimezone(UTC)


def _shown(duty: Obligation, seen: datetime, calendar: Calendar) -> dict[str, Value]:
    return {
        "bearer": duty.person or duty.unit or duty.bearer,
        "box": duty.box,
        "status": status(duty, seen),
        "opened": _local(duty.opened_at, calendar),
        "due": _local(duty.due_at, calendar) if duty.due_at else "undecided",
    }


def _local(at: datetime, calendar: Calendar) -> str:
    return f"{at.astimezone(calendar.tzinfo):%Y-%m-%d %H:%M}"


def _words(found: Sequence[Mapping[str, Value]]) -> Sentence | str:
    return "; ".join(" ".join(f"{key}={value}" for key, value in one.items()) for one in found) or _(
        "nothing"
    )

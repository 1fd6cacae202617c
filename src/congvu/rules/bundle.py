"""A finding as one file, for who wants to check it without Congvu: `congvu-recheck` replays it.

The file is JSON, "finding/1" (docs/reference/finding-bundle.md). It holds handles, never names; of each entry what
the reader may see; of the register of posts only what the finding rests on.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from congvu.directory.models import Agency
from congvu.ledger import queries as ledger
from congvu.rules import canonical, force, models, reckoning, vocabulary
from congvu.rules.book import Book, Norm
from congvu.rules.duties import status
from congvu.rules.facts import Evidence, Facts, Member
from congvu.rules.law import Law
from congvu.rules.standing import calendar_of, facts_of, law_of
from congvu.rules.state import KEYS, Obligation
from congvu.standards.periods import Period
from congvu.standards.working_time import Calendar

FORMAT = "finding/1"
FINDING = tuple(one.name for one in fields(Obligation))
MADE_OF_ENTRIES = {*KEYS.values(), "course"}
UNDECIDED = 5  # years of calendar for what has no due time
LEAVE = ["leave", "person", "valid_from", "valid_to"]  # what a finding needs of leave: not who acts
COUNTED = 500  # entries of a cap that a bundle holds at most
Shown = Callable[[ledger.Entry], list[str] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A duty and all that it rests on. `entries` stand in the log's order; `receipts` are texts by entry."""

    agency: str
    duty: Obligation
    law: Law
    facts: Facts
    label: str  # of the calendar
    entries: Sequence[Evidence]
    receipts: Mapping[str, str]
    seen: datetime


def export(handle: str, *, agency: Agency, shown: Shown) -> bytes | None:
    """Return the bundle of a duty, None when the agency has no such duty or its rulebook no longer holds the norm.

    `shown` says which disclosures of one of the duty's entries the reader may see (None: all). Raises
    ledger.queries.PendingError while an entry waits for its signed checkpoint.
    """
    row = models.Obligation.objects.filter(agency=agency, handle=handle).first()
    standing = models.Standing.objects.filter(agency=agency).first()
    if row is None or standing is None or standing.as_of is None:
        return None
    duty = Obligation(**{name: getattr(row, name) for name in FINDING})
    facts, law = facts_of(agency, standing), law_of(agency)
    if (duty.book, duty.version, duty.norm) not in law.norms:
        return None
    own = of_duty(duty)
    wanted = list(dict.fromkeys([*own, *of_agency(duty, law, facts), *_counted(agency, duty, law)]))
    entries = ledger.entries(wanted, agency=agency.handle)
    if missing := set(wanted) - {one.id for one in entries}:
        raise ledger.PendingError(min(missing))
    named = {one.id: shown(one) if one.id in own else _of_leave(one) for one in entries}
    return build(
        Case(
            agency=agency.handle,
            duty=duty,
            law=law,
            facts=facts,
            label=calendar_of(agency).label,
            entries=[_limited(one, named[one.id]) for one in entries],
            receipts={
                one: ledger.prove(one, agency=agency.handle, disclose=names).decode()
                for one, names in named.items()
            },
            seen=standing.as_of,
        )
    )


def without_reporter(entry: ledger.Entry) -> list[str] | None:
    """Return what of an entry goes to whom nobody knows: all but who reported."""
    if entry.kind != vocabulary.REPORTED:
        return None
    return [name for name in entry.disclosures if name != "actor"]


def _of_leave(entry: ledger.Entry) -> list[str]:
    """Return the days of leave and whose it is; of an agency's other decisions nothing is hidden that is needed."""
    is_leave = entry.kind in {vocabulary.LEAVE_GRANTED, vocabulary.LEAVE_ENDED}
    return [name for name in LEAVE if name in entry.disclosures] if is_leave else []


def build(case: Case) -> bytes:
    """Return the bundle's octets; the same case gives the same octets."""
    duty = case.duty
    norm, book = _norm(case)
    finding = {name: _plain(getattr(duty, name)) for name in FINDING if name not in MADE_OF_ENTRIES}
    whole = {
        "congvu": FORMAT,
        "agency": case.agency,
        "as_of": _plain(case.seen),
        "book": {
            "id": book.id,
            "versions": [
                {"version": one.version, "from": _plain(one.in_force_from), "to": _plain(one.in_force_to)}
                for one in case.law.books
                if one.id == book.id
            ],
            "version": book.version,
            "adopted_by": _adopting(case.law, book),
            "parameters": _published(book)["parameters"],
            "norm": next(one for one in _published(book)["norms"] if one["id"] == norm.id),
        },
        "calendar": {"name": case.label, **_calendar(case)},
        "register": _register(case),
        "entries": [_entry(one, case.receipts.get(one.id)) for one in case.entries],
        "finding": {
            **finding,
            "status": status(duty, case.seen),
            "course": [[_plain(one.at), one.turn, one.entry] for one in duty.steps()],
            "segments": [_plain(one) for one in _segments(case, norm)],
        },
    }
    return json.dumps(whole, sort_keys=True, ensure_ascii=False, indent=1).encode() + b"\n"


def of_duty(duty: Obligation) -> list[str]:
    """Return the entries that made a duty and that became of it."""
    named = (duty.trigger, duty.fulfilled_by, duty.annulled_by, duty.excused_by, duty.confirmed_by)
    return list(dict.fromkeys(one for one in (*named, *(step.entry for step in duty.steps())) if one))


def of_agency(duty: Obligation, law: Law, facts: Facts) -> list[str]:
    """Return the agency's decisions that a duty rests on: its adoption, its parameter, its days, and leave."""
    norm = law.norms[duty.book, duty.version, duty.norm]
    parameter = norm.deadline.parameter if norm.deadline else ""
    adopting = {one.book for one in force.CHAINS.of(law.books).sources[duty.book]}
    first, last = _span(duty, law.calendar)
    found = [one.entry for one in facts.adopted.values() if one.book in adopting]
    found += [
        one.entry for one in facts.decided.values() if (one.book, one.parameter) == (duty.book, parameter)
    ]
    found += [one.entry for one in facts.days.values() if first <= one.day <= last]
    if duty.bearer == duty.person:
        begin, end = law.calendar.midnight(first), law.calendar.end_of_day(last)
        leaves = [one for one in facts.leaves_of(duty.person) if one.since < end and begin < one.until]
        found += [entry for one in leaves for entry in (one.entry, *(back.entry for back in one.returns))]
    return list(dict.fromkeys(found))


def _adopting(law: Law, book: Book) -> list[dict[str, Any]]:
    """Return the books by whose adoption this one binds, with the days on which they bring it into force."""
    return [
        {
            "book": one.book,
            "from": None if one.first == force.FIRST else _plain(one.first),
            "to": None if one.end == force.LAST else _plain(one.end),
        }
        for one in force.CHAINS.of(law.books).sources[book.id]
    ]


def _counted(agency: Agency, duty: Obligation, law: Law) -> list[str]:
    """Return the entries that a cap counted, none when they are too many for a file."""
    if law.norms[duty.book, duty.version, duty.norm].cap is None:
        return []
    keys = (duty.fulfil_key, duty.cancel_key)
    rows = models.Unmatched.objects.filter(agency=agency, key__in=keys).order_by("at", "entry")
    found = list(rows.values_list("entry", flat=True).distinct()[: COUNTED + 1])
    return found if len(found) <= COUNTED else []


@cache
def _documents() -> dict[tuple[str, int], tuple[Book, dict[str, Any]]]:
    return {}


def _published(book: Book) -> dict[str, Any]:
    """Return a version of a book as the portal publishes it for machines, made once."""
    known = _documents().get((book.id, book.version))
    if known is None or known[0] is not book:
        known = (book, {"parameters": {}} | canonical.document(book))
        _documents()[book.id, book.version] = known
    return known[1]


def _norm(case: Case) -> tuple[Norm, Book]:
    duty = case.duty
    return case.law.norms[duty.book, duty.version, duty.norm], case.law.by_version[duty.book, duty.version]


def _limited(entry: ledger.Entry, names: list[str] | None) -> ledger.Entry:
    if names is None:
        return entry
    return replace(entry, disclosures={name: entry.disclosures[name] for name in sorted(names)})


def _entry(entry: Evidence, receipt: str | None) -> dict[str, Any]:
    plain = {
        "id": entry.id,
        "kind": entry.kind,
        "at": _plain(entry.at),
        "attributes": dict(entry.attributes),
        "disclosures": {name: value for name, value in entry.disclosures.items() if value is not None},
        "destroyed": entry.destroyed,
    }
    return plain | ({"receipt": receipt} if receipt else {})


def _span(duty: Obligation, calendar: Calendar) -> tuple[date, date]:
    """Return the first and the last day on whose hours a finding can depend: whole years, with room around them."""
    ends = [one for one in (duty.opened_at, duty.counted_from, duty.due_at, duty.period_to) if one]
    days = [calendar.day_of(one) for one in ends]
    first, last = min(days).year - 1, max(days).year + (1 if duty.due_at else UNDECIDED)
    known = calendar.years
    return date(max(first, known.start), 1, 1), date(min(last, known.stop - 1), 12, 31)


def _calendar(case: Case) -> dict[str, Any]:
    """Return the national calendar, day by day where it differs from its week."""
    calendar = case.law.calendar
    first, last = _span(case.duty, calendar)
    return {
        "zone": calendar.zone,
        "from": _plain(first),
        "through": _plain(last),
        "weeks": [
            {"from": _plain(since), "hours": _plain(week)}
            for since, week in ((first, calendar.weekly), *calendar.weeks)
        ],
        "days": {_plain(day): _plain(hours) for day, hours in _differing(calendar, first, last)},
    }


def _differing(calendar: Calendar, first: date, last: date) -> Iterator[tuple[date, Any]]:
    for day in sorted(one for one in {*calendar.days_off, *calendar.days_on} if first <= one <= last):
        hours = calendar.hours(day)
        if hours != calendar.week(day)[day.weekday()]:
            yield day, hours


def _register(case: Case) -> dict[str, Any]:
    """Return what the bearer held: posts and addresses, as the evidence tells them today."""
    duty, facts = case.duty, case.facts
    held = [one for one in facts.members.values() if duty.person and one.person == duty.person]
    return {
        "posts": [_held(one) for one in sorted(held, key=lambda one: (one.since, one.membership))],
    }


def _held(one: Member) -> dict[str, Any]:
    return {
        "membership": one.membership,
        "person": one.person,
        "unit": one.unit,
        "since": _plain(one.since),
        "until": _plain(one.until),
    }


def _segments(case: Case, norm: Norm) -> tuple[Period, ...]:
    """Return the periods that the engine counted for the due time; none when it counted no time."""
    duty = case.duty
    given = reckoning.term(case.law, case.facts, duty)
    if duty.due_at is None or given is None or duty.is_window or duty.is_reported or norm.cap:
        return ()
    return given.segments(duty.due_at, reckoning.reckon(case.law, case.facts, duty))


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case list() | tuple():
            return [_plain(one) for one in value]
        case _:
            return value

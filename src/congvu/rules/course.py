"""One course of judging: the evidence of an agency, judged from its first entry by one law, in bounded memory.

It comes to the rows to which the reader of the log comes (a test holds them together), and writes none of them: what
is not in memory lies in a scratch file.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter, itemgetter
from typing import Any

from congvu.rules import vocabulary
from congvu.rules.facts import Evidence
from congvu.rules.judge import judge
from congvu.rules.law import Law
from congvu.rules.spill import HOT, Form, Spilled, dump, load
from congvu.rules.state import Obligation, Occurrence, State

NAMES = tuple(field.name for field in fields(Obligation))
MOMENTS = tuple(place for place, name in enumerate(NAMES) if name.endswith(("_at", "_from", "_to")))
ASKED = {  # the columns by which one asks for duties, and what they hold
    "book": "book",
    "norm": "norm",
    "trigger": "trigger",
    "opened": "opened_at",
    "due": "due_at",
    "membership": "membership",
    "person": "person",
    "period": "period_to",
    "counted": "counted_from",
}
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_values = attrgetter(*NAMES)
_asked = itemgetter(*(NAMES.index(name) for name in ASKED.values()))


class Course:  # writes: a scratch file
    """Judges what it is told, run by run, in the order of the log. `name` is that of its tables in the scratch file."""

    def __init__(
        self, *, agency: str, law: Law, file: sqlite3.Connection, name: str = "judged", hot: int = HOT
    ) -> None:
        self.law, self.file, self.name = law, file, name
        self.duties = Spilled[Obligation](file, f"{name}_duties", hot=hot, form=FORM)
        self.waiting = Spilled[dict[str, datetime]](file, f"{name}_waiting", hot=hot, form=WAITING)
        keys = Spilled[dict[str, None]](file, f"{name}_keys", hot=2 * hot, form=KEYS)
        self.state = State(agency, obligations=self.duties, by_key=keys, unmatched=self.waiting)
        self.held = (self.duties, self.waiting, keys)
        file.execute(
            f"CREATE TABLE {name}_counted (book, norm, entry, at, value, PRIMARY KEY (book, norm, entry))"
        )

    def read(self, entries: Sequence[Evidence]) -> None:
        """Judge a run of entries."""
        for entry in entries:
            self._recall(entry)
        judge(self.law, self.state, entries)
        self.state.touched.clear()
        self.state.waiting.clear()
        self._put_counted()
        for one in self.held:
            one.cool()

    def settle(self) -> None:
        """Move the duties into one table of the scratch file, to be compared there."""
        self.duties.settle()

    def occurrences(self) -> Iterator[Occurrence]:
        """Yield what was counted, by norm and entry."""
        asked = f"SELECT book, norm, entry, at, value FROM {self.name}_counted ORDER BY norm, entry"  # noqa: S608 -- our own table
        for book, norm, entry, at, value in self.file.execute(asked):
            yield Occurrence(book=book, norm=norm, entry=entry, at=moment(at), value=value)

    def _put_counted(self) -> None:
        made = [
            (one.book, one.norm, one.entry, instant(one.at), one.value)
            for one in self.state.occurrences.values()
        ]
        self.file.executemany(f"INSERT OR IGNORE INTO {self.name}_counted VALUES (?, ?, ?, ?, ?)", made)  # noqa: S608 -- our own table
        self.state.occurrences.clear()

    def _recall(self, entry: Evidence) -> None:
        """Bring back what an end of an appointment, leave, or a closed day can change, as the reader does."""
        if entry.kind == vocabulary.APPOINTMENT_ENDED:
            asked = "membership = ? AND period > ?"
            values: tuple[str | int | None, ...] = (
                entry.disclosures.get("membership", "-"),
                instant(self._ended(entry)),
            )
        elif entry.kind == vocabulary.LEAVE_GRANTED and (since := entry.disclosures.get("valid_from")):
            begin = self.law.calendar.midnight(date.fromisoformat(since))
            asked = "person = ? AND (due >= ? OR period >= ? OR opened >= ?)"
            values = (
                entry.disclosures.get("person", "-"),
                instant(begin),
                instant(begin),
                instant(entry.at),
            )
        elif entry.kind == vocabulary.LEAVE_ENDED:
            asked = "person = ? AND opened >= ?"
            values = (entry.disclosures.get("person", "-"), instant(entry.at))
        elif entry.kind == vocabulary.DAY_CLOSED:
            day = date.fromisoformat(str(entry.attributes["day"]))
            begin, end = self.law.calendar.midnight(day), self.law.calendar.midnight(day + timedelta(days=1))
            asked = "(due >= ? OR period >= ?) AND counted < ? OR opened >= ?"
            values = (instant(begin), instant(begin), instant(end), instant(entry.at))
        else:
            return
        for key in sorted(self.duties.asked(asked, values)):
            self.duties.get(key)

    def _ended(self, entry: Evidence) -> datetime:
        text = entry.disclosures.get("valid_to")
        return self.law.calendar.midnight(date.fromisoformat(text)) if text else entry.at


def instant(at: datetime | None) -> int | None:
    """Return an instant as a number, for text costs four times as much to make: microseconds since 1970."""
    return None if at is None else (at - EPOCH) // MICROSECOND


def moment(number: int) -> datetime:
    """Return the instant of its number."""
    return EPOCH + number * MICROSECOND


def unpack(octets: bytes) -> Obligation:
    """Return the duty of its octets."""
    values = load(octets)
    for place in MOMENTS:
        if values[place] is not None:
            values[place] = moment(values[place])
    return Obligation(**dict(zip(NAMES, values, strict=True)))


def _pack(duty: Obligation) -> tuple[Any, ...]:
    values = list(_values(duty))
    for place in MOMENTS:
        if (at := values[place]) is not None:
            values[place] = (at - EPOCH) // MICROSECOND
    return dump(values), *_asked(values)


def _pack_waiting(held: dict[str, datetime]) -> tuple[bytes]:
    return (dump((*held, *map(instant, held.values()))),)


def _unpack_waiting(octets: bytes) -> dict[str, datetime]:
    plain = load(octets)
    half = len(plain) // 2
    return dict(zip(plain[:half], map(moment, plain[half:]), strict=True))


FORM = Form(pack=_pack, unpack=unpack, columns=tuple(ASKED))
KEYS: Form[dict[str, None]] = Form(
    pack=lambda held: (" ".join(held),), unpack=lambda text: dict.fromkeys(text.split(" "))
)
WAITING: Form[dict[str, datetime]] = Form(pack=_pack_waiting, unpack=_unpack_waiting)

"""One course of judging: the evidence of an agency, judged from its first entry by one law, in bounded memory.

It comes to the rows to which the reader of the log comes (a test holds them together), and writes none of them: what
is not in memory lies in a scratch file.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any

from congvu.rules import vocabulary
from congvu.rules.facts import Evidence
from congvu.rules.judge import judge
from congvu.rules.law import Law
from congvu.rules.spill import HOT, Form, Spilled
from congvu.rules.state import Obligation, Occurrence, State

NAMES = tuple(field.name for field in fields(Obligation))
MOMENTS = tuple(place for place, name in enumerate(NAMES) if name.endswith(("_at", "_from", "_to")))
ASKED = ("book", "norm", "trigger", "opened", "due", "membership", "person", "period", "counted")
_values = attrgetter(*NAMES)


class Course:  # writes: a scratch file
    """Judges what it is told, run by run, in the order of the log. `name` is that of its tables in the scratch file."""

    def __init__(
        self, *, agency: str, law: Law, file: sqlite3.Connection, name: str = "judged", hot: int = HOT
    ) -> None:
        self.law, self.file, self.name = law, file, name
        self.duties = Spilled[Obligation](file, f"{name}_duties", hot=hot, columns=ASKED, form=FORM)
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
        """Move everything into the scratch file, to be compared there."""
        for one in self.held:
            one.settle()

    def occurrences(self) -> Iterator[Occurrence]:
        """Yield what was counted, by norm and entry."""
        asked = f"SELECT book, norm, entry, at, value FROM {self.name}_counted ORDER BY norm, entry"  # noqa: S608 -- our own table
        for book, norm, entry, at, value in self.file.execute(asked):
            yield Occurrence(book=book, norm=norm, entry=entry, at=datetime.fromisoformat(at), value=value)

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
            values: tuple[str | None, ...] = (
                entry.disclosures.get("membership", "-"),
                instant(self._ended(entry)),
            )
        elif entry.kind == vocabulary.LEAVE_GRANTED and (since := entry.disclosures.get("valid_from")):
            begin = self.law.calendar.midnight(date.fromisoformat(since))
            asked = "person = ? AND (due >= ? OR period >= ?)"
            values = (entry.disclosures.get("person", "-"), instant(begin), instant(begin))
        elif entry.kind == vocabulary.DAY_CLOSED:
            day = date.fromisoformat(str(entry.attributes["day"]))
            begin, end = self.law.calendar.midnight(day), self.law.calendar.midnight(day + timedelta(days=1))
            asked = "(due >= ? OR period >= ?) AND counted < ?"
            values = (instant(begin), instant(begin), instant(end))
        else:
            return
        found = self.file.execute(f"SELECT key FROM {self.name}_duties WHERE {asked}", values)  # noqa: S608 -- our own table
        for (key,) in found.fetchall():
            self.duties.get(key)

    def _ended(self, entry: Evidence) -> datetime:
        text = entry.disclosures.get("valid_to")
        return self.law.calendar.midnight(date.fromisoformat(text)) if text else entry.at


def instant(at: datetime | None) -> str | None:
    """Return an instant as text that sorts by time."""
    return None if at is None else at.isoformat(timespec="microseconds")


def unpack(plain: Sequence[Any]) -> Obligation:
    """Return the duty of its values."""
    values = list(plain)
    for place in MOMENTS:
        if values[place]:
            values[place] = datetime.fromisoformat(values[place])
    return Obligation(**dict(zip(NAMES, values, strict=True)))


def _pack(duty: Obligation) -> tuple[Any, ...]:
    values = list(_values(duty))
    for place in MOMENTS:
        if values[place]:
            values[place] = values[place].isoformat()
    return tuple(values)


def _columns(duty: Obligation) -> tuple[Any, ...]:
    return (
        duty.book,
        duty.norm,
        duty.trigger,
        instant(duty.opened_at),
        instant(duty.due_at),
        duty.membership,
        duty.person,
        instant(duty.period_to),
        instant(duty.counted_from),
    )


FORM = Form(pack=_pack, unpack=unpack, columns=_columns)
KEYS: Form[dict[str, None]] = Form(pack=tuple, unpack=dict.fromkeys)
WAITING: Form[dict[str, datetime]] = Form(
    pack=lambda held: tuple((entry, at.isoformat()) for entry, at in held.items()),
    unpack=lambda plain: {entry: datetime.fromisoformat(at) for entry, at in plain},
)

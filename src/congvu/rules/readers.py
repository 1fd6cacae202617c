"""The judge as a reader of the ledger: it fetches what a run of entries can touch, judges, and writes what changed."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from congvu.base.database import atomic
from congvu.directory.models import Agency
from congvu.ledger.readers import Entry
from congvu.rules import hand, vocabulary
from congvu.rules.hand import COLUMNS
from congvu.rules.judge import judge
from congvu.rules.law import Law
from congvu.rules.models import Obligation, Occurrence, Standing, Unmatched
from congvu.rules.standing import drop, facts_of, keep, law_of
from congvu.rules.state import KEYS, State

FIXED = {
    "handle",
    "book",
    "version",
    "norm",
    "bearer",
    "trigger",
    "subject",
    "opened_at",
    "counted_from",
    "period_to",
    *KEYS.values(),
}
INSERT = (
    f"INSERT INTO rules_obligation (agency_id, {', '.join(COLUMNS)}) "  # noqa: S608 -- names of our own columns
    f"VALUES ({', '.join(['%s'] * (len(COLUMNS) + 1))}) ON CONFLICT (agency_id, handle) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name not in FIXED)
)


class Judge:
    """Reads evidence into duties. Rebuilt from the first entry it comes to the same rows."""

    name = "rules"

    def prepare(self, entries: Sequence[Entry]) -> None:
        """Do nothing: duties are rows."""

    def apply(self, entries: Sequence[Entry]) -> None:
        """Judge a run of one agency's entries, in the log's order."""
        agency = Agency.objects.get(handle=entries[0].agency)
        standing = Standing.objects.filter(agency=agency).defer("facts").first() or Standing(agency=agency)
        law = law_of(agency)
        for run in _runs(entries):
            _judge(agency, standing, law, run)

    def reset(self, *, agency: str) -> None:
        """Empty the projection of an agency, to be fed again from the first entry."""
        found = Agency.objects.get(handle=agency)
        with atomic():
            for model in (Obligation, Unmatched, Occurrence, Standing):
                model.objects.filter(agency=found).delete()
            drop(found)


def digest(*, agency: str) -> str:
    """Return the SHA-256 of an agency's whole projection, row by row in the order of names."""
    found = hashlib.sha256()
    for model, order in (
        (Obligation, ("handle",)),
        (Unmatched, ("key", "entry")),
        (Occurrence, ("norm", "entry")),
        (Standing, ("id",)),
    ):
        rows = model.objects.filter(agency__handle=agency).order_by(*order)
        for row in rows.values().iterator():
            plain = {name: str(value) for name, value in row.items() if name not in {"id", "agency_id"}}
            found.update(json.dumps(plain, sort_keys=True).encode())
    return found.hexdigest()


def _runs(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Yield runs that end with the giving of a unit's address: later keys depend on it."""
    run: list[Entry] = []
    for entry in entries:
        run.append(entry)
        if entry.kind == vocabulary.ADDRESS_GIVEN and entry.attributes.get("box") != "personal":
            yield run
            run = []
    if run:
        yield run


def _judge(agency: Agency, standing: Standing, law: Law, entries: Sequence[Entry]) -> None:
    state = State(agency.handle, facts=facts_of(agency, standing), as_of=standing.as_of)
    hand.take(agency, law, state, entries)
    drop(agency)
    judge(law, state, entries)
    _write(agency, state)
    standing.as_of = state.as_of
    if state.changes:
        standing.revision += state.changes
        standing.facts = state.facts.dump()
        standing.save()
    elif standing.pk is None:
        standing.save()
    else:
        standing.save(update_fields=["as_of"])
    keep(agency, standing.revision, state.facts)


def _write(agency: Agency, state: State) -> None:
    adapt = connection.ops.adapt_datetimefield_value
    rows = [
        (
            agency.pk,
            *(adapt(value) if isinstance(value, datetime) else value for value in _values(state, handle)),
        )
        for handle in state.touched
    ]
    with connection.cursor() as cursor:
        cursor.executemany(INSERT, rows)
    Unmatched.objects.bulk_create(
        [Unmatched(agency=agency, key=key, entry=entry, at=at) for (key, entry), at in state.waiting.items()],
        ignore_conflicts=True,
    )
    Occurrence.objects.bulk_create(
        [
            Occurrence(
                agency=agency, book=one.book, norm=one.norm, entry=one.entry, at=one.at, value=one.value
            )
            for one in state.occurrences.values()
        ],
        ignore_conflicts=True,
    )


def _values(state: State, handle: str) -> list[Any]:
    duty = state.obligations[handle]
    return [getattr(duty, name) for name in COLUMNS]

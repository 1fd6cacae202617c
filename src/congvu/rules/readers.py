"""The judge as a reader of the ledger: it fetches what a run of entries can touch, judges, and writes what changed."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from congvu.base.chunks import chunked
from congvu.base.database import atomic
from congvu.directory.models import Agency
from congvu.ledger.readers import Entry
from congvu.rules import vocabulary
from congvu.rules.judge import judge, keys_of
from congvu.rules.law import Law
from congvu.rules.models import Obligation, Occurrence, Standing, Unmatched
from congvu.rules.standing import drop, facts_of, keep, law_of
from congvu.rules.state import KEYS, State
from congvu.rules.state import Obligation as Held

COLUMNS = tuple(field.name for field in fields(Held))
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
CAPPED = Q(fulfilled_at=None, annulled_at=None, whole__gt=0)
RUN = 5_000  # keys in one query
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
    _fetch(agency, law, state, entries)
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


def _fetch(agency: Agency, law: Law, state: State, entries: Sequence[Entry]) -> None:
    """Take into hand every duty, and all waiting evidence, that these entries can touch."""
    keys = _asked(law, state, entries)
    rows = Obligation.objects.filter(agency=agency)
    for role, found in keys.items():
        for some in chunked(sorted(found), RUN):
            _hold(state, rows.filter(**{f"{KEYS[role]}__in": some}))
    for some in chunked(sorted(set().union(*keys.values())), RUN):
        waiting = Unmatched.objects.filter(agency=agency, key__in=some).order_by("key", "at", "entry")
        for key, name, at in waiting.values_list("key", "entry", "at"):
            state.unmatched.setdefault(key, {})[name] = at
    decided = {entry.disclosures.get("obligation") for entry in entries if entry.kind in vocabulary.DECISIONS}
    _hold(state, rows.filter(handle__in=[one for one in decided if one]) if decided else ())
    for entry in entries:
        if (spans := _spans(law, entry)) is not None:
            _hold(state, rows.filter(spans))
    if law.capped and state.as_of is not None:
        last = max(entry.at for entry in entries)
        _hold(state, rows.filter(CAPPED, due_at__gt=state.as_of, due_at__lte=last))
        state.running.update(
            (one.handle, one.period_to) for one in state.obligations.values() if one.whole and one.period_to
        )


def _asked(law: Law, state: State, entries: Sequence[Entry]) -> dict[str, set[str]]:
    """Return the keys that these entries touch, by the role in which they do."""
    keys: dict[str, set[str]] = {}
    for entry in entries:
        for role, key in keys_of(law, state, entry):
            if key:
                keys.setdefault(role, set()).add(key)
    return keys


def _spans(law: Law, entry: Entry) -> Q | None:
    """Return which duties an end of an appointment, leave, or a closed day can change, also when recorded late."""
    if entry.kind == vocabulary.APPOINTMENT_ENDED:
        return Q(membership=entry.disclosures.get("membership", "-"), period_to__gt=_ended(law, entry))
    if entry.kind == vocabulary.LEAVE_GRANTED and (since := entry.disclosures.get("valid_from")):
        begin = law.calendar.midnight(date.fromisoformat(since))
        return Q(person=entry.disclosures.get("person", "-")) & (
            Q(due_at__gte=begin) | Q(period_to__gte=begin) | Q(opened_at__gte=entry.at)
        )
    if entry.kind == vocabulary.LEAVE_ENDED:
        return Q(person=entry.disclosures.get("person", "-"), opened_at__gte=entry.at)
    if entry.kind == vocabulary.DAY_CLOSED:
        day = date.fromisoformat(entry.attributes["day"])
        begin, end = law.calendar.midnight(day), law.calendar.midnight(day + timedelta(days=1))
        counted = (Q(due_at__gte=begin) | Q(period_to__gte=begin)) & Q(counted_from__lt=end)
        return counted | Q(opened_at__gte=entry.at)
    return None


def _ended(law: Law, entry: Entry) -> datetime:
    text = entry.disclosures.get("valid_to")
    return law.calendar.midnight(date.fromisoformat(text)) if text else entry.at


def _hold(state: State, rows: Any) -> None:
    for row in rows.values_list(*COLUMNS) if rows else ():
        duty = Held(**dict(zip(COLUMNS, row, strict=True)))
        if duty.handle not in state.obligations:
            state.hold(duty)


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

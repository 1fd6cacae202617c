"""What the judge takes into hand before a run of entries: the duties and waiting evidence that it can touch."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from congvu.base.chunks import chunked
from congvu.directory.models import Agency
from congvu.rules import vocabulary
from congvu.rules.facts import Evidence
from congvu.rules.judge import keys_of
from congvu.rules.law import Law
from congvu.rules.models import Obligation, Unmatched
from congvu.rules.state import KEYS, State
from congvu.rules.state import Obligation as Held

COLUMNS = tuple(field.name for field in fields(Held))
CAPPED = Q(fulfilled_at=None, annulled_at=None, whole__gt=0)
RUN = 5_000  # keys in one query


def take(agency: Agency, law: Law, state: State, entries: Sequence[Evidence]) -> None:
    """Take into hand every duty, and all waiting evidence, that these entries can touch."""
    keys = _asked(law, state, entries)
    rows = Obligation.objects.filter(agency=agency)
    for role, found in keys.items():
        keyed = rows.filter(~Q(**{KEYS[role]: ""}))  # in these words, else no index on keys serves
        for some in chunked(sorted(found), RUN):
            _hold(state, keyed.filter(**{f"{KEYS[role]}__in": some}))
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


def _asked(law: Law, state: State, entries: Sequence[Evidence]) -> dict[str, set[str]]:
    """Return the keys that these entries touch, by the role in which they do."""
    keys: dict[str, set[str]] = {}
    for entry in entries:
        for role, key in keys_of(law, state, entry):
            if key:
                keys.setdefault(role, set()).add(key)
    return keys


def _spans(law: Law, entry: Evidence) -> Q | None:
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
        day = date.fromisoformat(str(entry.attributes["day"]))
        begin, end = law.calendar.midnight(day), law.calendar.midnight(day + timedelta(days=1))
        counted = (Q(due_at__gte=begin) | Q(period_to__gte=begin)) & Q(counted_from__lt=end)
        return counted | Q(opened_at__gte=entry.at)
    return None


def _ended(law: Law, entry: Evidence) -> datetime:
    text = entry.disclosures.get("valid_to")
    return law.calendar.midnight(date.fromisoformat(text)) if text else entry.at


def _hold(state: State, rows: Any) -> None:
    for row in rows.values_list(*COLUMNS) if rows else ():
        duty = Held(**dict(zip(COLUMNS, row, strict=True)))
        if duty.handle not in state.obligations:
            state.hold(duty)

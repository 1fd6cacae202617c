"""Recording evidence: the only way in."""

import functools
import io
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import connection, transaction

from congvu.base import clock, doorbell, handles, keys, rows
from congvu.base.rows import Remembered
from congvu.ledger.events import Event
from congvu.ledger.models import Disclosure, Ledger, Outbox
from congvu.standards import disclosures as sd
from congvu.standards import jcs, tiles

_LEDGERS = Remembered(Ledger.objects.all)


class NoTransactionError(Exception):
    """Evidence was recorded outside its act's transaction."""


class NoLedgerError(Exception):
    """The agency has no ledger."""


class ReadOnlyError(Exception):
    """The gate sealed the ledger; the message is its reason."""


class DemonstrationClockError(Exception):
    """A demonstration's clock met a ledger that is not marked as a demonstration."""


class EntryTooLargeError(Exception):
    """An entry is larger than a bundle can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An event with what only disclosures may say of it."""

    event: Event
    agency: str
    at: datetime
    disclosures: Mapping[str, str]


def found_ledger(  # no-evidence: the first log says so itself, in its first leaf
    *, agency: str, slug: str, host: str, zone: str, demonstration: bool
) -> None:
    """Open an agency's ledger; its first entry comes with the first log."""
    Ledger.objects.create(agency=agency, slug=slug, host=host, zone=zone, demonstration=demonstration)


def record(event: Event, *, agency: str, at: datetime, disclosures: Mapping[str, str]) -> str:
    """Record one event in the open transaction and return the entry's id."""
    return record_many([Record(event=event, agency=agency, at=at, disclosures=disclosures)])[0]


class Slot(NamedTuple):
    """The id of an entry that is yet to be recorded, and the key that seals its disclosures."""

    id: str
    key: bytes


def reserve(
    agency: str, instants: Sequence[datetime], *, keys_beside: Sequence[tuple[str, bytes]] = ()
) -> list[Slot]:  # no-evidence: who asks records into them
    """Return a slot for an entry of an agency at each instant, so that recording into them waits for no disk.

    Their keys are on disk then, and so are `keys_beside`: those (handle, key) that seal what the act writes besides.
    Raises NoTransactionError, NoLedgerError, ReadOnlyError or DemonstrationClockError.
    """
    if not connection.in_atomic_block:
        raise NoTransactionError
    _check_ledger(agency)
    return _reserved(instants, keys_beside)


def record_many(records: Sequence[Record], *, into: Sequence[Slot] = ()) -> list[str]:
    """Record events in the open transaction, in order, and return the entries' ids; `into` are slots reserved in it.

    Record keys are on disk before the transaction commits. Raises NoTransactionError, NoLedgerError,
    ReadOnlyError, DemonstrationClockError or EntryTooLargeError; nothing is recorded then.
    """
    if not connection.in_atomic_block:
        raise NoTransactionError
    if not into:
        for agency in {one.agency for one in records}:
            _check_ledger(agency)
        into = _reserved([one.at for one in records])
    made = _make_all(records, into)
    rows.write(Outbox, ("agency", "entry", "leaf"), [(one.agency, one.id, one.leaf) for one in made])
    rows.write(Disclosure, ("agency", "entry", "sealed"), [(one.agency, one.id, one.sealed) for one in made])
    transaction.on_commit(doorbell.ring)
    return [one.id for one in made]


def record_everywhere(event: Event, *, at: datetime, disclosures: Mapping[str, str]) -> None:
    """Record what concerns the whole installation in every agency's ledger that is not sealed."""
    agencies = Ledger.objects.filter(sealed="").values_list("agency", flat=True)
    record_many([Record(event=event, agency=one, at=at, disclosures=disclosures) for one in agencies])


class _Made(NamedTuple):
    id: str
    agency: str
    leaf: bytes
    sealed: bytes


def _reserved(instants: Sequence[datetime], beside: Sequence[tuple[str, bytes]] = ()) -> list[Slot]:
    random = io.BytesIO(os.urandom((handles.RANDOM + keys.LENGTH) * len(instants))).read
    slots = [
        Slot(handles.dated(_instant(at)[1], random(handles.RANDOM)), random(keys.LENGTH)) for at in instants
    ]
    keys.put_many([*slots, *beside])
    return slots


def _make_all(records: Sequence[Record], slots: Sequence[Slot]) -> list[_Made]:
    """Make leaves and sealed disclosures; all their salts are asked of the kernel at once."""
    random = io.BytesIO(os.urandom(sd.SALT_BYTES * sum(len(one.disclosures) for one in records))).read
    return [_make(one, slot, random) for one, slot in zip(records, slots, strict=True)]


def _make(one: Record, slot: Slot, random: Callable[[int], bytes]) -> _Made:
    when, (entry, key) = _instant(one.at)[0], slot
    parts = [sd.make(name, value, salt=random(sd.SALT_BYTES)) for name, value in one.disclosures.items()]
    # RFC 8785 by hand: members in order, strings of closed alphabets, the event's own part encoded once
    before, after = _encoded(one.event)
    digests = _listed(sorted([part.digest for part in parts]))
    text = f'{{"agency":"{one.agency}","at":"{when}",{before},"digests":{digests},"id":"{entry}",{after}}}'
    leaf = text.encode()
    if len(leaf) > tiles.LARGEST_ENTRY:
        raise EntryTooLargeError(one.event.kind)
    sealed = keys.seal(key, entry, _listed([part.text for part in parts]).encode())
    return _Made(entry, one.agency, leaf, sealed)


def _listed(words: list[str]) -> str:
    """Return the JSON list of base64url words, which need no escaping."""
    return '["' + '","'.join(words) + '"]' if words else "[]"


@functools.lru_cache(maxsize=4_096, typed=True)  # events of two classes may have the same fields
def _encoded(event: Event) -> tuple[str, str]:
    """Return the members before and after the digests; equal events, which are coarse, share them."""
    whole = jcs.encode(
        {"attributes": event.attributes(), "kind": event.kind, "version": event.version}
    ).decode()
    cut = whole.rindex(',"kind":')
    return whole[1:cut], whole[cut + 1 : -1]


@functools.lru_cache(maxsize=256)
def _instant(at: datetime) -> tuple[str, int]:
    """Return an instant as leaves hold it (RFC 3339, UTC, microseconds) and in Unix milliseconds."""
    text = at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    return f"{text}Z", int(at.timestamp() * 1000)


def _check_ledger(agency: str) -> None:
    found = _LEDGERS.find("agency = %s", [agency])
    if not found:
        raise NoLedgerError(agency)
    if found[0].sealed:
        raise ReadOnlyError(found[0].sealed)
    if clock.is_demonstration() and not found[0].demonstration:
        raise DemonstrationClockError(agency)

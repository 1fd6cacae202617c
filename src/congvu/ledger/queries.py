"""Reads of the ledger: entries, proofs, how things stand."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from django.db.models import Q

from congvu.base import handles, keys
from congvu.ledger import log_keys, models
from congvu.ledger.store import Folder
from congvu.ledger.witnesses import statement
from congvu.ledger.witnesses.queries import witnessed
from congvu.standards import cose, proofs, receipts, tiles
from congvu.standards import disclosures as sd

_AT_ONCE = 500  # ids in one question


class NoAgencyError(Exception):
    """No agency of this installation has this slug; the argument is it."""


class EntryMissingError(Exception):
    """There is no entry with this id."""


class PendingError(Exception):
    """The entry is recorded, and no signed checkpoint covers it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as readers see it; a destroyed disclosure is absent, and `destroyed` says so."""

    log: str  # its name
    index: int
    id: str
    kind: str
    version: int
    at: datetime
    agency: str
    attributes: dict[str, Any]
    disclosures: dict[str, str]
    destroyed: bool = False

    @property
    def year(self) -> int:
        """Return the year of its log."""
        return int(self.log[:4])


def entries_from(agency: str, log: str | int, index: int, limit: int) -> list[Entry]:
    """Return signed entries of an agency from an index of the log of this name on, across the logs."""
    found: list[Entry] = []
    first = str(log)
    for one in models.Log.objects.filter(agency=agency, name__gte=first, signed_size__gt=0).order_by("name"):
        start = index if one.name == first else 0
        found.extend(_read(one, range(start, min(one.signed_size, start + limit - len(found)))))
        if len(found) >= limit:
            break
    return found


def runs(agency: str, *, size: int, start: tuple[str, int] = ("", 0)) -> Iterator[list[Entry]]:
    """Yield all signed entries of an agency from a log and an index on, so many at a time."""
    while found := entries_from(agency, *start, size):
        yield found
        start = found[-1].log, found[-1].index + 1


def entries_of(agency: str, log: str | int, span: range) -> list[Entry]:
    """Return the signed entries of the log of this name whose indices lie in a span."""
    found = models.Log.objects.filter(agency=agency, name=str(log)).first()
    return [] if found is None else _read(found, range(span.start, min(span.stop, found.signed_size)))


def entry(entry_id: str, *, agency: str) -> Entry:
    """Return one entry by its id; raises EntryMissingError, or PendingError while it waits."""
    row = _place(entry_id, agency)
    return _read(row.log, range(row.index, row.index + 1))[0]


def entries(entry_ids: Collection[str], *, agency: str) -> list[Entry]:
    """Return the signed ones among some entries, in the log's order."""
    rows = models.Entry.objects.filter(agency=agency, entry__in=list(entry_ids)).select_related("log")
    found: list[Entry] = []
    for row in sorted(rows, key=lambda one: (one.log.name, one.index)):
        if row.index < row.log.signed_size:
            found.extend(_read(row.log, range(row.index, row.index + 1)))
    return found


def evidence(entry_ids: Collection[str], *, agency: str) -> list[Entry]:
    """Return entries by their instants, also what no checkpoint covers yet; what waits has log "" and index -1."""
    waiting = models.Outbox.objects.filter(agency=agency, entry__in=list(entry_ids))
    leaves = [json.loads(bytes(leaf)) for leaf in waiting.values_list("leaf", flat=True)]
    kept = disclosure_strings([leaf["id"] for leaf in leaves], agency=agency)
    found = {leaf["id"]: _entry("", -1, leaf, kept.get(leaf["id"])) for leaf in leaves}
    rows = models.Entry.objects.filter(agency=agency, entry__in=list(entry_ids)).select_related("log")
    for row in rows:  # asked last, for what waited may have gone here meanwhile
        found[row.entry] = _read(row.log, range(row.index, row.index + 1), size=row.log.size)[0]
    return sorted(found.values(), key=lambda one: (one.at, one.id))


def recorded(entry_ids: Collection[str], *, agency: str) -> set[str]:
    """Return those ids that are entries of an agency, waiting ones included."""
    found: set[str] = set()
    asked = list(entry_ids)
    for start in range(0, len(asked), _AT_ONCE):
        part = asked[start : start + _AT_ONCE]
        for table in (models.Outbox, models.Entry):  # in this order they go
            found |= set(table.objects.filter(agency=agency, entry__in=part).values_list("entry", flat=True))
    return found


def between(start: datetime, end: datetime, *, agency: str) -> Iterator[list[Entry]]:
    """Yield the signed entries of a period with an exclusive end, a batch at a time; found by their dated ids."""
    ids = [handles.dated(int(one.timestamp() * 1000), b"") for one in (start, end)]
    rows = models.Entry.objects.filter(agency=agency, entry__gte=ids[0], entry__lt=ids[1])
    for log in models.Log.objects.filter(agency=agency, signed_size__gt=0).order_by("name"):
        places = list(rows.filter(log=log).order_by("index").values_list("index", flat=True))
        signed = [one for one in places if one < log.signed_size]
        for first in range(0, len(signed), _AT_ONCE):
            part = signed[first : first + _AT_ONCE]
            wanted = set(part)
            yield [one for one in _read(log, range(part[0], part[-1] + 1)) if one.index in wanted]


def sizes(agency: str) -> dict[str, int]:
    """Return how many signed entries each log of an agency has, by its name, the newest first."""
    rows = models.Log.objects.filter(agency=agency, signed_size__gt=0).order_by("-name")
    return dict(rows.values_list("name", "signed_size"))


def ledgers(slug: str | None = None) -> list[models.Ledger]:
    """Return the ledgers of all agencies, or of one. Raises NoAgencyError."""
    found = models.Ledger.objects.order_by("slug")
    chosen = list(found.filter(slug=slug) if slug else found)
    if slug and not chosen:
        raise NoAgencyError(slug)
    return chosen


def bundle(agency: str, log: str, path: str) -> bytes:
    """Return an entry bundle of a log; raises FileNotFoundError for anything else."""
    asked = tiles.parse_path(path)
    if asked is None or asked.level is not None:
        raise FileNotFoundError(path)
    return Folder.of(agency_slug(agency), log).read(asked.path)


def prove(entry_id: str, *, agency: str, disclose: Collection[str] | None = None) -> bytes:
    """Return the receipt's bundle of an entry, disclosing the named disclosures (None: all that survive).

    Its checkpoint is the newest that witnesses cosigned as the policy asks; while they are pending the newest that
    the log signed. Raises EntryMissingError, or PendingError while no signed checkpoint covers the entry.
    """
    row = _place(entry_id, agency)
    log, folder = row.log, Folder.of_log(row.log)
    policy = statement.current(log.origin, folder)
    cosigned = witnessed(log, row.index) if policy else None
    size, checkpoint = (cosigned.size, cosigned.note) if cosigned else (log.signed_size, log.checkpoint)
    leaf = tiles.entry(row.index, log.signed_size, folder.read)
    path = tiles.inclusion_proof(row.index, size, folder.read)
    proof = proofs.Proof(index=row.index, path=tuple(path), checkpoint=checkpoint)
    strings = disclosure_strings([entry_id], agency=agency).get(entry_id, [])
    shown = [text for text in strings if disclose is None or sd.parse(text).name in disclose]
    key = log_keys.verifier(log.origin, folder).text
    return receipts.build(key=key, leaf=leaf, disclosures=shown, proof=proof.format(), policy=policy)


def prove_by_cose(entry_id: str, *, agency: str) -> bytes:
    """Return the COSE receipt of an entry (RFC 9942): its place in the log, without the entry and without witnesses.

    Raises what prove raises, SingleEntryError, or KeyMissingError once the log's key is gone or the log was closed.
    """
    row = _place(entry_id, agency)
    log, folder = row.log, Folder.of_log(row.log)
    if log.closing:
        raise log_keys.KeyMissingError(log.origin)
    return cose.receipt(
        leaf=tiles.entry(row.index, log.signed_size, folder.read),
        subject=entry_id,
        index=row.index,
        path=tiles.inclusion_proof(row.index, log.signed_size, folder.read),
        checkpoint=log.checkpoint,
        signer=log_keys.signer(log.origin, folder),
    )


def newest_at(agency: str) -> datetime | None:
    """Return the instant of the newest entry of an agency, waiting ones included."""
    waiting = (
        models.Outbox.objects.filter(agency=agency).order_by("-id").values_list("leaf", flat=True).first()
    )
    if waiting is not None:
        return _instant(json.loads(bytes(waiting))["at"])
    log = models.Log.objects.filter(agency=agency, signed_size__gt=0).order_by("-name").first()
    return None if log is None else _read(log, range(log.signed_size - 1, log.signed_size))[0].at


def agency_slug(agency: str) -> str:
    """Return the name under which an agency's logs lie."""
    return models.Ledger.objects.values_list("slug", flat=True).get(agency=agency)


def disclosure_strings(entry_ids: Sequence[str], *, agency: str) -> dict[str, list[str]]:
    """Return the surviving SD disclosures by entry id."""
    rows = models.Disclosure.objects.filter(Q(agency=agency) & Q(entry__in=list(entry_ids)))
    sealed = dict(rows.values_list("entry", "sealed"))
    kept = keys.get_many(list(sealed))
    found: dict[str, list[str]] = {}
    for entry_id, key in kept.items():
        try:
            found[entry_id] = json.loads(keys.unseal(key, entry_id, bytes(sealed[entry_id])))
        except InvalidTag:
            continue  # a damaged disclosure reads as a destroyed one; `congvu ledger check` reports it
    return found


def _place(entry_id: str, agency: str) -> models.Entry:
    rows = models.Entry.objects.filter(agency=agency, entry=entry_id).select_related("log")
    row = rows.first()
    if row is not None and row.index < row.log.signed_size:
        return row
    waiting = models.Outbox.objects.filter(agency=agency, entry=entry_id)
    if row is not None or waiting.exists() or rows.exists():  # it may have gone from there to here meanwhile
        raise PendingError(entry_id)
    raise EntryMissingError(entry_id)


def _read(log: models.Log, span: range, *, size: int = 0) -> list[Entry]:
    """Return the entries of a span of indices, their leaves read from the bundles of a size, else the signed one."""
    if not span:
        return []
    folder, size = Folder.of_log(log), size or log.signed_size
    leaves: list[dict[str, Any]] = []
    for number in range(span.start // tiles.WIDTH, (span.stop - 1) // tiles.WIDTH + 1):
        first = number * tiles.WIDTH
        bundle = tiles.Tile(None, number, min(tiles.WIDTH, size - first))
        rows = tiles.read_entries(bundle, folder.read)[max(0, span.start - first) : span.stop - first]
        leaves.extend(json.loads(leaf) for leaf in rows)
    kept = disclosure_strings([leaf["id"] for leaf in leaves], agency=log.agency)
    return [_entry(log.name, at, leaf, kept.get(leaf["id"])) for at, leaf in zip(span, leaves, strict=True)]


def _entry(log: str, index: int, leaf: dict[str, Any], strings: list[str] | None) -> Entry:
    said = [sd.parse(text) for text in strings or []]
    disclosed = {one.name: one.value for one in said}
    return Entry(
        log=log,
        index=index,
        id=leaf["id"],
        kind=leaf["kind"],
        version=leaf["version"],
        at=_instant(leaf["at"]),
        agency=leaf["agency"],
        attributes=leaf["attributes"],
        disclosures=disclosed,
        destroyed=bool(leaf["digests"]) and strings is None,
    )


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)

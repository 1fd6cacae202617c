"""Comparing heads: what others saw of the logs that we witness, and of our own, with what we saw.

Heads of one size are compared as they are. Of two sizes, the tiles of the larger tree decide: those of the log
itself, from its public address, or our own. If a log shows us another tree than it showed the other witness, our own
view proves it as soon as that has grown as far; until then the question stays open, and is shown.
"""

import contextlib
import json
import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from congvu.base.fetching import Bounds, FetchError, fetch
from congvu.base.places import host_of
from congvu.ledger import log_keys
from congvu.ledger.gossip import actions
from congvu.ledger.gossip.models import OpenQuestion
from congvu.ledger.models import Log
from congvu.ledger.neighbors import queries as neighbors
from congvu.ledger.store import Folder
from congvu.ledger.witnesses import calling
from congvu.ledger.witnesses import policy as policies
from congvu.ledger.witnesses.recall import AHEAD
from congvu.standards import checkpoints, conflicts, jcs, merkle, notes, quorums, tiles
from congvu.standards.checkpoints import Checkpoint
from congvu.standards.cosignatures import CosignerKey
from congvu.standards.quorums import Policy, Witness

log_book = logging.getLogger(__name__)
PAGE = Bounds(seconds=30, octets=1 << 20)
POLICY = Bounds(seconds=10, octets=quorums.LARGEST)
HEAD = Bounds(seconds=10, octets=64 << 10)
PROOFS = Bounds(seconds=30, octets=2 << 20)
TILE = Bounds(seconds=10, octets=tiles.WIDTH * merkle.HASH)
MOST_PAGES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A log as we know it: its key, the heads that we saw with their notes (largest first), and its tiles."""

    key: notes.VerifierKey
    heads: list[tuple[Checkpoint, str]]
    read: tiles.Read | None
    agency: str = ""  # of an own log
    is_closed: bool = False  # what its key signs beyond our heads counts for nothing


@dataclass(slots=True, kw_only=True)
class Outcome:
    """How a comparison went: heads compared, proofs found, and heads of which nothing could be said."""

    compared: int = 0
    proven: int = 0
    open: int = 0


def compare_with(witness: Witness, *, policy: Policy, now: datetime) -> Outcome:
    """Compare what a witness shows with what we saw, and take over its proofs. Raises FetchError."""
    outcome = Outcome()
    for note in _shown(witness):
        _compare(note, policies.mark(witness.key), policy.cosigners(), outcome, now)
    for proof in _proofs(witness):
        _take_over(proof, policies.mark(witness.key), outcome, now)
    return outcome


def compare_among(
    origin: str, url: str, *, policy: Policy, allowed: Collection[str], now: datetime
) -> Outcome:
    """Ask the other witnesses of a neighbor's log, which its public policy names, for the head that they saw.

    Raises FetchError when the log shows no policy. Hosts of the inside are asked only if `allowed`.
    """
    outcome = Outcome()
    try:
        others = quorums.parse_octets(fetch(f"{url.rstrip('/')}/witnesses", bounds=POLICY, allowed=allowed))
    except quorums.MalformedPolicyError:
        return outcome
    for one in others.witnesses:
        address = f"{one.url.rstrip('/')}/checkpoint?origin={quote(origin, safe='')}"
        with contextlib.suppress(FetchError, UnicodeDecodeError):
            note = fetch(address, bounds=HEAD, allowed=allowed).decode()
            _compare(note, policies.mark(one.key), policy.cosigners(), outcome, now)
    return outcome


def ask_again(*, policy: Policy, now: datetime) -> Outcome:
    """Try once more what could not be compared: meanwhile our own view may have grown as far."""
    outcome = Outcome()
    for one in OpenQuestion.objects.order_by("tried_at"):
        _compare(one.note, one.told_by, policy.cosigners(), outcome, now)
    return outcome


def view(origin: str) -> View | None:
    """Return a log of a neighbor or of our own as we know it; None for any other."""
    own = Log.objects.filter(origin=origin, signed_size__gt=0).first()
    if own is not None:
        folder = Folder.of_log(own)
        head = Checkpoint(origin, own.signed_size, tiles.root(own.signed_size, folder.read))
        key = log_keys.verifier(origin, folder)
        return View(
            key=key,
            heads=[(head, own.checkpoint)],
            read=folder.read,
            agency=own.agency,
            is_closed=bool(own.closing),
        )
    known = neighbors.neighbor(origin)
    if known is None:
        return None
    read = _fetcher(known.url) if known.url else None
    return View(key=known.key, heads=list(neighbors.heads(origin)), read=read, is_closed=bool(known.closing))


def _shown(witness: Witness) -> Iterator[str]:
    """Yield the heads that a witness shows, page by page, and what it shows of our own logs."""
    after = ""
    for _ in range(MOST_PAGES):
        page = _json(witness, f"checkpoints?after={quote(after, safe='')}", PAGE)
        found = page.get("checkpoints")
        yield from (one for one in found if isinstance(one, str)) if isinstance(found, list) else ()
        further = page.get("next")
        if not isinstance(further, str) or further <= after:
            return
        after = further


def _proofs(witness: Witness) -> Iterator[bytes]:
    found = _json(witness, "conflicts", PROOFS).get("conflicts")
    for one in found if isinstance(found, list) else ():
        try:
            yield jcs.encode(one) + b"\n"
        except jcs.UnencodableError:
            continue


def _json(witness: Witness, path: str, bounds: Bounds) -> dict[str, object]:
    data = calling.get(witness, path, seconds=bounds.seconds, octets=bounds.octets)
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _take_over(proof: bytes, told_by: str, outcome: Outcome, now: datetime) -> None:
    """Keep somebody's proof about a log that we know; one about a log that nobody knows proves nothing to us."""
    try:
        found = conflicts.verify(proof)
    except conflicts.NoConflictError:
        return
    known = view(found.key.name)
    if known is not None and known.key == found.key:
        outcome.proven += actions.keep_conflict(proof, told_by=told_by, now=now)


def _compare(note: str, told_by: str, witnesses: list[CosignerKey], outcome: Outcome, now: datetime) -> None:
    """Compare one head with our view of its log; what bears not that log's signature is nothing."""
    try:
        origin = checkpoints.parse(notes.parse(note).text).origin
        known = view(origin)
        head = checkpoints.verify(note, key=known.key) if known else None
    except ValueError:
        return
    if known is None or head is None or not known.heads:
        return
    ours, our_note = _counterpart(head, known)
    if known.is_closed and head.size > ours.size:
        return
    if known.read is None and ours.size != head.size:
        return  # nobody said where this log's tiles are
    outcome.compared += 1
    try:
        evidence = conflicts.compare(ours, head, known.read)
    except conflicts.UnprovenError:
        outcome.open += 1
        if known.agency and head.size > ours.size:
            log_book.warning("%s shows a newer head of %s than we have: sealed", told_by, origin)
            actions.seal_behind(known.agency, AHEAD)
        actions.keep_open(origin=origin, size=head.size, note=note, told_by=told_by, now=now)
        return
    if evidence is None:
        actions.close_open(origin=origin, size=head.size, told_by=told_by)
        return
    proof = conflicts.build(evidence, key=known.key, one=our_note, other=note, witnesses=witnesses)
    log_book.error("two histories of %s are proven; %s had the other one", origin, told_by)
    outcome.proven += actions.keep_conflict(proof, told_by=told_by, now=now)


def _counterpart(head: Checkpoint, known: View) -> tuple[Checkpoint, str]:
    """Return the head of ours to compare with: one of the same size, else the largest."""
    return next((one for one in known.heads if one[0].size == head.size), known.heads[0])


def _fetcher(url: str) -> tiles.Read:
    base, hosts = url.rstrip("/"), {host_of(url)}

    def read(path: str) -> bytes:
        try:
            return fetch(f"{base}/{path}", bounds=TILE, allowed=hosts)
        except FetchError as error:
            raise FileNotFoundError(path) from error

    return read

"""The last head of a log that counts, when its key is stolen or all of it is lost."""

import contextlib
import json
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from congvu.ledger import gate, log_keys
from congvu.ledger.models import Log
from congvu.ledger.store import Folder
from congvu.ledger.witnesses import calling, queries, tasks
from congvu.ledger.witnesses import policy as policies
from congvu.standards import checkpoints, notes, proofs, tiles
from congvu.standards.checkpoints import Checkpoint
from congvu.standards.quorums import Policy, Witness

_BROKEN = (OSError, tiles.BrokenTileError, notes.MalformedKeyError, log_keys.KeyMissingError)


class UnreadableHeadError(Exception):
    """The file is neither a checkpoint nor a receipt of this log, or the log's key has not signed it."""


class NoKeyError(Exception):
    """The public key of the log is nowhere here."""


class NoHeadError(Exception):
    """Nobody shows a head of the log."""


class FutureHeadError(Exception):
    """The head is of more entries than the log has."""


class OtherHistoryError(Exception):
    """The head is of another history than the log that lies here."""


class ForkedError(Exception):
    """Two heads of one size conflict."""


class DamagedError(Exception):
    """The log is not whole here; the argument is the gate's reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The last head that counts: the key and the note that vouch for it, and how many witnesses cosigned or show it."""

    key: notes.VerifierKey
    head: Checkpoint
    note: str
    witnesses: int = 0


def given(data: bytes, *, origin: str, key: notes.VerifierKey | None) -> Last:
    """Return the head in a file: a checkpoint, or a receipt, which brings the key.

    Raises UnreadableHeadError or NoKeyError.
    """
    try:
        text = data.decode()
        if text.startswith("{"):
            bundle = json.loads(text)
            key, text = (
                key or notes.parse_verifier_key(bundle["key"]),
                proofs.parse(bundle["proof"]).checkpoint,
            )
        if key is None:
            raise NoKeyError(origin)
        head = checkpoints.verify(text, key=key)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableHeadError(str(error)) from error
    if head.origin != origin:
        raise UnreadableHeadError(head.origin)
    return Last(key=key, head=head, note=checkpoints.bare(text, key=key))


def of_whole(log: Log, *, key: notes.VerifierKey, now: datetime) -> Last:
    """Return the newest head that the policy's witnesses cosigned, who are asked once more.

    Where nobody has cosigned, the newest that the log signed. Raises NoHeadError.
    """
    policy = policies.current()
    for witness in policies.asked(policy):
        tasks.attend(policies.mark(witness.key), policy=policy, now=lambda: now)
    found = queries.witnessed(log, -1)
    note = found.note if found else log.checkpoint
    if not note:
        raise NoHeadError(log.origin)
    count = len(notes.parse(note).signatures) - 1
    return Last(
        key=key, head=checkpoints.verify(note, key=key), note=checkpoints.bare(note, key=key), witnesses=count
    )


def of_lost(log: Log, folder: Folder, *, key: notes.VerifierKey) -> Last:
    """Return the largest head of a log that its witnesses show, or that the database or the copy elsewhere knows.

    Raises NoHeadError or ForkedError.
    """
    policy = policies.current()
    shown = [one for one in _shown(policy, log.origin, key) if one is not None]
    for note in (log.checkpoint, folder.checkpoint(), folder.checkpoint_copy()):
        with contextlib.suppress(ValueError):  # a database made anew has signed with another key of that name
            shown.append(Last(key=key, head=checkpoints.verify(note, key=key), note=note))
    if not shown:
        raise NoHeadError(log.origin)
    size = max(one.head.size for one in shown)
    largest = [one for one in shown if one.head.size == size]
    if len({one.head.root for one in largest}) > 1:
        raise ForkedError(log.origin)
    return Last(
        key=key, head=largest[0].head, note=largest[0].note, witnesses=sum(one.witnesses for one in largest)
    )


def require_whole(log: Log, folder: Folder, last: Last) -> None:
    """Raise DamagedError, FutureHeadError or OtherHistoryError unless the log lies here whole and begins so."""
    if reason := gate.compare(log, folder, last.key):
        raise DamagedError(reason)
    if last.head.size > log.size:
        raise FutureHeadError(last.head.size)
    if not _begins_so(folder, last):
        raise OtherHistoryError(last.head.size)


def standing(log: Log, folder: Folder, last: Last) -> tuple[int, range]:
    """Return how many of the log's entries here are of the head's history, and which of them lie behind it."""
    if not _is_whole(log, folder):
        return 0, range(0)
    if last.head.size <= log.size:
        kept = last.head.size
        is_ours = _begins_so(folder, last)
    else:
        kept = log.signed_size
        is_ours = log_keys.verifier(log.origin, folder) == last.key
    return (kept, range(kept, log.size)) if is_ours else (0, range(log.size))


def _begins_so(folder: Folder, last: Last) -> bool:
    """Say whether the log here begins with the head; of a head that it never signed there are no tiles."""
    try:
        return tiles.root(last.head.size, folder.read) == last.head.root
    except FileNotFoundError:
        return False
    except (OSError, tiles.BrokenTileError) as error:
        raise DamagedError(gate.TILES_BEHIND) from error


def _is_whole(log: Log, folder: Folder) -> bool:
    try:
        log_keys.verifier(log.origin, folder)
        return bool(log.size) and tiles.root(log.size, folder.read) == notes.decode_base64(log.root)
    except _BROKEN:
        return False


def _shown(policy: Policy, origin: str, key: notes.VerifierKey) -> Collection[Last | None]:
    witnesses = policies.asked(policy)
    if not witnesses:
        return []
    with ThreadPoolExecutor(len(witnesses)) as pool:
        return list(pool.map(lambda one: _newest(one, origin, key), witnesses))


def _newest(witness: Witness, origin: str, key: notes.VerifierKey) -> Last | None:
    try:
        note = calling.newest(witness, origin)
        return Last(key=key, head=checkpoints.verify(note, key=key), note=note, witnesses=1)
    except (calling.WitnessError, ValueError):
        return None

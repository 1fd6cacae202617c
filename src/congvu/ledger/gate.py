"""The gate before the first signature: a log that is not what it was is not written on.

Here the memories at home are compared: the database, the tiles with their checkpoints, and a copy of the last
checkpoint kept elsewhere. A restored backup of any one of them is found by the others; one of all of them is found
by what witnesses remember (`witnesses.recall`).
"""

from dataclasses import dataclass

from congvu.ledger import log_keys
from congvu.ledger.models import Log
from congvu.ledger.store import Folder
from congvu.standards import checkpoints, closings, merkle, notes, tiles

DATABASE_BEHIND = "database-behind"  # an older database was restored: rebuild it from the bundles
TILES_BEHIND = "tiles-behind"  # tiles are missing or older than what was signed
FORKED = "forked"  # two different histories
DAMAGED = "damaged"  # the tiles do not give the root that was signed
KEY_MISSING = "key-missing"
UNREADABLE = "checkpoint-unreadable"


@dataclass(frozen=True, slots=True)
class Head:
    """A size and a root that somebody remembers."""

    size: int
    root: bytes


def inspect(log: Log, folder: Folder) -> str:
    """Return the reason why the log must not be written on; empty when all memories agree.

    Of a closed log, whose key may be gone, the head at which it was closed must be here, unless that was lost.
    """
    if log.closing:
        end = closings.read(log.closing)
        return compare(log, folder, end.closed) if end.size == log.size else ""
    try:
        key = log_keys.signer(log.origin, folder).verifier
    except (log_keys.KeyMissingError, notes.MalformedKeyError):
        return KEY_MISSING
    return compare(log, folder, key)


def compare(log: Log, folder: Folder, key: notes.VerifierKey) -> str:
    """Return the same for whoever has only the log's public key."""
    try:
        closing = folder.closing()
        heads = [
            _signed(note, key)
            for note in (folder.checkpoint(), folder.cosigned(), folder.checkpoint_copy(), log.checkpoint)
        ]
    except (notes.MalformedNoteError, notes.InvalidSignatureError, notes.UnverifiedNoteError, ValueError):
        return UNREADABLE
    if closing != log.closing:
        return DATABASE_BEHIND
    return _compare(log, folder, [head for head in heads if head.size])


def _signed(note: str, key: notes.VerifierKey) -> Head:
    if not note:
        return Head(0, merkle.EMPTY_ROOT)
    checkpoint = checkpoints.verify(note, key=key)
    return Head(checkpoint.size, checkpoint.root)


def _compare(log: Log, folder: Folder, heads: list[Head]) -> str:
    largest = max((head.size for head in heads), default=0)
    try:
        roots = {size: tiles.root(size, folder.read) for size in {*(head.size for head in heads), log.size}}
    except (FileNotFoundError, tiles.BrokenTileError):
        return TILES_BEHIND
    if any(roots[head.size] != head.root for head in heads):
        return FORKED if _is_whole(folder, largest) else DAMAGED
    if log.size and roots[log.size] != notes.decode_base64(log.root):
        return FORKED
    return DATABASE_BEHIND if log.size < largest else ""


def _is_whole(folder: Folder, size: int) -> bool:
    """Return whether the hash tiles agree with each other and with the bundles."""
    from congvu.ledger.check import first_damage  # noqa: PLC0415 -- check reads the gate's words

    return first_damage(folder, size) is None

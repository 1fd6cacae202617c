"""The small files of a log: its keys, its signed checkpoint and the copy of it, each against its one right form."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from congvu.ledger import log_keys
from congvu.ledger.check import Damage
from congvu.ledger.gate import Head
from congvu.ledger.heights import word
from congvu.ledger.store import Folder
from congvu.standards import checkpoints, merkle, notes

_KEY_ERRORS = (log_keys.KeyMissingError, notes.MalformedKeyError, OSError)


@dataclass(frozen=True, slots=True)
class Memory:
    """One place that remembers the head: its name for people, and the signed note or why there is none."""

    place: str
    note: str
    what: str  # missing, unreadable, signature; empty when the note is genuine
    head: Head


def faults(origin: str, folder: Folder) -> Iterator[Damage]:
    """Yield what is wrong with keys and checkpoints; `what` is missing, unreadable, key or signature."""
    for damage, _ in _keys(origin, folder):
        if damage is not None:
            yield damage
    for memory in recall(origin, folder):
        if memory.what:
            yield Damage(memory.place, 0, memory.what)


def recall(origin: str, folder: Folder) -> list[Memory]:
    """Return what the checkpoint beside the tiles and its copy elsewhere remember."""
    key = _key(origin, folder)
    return [_memory(place, key) for place in (folder.public / "checkpoint", folder.copy)]


def newest(origin: str, folder: Folder, kept: str = "") -> tuple[Head, str]:
    """Return the largest genuine head and its note, of both files and a note kept elsewhere; size 0: none."""
    known = [(memory.head, memory.note) for memory in recall(origin, folder)]
    return max([*known, genuine(origin, folder, kept)], key=lambda one: one[0].size)


def genuine(origin: str, folder: Folder, note: str) -> tuple[Head, str]:
    """Return the head of a note that the log's key has signed, and the note; size 0 when it has not."""
    memory = _read("", note, _key(origin, folder))
    return memory.head, memory.note


def public_key(origin: str, folder: Folder) -> notes.VerifierKey:
    """Return the log's public key, from whichever of both files is good; raises KeyMissingError."""
    key = _key(origin, folder)
    if key is None:
        raise log_keys.KeyMissingError(origin)
    return key


def _key(origin: str, folder: Folder) -> notes.VerifierKey | None:
    return next((found for _, found in _keys(origin, folder) if found is not None), None)


def _keys(origin: str, folder: Folder) -> Iterator[tuple[Damage | None, notes.VerifierKey | None]]:
    for path, load in ((folder.key, log_keys.signer), (folder.public_key, log_keys.verifier)):
        try:
            key = load(origin, folder)
        except _KEY_ERRORS as error:
            yield Damage(str(path), 0, _word(error)), None
        else:
            yield None, key.verifier if isinstance(key, notes.SignerKey) else key


def _word(error: Exception) -> str:
    if isinstance(error, log_keys.KeyMissingError) and isinstance(error.__cause__, FileNotFoundError):
        return "missing"
    return "unreadable" if isinstance(error, OSError) else "key"


def _memory(place: Path, key: notes.VerifierKey | None) -> Memory:
    try:
        note = place.read_bytes().decode()
    except OSError as error:
        return _bad(str(place), word(error))
    except UnicodeDecodeError:
        return _bad(str(place), "signature")
    return _read(str(place), note, key)


def _read(place: str, note: str, key: notes.VerifierKey | None) -> Memory:
    if key is None:
        return _bad(place, "signature")
    try:
        head = checkpoints.verify(note, key=key)
    except ValueError:  # of every kind: notes and checkpoints in another form, signatures that do not fit
        return _bad(place, "signature")
    return Memory(place, note, "", Head(head.size, head.root))


def _bad(place: str, what: str) -> Memory:
    return Memory(place, "", what, Head(0, merkle.EMPTY_ROOT))

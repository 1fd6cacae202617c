"""A portable proof that a log misbehaved, `*.congvu-conflict.json`: two heads that its key signed and that conflict.

Two heads conflict when they have one size and two roots, or when the tree of the larger one does not begin with
the tree of the smaller one. The second is shown by another prefix: a root of the smaller size, and a consistency
proof (RFC 6962) from it to the larger head; a tree has only one prefix of a size. Witnesses that cosigned both
heads misbehaved too. The format is described in docs/reference/witnesses.md; `congvu_verify` reads it and shares
no code with this.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, NamedTuple

from congvu.standards import checkpoints, cosignatures, jcs, merkle, notes, tiles
from congvu.standards.checkpoints import Checkpoint
from congvu.standards.cosignatures import CosignerKey

FORMAT: Final = "conflict/1"
LARGEST: Final = 64 * 1024
FIELDS: Final = {"congvu", "first", "key", "path", "prefix", "second", "witnesses"}


class NoConflictError(ValueError):
    """The file does not prove that the log misbehaved."""


class UnprovenError(Exception):
    """The tiles at hand show neither one history nor two."""


class Evidence(NamedTuple):
    """Why two heads conflict: empty when their sizes are one, else the other prefix and the path from it."""

    prefix: bytes
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """What a proof shows: the log's key, its two heads, and the witnesses that cosigned both."""

    key: notes.VerifierKey
    first: Checkpoint
    second: Checkpoint
    both: tuple[CosignerKey, ...]

    @property
    def sort(self) -> str:
        """Return same_size, or other_prefix."""
        return "same_size" if self.first.size == self.second.size else "other_prefix"


class _Head(NamedTuple):
    """A signed head with its one spelling: the log's line, then known witnesses' in the order of their keys."""

    head: Checkpoint
    note: str
    witnesses: tuple[str, ...]  # vkeys


def compare(one: Checkpoint, other: Checkpoint, read: tiles.Read | None) -> Evidence | None:
    """Return why two heads of one log conflict, None when they do not.

    `read` gives tiles of the larger tree; without it only heads of one size can be compared. Raises UnprovenError.
    """
    first, second = sorted((one, other), key=_order)
    if first.size == second.size:
        return None if first.root == second.root else Evidence(b"", ())
    if read is None:
        raise UnprovenError("no tiles")
    subtree = tiles.reader(second.size, read)
    try:
        prefix = merkle.span_root(0, first.size, subtree)
        path = tuple(merkle.consistency_proof(first.size, second.size, subtree))
    except (OSError, tiles.BrokenTileError) as error:
        raise UnprovenError("tiles are missing or cut") from error
    if not _leads(first.size, second, prefix, path):
        raise UnprovenError("the tiles are of a third tree")
    return None if prefix == first.root else Evidence(prefix, path)


def build(
    evidence: Evidence,
    *,
    key: notes.VerifierKey,
    one: str,
    other: str,
    witnesses: Collection[CosignerKey] = (),
) -> bytes:
    """Return the bytes of the proof over two signed heads (notes), with what known witnesses said of them."""
    first, second = sorted((_spelled(note, key, witnesses) for note in (one, other)), key=_place)
    data = {
        "congvu": FORMAT,
        "first": first.note,
        "key": key.text,
        "path": [notes.encode_base64(digest) for digest in evidence.path],
        "prefix": notes.encode_base64(evidence.prefix),
        "second": second.note,
        "witnesses": sorted({*first.witnesses, *second.witnesses}),
    }
    return jcs.encode(data) + b"\n"


def verify(data: bytes) -> Conflict:
    """Return what a proof shows; raise NoConflictError for anything that is not one in its one spelling."""
    try:
        return _verify(data)
    except (ValueError, TypeError, AttributeError) as error:
        raise NoConflictError(str(error)) from error


def _verify(data: bytes) -> Conflict:
    said = jcs.decode(data.removesuffix(b"\n"))
    if len(data) > LARGEST or said.keys() != FIELDS or said["congvu"] != FORMAT:
        raise NoConflictError("not a proof of a conflict")
    key = notes.parse_verifier_key(said["key"])
    witnesses = [cosignatures.parse_key(text) for text in said["witnesses"]]
    first, second = (_spelled(said[name], key, witnesses) for name in ("first", "second"))
    evidence = Evidence(notes.decode_base64(said["prefix"]), tuple(map(notes.decode_base64, said["path"])))
    if build(evidence, key=key, one=first.note, other=second.note, witnesses=witnesses) != data:
        raise NoConflictError("not in its one spelling")
    if not _conflict(first.head, second.head, evidence):
        raise NoConflictError("the two heads do not conflict")
    both = set(first.witnesses) & set(second.witnesses)
    return Conflict(key, first.head, second.head, tuple(one for one in witnesses if one.text in both))


def _conflict(first: Checkpoint, second: Checkpoint, evidence: Evidence) -> bool:
    if first.size == second.size:
        return first.root != second.root and evidence == Evidence(b"", ())
    return evidence.prefix != first.root and _leads(first.size, second, evidence.prefix, evidence.path)


def _leads(size: int, second: Checkpoint, prefix: bytes, path: Collection[bytes]) -> bool:
    return merkle.verify_consistency(
        old=size, new=second.size, old_root=prefix, new_root=second.root, proof=list(path)
    )


def _spelled(note: str, key: notes.VerifierKey, witnesses: Collection[CosignerKey]) -> _Head:
    head = checkpoints.verify(note, key=key)
    told = sorted(cosignatures.cosigned(note, known=witnesses), key=lambda one: one.key.text)
    whole = checkpoints.bare(note, key=key) + "".join(one.line for one in told)
    return _Head(head, whole, tuple(one.key.text for one in told))


def _order(head: Checkpoint) -> tuple[int, bytes]:
    return head.size, head.root


def _place(head: _Head) -> tuple[int, bytes]:
    return _order(head.head)

"""Merkle trees of RFC 6962, section 2.1 (checks as in RFC 9162, section 2.1.3 and 2.1.4).

Every function is pure. A tree is seen through a Subtree callable: `subtree(level, index)` is the hash of the
perfect subtree over the leaves `index << level` up to `(index + 1) << level`; level 0 holds the leaf hashes.
So the same code proves from a list in memory and from tiles on disk.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final

Subtree = Callable[[int, int], bytes]

HASH: Final = 32  # octets
LONGEST_PATH: Final = 63  # hashes of a proof: no tree has more than 2**63 leaves
EMPTY_ROOT: Final = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one leaf's bytes."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an interior node."""
    return sha256(b"\x01" + left + right).digest()


def parents(hashes: Sequence[bytes]) -> list[bytes]:
    """Return the nodes above an even number of neighbors; the hot loop of appending."""
    pairs = iter(hashes)
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]


def root(hashes: Sequence[bytes]) -> bytes:
    """Return the tree hash of a list of leaf hashes."""
    return span_root(0, len(hashes), in_memory(hashes))


def in_memory(hashes: Sequence[bytes]) -> Subtree:
    """Return the Subtree over a list of leaf hashes."""
    levels = [list(hashes)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append(parents(below[: len(below) & ~1]))
    return lambda level, index: levels[level][index]


def span_root(start: int, end: int, subtree: Subtree) -> bytes:
    """Return the tree hash of the leaves from start up to end, where start is aligned as in a tree."""
    if start == end:
        return EMPTY_ROOT
    hashes = []
    while start < end:
        level = (end - start).bit_length() - 1
        hashes.append(subtree(level, start >> level))
        start += 1 << level
    above = hashes.pop()
    while hashes:
        above = node_hash(hashes.pop(), above)
    return above


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the audit path of a leaf, its sibling first (RFC 6962, section 2.1.1)."""
    if not 0 <= index < size:
        raise IndexError(f"no leaf {index} in a tree of {size}")
    return [span_root(span.start, span.stop, subtree) for span in path_spans(index, size)]


def path_spans(index: int, size: int) -> list[range]:
    """Return the leaves below each hash of a leaf's audit path, in the path's order."""
    start, end, spans = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            spans.append(range(middle, end))
            end = middle
        else:
            spans.append(range(start, middle))
            start = middle
    return spans[::-1]


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """Return the nodes that show the old tree to be a prefix of the new one (RFC 6962, section 2.1.2)."""
    if not 0 <= old <= new:
        raise IndexError(f"a tree of {new} does not hold one of {old}")
    if old in {0, new}:
        return []
    start, end, path = 0, new, []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(span_root(middle, end, subtree))
            end = middle
        else:
            path.append(span_root(start, middle, subtree))
            start = middle
    if start:
        path.append(span_root(start, end, subtree))
    return path[::-1]


def verify_inclusion(*, index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether the leaf hash stands at index in the tree (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, above = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            above = node_hash(sibling, above)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            above = node_hash(above, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and above == root


def verify_consistency(
    *, old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Say whether the old tree is a prefix of the new one (RFC 9162, section 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old in {0, new}:
        return not proof and old_root == (new_root if old == new else EMPTY_ROOT)
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _split(width: int) -> int:
    """Return the largest power of two below width."""
    return 1 << ((width - 1).bit_length() - 1)

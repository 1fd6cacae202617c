"""pymerkle grows the same tree from the entries of a real log, and verifies and makes the same proofs. RFC 9162."""

import pytest
from pymerkle import InmemoryTree, InvalidProof, verify_consistency, verify_inclusion

from congvu.standards import merkle, tiles
from tests.conformance.real_log import RealLog
from tests.conformance.test_go_sumdb import flipped

SIZES = (1, 2, 255, 256, 257, 600, 770)


@pytest.fixture
def tree(real: RealLog) -> InmemoryTree:
    grown = InmemoryTree(algorithm="sha256")
    for index in range(real.head.size):
        grown.append_entry(real.leaf(index))
    return grown


def our_root(real: RealLog, size: int) -> bytes:
    return merkle.span_root(0, size, tiles.reader(real.head.size, real.folder.read))


def test_it_grows_the_tree_that_was_signed(real: RealLog, tree: InmemoryTree) -> None:
    assert tree.get_root() == real.head.root
    assert [tree.get_root(size) for size in SIZES] == [our_root(real, size) for size in SIZES]


def test_its_proofs_are_of_the_hashes_of_ours(real: RealLog, tree: InmemoryTree) -> None:
    for index in (0, 1, 255, 256, 700, 769):
        proof = tree.prove_inclusion(index + 1)
        base = merkle.leaf_hash(real.leaf(index))
        verify_inclusion(base, real.head.root, proof, index=index + 1, size=real.head.size)
        assert sorted(proof.path) == sorted([base, *real.path(index)])


def test_it_finds_that_the_log_only_grew(real: RealLog, tree: InmemoryTree) -> None:
    for old in SIZES:
        proof = tree.prove_consistency(old)
        verify_consistency(our_root(real, old), real.head.root, proof)
        with pytest.raises(InvalidProof):
            verify_consistency(flipped(our_root(real, old), old), real.head.root, proof)


def test_it_refuses_a_flipped_bit_of_an_entry_a_hash_or_the_root(real: RealLog, tree: InmemoryTree) -> None:
    index, size = 700, real.head.size
    for bit in range(0, 256, 3):
        proof, base = tree.prove_inclusion(index + 1), merkle.leaf_hash(real.leaf(index))
        changed = merkle.leaf_hash(flipped(real.leaf(index), bit * 5))
        for leaf, root in ((changed, real.head.root), (base, flipped(real.head.root, bit))):
            with pytest.raises(InvalidProof):
                verify_inclusion(leaf, root, proof, index=index + 1, size=size)
        proof.path[bit % len(proof.path)] = flipped(proof.path[bit % len(proof.path)], bit)
        with pytest.raises(InvalidProof):
            verify_inclusion(base, real.head.root, proof, index=index + 1, size=size)

"""RFC 6962, section 2.1, against its vectors and against a naive tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.standards import merkle

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [merkle.leaf_hash(b"%d" % number) for number in range(200)]


def naive_root(hashes: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1."""
    if len(hashes) < 2:
        return hashes[0] if hashes else merkle.EMPTY_ROOT
    split = naive_split(len(hashes))
    return merkle.node_hash(naive_root(hashes[:split]), naive_root(hashes[split:]))


def naive_split(count: int) -> int:
    split = 1
    while split * 2 < count:
        split *= 2
    return split


def naive_path(index: int, hashes: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, section 2.1.1."""
    if len(hashes) == 1:
        return []
    split = naive_split(len(hashes))
    if index < split:
        return [*naive_path(index, hashes[:split]), naive_root(hashes[split:])]
    return [*naive_path(index - split, hashes[split:]), naive_root(hashes[:split])]


def naive_consistency(old: int, hashes: list[bytes], *, whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962, section 2.1.2."""
    if old == len(hashes):
        return [] if whole else [naive_root(hashes)]
    split = naive_split(len(hashes))
    if old <= split:
        return [*naive_consistency(old, hashes[:split], whole=whole), naive_root(hashes[split:])]
    return [*naive_consistency(old - split, hashes[split:], whole=False), naive_root(hashes[:split])]


def tampered(proof: list[bytes]) -> list[list[bytes]]:
    """Return proofs that are wrong in one place or of the wrong length."""
    flipped = [
        [*proof[:place], bytes([digest[0] ^ 1]) + digest[1:], *proof[place + 1 :]]
        for place, digest in enumerate(proof)
    ]
    return (
        [*flipped, proof[:-1], proof[1:], [*proof, bytes(32)], [bytes(32), *proof]]
        if proof
        else [[bytes(32)]]
    )


@pytest.mark.parametrize("size", range(9))
def test_the_vectors_of_the_standard(size: int) -> None:
    assert merkle.root([merkle.leaf_hash(leaf) for leaf in LEAVES[:size]]).hex() == ROOTS[size]


def test_the_audit_path_vector_of_certificate_transparency() -> None:
    tree = merkle.in_memory([merkle.leaf_hash(leaf) for leaf in LEAVES])
    assert [digest.hex() for digest in merkle.inclusion_proof(5, 8, tree)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@pytest.mark.parametrize("size", range(1, 40))
def test_every_leaf_is_proven_as_in_the_naive_tree(size: int) -> None:
    hashes, tree = HASHES[:size], merkle.in_memory(HASHES[:size])
    root = merkle.root(hashes)
    assert root == naive_root(hashes)
    for index in range(size):
        proof = merkle.inclusion_proof(index, size, tree)
        assert proof == naive_path(index, hashes)
        asked = [other for other in range(-1, size + 2) if verified(other, size, hashes[index], proof, root)]
        assert asked == [index]
        assert not any(verified(index, size, hashes[index], wrong, root) for wrong in tampered(proof))


def verified(index: int, size: int, leaf: bytes, proof: list[bytes], root: bytes) -> bool:
    return merkle.verify_inclusion(index=index, size=size, leaf=leaf, proof=proof, root=root)


@pytest.mark.parametrize("new", range(1, 40))
def test_every_prefix_is_proven_as_in_the_naive_tree(new: int) -> None:
    hashes, tree = HASHES[:new], merkle.in_memory(HASHES[:new])
    root = merkle.root(hashes)
    for old in range(1, new + 1):
        before = merkle.root(hashes[:old])
        proof = merkle.consistency_proof(old, new, tree)
        assert proof == naive_consistency(old, hashes)
        assert consistent(old, new, before, root, proof)
        assert not any(consistent(old, new, before, root, wrong) for wrong in tampered(proof))
        assert not consistent(old, new, bytes(32), root, proof)
        assert not consistent(old, new, before, bytes(32), proof)


def consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes]) -> bool:
    return merkle.verify_consistency(old=old, new=new, old_root=old_root, new_root=new_root, proof=proof)


def test_the_empty_tree_is_a_prefix_of_every_tree() -> None:
    assert merkle.consistency_proof(0, 5, merkle.in_memory(HASHES[:5])) == []
    assert consistent(0, 5, merkle.EMPTY_ROOT, merkle.root(HASHES[:5]), [])
    assert not consistent(0, 5, bytes(32), merkle.root(HASHES[:5]), [])
    assert not consistent(0, 5, merkle.EMPTY_ROOT, merkle.root(HASHES[:5]), [bytes(32)])
    assert not consistent(6, 5, merkle.EMPTY_ROOT, merkle.EMPTY_ROOT, [])


@given(st.integers(1, 199), st.integers(1, 199))
def test_a_longer_tree_is_no_prefix_of_a_shorter_one(one: int, other: int) -> None:
    if one > other:
        with pytest.raises(IndexError):
            merkle.consistency_proof(one, other, merkle.in_memory(HASHES[:other]))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5)])
def test_a_leaf_outside_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(IndexError):
        merkle.inclusion_proof(index, size, merkle.in_memory(HASHES[:size]))

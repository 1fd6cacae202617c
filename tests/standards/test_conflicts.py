"""A proof of misbehaviour convinces a stranger, and nobody can make one against an honest log."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.standards import checkpoints, conflicts, cosignatures, jcs, merkle, notes, tiles
from congvu.standards.checkpoints import Checkpoint
from congvu.standards.conflicts import NoConflictError, UnprovenError

LOG = notes.SignerKey(name="mail.example.vn/log/so-noi-vu/2026", seed=bytes(range(32)))
WITNESSES = [
    cosignatures.CosignerSecret(f"w{number}.example", 4, bytes([number]) * 32) for number in range(3)
]
FORK = 17


class Tree:
    """A log in memory, its tiles as files."""

    def __init__(self, *, leaves: list[bytes]) -> None:
        self.hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
        self.files: dict[str, bytes] = {}
        edge = tiles.EMPTY
        for leaf in leaves:  # every width is written, as by a log that signs after each entry
            growth = edge.append([leaf])
            self.files.update(growth.files)
            edge = growth.edge

    def read(self, path: str) -> bytes:
        try:
            return self.files[path]
        except KeyError as error:
            raise FileNotFoundError(path) from error

    def head(self, size: int) -> Checkpoint:
        return Checkpoint(LOG.name, size, merkle.root(self.hashes[:size]))


ONE = Tree(leaves=[b"%d" % number for number in range(300)])
TWO = Tree(leaves=[*(b"%d" % number for number in range(FORK)), *(b"x%d" % number for number in range(283))])
SIZES = st.integers(0, 300)


def proof(one: Checkpoint, other: Checkpoint, tree: Tree, by=((), ())) -> bytes:
    evidence = conflicts.compare(one, other, tree.read)
    assert evidence is not None
    notes_ = [
        checkpoints.sign(head, LOG) + "".join(w.cosign(head.format(), at=9) for w in told)
        for head, told in zip((one, other), by, strict=True)
    ]
    known = [witness.key for witness in WITNESSES]
    return conflicts.build(evidence, key=LOG.verifier, one=notes_[0], other=notes_[1], witnesses=known)


@given(SIZES, SIZES)
def test_heads_of_one_history_never_conflict(one, other):
    assert conflicts.compare(ONE.head(one), ONE.head(other), ONE.read) is None


@given(st.integers(FORK + 1, 300), st.integers(FORK + 1, 300))
def test_two_histories_are_told_from_the_tiles_of_the_larger_one(one, other):
    tree = ONE if one >= other else TWO
    found = conflicts.verify(proof(ONE.head(one), TWO.head(other), tree))
    assert {found.first, found.second} == {ONE.head(one), TWO.head(other)}
    assert found.sort == ("same_size" if one == other else "other_prefix")


@given(SIZES, SIZES)
def test_heads_before_the_fork_are_of_both_histories(one, other):
    if min(one, other) <= FORK:
        tree = ONE if one >= other else TWO
        assert conflicts.compare(ONE.head(one), TWO.head(other), tree.read) is None


def test_tiles_of_the_other_history_prove_nothing():
    with pytest.raises(UnprovenError):
        conflicts.compare(ONE.head(200), TWO.head(100), TWO.read)
    with pytest.raises(UnprovenError):
        conflicts.compare(ONE.head(200), TWO.head(100), None)
    with pytest.raises(UnprovenError):
        conflicts.compare(ONE.head(200), TWO.head(100), Tree(leaves=[b"0"]).read)


def test_witnesses_that_cosigned_both_heads_are_named():
    data = proof(ONE.head(50), TWO.head(50), ONE, by=(WITNESSES[:2], WITNESSES[1:]))
    assert [key.name for key in conflicts.verify(data).both] == ["w1.example"]


def test_one_conflict_has_one_file():
    swapped = proof(TWO.head(50), ONE.head(50), ONE, by=([WITNESSES[1], WITNESSES[0]], []))
    assert swapped == proof(ONE.head(50), TWO.head(50), ONE, by=([], WITNESSES[:2]))


@given(st.data())
def test_every_changed_bit_is_noticed(data):
    whole = proof(ONE.head(50), TWO.head(90), TWO, by=(WITNESSES[:1], WITNESSES[:1]))
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    changed = bytearray(whole)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(NoConflictError):
        conflicts.verify(bytes(changed))


@given(SIZES, SIZES, st.data())
def test_no_proof_is_made_against_an_honest_log(one, other, data):
    """Two genuine heads of one history, and whatever an accuser makes up for the prefix and the path."""
    first, second = sorted((one, other))
    path = merkle.consistency_proof(first, second, merkle.in_memory(ONE.hashes[:second]))
    place = data.draw(st.integers(0, len(path)))
    made_up = [path, path[:place], [*path[:place], bytes(32), *path[place + 1 :]], path[::-1]]
    said = {
        "congvu": "conflict/1",
        "first": checkpoints.sign(ONE.head(first), LOG),
        "key": LOG.verifier.text,
        "path": [notes.encode_base64(digest) for digest in data.draw(st.sampled_from(made_up))],
        "prefix": data.draw(
            st.sampled_from(
                ["", *(notes.encode_base64(root) for root in (TWO.head(first).root, ONE.head(first).root))]
            )
        ),
        "second": checkpoints.sign(ONE.head(second), LOG),
        "witnesses": [],
    }
    with pytest.raises(NoConflictError):
        conflicts.verify(jcs.encode(said) + b"\n")


@pytest.mark.parametrize(
    "change",
    [
        {"congvu": "conflict/2"},
        {"more": 1},
        {"key": notes.generate(LOG.name).verifier.text},
        {"witnesses": [WITNESSES[0].key.text]},
        {"witnesses": "abc"},
        {"first": 7},
        {"path": None},
        {"path": ["AAAA"]},
        {"prefix": "AAAA"},
    ],
)
def test_what_is_not_in_the_one_form_is_refused(change):
    said = json.loads(proof(ONE.head(50), TWO.head(50), ONE))
    with pytest.raises(NoConflictError):
        conflicts.verify(jcs.encode(said | change) + b"\n")


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null\n", b"\xff", b"{" * 70_000, b"7\n"])
def test_rubbish_is_refused(data):
    with pytest.raises(NoConflictError):
        conflicts.verify(data)

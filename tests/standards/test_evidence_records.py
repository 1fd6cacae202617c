"""Evidence records: trees of any number of objects, chains that lean on each other, and nothing else than was written."""

import hashlib

import pytest
from asn1crypto import cms, core, tsp
from hypothesis import given
from hypothesis import strategies as st

from congvu.standards import evidence_records as ers

OBJECTS = st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=70)


def token(number: int) -> bytes:
    """Return a CMS envelope of some content: what is over what is judged elsewhere."""
    content = {"content_type": "data", "content": core.OctetString(b"token %d" % number)}
    return bytes(cms.ContentInfo(content).dump())


def stamp(tree: ers.Tree, place: int, number: int) -> ers.Stamp:
    return ers.Stamp(digest=tree.digest, way=tree.ways[place], token=token(number))


@given(objects=OBJECTS, digest=st.sampled_from(ers.DIGESTS))
def test_one_token_serves_every_object_of_a_tree(objects: list[bytes], digest: str) -> None:
    tree = ers.tree(objects, digest=digest)
    for place, one in enumerate(objects):
        record = ers.Record(chains=((stamp(tree, place, 1),),))
        assert ers.steps(record, one) == [ers.Step(digest=digest, data=tree.data, token=token(1))]
    assert max(len(way) for way in tree.ways) <= max(1, (len(objects) - 1).bit_length())


@given(objects=OBJECTS, other=st.binary(max_size=40))
def test_a_tree_holds_nothing_that_was_not_put_in(objects: list[bytes], other: bytes) -> None:
    tree = ers.tree(objects, digest="sha256")
    for place in range(len(objects)):
        record = ers.Record(chains=((stamp(tree, place, 1),),))
        if other in objects:
            continue
        if len(objects) == 1:
            assert ers.steps(record, other)[0].data == other  # which its token is not over
        else:
            with pytest.raises(ers.BrokenRecordError):
                ers.steps(record, other)


def renewed(data: bytes, beside: list[bytes]) -> ers.Record:
    """Return a record with a stamp, a renewal by a tree, a new chain of another digest, and its renewal."""
    first = ers.Stamp(digest="sha256", way=(), token=token(1))
    second = stamp(ers.tree([first.token, *beside], digest="sha256"), 0, 2)
    about = ers.renewal(((first, second),), data, digest="sha512")
    third = stamp(ers.tree([*beside, about], digest="sha512"), len(beside), 3)
    fourth = ers.Stamp(digest="sha512", way=(), token=token(4))
    return ers.Record(chains=((first, second), (third, fourth)))


@given(data=st.binary(max_size=40), beside=OBJECTS)
def test_every_stamp_leans_on_all_before_it(data: bytes, beside: list[bytes]) -> None:
    record = renewed(data, beside)
    found = ers.steps(record, data)
    assert [(one.digest, one.token) for one in found] == [
        *(("sha256", token(1)), ("sha256", token(2))),
        *(("sha512", token(3)), ("sha512", token(4))),
    ]
    assert (found[0].data, found[3].data) == (data, token(3))
    assert ers.decode(ers.encode(record)) == record


def test_a_later_chain_does_not_hold_other_data_than_the_first() -> None:
    record = renewed(b"data", [b"x", b"y"])
    with pytest.raises(ers.BrokenRecordError):
        ers.steps(record, b"date")


def test_a_new_chain_is_over_both_digests_and_the_chains_before() -> None:
    first = ers.Stamp(digest="sha256", way=(), token=token(1))
    octets = ers.renewal(((first,),), b"data", digest="sha512")
    chains = bytes.fromhex("")
    algorithm = tsp.ArchiveTimeStamp(
        {"digest_algorithm": {"algorithm": "sha256"}, "time_stamp": cms.ContentInfo.load(token(1))}
    ).dump()
    for _ in range(2):  # a sequence of chains, which are sequences of stamps
        chains = b"\x30" + bytes((len(chains or algorithm),)) + (chains or algorithm)
    assert octets == hashlib.sha512(b"data").digest() + hashlib.sha512(chains).digest()


def test_a_changed_bit_is_refused_or_seen_in_what_is_read() -> None:
    """A spelling of the same algorithms may differ; hashes, tokens and their order may not."""
    record = renewed(b"data", [b"x"])
    data = ers.encode(record)
    same = 0
    for bit in range(len(data) * 8):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            same += ers.decode(bytes(changed)) == record
        except ers.MalformedRecordError:
            continue
    assert same < 60, "eight bits of tag and length of each algorithm's NULL"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30\x00",
        b"\x30\x80\x00\x00",
        b"\xff" * 40,
        b"0" * (ers.LARGEST + 1),
        b"\x30\x84\xff\xff\xff\xff",
    ],
)
def test_what_is_no_record_is_refused(data: bytes) -> None:
    with pytest.raises(ers.MalformedRecordError):
        ers.decode(data)


def test_a_weak_digest_is_refused() -> None:
    with pytest.raises(ers.MalformedRecordError):
        ers.tree([b"a"], digest="sha1")
    weak = renewed(b"data", [b"x"])
    octets = ers.encode(weak).replace(
        bytes.fromhex("0609608648016503040201"), bytes.fromhex("0609608648016503040204")
    )
    with pytest.raises(ers.MalformedRecordError):
        ers.decode(octets)

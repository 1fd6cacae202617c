"""Evidence records (RFC 4998): time stamps that are renewed before their certificates or digests grow weak.

A record is a list of chains, a chain a list of stamps (RFC 3161 tokens). The first stamp is over the data; each later
one of its chain over the token before it; the first of a later chain, which begins with another digest, over the data
and all chains before. One token may serve many records through a hash tree, of which each keeps its own way up.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from asn1crypto import algos, cms, core, tsp

DIGESTS: Final = ("sha256", "sha384", "sha512")
LARGEST: Final = 4_000_000  # octets of a record
MOST_STAMPS: Final = 1_000
Way = tuple[
    tuple[bytes, ...], ...
]  # the lists of a reduced hash tree, from the leaf up; empty for a stamp of one


class MalformedRecordError(ValueError):
    """The octets are not an evidence record."""


class BrokenRecordError(ValueError):
    """A stamp's hash tree does not hold what it should be over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A token (DER of a CMS ContentInfo), the digest of its tree and the way from what it is over to its root."""

    digest: str
    way: Way
    token: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The stamps of one object, oldest first, in chains of one digest each."""

    chains: tuple[tuple[Stamp, ...], ...]

    @property
    def last(self) -> Stamp:
        """Return the stamp that all others lean on."""
        return self.chains[-1][-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stamp with the octets that its token is over, by `digest`: what `openssl ts -verify -data` is given."""

    digest: str
    data: bytes
    token: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """What one token will be over, and the way of each object to it, in the order of the objects."""

    digest: str
    data: bytes
    ways: tuple[Way, ...]


class _Chain(core.SequenceOf):  # type: ignore[misc]  # asn1crypto has no types
    _child_spec = tsp.ArchiveTimeStamp


class _Chains(core.SequenceOf):  # type: ignore[misc]  # as above; asn1crypto's own spelling lacks the chains
    _child_spec = _Chain


class _Digests(core.SequenceOf):  # type: ignore[misc]  # as above
    _child_spec = algos.DigestAlgorithm


class _Record(core.Sequence):  # type: ignore[misc]  # as above
    _fields = [
        ("version", core.Integer),
        ("digest_algorithms", _Digests),
        ("crypto_infos", tsp.Attributes, {"implicit": 0, "optional": True}),
        ("encryption_info", tsp.EncryptionInfo, {"implicit": 1, "optional": True}),
        ("chains", _Chains),
    ]


def tree(objects: Sequence[bytes], *, digest: str) -> Tree:
    """Return what a token must be over so that it serves all these objects; section 4.2."""
    _require(digest)
    if len(objects) == 1:
        return Tree(digest=digest, data=objects[0], ways=((),))
    rows = [[_hash(digest, one) for one in objects]]
    while len(rows[-1]) > 2:  # noqa: PLR2004 -- the last two hashes are what is stamped
        rows.append([_joined(digest, rows[-1][at : at + 2]) for at in range(0, len(rows[-1]), 2)])
    ways = tuple(_way(rows, place) for place in range(len(objects)))
    return Tree(digest=digest, data=b"".join(sorted(rows[-1])), ways=ways)


def steps(record: Record, data: bytes) -> list[Step]:
    """Return what each token must be over if the record is of this data, oldest first; BrokenRecordError if it is not.

    The tokens themselves are not looked at: each must hold at the time of the next, the last one now.
    """
    found: list[Step] = []
    for number, chain in enumerate(record.chains):
        about = data if number == 0 else renewal(record.chains[:number], data, digest=chain[0].digest)
        for stamp in chain:
            found.append(Step(digest=stamp.digest, data=_top(stamp, about), token=stamp.token))
            about = stamp.token
    return found


def renewal(chains: Sequence[Sequence[Stamp]], data: bytes, *, digest: str) -> bytes:
    """Return what the first stamp of a new chain is over: the data and all chains before; section 5.2."""
    return _hash(digest, data) + _hash(digest, _chains(chains).dump())


def encode(record: Record) -> bytes:
    """Return the record as DER."""
    digests = list(dict.fromkeys(chain[0].digest for chain in record.chains))
    made = _Record(
        {
            "version": 1,
            "digest_algorithms": [{"algorithm": one} for one in digests],
            "chains": _chains(record.chains),
        }
    )
    return bytes(made.dump())


def decode(data: bytes) -> Record:
    """Read a record that holds chains and stamps of known digests; MalformedRecordError for anything else."""
    if len(data) > LARGEST:
        raise MalformedRecordError("too large")
    try:
        read = _Record.load(data, strict=True)
        if read["version"].native != 1:
            raise MalformedRecordError("not of version 1")
        named = [str(one["algorithm"].native) for one in read["digest_algorithms"]]
        chains = tuple(tuple(_read_stamp(one, named) for one in chain) for chain in read["chains"])
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, OverflowError) as error:
        raise MalformedRecordError(str(error)[:200]) from error
    _check(chains)
    return Record(chains=chains)


def _check(chains: tuple[tuple[Stamp, ...], ...]) -> None:
    if not chains or not all(chains) or sum(map(len, chains)) > MOST_STAMPS:
        raise MalformedRecordError("no stamps, or too many")
    if any(stamp.digest != chain[0].digest for chain in chains for stamp in chain):
        raise MalformedRecordError("a chain of two digests")


def _read_stamp(read: Any, named: list[str]) -> Stamp:
    own = read["digest_algorithm"]
    token = read["time_stamp"]
    if isinstance(own, core.Void):
        chosen = str(
            token["content"]["encap_content_info"]["content"]
            .parsed["message_imprint"]["hash_algorithm"]["algorithm"]
            .native
        )
    else:
        chosen = str(own["algorithm"].native)
    _require(chosen)
    if chosen not in named:
        raise MalformedRecordError("a digest that the record does not name")
    lists = read["reduced_hashtree"]
    way = (
        ()
        if isinstance(lists, core.Void)
        else tuple(tuple(map(bytes, (hash_.native for hash_ in one))) for one in lists)
    )
    return Stamp(digest=chosen, way=way, token=bytes(token.dump()))


def _chains(chains: Sequence[Sequence[Stamp]]) -> _Chains:
    return _Chains([_Chain([_stamp(one) for one in chain]) for chain in chains])


def _stamp(stamp: Stamp) -> tsp.ArchiveTimeStamp:
    fields: dict[str, Any] = {
        "digest_algorithm": {"algorithm": stamp.digest},
        "time_stamp": cms.ContentInfo.load(stamp.token),
    }
    if stamp.way:
        fields["reduced_hashtree"] = [list(one) for one in stamp.way]
    return tsp.ArchiveTimeStamp(fields)


def _way(rows: list[list[bytes]], place: int) -> Way:
    """Return the lists of hashes from one leaf up: the leaf with its neighbor, then the neighbor of each node."""
    found: list[tuple[bytes, ...]] = []
    for row in rows:
        beside = place ^ 1
        if beside < len(row):
            found.append(tuple(sorted((row[place], row[beside]))) if not found else (row[beside],))
        place //= 2
    return tuple(found)


def _top(stamp: Stamp, about: bytes) -> bytes:
    """Return the octets that a stamp's token must be over when the stamp is about these; section 4.3."""
    if not stamp.way:
        return about
    first, *others = stamp.way
    if _hash(stamp.digest, about) not in first:
        raise BrokenRecordError("the object is not in the tree")
    octets = (
        about if len(first) == 1 else b"".join(sorted(first))
    )  # a group of one is its own hash; section 4.2
    for one in others:
        octets = b"".join(sorted((*one, _hash(stamp.digest, octets))))
    return octets


def _joined(digest: str, hashes: Sequence[bytes]) -> bytes:
    return hashes[0] if len(hashes) == 1 else _hash(digest, b"".join(sorted(hashes)))


def _hash(digest: str, data: bytes) -> bytes:
    return hashlib.new(digest, data).digest()


def _require(digest: str) -> None:
    if digest not in DIGESTS:
        raise MalformedRecordError("a digest that is not believed")

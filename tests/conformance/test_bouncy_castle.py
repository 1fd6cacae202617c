"""Bouncy Castle follows our evidence records, refuses changed ones, and we follow what it makes. RFC 4998."""

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from congvu.standards import evidence_records as ers
from tests import requires
from tests.ledger.timestamping.authority import TimeAuthority

JARS = [Path(f"/usr/share/java/{name}.jar") for name in ("bcpkix", "bcprov", "bcutil")]
SOURCE = Path(__file__).parent / "java/Records.java"


class BouncyCastle:
    """A pipe to the adapter, and the authority whose stamps it looks at."""

    def __init__(self, folder: Path) -> None:
        java = requires.program("java", package="openjdk-17-jdk-headless")
        if not all(one.exists() for one in JARS):
            requires.missing("Bouncy Castle is not there; the Debian package libbcpkix-java brings it")
        words = [java, "-XX:TieredStopAtLevel=1", "-cp", ":".join(map(str, JARS)), str(SOURCE)]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.authority = TimeAuthority(folder)

    def ask(self, act: str, *parts: bytes) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(" ".join([act, *(base64.b64encode(one).decode() for one in parts)]) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def made(self, act: str, *parts: bytes) -> bytes:
        return base64.b64decode(self.ask(act, *parts), validate=True)

    def check(self, record: ers.Record, data: bytes) -> str:
        return self.ask("check", ers.encode(record), data, self.authority.signer.der())

    def token(self, data: bytes, digest: str) -> bytes:
        """Return a stamp over these octets, asked for with openssl's own request."""
        about, query = self.authority.folder / "about", self.authority.folder / "request"
        about.write_bytes(data)
        words = ["openssl", "ts", "-query", "-data", about, f"-{digest}", "-cert", "-out", query]
        subprocess.run(words, check=True, capture_output=True)
        return token_of(self.authority.answer(query.read_bytes()))


def token_of(response: bytes) -> bytes:
    from asn1crypto import tsp  # noqa: PLC0415 -- beside its use

    return bytes(tsp.TimeStampResp.load(response)["time_stamp_token"].dump())


@pytest.fixture(scope="module")
def castle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BouncyCastle]:
    pipe = BouncyCastle(tmp_path_factory.mktemp("castle"))
    yield pipe
    pipe.process.communicate()


def stamped(castle: BouncyCastle, objects: list[bytes], place: int, digest: str = "sha256") -> ers.Stamp:
    tree = ers.tree(objects, digest=digest)
    return ers.Stamp(digest=digest, way=tree.ways[place], token=castle.token(tree.data, digest))


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13])
def test_it_finds_each_object_in_our_trees_and_no_other(castle: BouncyCastle, count: int) -> None:
    objects = [b"checkpoint %d" % number for number in range(count)]
    for place in {0, count // 2, count - 1}:
        record = ers.Record(chains=((stamped(castle, objects, place),),))
        assert castle.check(record, objects[place]) == "ok"
        assert castle.check(record, b"another").startswith("no ")


def test_it_follows_renewals_and_new_chains(castle: BouncyCastle) -> None:
    data, beside = b"checkpoint", [b"x", b"y", b"z"]
    first = stamped(castle, [data], 0)
    second = stamped(castle, [*beside, first.token], 3)
    assert castle.check(ers.Record(chains=((first, second),)), data) == "ok"
    about = ers.renewal(((first, second),), data, digest="sha512")
    third = stamped(castle, [about, *beside], 0, "sha512")
    whole = ers.Record(chains=((first, second), (third,)))
    assert castle.check(whole, data) == "ok"
    swapped = ers.Record(chains=((second, first), (third,)))
    alone = ers.Record(chains=((first, third),))
    assert castle.check(swapped, data).startswith("no ")
    assert castle.check(alone, data).startswith("no ")
    assert castle.check(whole, b"other").startswith("no ")


def test_it_refuses_a_record_with_a_changed_bit(castle: BouncyCastle) -> None:
    data = b"checkpoint"
    record = ers.Record(chains=((stamped(castle, [data, b"x", b"y"], 0),),))
    genuine = ers.encode(record)
    hashes = genuine.index(record.last.way[0][0])
    for bit in range(hashes * 8, (hashes + 32) * 8, 17):
        changed = bytearray(genuine)
        changed[bit // 8] ^= 1 << bit % 8
        assert castle.ask("check", bytes(changed), data, castle.authority.signer.der()).startswith("no ")
    assert castle.check(record, data) == "ok"


def test_we_follow_what_it_makes_and_renews(castle: BouncyCastle) -> None:
    objects = [b"a", b"b", b"c", b"d", b"e"]
    response = castle.authority.answer(castle.made("request", *objects))
    record = castle.made("make", response, *objects)
    again = castle.authority.answer(castle.made("renew", record))
    renewed = ers.decode(castle.made("renewed", record, again))
    whose = [one for one in objects if is_of(renewed, one)]
    assert len(whose) == 1
    found = ers.steps(renewed, whose[0])
    assert [castle.authority.believes(one.data, one.token) for one in found] == [True, True]


def is_of(record: ers.Record, data: bytes) -> bool:
    try:
        ers.steps(record, data)
    except ers.BrokenRecordError:
        return False
    return True

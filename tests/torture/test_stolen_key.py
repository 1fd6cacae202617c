"""The drill with two real installations: a key is stolen, a thief signs on, the log is closed and goes on in another."""

import base64
import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import congvu_verify
from bench.installation import Installation
from congvu.standards import checkpoints, merkle, notes, proofs, receipts, tiles, witnessing
from congvu.standards.checkpoints import Checkpoint
from tests.torture.test_two_installations import (
    address,
    entries,
    get,
    introduce,
    is_witnessed,
    prepare,
    run,
    sealed,
    shell,
    start,
    two,
    until,
    year_of,
)

pytestmark = pytest.mark.torture
__all__ = ["two"]


class Thief:
    """Has a copy of the key, and the public tiles of a log of less than 256 entries."""

    def __init__(self, one: Installation, slug: str, year: str) -> None:
        folder = one.data / "ledger"
        self.signer = notes.parse_signer_key((folder / "keys" / slug / f"{year}.key").read_text().strip())
        public = folder / "public" / slug / year
        self.size = checkpoints.parse(notes.parse((public / "checkpoint").read_text()).text).size
        tile = tiles.Tile(0, 0, self.size)
        self.hashes = tiles.read_hashes(tile, lambda name: (public / name).read_bytes())
        self.leaf = b""

    def forge(self, leaf: bytes) -> None:
        self.leaf = leaf
        self.hashes.append(merkle.leaf_hash(leaf))

    def head(self) -> str:
        head = Checkpoint(self.signer.name, len(self.hashes), merkle.root(self.hashes))
        return checkpoints.sign(head, self.signer)

    def receipt(self) -> bytes:
        tree = merkle.in_memory(self.hashes)
        index = len(self.hashes) - 1
        path = tuple(merkle.inclusion_proof(index, len(self.hashes), tree))
        proof = proofs.Proof(index=index, path=path, checkpoint=self.head()).format()
        return receipts.build(key=self.signer.verifier.text, leaf=self.leaf, disclosures=[], proof=proof)

    def offer(self, witness: Installation, old: int) -> int:
        """Ask a witness for a cosignature over the longer history; return its status."""
        path = merkle.consistency_proof(old, len(self.hashes), merkle.in_memory(self.hashes))
        body = witnessing.Question(old=old, proof=tuple(path), note=self.head()).format()
        try:
            with urllib.request.urlopen(address(witness, "witness/add-checkpoint"), body, timeout=20) as said:  # noqa: S310 -- http, by us
                return said.status
        except urllib.error.HTTPError as error:
            return error.code


def prove(one: Installation, entry: str, file: Path) -> bytes:
    run(one, "ledger", "prove", entry, "--output", str(file))
    return file.read_bytes()


def test_the_drill_of_a_stolen_key_with_two_installations(two, tmp_path):
    lamson, luutru = two
    prepare(lamson, "lamson")
    prepare(luutru, "luutru")
    policy = tmp_path / "lamson.policy"
    introduce(lamson, luutru, "lamson", policy)
    until(is_witnessed, lamson)
    year = year_of(lamson, "lamson")
    first = entries(lamson)[0]
    old = prove(lamson, first, tmp_path / "old")

    lamson.stop()
    thief = Thief(lamson, "lamson", year)
    model = base64.b64decode(json.loads(old)["entry"])
    thief.forge(model.replace(first.encode(), b"a" * len(first)))
    assert thief.offer(luutru, thief.size) == 200  # nobody knows of the theft yet
    stolen = thief.receipt()
    assert congvu_verify.verify(stolen).ok
    start(lamson)
    assert "witnesses-ahead" in until(sealed, lamson)
    lamson.stop()

    said = run(
        lamson, "ledger", "close", year, "--agency", "lamson", "--because", "stolen",
        "--by", "Nguyễn Văn An", "--approved-by", "Trần Thị Chi", "--yes",
    )  # fmt: skip
    assert f"will be closed at {thief.size} entries, witnessed by 1" in said
    closing = lamson.data / "ledger" / "public" / "lamson" / year / "closing"
    assert "cosigned no more" in run(luutru, "witness", "close", str(closing))
    size = len(thief.hashes)
    thief.forge(thief.leaf + b" ")
    assert thief.offer(luutru, size) == 403

    start(lamson)
    run(lamson, "witness", "policy", str(policy))  # an act: it is recorded in the new log
    until(is_witnessed, lamson)
    assert f"log/lamson/{year}-2" in get(lamson, f"log/lamson/{year}-2/checkpoint")
    note = closing.read_text()
    again = prove(lamson, first, tmp_path / "again")
    new = prove(lamson, newest_entry(lamson), tmp_path / "new")
    told = [congvu_verify.verify(one, closing=note) for one in (old, again, stolen, new)]
    assert [one.reasons for one in told] == [(), (), ("closed",), ()]
    assert told[3].facts.origin.endswith(f"/{year}-2")
    assert told[3].facts.witnessing.met
    assert f"it goes on in lamson.example/log/lamson/{year}-2" in run(lamson, "ledger", "check")


def newest_entry(one: Installation) -> str:
    code = "from congvu.ledger.models import Entry; print(Entry.objects.order_by('log__name', 'index').last().entry)"
    return shell(one, code).strip()

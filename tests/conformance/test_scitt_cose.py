"""scitt-cose verifies our COSE receipts, and refuses each flipped bit but those that it says nothing about."""

import base64

import cbor2
import pytest
import scitt_cose
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from congvu.standards import checkpoints, cose, notes
from tests import witnessed
from tests.conformance.test_go_sumdb import flipped

SIGNER = witnessed.SIGNER
LARGE = {"index": 733_001_234, "size": 1_000_000_000}


def pem(key: notes.VerifierKey) -> bytes:
    public = Ed25519PublicKey.from_public_bytes(key.public)
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def made(**wishes) -> bytes:
    head, path = witnessed.head(witnessed.Wish(**wishes))
    return cose.receipt(
        leaf=witnessed.LEAF,
        subject="muc",
        index=wishes.get("index", 41),
        path=path,
        checkpoint=checkpoints.sign(head, SIGNER),
        signer=SIGNER,
    )


def verified(receipt: bytes, *, leaf: bytes = witnessed.LEAF, key: notes.VerifierKey = SIGNER.verifier):
    return scitt_cose.verify_receipt(receipt, leaf_entry_hex=leaf.hex(), log_public_key_pem=pem(key))


@pytest.mark.parametrize("wishes", [{}, LARGE, {"index": 0, "size": 2}, {"index": 99, "size": 100}])
def test_a_foreign_verifier_accepts_our_receipts(wishes) -> None:
    found = verified(made(**wishes))
    head, _ = witnessed.head(witnessed.Wish(**wishes))
    assert found.errors == []
    assert (found.ok, found.root, found.tree_size) == (True, head.root.hex(), head.size)
    assert (found.issuer, found.subject) == (SIGNER.name, "muc")


def test_a_foreign_verifier_refuses_every_flipped_bit() -> None:
    """Save in the size and index, which are not signed: there it sees what does not lead to the root."""
    receipt = made()
    accepted = [bit for bit in range(len(receipt) * 8) if verified(flipped(receipt, bit)).ok]
    genuine = cbor2.loads(cbor2.loads(receipt).value[1][396][-1][0])
    for bit in accepted:
        changed = cbor2.loads(cbor2.loads(flipped(receipt, bit)).value[1][396][-1][0])
        assert (changed[0] != genuine[0], changed[1:] == genuine[1:]) == (True, True)


def test_a_foreign_verifier_refuses_another_entry_and_another_key() -> None:
    assert not verified(made(), leaf=witnessed.LEAF + b" ").ok
    assert not verified(made(), key=notes.generate(SIGNER.name).verifier).ok


def test_the_size_of_the_tree_is_not_signed() -> None:
    """What we warn of: a receipt that claims a larger log verifies as well as ours."""
    protected, unprotected, payload, signature = cbor2.loads(made(index=0, size=3)).value
    proof = cbor2.loads(unprotected[396][-1][0])
    unprotected = {396: {-1: [cbor2.dumps([4, *proof[1:]])]}}
    found = verified(cbor2.dumps(cbor2.CBORTag(18, [protected, unprotected, payload, signature])))
    assert (found.ok, found.tree_size) == (True, 4)


def test_the_entry_comes_from_the_receipt_beside_it() -> None:
    bundle = witnessed.jcs.decode(witnessed.receipt().removesuffix(b"\n"))
    assert verified(made(), leaf=base64.b64decode(bundle["entry"])).ok

"""A COSE receipt is made of nothing that the log has not signed."""

import cbor2
import pytest

from congvu.standards import checkpoints, cose, merkle, notes
from tests import witnessed

SIGNER = witnessed.SIGNER
HEAD, PATH = witnessed.head(witnessed.Wish())
NOTE = checkpoints.sign(HEAD, SIGNER)
GENUINE = {
    "leaf": witnessed.LEAF,
    "subject": "muc",
    "index": 41,
    "path": PATH,
    "checkpoint": NOTE,
    "signer": SIGNER,
}


def test_a_receipt_has_the_parts_of_the_standard() -> None:
    """RFC 9942, receipt of inclusion; issuer, subject and key id as RFC 9943 asks."""
    message = cbor2.loads(cose.receipt(**GENUINE))
    protected, unprotected, payload, signature = message.value
    assert (message.tag, payload, len(signature)) == (18, None, 64)
    assert cbor2.loads(protected) == {
        1: -8,
        4: bytes.fromhex(SIGNER.verifier.fingerprint),
        15: {1: SIGNER.name, 2: "muc"},
        395: 1,
    }
    ((kind, (proof,)),) = unprotected[396].items()
    assert (kind, cbor2.loads(proof)) == (-1, [HEAD.size, 41, list(PATH)])


@pytest.mark.parametrize(
    "change",
    [{"index": 42}, {"index": 100}, {"leaf": b"another"}, {"path": PATH[:-1]}, {"path": (*PATH, bytes(32))}],
)
def test_no_root_is_signed_for_an_entry_that_is_not_in_the_log(change) -> None:
    with pytest.raises(cose.NotInTheLogError):
        cose.receipt(**GENUINE | change)


def test_no_root_is_signed_that_the_log_has_not_signed() -> None:
    stranger = notes.SignerKey(name=SIGNER.name, seed=bytes([1]) * 32)
    with pytest.raises(notes.UnverifiedNoteError):
        cose.receipt(**GENUINE | {"checkpoint": checkpoints.sign(HEAD, stranger)})


def test_a_log_of_one_entry_has_no_receipt_of_this_form() -> None:
    head = checkpoints.Checkpoint(SIGNER.name, 1, merkle.leaf_hash(b"leaf"))
    with pytest.raises(cose.SingleEntryError):
        cose.receipt(**GENUINE | {"leaf": b"leaf", "path": (), "checkpoint": checkpoints.sign(head, SIGNER)})


def test_what_the_key_signs_for_cose_can_be_no_text_of_a_note() -> None:
    """A note's text is UTF-8; no UTF-8 begins with the octet of an array of four."""
    message = cbor2.dumps(["Signature1", b"", b"", b""])
    assert message[0] == 0x84
    with pytest.raises(UnicodeDecodeError):
        message.decode()

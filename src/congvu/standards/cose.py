"""COSE receipts of inclusion (RFC 9942, RFC9162_SHA256): an entry's place in the log for those who know no tlog-proof.

The signature covers the root hash and the protected header; the size of the tree is not signed. The log's own key signs
(EdDSA, RFC 9053): what it signs elsewhere is text in UTF-8; what it signs here begins with 0x84, and no text can.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from congvu.standards import cbor, checkpoints, merkle, notes

SIGN1: Final = 18
ALGORITHM, KEY_ID, CLAIMS, STRUCTURE, PROOFS = 1, 4, 15, 395, 396
EDDSA: Final = -8
RFC9162_SHA256: Final = 1
INCLUSION: Final = -1
ISSUER, SUBJECT = 1, 2


class SingleEntryError(ValueError):
    """The tree has one entry, and so no path; the standard's form demands at least one hash."""


class NotInTheLogError(ValueError):
    """The entry does not stand at this index of the tree that the log has signed."""


def receipt(
    *, leaf: bytes, subject: str, index: int, path: Sequence[bytes], checkpoint: str, signer: notes.SignerKey
) -> bytes:
    """Return the receipt of an entry under a checkpoint (note) that the log has signed: no other root is signed here.

    `subject` names the entry. Raises SingleEntryError, NotInTheLogError and what checkpoints.verify raises.
    """
    head = checkpoints.verify(checkpoint, key=signer.verifier)
    if head.size == 1:
        raise SingleEntryError
    hashed = merkle.leaf_hash(leaf)
    if not merkle.verify_inclusion(index=index, size=head.size, leaf=hashed, proof=path, root=head.root):
        raise NotInTheLogError
    protected = cbor.encode(
        {
            ALGORITHM: EDDSA,
            KEY_ID: sha256(signer.verifier.text.encode()).digest(),
            CLAIMS: {ISSUER: signer.name, SUBJECT: subject},
            STRUCTURE: RFC9162_SHA256,
        }
    )
    message = cbor.encode(["Signature1", protected, b"", head.root])
    signature = Ed25519PrivateKey.from_private_bytes(signer.seed).sign(message)
    proof = cbor.encode([head.size, index, list(path)])
    return cbor.encode(cbor.Tagged(SIGN1, [protected, {PROOFS: {INCLUSION: [proof]}}, None, signature]))

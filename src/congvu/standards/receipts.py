"""The bundle of a receipt, `*.congvu.json`: one entry of a log with all that a stranger needs to verify it.

The format is described in docs/reference/receipts.md; `congvu_verify` reads it and shares no code with this.
"""

from collections.abc import Iterable
from typing import Final

from congvu.standards import jcs, notes

FORMAT: Final = "receipt/1"
LARGEST: Final = 64 * 1024


class ReceiptTooLargeError(ValueError):
    """The bundle would be larger than the 64 KB that a verifier accepts."""


def build(*, key: str, leaf: bytes, disclosures: Iterable[str], proof: str, policy: str = "") -> bytes:
    """Return the bundle's bytes: RFC 8785 JSON and a newline.

    `key` is the log's vkey, `leaf` the entry's bytes, `disclosures` those to be shown, `proof` a tlog-proof whose
    checkpoint bears the log's signature, and then those of the witnesses of `policy` in its order. `policy` is a
    tlog-policy that the log's key has signed (a note); empty where the agency names no witnesses, and then the
    bundle has no such field. Raises ReceiptTooLargeError.
    """
    fields = {
        "congvu": FORMAT,
        "key": key,
        "entry": notes.encode_base64(leaf),
        "disclosures": sorted(disclosures),
        "proof": proof,
    }
    bundle = jcs.encode(fields | {"policy": policy} if policy else fields)
    if len(bundle) >= LARGEST:
        raise ReceiptTooLargeError(f"{len(bundle)} bytes")
    return bundle + b"\n"

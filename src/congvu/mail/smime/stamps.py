"""Time stamps over signatures: when a signature existed at the latest. RFC 3161, RFC 5816."""

from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import tsp
from cryptography import x509

from congvu.mail.smime import algorithms, cms
from congvu.mail.smime.algorithms import TooLargeError, UnknownAlgorithmError
from congvu.mail.smime.cms import MalformedError, Signature, SignedData


class NotAStampError(ValueError):
    """A token is no time stamp over this signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A token that is over a signature, its own signature not yet followed to a root."""

    at: datetime
    signed: SignedData
    signature: Signature
    certificate: x509.Certificate


def read(token: bytes, *, over: bytes) -> Stamp:
    """Read a token over the octets of a signature. Raises NotAStampError."""
    try:
        signed = cms.read(token)
        info = tsp.TSTInfo.load(signed.content or b"")
        imprint = info["message_imprint"]
        chosen = str(imprint["hash_algorithm"]["algorithm"].native)
        if signed.content_type != "tst_info" or chosen in algorithms.WEAK_DIGESTS:
            raise NotAStampError(chosen)
        if algorithms.digest(chosen, over) != bytes(imprint["hashed_message"].native):
            raise NotAStampError("another signature")
        moment = info["gen_time"].native
        signature = cms.check(signed, signed.signers[0], (signed.content or b"",))
    except (MalformedError, TooLargeError, UnknownAlgorithmError, ValueError, TypeError, KeyError) as error:
        raise NotAStampError(str(error)[:200]) from error
    if signature.reasons or signature.certificate is None or not isinstance(moment, datetime):
        raise NotAStampError(", ".join(sorted(signature.reasons)))
    return Stamp(
        at=moment.astimezone(UTC), signed=signed, signature=signature, certificate=signature.certificate
    )

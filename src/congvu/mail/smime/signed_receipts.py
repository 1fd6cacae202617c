"""Signed receipts: asked for in a signature, made by a recipient's, compared with the original (RFC 2634)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms as asn1
from asn1crypto import core
from asn1crypto import x509 as asn1_x509

from congvu.mail import ber, mime, opaque
from congvu.mail.smime import algorithms, cms, signing, structure, verifying
from congvu.mail.smime.algorithms import TooLargeError, UnknownAlgorithmError
from congvu.mail.smime.cms import MalformedError, Signature
from congvu.mail.smime.keys import Key
from congvu.mail.smime.verdicts import Verdict, ordered
from congvu.mail.smime.verifying import Case

CONTENT = "1.2.840.113549.1.9.16.1.1"  # id-ct-receipt
_REQUEST = "1.2.840.113549.1.9.16.2.1"  # id-aa-receiptRequest
_DIGEST = "1.2.840.113549.1.9.16.2.5"  # id-aa-msgSigDigest
_DATA = "1.2.840.113549.1.7.1"
_ALL = 0  # AllOrFirstTier: every recipient


class NothingAskedError(LookupError):
    """A message asks for no signed receipt, or its signature does not hold."""


class _To(core.SequenceOf):  # type: ignore[misc]  # asn1crypto has no types
    _child_spec = asn1_x509.GeneralNames


class _From(core.Choice):  # type: ignore[misc]  # asn1crypto has no types
    _alternatives = [("tier", core.Integer, {"implicit": 0}), ("names", _To, {"implicit": 1})]


class _RequestValue(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    _fields = [("identifier", core.OctetString), ("receipts_from", _From), ("receipts_to", _To)]


class _Receipt(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    _fields = [
        ("version", core.Integer),
        ("content_type", core.ObjectIdentifier),
        ("identifier", core.OctetString),
        ("signature", core.OctetString),
    ]


class _Values(core.SetOf):  # type: ignore[misc]  # asn1crypto has no types
    _child_spec = core.Any


class _Attribute(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    _fields = [("type", core.ObjectIdentifier), ("values", _Values)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a message asks for: by what name a receipt calls it, where it goes, and the signature that it is of."""

    identifier: bytes
    to: tuple[str, ...]
    signature: Signature


def request(*, message_id: str, to: str) -> Any:
    """Return the signed attribute that asks every recipient for a receipt; the Message-ID names the message in it."""
    receiver = asn1_x509.GeneralNames([asn1_x509.GeneralName("rfc822_name", asn1_x509.EmailAddress(to))])
    value = _RequestValue(
        {
            "identifier": message_id.encode(),
            "receipts_from": _From("tier", core.Integer(_ALL)),
            "receipts_to": [receiver],
        }
    )
    return _attribute(_REQUEST, value)


def asked(raw: bytes) -> Asked | None:
    """Return what the outermost signature of a message asks for; None when it asks for nothing. Any bytes are taken."""
    try:
        return _asked(raw)
    except (MalformedError, TooLargeError, ber.NotBerError, ValueError, TypeError, KeyError):
        return None


def make(raw: bytes, *, key: Key, at: datetime) -> bytes:
    """Sign a receipt for a message; CMS in DER. NothingAskedError."""
    found = asked(raw)
    if found is None or found.signature.reasons - {"no_certificate"}:
        raise NothingAskedError
    receipt = _Receipt(
        {
            "version": 1,
            "content_type": _DATA,
            "identifier": found.identifier,
            "signature": found.signature.value,
        }
    ).dump()
    digest = algorithms.digest(found.signature.digest, found.signature.attributes)
    attribute = _attribute(_DIGEST, core.OctetString(digest))
    return signing.signed_data(
        receipt, key=key, at=at, attributes=(attribute,), is_carried=True, content_type=CONTENT
    )


def carried(raw: bytes) -> bytes | None:
    """Return the CMS of a signed receipt that a message is; None when it is none."""
    part = mime.entity(raw)
    if part.content_type not in opaque.TYPES:
        return None
    data = part.content()
    try:
        return data if cms.read(data).content_type == CONTENT else None
    except (MalformedError, TooLargeError):
        return None


def identifier(data: bytes) -> bytes:
    """Return by what name a receipt calls the message that it is for, b"" when that cannot be read."""
    try:
        return bytes(_Receipt.load(cms.read(data).content or b"")["identifier"].native)
    except (MalformedError, TooLargeError, ValueError, TypeError, KeyError):
        return b""


def verify(data: bytes, *, author: str | None, original: bytes, case: Case) -> Verdict:
    """Check a signed receipt (CMS) against the message that it is for, stored as it was sent.

    `author` is who sent the receipt. A receipt for another message, or one that was changed, is `altered`.
    """
    verdict = verifying.verify_carried(data, author=author, content_type=CONTENT, case=case)
    if _is_for(data, original):
        return verdict
    return Verdict(
        at=case.at,
        signers=verdict.signers,
        reasons=ordered({*verdict.reasons, "altered"}),
        remarks=verdict.remarks,
    )


def _is_for(data: bytes, original: bytes) -> bool:
    """Compare a receipt with its original: name, type, signature, digest of the attributes (RFC 2634, 2.6)."""
    found = asked(original)
    try:
        signed = cms.read(data)
        receipt = _Receipt.load(signed.content or b"", strict=True)
        if found is None or receipt["content_type"].native != _DATA:
            return False
        digest = algorithms.digest(found.signature.digest, found.signature.attributes)
        named = [_value(info, _DIGEST) for info in signed.signers]
        return (
            bytes(receipt["identifier"].native) == found.identifier
            and bytes(receipt["signature"].native) == found.signature.value
            and all(one is not None and bytes(core.OctetString.load(one).native) == digest for one in named)
        )
    except (MalformedError, TooLargeError, UnknownAlgorithmError, ValueError, TypeError, KeyError):
        return False


def _asked(raw: bytes) -> Asked | None:
    found = structure.find(raw)
    if found is None or not found.layers or found.is_partial:
        return None
    layer = found.layers[0]
    signed = cms.read(layer.cms)
    contents = verifying.forms(signed.content if layer.content is None else layer.content)
    for info in signed.signers:
        value = _value(info, _REQUEST)
        if value is None:
            continue
        request_ = _RequestValue.load(value, strict=True)
        to = [one for names in request_["receipts_to"] for one in names.native if isinstance(one, str)]
        return Asked(
            identifier=bytes(request_["identifier"].native),
            to=tuple(to),
            signature=cms.check(signed, info, contents),
        )
    return None


def _value(info: Any, oid: str) -> bytes | None:
    """Return the only value of a signed attribute, in DER."""
    if cms.is_absent(info["signed_attrs"]):
        return None
    found = [one["values"] for one in info["signed_attrs"] if one["type"].dotted == oid]
    return bytes(found[0][0].dump()) if len(found) == 1 and len(found[0]) == 1 else None


def _attribute(oid: str, value: Any) -> Any:
    written = _Attribute({"type": oid, "values": _Values([core.Any(value)])}).dump()
    return asn1.CMSAttribute.load(written)

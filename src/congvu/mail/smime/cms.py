"""Signed data read with bounds, and the mathematics of each signature in it. RFC 5652, RFC 5035."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms as asn1
from asn1crypto import core
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import tsp as _tsp  # noqa: F401 -- makes the attributes of RFC 5035 and RFC 3161 known
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from congvu.mail import ber
from congvu.mail.smime import algorithms, extensions
from congvu.mail.smime.algorithms import TooLargeError, UnknownAlgorithmError

LARGEST_SIGNATURE = 4 << 20  # octets of a CMS without its content
MANY_SIGNERS = 8
MANY_CERTIFICATES = 64
MANY_REVOCATIONS = 32  # lists and answers that come with a signature
_SET, _ATTRIBUTES = 0x31, 0xA0


class MalformedError(ValueError):
    """Octets are no signed data that can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedData:
    """A CMS signature taken apart; `content` is what it carries, None when it is detached."""

    content_type: str
    content: bytes | None
    signers: tuple[Any, ...]
    certificates: tuple[bytes, ...]
    lists: tuple[bytes, ...]  # CRLs
    answers: tuple[bytes, ...]  # OCSP


@dataclass(slots=True, kw_only=True)
class Signature:
    """One signer's part: what is wrong with it, and what it says."""

    reasons: set[str] = field(default_factory=set)
    certificate: x509.Certificate | None = None
    digest: str = ""
    signed_at: datetime | None = None
    value: bytes = b""
    token: bytes | None = None  # RFC 3161
    attributes: bytes = b""  # as they were signed, a SET
    lists: tuple[bytes, ...] = ()  # from the signature's own attributes (RFC 5126)
    answers: tuple[bytes, ...] = ()


def read(data: bytes) -> SignedData:
    """Read signed data in BER or DER. Raises MalformedError, TooLargeError."""
    try:
        return _read(asn1.ContentInfo.load(ber.definite(data)))
    except (MalformedError, TooLargeError):
        raise
    except (ber.NotBerError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise MalformedError(str(error)[:200]) from error


def is_absent(value: Any) -> bool:
    """Tell whether an optional field is missing, without decoding what is in it."""
    return isinstance(value, core.Void)


def _read(info: Any) -> SignedData:
    if info["content_type"].native != "signed_data":
        raise MalformedError(str(info["content_type"].native))
    signed = info["content"]
    encapsulated = signed["encap_content_info"]
    content = encapsulated["content"]
    certificates = _certificates(signed)
    lists, answers = _revocations(signed)
    signers = tuple(signed["signer_infos"])
    if len(signers) > MANY_SIGNERS:
        raise TooLargeError("signers")
    if not signers:
        raise MalformedError("no signer")
    return SignedData(
        content_type=str(encapsulated["content_type"].native),
        content=bytes(content) if isinstance(content, core.OctetString | core.ParsableOctetString) else None,
        signers=signers,
        certificates=certificates,
        lists=lists,
        answers=answers,
    )


def check(signed: SignedData, info: Any, contents: tuple[bytes, ...]) -> Signature:
    """Check one signer over the content, given in each form in which it may have been signed."""
    found = Signature(digest=str(info["digest_algorithm"]["algorithm"].native))
    found.value = bytes(info["signature"].native)
    if found.digest in algorithms.WEAK_DIGESTS:
        found.reasons.add("weak_digest")
    try:
        _check(found, signed, info, contents)
    except (UnknownAlgorithmError, UnsupportedAlgorithm):
        found.reasons.add("unknown_algorithm")
    except TooLargeError:
        found.reasons.add("too_large")
    except (MalformedError, ValueError, TypeError, KeyError):
        found.reasons.add("malformed")
    return found


def _check(found: Signature, signed: SignedData, info: Any, contents: tuple[bytes, ...]) -> None:
    found.certificate = _certificate(signed, info["sid"])
    data = _signed_octets(found, signed, info, contents)
    _take_unsigned(found, info)
    if found.certificate is None:
        found.reasons.add("no_certificate")
        return
    algorithm = info["signature_algorithm"]
    key = found.certificate.public_key()
    if data is not None and not any(
        algorithms.holds(key, algorithm, digested_by=found.digest, signature=found.value, data=one)
        for one in data
    ):
        found.reasons.add("altered")
    if weak := algorithms.weakness(key):
        found.reasons.add(weak)


def _signed_octets(
    found: Signature, signed: SignedData, info: Any, contents: tuple[bytes, ...]
) -> tuple[bytes, ...] | None:
    """Return over what the signature was made, in each form that is tried; None when the content is another."""
    attributes = info["signed_attrs"]
    if is_absent(attributes):
        if signed.content_type != "data":
            raise MalformedError("unsigned type")
        if any(one[:1] == bytes((_SET,)) for one in contents):
            raise MalformedError("attributes shown as content")  # RFC 5652, 5.4: both would be one
        return contents
    written = attributes.dump()  # as it came: before anything in it is decoded
    known = _attributes(attributes)
    if known.get("content_type") is None or known["content_type"].native != signed.content_type:
        raise MalformedError("content type")
    _take_signed(found, known)
    wanted = bytes(known["message_digest"].native)
    found.attributes = bytes((_SET,)) + written[1:]
    if all(algorithms.digest(found.digest, one) != wanted for one in contents):
        found.reasons.add("altered")
        return None
    return tuple(dict.fromkeys((found.attributes, _sorted(written))))


def _attributes(attributes: Any) -> dict[str, Any]:
    """Return the only value of each attribute; MalformedError for what RFC 5652, 11 forbids."""
    known: dict[str, Any] = {}
    for one in attributes:
        name = str(one["type"].native)
        if name in known:
            raise MalformedError("an attribute twice")
        values = one["values"]
        known[name] = values[0] if len(values) == 1 else None
    return known


def _take_signed(found: Signature, known: dict[str, Any]) -> None:
    if known.get("signing_time") is not None:
        moment = known["signing_time"].native
        found.signed_at = moment.astimezone(UTC) if isinstance(moment, datetime) else None
    if found.certificate is None:
        return
    der = found.certificate.public_bytes(Encoding.DER)
    for name in ("signing_certificate_v2", "signing_certificate"):
        if known.get(name) is not None:
            first = known[name]["certs"][0]
            by = str(first["hash_algorithm"]["algorithm"].native) if name.endswith("v2") else "sha1"
            if algorithms.digest(by, der) != bytes(first["cert_hash"].native):
                found.reasons.add("other_certificate")


def _take_unsigned(found: Signature, info: Any) -> None:
    """Take time stamp and revocation values along; nothing of it is believed yet."""
    if is_absent(info["unsigned_attrs"]):
        return
    for one in info["unsigned_attrs"]:
        if not len(one["values"]):
            continue
        if one["type"].native == "signature_time_stamp_token":
            found.token = one["values"][0].dump()
        elif one["type"].dotted == "1.2.840.113549.1.9.16.2.24":
            found.lists, found.answers = _revocation_values(one["values"][0].dump())


def _revocation_values(data: bytes) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Read RevocationValues (RFC 5126, 6.3.4): [0] lists, [1] basic OCSP answers, without decoding them."""
    try:
        (outer,) = ber.values(data)
        found: dict[int, tuple[bytes, ...]] = {}
        for tagged in ber.values(data, outer.begin, outer.end):
            (sequence,) = ber.values(data, tagged.begin, tagged.end)
            inside = ber.values(data, sequence.begin, sequence.end)[:MANY_REVOCATIONS]
            found[tagged.tag & 0x1F] = tuple(data[one.start : one.end] for one in inside)
    except (ber.NotBerError, ValueError):
        return (), ()
    return found.get(0, ()), tuple(_answer(one) for one in found.get(1, ()))


def _answer(basic: bytes) -> bytes:
    """Return a basic answer as the response that a responder would have sent (RFC 6960, 4.2.1)."""
    try:
        response = {
            "response_type": "basic_ocsp_response",
            "response": asn1_ocsp.BasicOCSPResponse.load(basic),
        }
        return bytes(
            asn1_ocsp.OCSPResponse({"response_status": "successful", "response_bytes": response}).dump()
        )
    except (ValueError, TypeError):
        return b""


def _sorted(written: bytes) -> bytes:
    """Return the attributes as DER orders a SET OF (X.690, 11.6), for a signer who wrote them in another order."""
    (outer,) = ber.values(written)
    members = sorted(written[one.start : one.end] for one in ber.values(written, outer.begin, outer.end))
    return bytes((_SET,)) + written[1 : outer.begin] + b"".join(members)


def _certificates(signed: Any) -> tuple[bytes, ...]:
    if is_absent(signed["certificates"]):
        return ()
    found = [one.chosen.dump() for one in signed["certificates"] if one.name == "certificate"]
    if len(found) > MANY_CERTIFICATES:
        raise TooLargeError("certificates")
    return tuple(found)


def _revocations(signed: Any) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    if is_absent(signed["crls"]):
        return (), ()
    lists, answers = [], []
    for one in list(signed["crls"])[:MANY_REVOCATIONS]:
        if one.name == "crl":
            lists.append(one.chosen.dump())
        elif one.chosen["other_rev_info_format"].native == "ocsp_response":
            answers.append(one.chosen["other_rev_info"].dump())
    return tuple(lists), tuple(answers)


def _certificate(signed: SignedData, sid: Any) -> x509.Certificate | None:
    for der in signed.certificates:
        one = asn1_x509.Certificate.load(der)
        if sid.name == "issuer_and_serial_number":
            wanted = sid.chosen
            is_it = one.serial_number == wanted["serial_number"].native and one.issuer == wanted["issuer"]
        else:
            is_it = one.key_identifier == sid.chosen.native
        if is_it:
            return extensions.whole(der)
    return None

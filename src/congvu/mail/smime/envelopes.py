"""Encrypted mail: recognized, kept as it came, and opened only by its reader's key. RFC 5652, 6; RFC 8551, 3.4."""

from asn1crypto import cms as asn1
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from congvu.mail import ber, mime
from congvu.mail.smime import structure
from congvu.mail.smime.keys import FileKey

KINDS = frozenset(("enveloped_data", "authenticated_enveloped_data"))


_SEQUENCE, _IN_PIECES, _WHOLE = 0x30, 0xA0, 0x80
_CONTENT_INFO = 3  # the last sequence of EnvelopedData


class NotForThisKeyError(ValueError):
    """The message was encrypted for another certificate, in a way that is not known here, or was damaged."""


def sealed(raw: bytes) -> bytes | None:
    """Return the CMS of a message that is encrypted as a whole; None for every other. Any bytes are taken."""
    data = structure.enveloped(raw)
    if data is None:
        return None
    try:
        kind = asn1.ContentInfo.load(ber.definite(data))["content_type"].native
    except (ber.NotBerError, ValueError, TypeError):
        return None
    return data if kind in KINDS else None


def opened(raw: bytes, *, key: FileKey) -> bytes:
    """Return what an encrypted message holds, under the fields that stood above. NotForThisKeyError."""
    data = sealed(raw)
    if data is None or not isinstance(key.private, rsa.RSAPrivateKey):
        raise NotForThisKeyError
    try:
        inner = pkcs7.pkcs7_decrypt_der(_in_one_piece(data), key.certificate, key.private, [])
    except (ber.NotBerError, ValueError, TypeError, IndexError, UnsupportedAlgorithm) as error:
        raise NotForThisKeyError from error
    return _above(raw) + inner


def _in_one_piece(data: bytes) -> bytes:
    """Return the CMS with its encrypted content as one string: writers that stream divide it (X.690, 8.7.3)."""
    whole = ber.definite(data)
    place, around = ber.values(whole)[0], []
    for step in (
        1,
        0,
        _CONTENT_INFO,
        -1,
    ):  # content, EnvelopedData, its EncryptedContentInfo, the encrypted content
        inside = ber.values(whole, place.begin, place.end)
        found = [one for one in inside if one.tag == _SEQUENCE][-1] if step == _CONTENT_INFO else inside[step]
        around.append((place, found))
        place = found
    if place.tag != _IN_PIECES:
        return whole
    pieces = ber.values(whole, place.begin, place.end)
    made = ber.written(_WHOLE, b"".join(whole[one.begin : one.end] for one in pieces))
    for outer, inner in reversed(around):
        made = ber.written(outer.tag, whole[outer.begin : inner.start] + made + whole[inner.next : outer.end])
    return made


def _above(raw: bytes) -> bytes:
    """Return the fields of a message that say nothing of its content."""
    kept = [one for one in mime.entity(raw).fields if not one.name.startswith("content-")]
    return b"".join(one.name.encode() + b":" + one.value + b"\r\n" for one in kept)

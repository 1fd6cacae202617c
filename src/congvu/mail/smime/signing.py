"""Signing a message that the house has written. RFC 8551, 3.5; RFC 5652; RFC 5035.

What is signed can travel anywhere: seven bits and lines below 998 octets, or else carried opaquely in base64.
"""

import base64
import secrets
from datetime import datetime
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from congvu.mail import headers
from congvu.mail.smime import algorithms
from congvu.mail.smime.keys import DIGEST, Key

LONGEST_LINE = 998  # RFC 5322, 2.1.1
_CHAIN = 4  # certificates above the signer's that go along


def sign(raw: bytes, *, key: Key, at: datetime, attributes: tuple[Any, ...] = ()) -> bytes:
    """Sign a whole message: its Content fields and body become what is signed, the other fields stay above.

    `attributes` are further signed attributes (asn1crypto CMSAttribute), such as the request of a receipt.
    """
    outer, entity = _divided(raw)
    if _travels(entity):
        return outer + _detached(entity, signed_data(entity, key=key, at=at, attributes=attributes))
    return outer + _opaque(signed_data(entity, key=key, at=at, attributes=attributes, is_carried=True))


def carrying(raw: bytes, data: bytes, *, kind: str) -> bytes:
    """Return a message with the fields of one, and CMS data of an smime-type in place of its content."""
    return _divided(raw)[0] + opaque_entity(data, kind=kind)


def signed_data(
    content: bytes,
    *,
    key: Key,
    at: datetime,
    attributes: tuple[Any, ...] = (),
    is_carried: bool = False,
    content_type: str = "data",
) -> bytes:
    """Return CMS signed data over content, in DER; with the content inside when it `is_carried`."""
    signed = cms.CMSAttributes(
        [
            _attribute("content_type", content_type),
            _attribute("message_digest", algorithms.digest(DIGEST, content)),
            _attribute("signing_time", cms.Time({"utc_time": at.replace(microsecond=0)})),
            _attribute("signing_certificate_v2", _named(key.certificate)),
            *attributes,
        ]
    )
    written = signed.dump()
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": _identified(key.certificate),
            "digest_algorithm": {"algorithm": DIGEST},
            "signed_attrs": cms.CMSAttributes.load(written),
            "signature_algorithm": _algorithm(key.certificate),
            "signature": key.sign(written),
        }
    )
    chain = (key.certificate, *key.others[:_CHAIN])
    encapsulated: dict[str, Any] = {"content_type": content_type}
    if is_carried:
        encapsulated["content"] = content
    data = cms.SignedData(
        {
            "version": "v1" if content_type == "data" else "v3",
            "digest_algorithms": [{"algorithm": DIGEST}],
            "encap_content_info": encapsulated,
            "certificates": [asn1_x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in chain],
            "signer_infos": [info],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": data}).dump())


def opaque_entity(data: bytes, *, kind: str) -> bytes:
    """Return a MIME entity that carries CMS data; `kind` is its smime-type."""
    head = (
        f"Content-Type: application/pkcs7-mime; smime-type={kind}; name=smime.p7m\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        "Content-Disposition: attachment; filename=smime.p7m\r\n\r\n"
    )
    return head.encode() + _base64(data)


def _divided(raw: bytes) -> tuple[bytes, bytes]:
    """Divide a message into the fields that stay above and the MIME entity that is signed."""
    block, body = headers.split(raw)
    above: list[bytes] = []
    within: list[bytes] = []
    is_content = False
    for line in block.splitlines(keepends=True):
        if line[:1] not in {b" ", b"\t"}:
            is_content = line[:8].lower() == b"content-"
        (within if is_content else above).append(line)
    return b"".join(above), b"".join(within) + b"\r\n" + raw[body:]


def _travels(entity: bytes) -> bool:
    return entity.isascii() and b"\0" not in entity and max(map(len, entity.split(b"\r\n"))) <= LONGEST_LINE


def _detached(entity: bytes, data: bytes) -> bytes:
    mark = f"congvu-signed-{secrets.token_hex(16)}"
    head = (
        f'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256;\r\n'
        f' boundary="{mark}"\r\n\r\n--{mark}\r\n'
    )
    signature = (
        f"\r\n--{mark}\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        "Content-Disposition: attachment; filename=smime.p7s\r\n\r\n"
    )
    return head.encode() + entity + signature.encode() + _base64(data) + f"--{mark}--\r\n".encode()


def _opaque(data: bytes) -> bytes:
    return opaque_entity(data, kind="signed-data")


def _attribute(kind: str, value: Any) -> Any:
    return cms.CMSAttribute({"type": kind, "values": [value]})


def _named(certificate: x509.Certificate) -> Any:
    """Return which certificate signs, so that no other can take its place (RFC 5035, 3)."""
    digest = algorithms.digest(DIGEST, certificate.public_bytes(Encoding.DER))
    return tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2({"cert_hash": digest})]})


def _identified(certificate: x509.Certificate) -> Any:
    known = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    serial = cms.IssuerAndSerialNumber({"issuer": known.issuer, "serial_number": known.serial_number})
    return cms.SignerIdentifier({"issuer_and_serial_number": serial})


def _algorithm(certificate: x509.Certificate) -> Any:
    if isinstance(certificate.public_key(), rsa.RSAPublicKey):
        return algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa", "parameters": core.Null()})
    return algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})


def _base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")

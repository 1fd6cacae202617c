"""Signatures over header fields and a body, as DKIM and ARC make them. RFC 6376, RFC 8301, RFC 8463."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from congvu.mail.authentication import canonical, taglist
from congvu.mail.authentication.findings import Result
from congvu.mail.authentication.resolving import Names, TemporaryError
from congvu.mail.authentication.taglist import TagListError

SMALLEST_KEY = 1024  # bits, RFC 8301, 3.2
LARGEST_KEY = 8192
LONGEST_KEY = 2_048  # characters of base64
MANY_SIGNED = 500  # names in h=
_EMAIL = {"*", "email"}
PublicKey = RSAPublicKey | Ed25519PublicKey


class Unverifiable(Exception):  # noqa: N818 -- a result, not an accident
    """A signature or its key cannot be used; the argument is the result."""

    def __init__(self, result: Result) -> None:
        super().__init__(result)
        self.result = result


@dataclass(slots=True)
class Signed:
    """A message to be verified: its fields and body, whose hashes are made once for each form."""

    fields: Sequence[bytes]
    body: bytes
    _hashes: dict[str, tuple[bytes, int]] = field(default_factory=dict)

    def body_hash(self, how: str) -> tuple[bytes, int]:
        """Return the hash of the body in a canonical form, and its length in that form."""
        if how not in self._hashes:
            form = canonical.body(self.body, how)
            self._hashes[how] = hashlib.sha256(form).digest(), len(form)
        return self._hashes[how]


def message(raw: bytes) -> Signed:
    """Return a message as it is verified."""
    return Signed(*canonical.header_fields(raw))


async def verify(tags: dict[str, str], signature: bytes, signed: Signed, names: Names, now: datetime) -> None:
    """Check one signature field over its message; returns when it holds. Raises Unverifiable."""
    try:
        header_form, body_form = _forms(tags.get("c", "simple/simple"))
        listed = _listed(tags)
        _check_times(tags, now)
        data = signed_data(signed.fields, listed, header_form)
        data += canonical.field(taglist.without_signature(signature), header_form).removesuffix(b"\r\n")
        await check(tags, data, names)
        _check_body(tags, *signed.body_hash(body_form))
    except (TagListError, KeyError) as error:
        raise Unverifiable(Result.PERMANENT_ERROR) from error


async def check(tags: dict[str, str], data: bytes, names: Names) -> None:
    """Check the signature `b` by `s` and `d` over hashed data. Raises Unverifiable, TagListError or KeyError."""
    algorithm = tags["a"].lower()
    if algorithm not in {"rsa-sha256", "ed25519-sha256"}:
        raise Unverifiable(Result.PERMANENT_ERROR)
    key = await public_key(tags, algorithm.partition("-")[0], names)
    value = taglist.octets(tags["b"])
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(value, data, padding.PKCS1v15(), hashes.SHA256())
        else:
            key.verify(value, hashlib.sha256(data).digest())
    except InvalidSignature as error:
        raise Unverifiable(Result.FAIL) from error


async def public_key(tags: dict[str, str], kind: str, names: Names) -> PublicKey:
    """Return the key that the signing domain publishes (RFC 6376, 3.6). Raises Unverifiable."""
    try:
        records = await names.ask(f"{tags['s']}._domainkey.{tags['d']}", "TXT")
    except TemporaryError as error:
        raise Unverifiable(Result.TEMPORARY_ERROR) from error
    if not records:
        raise Unverifiable(Result.PERMANENT_ERROR)
    record = taglist.read(records[0])
    identity = tags.get("i", f"@{tags['d']}").rpartition("@")[2].lower()
    flags = taglist.words(record.get("t", ""))
    is_usable = (
        record.get("v", "DKIM1") == "DKIM1"
        and record.get("k", "rsa").lower() == kind
        and ("h" not in record or "sha256" in taglist.words(record["h"]))
        and not _EMAIL.isdisjoint(taglist.words(record.get("s", "*")))
        and 0 < len(record["p"]) <= LONGEST_KEY
        and not ("s" in flags and identity != tags["d"].lower())
    )
    if not is_usable:
        raise Unverifiable(Result.PERMANENT_ERROR)
    if "y" in flags:  # RFC 6376, 3.6.1: the domain is only trying
        raise Unverifiable(Result.NEUTRAL)
    return _key(taglist.octets(record["p"]), kind)


def _key(der: bytes, kind: str) -> PublicKey:
    try:
        if kind == "ed25519":
            return Ed25519PublicKey.from_public_bytes(der)
        key = serialization.load_der_public_key(der)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Unverifiable(Result.PERMANENT_ERROR) from error
    if not isinstance(key, RSAPublicKey) or not SMALLEST_KEY <= key.key_size <= LARGEST_KEY:
        raise Unverifiable(Result.PERMANENT_ERROR)
    return key


def _forms(text: str) -> tuple[str, str]:
    header, _, body = text.lower().partition("/")
    forms = (header.strip(), body.strip() or "simple")
    if not {*forms} <= {"simple", "relaxed"}:
        raise Unverifiable(Result.PERMANENT_ERROR)
    return forms


def _listed(tags: dict[str, str]) -> list[str]:
    listed = taglist.words(tags["h"])
    if "from" not in listed or len(listed) > MANY_SIGNED:
        raise Unverifiable(Result.PERMANENT_ERROR)
    return listed


def _check_times(tags: dict[str, str], now: datetime) -> None:
    if any(tag in tags and not tags[tag].isdecimal() for tag in ("t", "x", "l")):
        raise Unverifiable(Result.PERMANENT_ERROR)
    if "x" in tags and (len(tags["x"]) < 13 and int(tags["x"]) < now.timestamp()):  # noqa: PLR2004 -- RFC 6376, 3.5
        raise Unverifiable(Result.PERMANENT_ERROR)


def _check_body(tags: dict[str, str], found: bytes, length: int) -> None:
    """Compare the body's hash; a signature over a part of it proves nothing of the rest (RFC 6376, 8.2)."""
    if "l" in tags and int(tags["l"][:12]) < length:
        raise Unverifiable(Result.NEUTRAL)
    if taglist.octets(tags["bh"]) != found:
        raise Unverifiable(Result.FAIL)


def signed_data(fields: Sequence[bytes], listed: Sequence[str], how: str) -> bytes:
    """Put the signed fields together: of several with one name the lowest first (RFC 6376, 5.4.2)."""
    by_name: dict[str, list[bytes]] = {}
    for one in fields:
        by_name.setdefault(canonical.name(one), []).append(one)
    return b"".join(canonical.field(by_name[name].pop(), how) for name in listed if by_name.get(name))

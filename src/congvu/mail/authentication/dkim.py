"""Verifying DomainKeys Identified Mail, and signing with it. RFC 6376."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from congvu.mail.authentication import canonical, signatures, taglist
from congvu.mail.authentication.findings import Result
from congvu.mail.authentication.resolving import Names
from congvu.mail.authentication.signatures import Signed, Unverifiable
from congvu.mail.authentication.taglist import TagListError

MANY = 5  # signatures of one message that are verified, the uppermost
_WIDTH = 72
# A name that stands here twice can be added by nobody later without breaking the signature (RFC 6376, 5.4.2).
_SIGNED = (
    "from from subject subject date date to to cc cc reply-to reply-to message-id message-id in-reply-to references "
    "mime-version content-type content-type content-transfer-encoding x-congvu-communication"
)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: what came of it, and the domain that made it."""

    result: Result
    domain: str


async def verify(signed: Signed, names: Names, *, now: datetime) -> list[Signature]:
    """Check the signatures of a message, the uppermost first."""
    found = [one for one in signed.fields if canonical.name(one) == "dkim-signature"]
    return [await _verified(one, signed, names, now) for one in found[:MANY]]


async def _verified(field: bytes, signed: Signed, names: Names, now: datetime) -> Signature:
    domain = ""
    try:
        tags = taglist.read(field.partition(b":")[2])
        domain = tags["d"].lower()
        if tags["v"] != "1" or not _is_within(tags.get("i", f"@{domain}"), domain):
            return Signature(Result.PERMANENT_ERROR, domain)
        await signatures.verify(tags, field, signed, names, now)
    except Unverifiable as error:
        return Signature(error.result, domain)
    except (TagListError, KeyError):
        return Signature(Result.PERMANENT_ERROR, domain)
    return Signature(Result.PASS, domain)


def _is_within(identity: str, domain: str) -> bool:
    name = identity.rpartition("@")[2].lower()
    return name == domain or name.endswith(f".{domain}")


def sign(raw: bytes, *, domain: str, selector: str, key: RSAPrivateKey, at: datetime) -> bytes:
    """Return a message with a signature field before it; its own bytes stay as they are. Lines end with CR LF."""
    fields, body = canonical.header_fields(raw)
    listed = _listed(fields)
    digest = base64.b64encode(hashlib.sha256(canonical.body(body, "relaxed")).digest()).decode()
    head = (
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s={selector};\r\n"
        f"\tt={int(at.timestamp())}; bh={digest};\r\n"
        f"\th={_folded(listed)};\r\n\tb="
    ).encode()
    data = signatures.signed_data(fields, listed, "relaxed") + canonical.field(head, "relaxed").removesuffix(
        b"\r\n"
    )
    value = base64.b64encode(key.sign(data, padding.PKCS1v15(), hashes.SHA256()))
    lines = [value[at : at + _WIDTH] for at in range(0, len(value), _WIDTH)]
    return head + b"\r\n\t ".join(lines) + b"\r\n" + raw


def _listed(fields: Sequence[bytes]) -> list[str]:
    """Return the names to sign: those that are there, and once more where nobody may add another."""
    there = {canonical.name(one) for one in fields}
    wanted = _SIGNED.split()
    return [one for one in wanted if one in there or wanted.count(one) > 1]


def _folded(names: Sequence[str]) -> str:
    lines, line = [], ""
    for one in names:
        if len(line) + len(one) > _WIDTH:
            lines.append(line)
            line = ""
        line += f"{one}:"
    return "\r\n\t ".join([*lines, line.removesuffix(":")])

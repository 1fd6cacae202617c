"""Salted disclosures in the form of SD-JWT (RFC 9901, section 4.2.1).

A disclosure is base64url without padding over the JSON array [salt, name, value]; the salt is 16 random bytes
in base64url. Its digest, base64url of SHA-256 over the disclosure's ASCII text, is what a leaf holds: whoever
has destroyed salt and value has made the digest meaningless.
"""

import json
import os
from binascii import Error, a2b_base64, b2a_base64
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import Final, NamedTuple

SALT_BYTES: Final = 16
SALT_LETTERS: Final = 22
URL: Final = bytes.maketrans(b"+/", b"-_")
STANDARD: Final = str.maketrans("-_+/", "+/??")


class MalformedDisclosureError(ValueError):
    """The text is not a disclosure of a name and a value."""


class Disclosure(NamedTuple):
    """A disclosure's text, which may be destroyed, and its digest, which stays."""

    text: str
    digest: str


class Disclosed(NamedTuple):
    """What a disclosure says."""

    salt: str
    name: str
    value: str


def make(name: str, value: str, *, salt: bytes = b"") -> Disclosure:
    """Return a new disclosure of a name and a value; `salt` is 16 random bytes used once, fresh when not given."""
    spelled = base64url(salt or os.urandom(SALT_BYTES))
    text = base64url(f'["{spelled}",{quoted(name)},{quoted(value)}]'.encode())
    return Disclosure(text, digest(text))


def digest(text: str) -> str:
    """Return the digest of a disclosure's text."""
    return base64url(sha256(text.encode("ascii")).digest())


def parse(text: str) -> Disclosed:
    """Return what a disclosure says; raise MalformedDisclosureError."""
    try:
        said = json.loads(decode_base64url(text))
    except (ValueError, RecursionError) as error:
        raise MalformedDisclosureError("not base64url of JSON") from error
    if not isinstance(said, list) or len(said) != len(Disclosed._fields):
        raise MalformedDisclosureError("not an array of three")
    if not all(isinstance(part, str) for part in said) or len(said[0]) < SALT_LETTERS:
        raise MalformedDisclosureError("salt, name and value are text, the salt of 128 bits")
    return Disclosed(*said)


def base64url(data: bytes) -> str:
    """Return base64url without padding (RFC 4648, section 5)."""
    return b2a_base64(data, newline=False).rstrip(b"=").translate(URL).decode()


def decode_base64url(text: str) -> bytes:
    """Return the bytes of base64url without padding in its canonical spelling; raise ValueError otherwise."""
    try:
        data = a2b_base64(text.translate(STANDARD) + "=" * (-len(text) % 4), strict_mode=True)
    except Error as error:
        raise ValueError("not base64url") from error
    if base64url(data) != text:
        raise ValueError("base64url in another than its canonical spelling")
    return data

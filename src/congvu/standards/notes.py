"""Signed notes (c2sp.org/signed-note, golang.org/x/mod/sumdb/note) with Ed25519 keys.

A verifier key ("vkey") is `<name>+<8 hex digits of the key id>+<base64 of 0x01 and the public key>`;
a signer key is the same behind `PRIVATE+KEY+`, with the seed for the public key.
"""

import base64
import binascii
from collections.abc import Collection
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519: Final = b"\x01"
LARGEST_NOTE: Final = 1_000_000
MOST_SIGNATURES: Final = 100
DASH: Final = "\N{EM DASH} "
PRIVATE: Final = "PRIVATE+KEY+"


class MalformedKeyError(ValueError):
    """The text is not a verifier or signer key in its one form."""


class MalformedNoteError(ValueError):
    """The text is not a signed note."""


class InvalidSignatureError(ValueError):
    """A known key's signature does not fit the note."""


class UnverifiedNoteError(ValueError):
    """No known key has signed the note."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A name and a public Ed25519 key of 32 bytes; its text is published."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.public) != 32:  # noqa: PLR2004 -- RFC 8032, section 5.1.5
            raise MalformedKeyError("an Ed25519 public key has 32 bytes")

    @property
    def id(self) -> bytes:
        """Return the first four bytes of SHA-256 over name, newline, type and public key."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """Return the vkey."""
        return f"{self.name}+{self.id.hex()}+{encode_base64(ED25519 + self.public)}"

    @property
    def fingerprint(self) -> str:
        """Return SHA-256 over the vkey's text in hex, in groups of four, for reading aloud and print."""
        digest = sha256(self.text.encode()).hexdigest()
        return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))

    def accepts(self, signature: bytes, text: str) -> bool:
        """Say whether the signature of 64 bytes is this key's over the text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class SignerKey:
    """A name and an Ed25519 seed of 32 bytes; its text is a secret."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.seed) != 32:  # noqa: PLR2004 -- RFC 8032, section 5.1.5
            raise MalformedKeyError("an Ed25519 seed has 32 bytes")

    @property
    def verifier(self) -> VerifierKey:
        """Return the public half."""
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        return VerifierKey(name=self.name, public=private.public_key().public_bytes_raw())

    @property
    def text(self) -> str:
        """Return the signer key as Go's note package spells it."""
        return f"{PRIVATE}{self.name}+{self.verifier.id.hex()}+{encode_base64(ED25519 + self.seed)}"

    def sign(self, text: str) -> bytes:
        """Return the signature of 64 bytes over the text."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the name and id of the key, and what it signed the text with."""

    name: str
    id: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it was written; its text means nothing before a signature was verified."""

    text: str
    signatures: tuple[Signature, ...]


def generate(name: str) -> SignerKey:
    """Return a new signer key."""
    return SignerKey(name=name, seed=Ed25519PrivateKey.generate().private_bytes_raw())


def parse_verifier_key(text: str) -> VerifierKey:
    """Return the key of a vkey; raise MalformedKeyError unless it is spelled in its one form."""
    name, _, public = _split_key(text)
    key = VerifierKey(name=name, public=public)
    if key.text != text:
        raise MalformedKeyError("the key id does not fit the key")
    return key


def parse_signer_key(text: str) -> SignerKey:
    """Return the key of a signer key's text; raise MalformedKeyError unless it is spelled in its one form."""
    if not text.startswith(PRIVATE):
        raise MalformedKeyError("not a signer key")
    name, _, seed = _split_key(text.removeprefix(PRIVATE))
    key = SignerKey(name=name, seed=seed)
    if key.text != text:
        raise MalformedKeyError("the key id does not fit the key")
    return key


def sign(text: str, *signers: SignerKey) -> str:
    """Return the note over a text that ends in a newline, with a signature line for each signer."""
    _check_text(text)
    if not text.endswith("\n"):
        raise MalformedNoteError("the text of a note ends in a newline")
    lines = [
        f"{DASH}{signer.name} {encode_base64(signer.verifier.id + signer.sign(text))}\n" for signer in signers
    ]
    return f"{text}\n{''.join(lines)}"


def parse(note: str) -> Note:
    """Return the parts of a note without verifying it; raise MalformedNoteError."""
    _check_text(note)
    text, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise MalformedNoteError("a note is a text, an empty line and signature lines")
    signatures = [_signature(line) for line in lines[:-1].split("\n")]
    if len(signatures) > MOST_SIGNATURES:
        raise MalformedNoteError(f"more than {MOST_SIGNATURES} signatures")
    return Note(text=text + "\n", signatures=tuple(signatures))


def verify(note: str, *, known: Collection[VerifierKey]) -> Note:
    """Return a note that at least one known key has signed.

    Signatures of unknown keys are ignored. Raises MalformedNoteError, InvalidSignatureError when
    a known key's signature does not fit, UnverifiedNoteError when no known key has signed.
    """
    parsed = parse(note)
    keys = {(key.name, key.id): key for key in known}
    ours = [
        (keys[line.name, line.id], line.value) for line in parsed.signatures if (line.name, line.id) in keys
    ]
    for key, value in ours:
        if not key.accepts(value, parsed.text):
            raise InvalidSignatureError(key.name)
    if not ours:
        raise UnverifiedNoteError
    return parsed


def encode_base64(data: bytes) -> str:
    """Return standard base64 (RFC 4648, section 4)."""
    return base64.b64encode(data).decode()


def decode_base64(text: str) -> bytes:
    """Return the bytes of standard base64 in its one canonical spelling; raise ValueError for any other."""
    data = binascii.a2b_base64(text, strict_mode=True)
    if encode_base64(data) != text:
        raise ValueError("base64 in another than its canonical spelling")
    return data


def _split_key(text: str) -> tuple[str, str, bytes]:
    try:
        name, digits, encoded = text.split("+", 2)
        data = decode_base64(encoded)
    except ValueError as error:
        raise MalformedKeyError("a key is <name>+<id>+<base64>") from error
    if data[:1] != ED25519:
        raise MalformedKeyError("not an Ed25519 key")
    return name, digits, data[1:]


def _signature(line: str) -> Signature:
    name, gap, encoded = line.removeprefix(DASH).partition(" ")
    try:
        data = decode_base64(encoded)
    except ValueError as error:
        raise MalformedNoteError("a signature is not base64") from error
    if not line.startswith(DASH) or not gap or not _is_name(name) or len(data) <= 4:  # noqa: PLR2004 -- the id
        raise MalformedNoteError("not a signature line")
    return Signature(name=name, id=data[:4], value=data[4:])


def _check_text(text: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise MalformedNoteError("not UTF-8") from error
    if size > LARGEST_NOTE:
        raise MalformedNoteError(f"a note has at most {LARGEST_NOTE} bytes")
    if any(letter < " " and letter != "\n" for letter in text):
        raise MalformedNoteError("a note has no control characters")


def _check_name(name: str) -> None:
    if not _is_name(name):
        raise MalformedKeyError("a key's name is not empty and has no space, plus or control character")


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(letter.isspace() or letter < " " for letter in name)

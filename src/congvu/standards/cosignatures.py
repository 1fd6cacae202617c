"""Cosignatures of witnesses (c2sp.org/tlog-cosignature): Ed25519 (type 0x04) and ML-DSA-44 (type 0x06), with the time.

A verifier key ("vkey") and a signer key are spelled as for notes, with the type of the cosignature. An ML-DSA-44
signature covers origin, size and root only, so that a checkpoint with further lines is neither signed nor believed.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from congvu.standards import checkpoints, notes

ED25519: Final = 4
ML_DSA_44: Final = 6
LATEST: Final = 2**63 - 1  # the last second that a timestamp may say
SEED: Final = 32
LONGEST_NAME: Final = 255  # octets, in what ML-DSA-44 signs
_LABEL: Final = b"subtree/v1\n\0"
_KEY: Final = re.compile(r"([^+\s\x00-\x1f\x7f]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")


class _Sizes(NamedTuple):
    public: int
    signature: int


_SIZES: Final = {ED25519: _Sizes(32, 64), ML_DSA_44: _Sizes(1312, 2420)}


class UnsignableError(ValueError):
    """This checkpoint cannot be cosigned under this type of key."""


@dataclass(frozen=True, slots=True)
class CosignerKey:
    """A witness's name, the type of its cosignatures, and its public key; its text is published."""

    name: str
    sort: int
    public: bytes

    def __post_init__(self) -> None:
        if self.sort not in _SIZES or len(self.public) != _SIZES[self.sort].public:
            raise notes.MalformedKeyError("not a key for cosignatures")
        if not _KEY.fullmatch(f"{self.name}+00000000+AA") or len(self.name.encode()) > LONGEST_NAME:
            raise notes.MalformedKeyError("a witness's name has 1 to 255 octets, no space and no plus")

    @property
    def id(self) -> bytes:
        """Return the first four bytes of SHA-256 over name, newline, type and public key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.sort]) + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """Return the vkey."""
        return f"{self.name}+{self.id.hex()}+{notes.encode_base64(bytes([self.sort]) + self.public)}"

    def said_at(self, signature: bytes, text: str) -> int:
        """Return the second (POSIX) at which this key cosigned a checkpoint's text; InvalidSignatureError if not.

        Zero says that its owner states nothing about the time; a witness's answer never does.
        """
        at, value = int.from_bytes(signature[:8], "big"), signature[8:]
        if len(value) != _SIZES[self.sort].signature or at > LATEST:
            raise notes.InvalidSignatureError(self.name)
        try:
            message = _message(self.name, self.sort, text, at)
            self._verify(value, message)
        except (InvalidSignature, ValueError) as error:
            raise notes.InvalidSignatureError(self.name) from error
        return at

    def _verify(self, value: bytes, message: bytes) -> None:
        if self.sort == ED25519:
            Ed25519PublicKey.from_public_bytes(self.public).verify(value, message)
        else:
            MLDSA44PublicKey.from_public_bytes(self.public).verify(value, message)


@dataclass(frozen=True, slots=True)
class CosignerSecret:
    """A witness's name, the type of its cosignatures, and the seed of 32 bytes; its text is a secret."""

    name: str
    sort: int
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if self.sort not in _SIZES or len(self.seed) != SEED:
            raise notes.MalformedKeyError("a seed has 32 bytes")
        _ = self.key

    @property
    def key(self) -> CosignerKey:
        """Return the public half."""
        return CosignerKey(self.name, self.sort, self._private().public_key().public_bytes_raw())

    @property
    def text(self) -> str:
        """Return the signer key as notes spell it."""
        encoded = notes.encode_base64(bytes([self.sort]) + self.seed)
        return f"{notes.PRIVATE}{self.name}+{self.key.id.hex()}+{encoded}"

    def cosign(self, text: str, *, at: int) -> str:
        """Return the signature line over a checkpoint's text at a second (POSIX); raise UnsignableError."""
        if not 0 < at <= LATEST:
            raise UnsignableError("a cosignature says when it was made")
        value = self._private().sign(_message(self.name, self.sort, text, at))
        signed = self.key.id + at.to_bytes(8, "big") + value
        return f"{notes.DASH}{self.name} {notes.encode_base64(signed)}\n"

    def _private(self) -> Ed25519PrivateKey | MLDSA44PrivateKey:
        if self.sort == ED25519:
            return Ed25519PrivateKey.from_private_bytes(self.seed)
        return MLDSA44PrivateKey.from_seed_bytes(self.seed)


class Cosignature(NamedTuple):
    """What one witness said of a checkpoint: its key, when (POSIX seconds), and the signature line."""

    key: CosignerKey
    at: int
    line: str


def generate(name: str, sort: int) -> CosignerSecret:
    """Return a new secret key."""
    private = Ed25519PrivateKey.generate() if sort == ED25519 else MLDSA44PrivateKey.generate()
    return CosignerSecret(name, sort, private.private_bytes_raw())


def parse_key(text: str) -> CosignerKey:
    """Return the key of a vkey; raise MalformedKeyError unless it is spelled in its one form."""
    name, data = _split(text)
    key = CosignerKey(name, data[0], data[1:])
    if key.text != text:
        raise notes.MalformedKeyError("the key id does not fit the key")
    return key


def parse_secret(text: str) -> CosignerSecret:
    """Return the key of a signer key's text; raise MalformedKeyError unless it is spelled in its one form."""
    if not text.startswith(notes.PRIVATE):
        raise notes.MalformedKeyError("not a signer key")
    name, data = _split(text.removeprefix(notes.PRIVATE))
    secret = CosignerSecret(name, data[0], data[1:])
    if secret.text != text:
        raise notes.MalformedKeyError("the key id does not fit the key")
    return secret


def cosigned(note: str, *, known: Collection[CosignerKey]) -> list[Cosignature]:
    """Return what known witnesses said of the checkpoint in a note, in the note's order, each once.

    Lines of unknown keys are left out. Raises MalformedNoteError, or InvalidSignatureError when a known key's
    line does not fit.
    """
    parsed = notes.parse(note)
    keys = {(key.name, key.id): key for key in known}
    found: dict[CosignerKey, Cosignature] = {}
    for line in parsed.signatures:
        key = keys.get((line.name, line.id))
        if key is not None:
            text = f"{notes.DASH}{line.name} {notes.encode_base64(line.id + line.value)}\n"
            found.setdefault(key, Cosignature(key, key.said_at(line.value, parsed.text), text))
    return list(found.values())


def _split(text: str) -> tuple[str, bytes]:
    match = _KEY.fullmatch(text)
    try:
        data = notes.decode_base64(match[3]) if match else b""
    except ValueError as error:
        raise notes.MalformedKeyError("a key is <name>+<id>+<base64>") from error
    if match is None or not data:
        raise notes.MalformedKeyError("a key is <name>+<id>+<base64>")
    return match[1], data


def _message(name: str, sort: int, text: str, at: int) -> bytes:
    """Return what is signed; raise UnsignableError or MalformedCheckpointError (both are ValueError)."""
    head = checkpoints.parse(text)
    if sort == ED25519:
        return f"cosignature/v1\ntime {at}\n{text}".encode()
    if head.extensions:
        raise UnsignableError("ML-DSA-44 cosignatures say nothing of further lines")
    span = bytes(8) + head.size.to_bytes(8, "big")
    return _LABEL + _prefixed(name) + at.to_bytes(8, "big") + _prefixed(head.origin) + span + head.root


def _prefixed(text: str) -> bytes:
    data = text.encode()
    if not 0 < len(data) <= LONGEST_NAME:
        raise UnsignableError("a name of more than 255 octets")
    return bytes([len(data)]) + data

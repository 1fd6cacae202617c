"""Keys to sign with: a PKCS#12 file that its holder's passphrase opens. RFC 7292."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from asn1crypto import pkcs12 as asn1
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12

from congvu.mail import ber
from congvu.mail.smime import algorithms
from congvu.mail.smime.cms import is_absent

LARGEST_FILE = 256 << 10  # octets
MOST_ROUNDS = 2_000_000  # of making a key from a passphrase; more would stop the server
OUR_ROUNDS = 600_000  # OWASP's figure for PBKDF2 with SHA-256
DIGEST = "sha256"


class NotAKeyError(ValueError):
    """A file holds no private key with its certificate that can sign mail."""


class WrongPassphraseError(ValueError):
    """The passphrase, or the PIN, does not open the key."""


class Key(Protocol):
    """A private key that can be used, with its certificate and those above it."""

    @property
    def certificate(self) -> x509.Certificate:
        """Return the certificate of the key."""

    @property
    def others(self) -> tuple[x509.Certificate, ...]:
        """Return the certificates above it."""

    def sign(self, data: bytes) -> bytes:
        """Sign data with SHA-256: RSA by PKCS #1 v1.5, curves by ECDSA in DER."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKey:
    """A key out of a file."""

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]
    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

    def sign(self, data: bytes) -> bytes:
        """Sign data with SHA-256."""
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.private.sign(data, ec.ECDSA(hashes.SHA256()))


def opened(data: bytes, *, passphrase: str) -> FileKey:
    """Open a PKCS#12 file. Raises NotAKeyError, WrongPassphraseError."""
    _bound(data)
    try:
        private, certificate, others = pkcs12.load_key_and_certificates(data, passphrase.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        if "password" in str(error).lower() or "mac" in str(error).lower():
            raise WrongPassphraseError from error
        raise NotAKeyError from error
    if certificate is None or not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise NotAKeyError
    require_strong(certificate)
    return FileKey(certificate=certificate, others=tuple(others), private=private)


def closed(key: FileKey, *, passphrase: str) -> bytes:
    """Write a key as a PKCS#12 that is closed with AES-256 and many rounds, whatever it came in."""
    algorithm = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(OUR_ROUNDS)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(passphrase.encode())
    )
    return pkcs12.serialize_key_and_certificates(
        None, key.private, key.certificate, list(key.others) or None, algorithm
    )


def require_strong(certificate: x509.Certificate) -> None:
    """Raise NotAKeyError for a key that nobody should rely on."""
    try:
        if algorithms.weakness(certificate.public_key()):
            raise NotAKeyError
    except (UnsupportedAlgorithm, ValueError) as error:
        raise NotAKeyError from error


def _bound(data: bytes) -> None:
    """Refuse a file that would keep the server busy, before anything is computed from it."""
    if len(data) > LARGEST_FILE:
        raise NotAKeyError
    try:
        if any(rounds > MOST_ROUNDS for rounds in _rounds(asn1.Pfx.load(ber.definite(data)))):
            raise NotAKeyError
    except (ber.NotBerError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotAKeyError from error


def _rounds(file: Any) -> Iterator[int]:
    """Yield how often each passphrase of a file is hashed."""
    if not is_absent(file["mac_data"]):
        yield int(file["mac_data"]["iterations"].native)
    for part in file.authenticated_safe:
        if part["content_type"].native == "encrypted_data":
            yield _of(part["content"]["encrypted_content_info"]["content_encryption_algorithm"])
        if part["content_type"].native != "data":
            continue
        for bag in asn1.SafeContents.load(part["content"].native):
            if bag["bag_id"].native == "pkcs8_shrouded_key_bag":
                yield _of(bag["bag_value"]["encryption_algorithm"])


def _of(algorithm: Any) -> int:
    if algorithm["algorithm"].native != "pbes2":
        return int(algorithm["parameters"]["iterations"].native)
    derived = algorithm["parameters"]["key_derivation_func"]
    if derived["algorithm"].native != "pbkdf2":
        raise NotAKeyError  # scrypt can be told to take all memory
    return int(derived["parameters"]["iteration_count"].native)

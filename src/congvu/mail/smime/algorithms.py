"""Which algorithms a signature may use, and whether its mathematics holds. RFC 5652, RFC 5754, RFC 8419, RFC 4056."""

import hashlib
from typing import Any

from asn1crypto import algos
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

WEAK_DIGESTS = frozenset(("md2", "md4", "md5", "sha1"))
SMALLEST_RSA, LARGEST_RSA = 2048, 16_384  # bits
SMALLEST_CURVE = 256  # bits

_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "md5": hashes.MD5,
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
    "sha3_256": hashes.SHA3_256,
    "sha3_384": hashes.SHA3_384,
    "sha3_512": hashes.SHA3_512,
}


class UnknownAlgorithmError(ValueError):
    """An algorithm that is not known here, or that does not fit the key."""


class TooLargeError(ValueError):
    """A key that would take too long."""


def digest(name: str, data: bytes) -> bytes:
    """Return the digest of data; UnknownAlgorithmError."""
    if name not in _HASHES:
        raise UnknownAlgorithmError(name)
    return hashlib.new(name, data, usedforsecurity=False).digest()


def weakness(key: PublicKeyTypes) -> str:
    """Return the reason why a key cannot be relied on; "" when it can. TooLargeError."""
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size > LARGEST_RSA:
            raise TooLargeError(str(key.key_size))
        return "weak_key" if key.key_size < SMALLEST_RSA else ""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return "weak_key" if key.key_size < SMALLEST_CURVE else ""
    return ""


def holds(key: PublicKeyTypes, algorithm: Any, *, digested_by: str, signature: bytes, data: bytes) -> bool:
    """Tell whether a signature over data holds.

    `algorithm` is an asn1crypto SignedDigestAlgorithm, `digested_by` what the signer named beside it.
    Raises UnknownAlgorithmError when the key or the digest does not fit the algorithm, TooLargeError.
    """
    weakness(key)
    kind = _kind(algorithm)
    try:
        if isinstance(key, rsa.RSAPublicKey) and kind in {"rsassa_pkcs1v15", "rsassa_pss"}:
            chosen = _hash(algorithm, kind, digested_by)
            key.verify(signature, data, _padding(algorithm, kind), chosen)
        elif isinstance(key, ec.EllipticCurvePublicKey) and kind == "ecdsa":
            key.verify(signature, data, ec.ECDSA(_hash(algorithm, kind, digested_by)))
        elif isinstance(key, (ed25519.Ed25519PublicKey, ed448.Ed448PublicKey)) and kind in {
            "ed25519",
            "ed448",
        }:
            key.verify(signature, data)
        else:
            raise UnknownAlgorithmError(kind)
    except InvalidSignature:
        return False
    return True


def _kind(algorithm: Any) -> str:
    try:
        return str(algorithm.signature_algo)
    except ValueError as error:
        raise UnknownAlgorithmError(str(error)) from error


def _hash(algorithm: algos.SignedDigestAlgorithm, kind: str, digested_by: str) -> hashes.HashAlgorithm:
    """Return the digest of a signature, which must be the one that the signer names beside it (RFC 5652, 5.3)."""
    try:
        named = str(algorithm.hash_algo)
    except ValueError:  # rsaEncryption and the like name none
        named = digested_by
    if named != digested_by and kind != "rsassa_pss":
        raise UnknownAlgorithmError(f"{named} and {digested_by}")
    if named not in _HASHES:
        raise UnknownAlgorithmError(named)
    return _HASHES[named]()


def _padding(algorithm: Any, kind: str) -> padding.PKCS1v15 | padding.PSS:
    if kind == "rsassa_pkcs1v15":
        return padding.PKCS1v15()
    parameters = algorithm["parameters"]
    masked = str(parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native)
    if parameters["mask_gen_algorithm"]["algorithm"].native != "mgf1" or masked not in _HASHES:
        raise UnknownAlgorithmError(masked)
    return padding.PSS(mgf=padding.MGF1(_HASHES[masked]()), salt_length=int(parameters["salt_length"].native))

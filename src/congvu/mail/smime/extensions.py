"""What a certificate says of itself beyond names and key. RFC 5280, 4.2."""

from typing import TypeVar

from cryptography import x509

T = TypeVar("T", bound=x509.ExtensionType)


def whole(der: bytes) -> x509.Certificate:
    """Return a certificate all of whose parts can be read: the library reads them late, one by one.

    Raises ValueError, or UnsupportedAlgorithm for a key that is not known.
    """
    certificate = x509.load_der_x509_certificate(der)
    certificate.subject.public_bytes()
    certificate.issuer.public_bytes()
    certificate.public_key()
    for one in certificate.extensions:
        one.value  # noqa: B018 -- reading is the test
    if certificate.not_valid_before_utc > certificate.not_valid_after_utc:
        raise ValueError("period")
    return certificate


def of(certificate: x509.Certificate, kind: type[T]) -> T | None:
    """Return an extension of a certificate, None when it has none. ValueError when it cannot be read."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def purposes(certificate: x509.Certificate) -> frozenset[x509.ObjectIdentifier] | None:
    """Return the extended purposes of a certificate; None when it does not say."""
    found = of(certificate, x509.ExtendedKeyUsage)
    return None if found is None else frozenset(found)


def is_authority(certificate: x509.Certificate) -> bool:
    """Tell whether a certificate may issue others."""
    basic, usage = of(certificate, x509.BasicConstraints), of(certificate, x509.KeyUsage)
    return basic is not None and basic.ca and (usage is None or usage.key_cert_sign)


def critical(certificate: x509.Certificate) -> frozenset[x509.ObjectIdentifier]:
    """Return the extensions without whose understanding a certificate may not be used."""
    return frozenset(one.oid for one in certificate.extensions if one.critical)

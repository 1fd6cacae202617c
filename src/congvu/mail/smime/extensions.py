"""What a certificate says of itself beyond names and key. RFC 5280, 4.2."""

from typing import TypeVar

from cryptography import x509

T = TypeVar("T", bound=x509.ExtensionType)


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

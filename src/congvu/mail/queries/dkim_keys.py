"""The keys with which agencies sign their mail to others."""

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from congvu.base import blobs
from congvu.directory.models import Agency
from congvu.mail.models import DkimKey


def keys(agency: Agency) -> list[DkimKey]:
    """Return the keys of an agency, the newest last."""
    return list(DkimKey.objects.filter(agency=agency).order_by("id"))


def signing(agency: Agency) -> DkimKey | None:
    """Return the key that signs at present: the newest that has started."""
    started = DkimKey.objects.filter(agency=agency, started_at__isnull=False).exclude(blob="")
    return started.order_by("started_at", "id").last()


def private(key: DkimKey) -> RSAPrivateKey:
    """Return the private key. Raises BlobMissingError or BlobDamagedError."""
    loaded = serialization.load_der_private_key(blobs.get(key.blob), password=None)
    if not isinstance(loaded, RSAPrivateKey):
        raise TypeError(key.selector)
    return loaded


def name(key: DkimKey) -> str:
    """Return the name under which the public key is published."""
    return f"{key.selector}._domainkey.{key.agency.domain.encode('idna').decode('ascii')}"


def text(key: DkimKey) -> str:
    """Return what is published there (RFC 6376, 3.6.1)."""
    return f"v=DKIM1; k=rsa; s=email; p={key.public}"

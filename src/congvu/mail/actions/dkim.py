"""The agency's DKIM keys: made, published by whoever runs its name servers, then used; two while they change."""

import base64
from datetime import datetime

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from congvu.base import blobs
from congvu.base.database import atomic
from congvu.directory.models import Agency
from congvu.ledger.actions import record
from congvu.mail import events
from congvu.mail.models import DkimKey
from congvu.mail.queries import dkim_keys

BITS = 2048  # more does not fit into one record of many name servers (RFC 8301, 3.2 asks for 1024)


class KeyThereError(Exception):
    """There is a key already; it is rotated, not made anew."""


class NoKeyError(Exception):
    """There is no key that could be rotated, or that waits to start."""


class KeyWaitsError(Exception):
    """A key waits to be published; another is made after it has started. The argument is its selector."""


def make_first(
    *, agency: Agency, now: datetime
) -> DkimKey:  # no-evidence: it signs nothing before it has started
    """Make an agency's first key. Raises KeyThereError."""
    if dkim_keys.keys(agency):
        raise KeyThereError
    return _made(agency, now)


def rotate(
    *, agency: Agency, now: datetime
) -> DkimKey:  # no-evidence: it signs nothing before it has started
    """Make the next key; the old one signs until this is published. Raises NoKeyError or KeyWaitsError."""
    known = dkim_keys.keys(agency)
    if not known:
        raise NoKeyError
    if known[-1].started_at is None:
        raise KeyWaitsError(known[-1].selector)
    return _made(agency, now)


def start(*, agency: Agency, now: datetime) -> DkimKey:
    """Sign with the key that waits, from now on. Raises NoKeyError."""
    with atomic():
        waiting = DkimKey.objects.filter(agency=agency, started_at=None).order_by("id").last()
        if waiting is None:
            raise NoKeyError
        waiting.started_at = now
        waiting.save(update_fields=["started_at"])
        event = events.DkimKeyStarted(algorithm="rsa")
        record(event, agency=agency.handle, at=now, disclosures={"key": waiting.handle})
    _forget_old(agency)
    return waiting


def _forget_old(agency: Agency) -> None:
    """Destroy private keys that will sign no more; their rows stay, for what is still under way."""
    for one in dkim_keys.keys(agency)[:-1]:
        if one.blob:
            blobs.destroy(one.blob)
            DkimKey.objects.filter(pk=one.pk).update(blob="")


def _made(agency: Agency, now: datetime) -> DkimKey:
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    with atomic():
        return DkimKey.objects.create(
            agency=agency,
            selector=_selector(agency, now),
            blob=blobs.put(private),
            public=base64.b64encode(public).decode(),
            created_at=now,
        )


def _selector(agency: Agency, now: datetime) -> str:
    """Return a name that no key of the agency has had: year and month, and a number where one month sees several."""
    taken = {one.selector for one in dkim_keys.keys(agency)}
    base = f"congvu{now:%Y%m}"
    return next(name for name in (base, *(f"{base}-{n}" for n in range(2, 1000))) if name not in taken)

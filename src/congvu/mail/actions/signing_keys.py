"""A person's own key to sign mail with: given to the server, opened for one signature, taken back."""

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from congvu.base import blobs
from congvu.base.database import atomic
from congvu.base.keeping import kept
from congvu.directory.queries import Seat
from congvu.ledger.actions import record
from congvu.mail import events
from congvu.mail.models import SigningKey
from congvu.mail.queries.signing import certificates, own_addresses, own_key
from congvu.mail.smime import keys, names, tokens
from congvu.mail.smime.keys import FileKey, Key


class NoKeyError(LookupError):
    """The person has given no key to sign with."""


class NotYourCertificateError(ValueError):
    """The certificate names no address that the person may write from; the argument has the addresses it names."""

    def __init__(self, named: tuple[str, ...]) -> None:
        super().__init__(named)
        self.named = named


class NotInForceError(ValueError):
    """The certificate is not valid yet, or not any more."""


def keep_file(*, seat: Seat, data: bytes, passphrase: str, now: datetime) -> SigningKey:
    """Keep a PKCS#12 file in place of the key before it; the passphrase is used once and kept nowhere.

    Raises NotAKeyError, WrongPassphraseError, NotYourCertificateError or NotInForceError.
    """
    key = keys.opened(data, passphrase=passphrase)
    _require_own(seat, key.certificate, now)
    closed = keys.closed(key, passphrase=passphrase)
    with kept([closed], rows=SigningKey.objects) as stored, atomic():
        before = _taken_out(seat, now)
        row = _keep(seat, SigningKey.Place.FILE, key, now, blob=stored[0])
    _destroy(before)
    return row


def keep_token(*, seat: Seat, label: str, pin: str, now: datetime) -> SigningKey:
    """Remember which token signs for a person; the PIN is used once and kept nowhere.

    Raises as `keep_file`, and NoModuleError.
    """
    key = None
    for address in own_addresses(seat, now=now):
        try:
            key = tokens.opened(module=settings.CONGVU_PKCS11_MODULE, label=label, pin=pin, address=address)
        except keys.NotAKeyError:
            continue
        break
    if key is None:
        raise keys.NotAKeyError
    _require_own(seat, key.certificate, now)
    with atomic():
        before = _taken_out(seat, now)
        row = _keep(seat, SigningKey.Place.TOKEN, key, now, label=label)
    _destroy(before)
    return row


def remove(*, seat: Seat, now: datetime) -> None:
    """Take a person's key out of the server and destroy it. NoKeyError."""
    with atomic():
        before = _taken_out(seat, now)
        if before is None:
            raise NoKeyError
    _destroy(before)


def opened(
    *, seat: Seat, passphrase: str, address: str, now: datetime
) -> Key:  # no-evidence: what it signs is
    """Open a person's key for one signature from an address.

    Raises NoKeyError, WrongPassphraseError, NotAKeyError, NoModuleError, NotYourCertificateError or NotInForceError.
    """
    row = own_key(seat)
    if row is None:
        raise NoKeyError
    certificate = certificates(row)[0]
    _require_in_force(certificate, now)
    named = names.mail_addresses(certificate)
    if not any(names.same(address, one) for one in named):
        raise NotYourCertificateError(named)
    if row.place == SigningKey.Place.FILE:
        return keys.opened(blobs.get(row.blob), passphrase=passphrase)
    return tokens.opened(
        module=settings.CONGVU_PKCS11_MODULE, label=row.label, pin=passphrase, address=address
    )


def opened_file(*, seat: Seat, passphrase: str) -> FileKey:  # no-evidence: it only reads, and nothing is kept
    """Open a person's key that is a file, to read what was encrypted for it; an expired one still reads.

    Raises NoKeyError, WrongPassphraseError or NotAKeyError.
    """
    row = own_key(seat)
    if row is None or row.place != SigningKey.Place.FILE:
        raise NoKeyError
    return keys.opened(blobs.get(row.blob), passphrase=passphrase)


def _require_own(seat: Seat, certificate: x509.Certificate, now: datetime) -> None:
    _require_in_force(certificate, now)
    named = names.mail_addresses(certificate)
    if not any(names.same(own, one) for own in own_addresses(seat, now=now) for one in named):
        raise NotYourCertificateError(named)


def _require_in_force(certificate: x509.Certificate, now: datetime) -> None:
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise NotInForceError


def _keep(
    seat: Seat,
    place: SigningKey.Place,
    key: Key,
    now: datetime,
    *,
    blob: str = "",
    label: str = "",
) -> SigningKey:
    row = SigningKey.objects.create(
        agency=seat.agency,
        person=seat.person,
        place=place,
        blob=blob,
        label=label,
        certificate=b"".join(one.public_bytes(Encoding.PEM) for one in (key.certificate, *key.others)),
        kept_at=now,
    )
    record(
        events.SigningKeyKept(place=row.place),
        agency=seat.agency.handle,
        at=now,
        disclosures=_disclosed(seat, row),
    )
    return row


def _taken_out(seat: Seat, now: datetime) -> SigningKey | None:
    """Delete the row of a person's key, with evidence, in the open transaction."""
    row = own_key(seat)
    if row is not None:
        SigningKey.objects.filter(pk=row.pk).delete()
        record(
            events.SigningKeyRemoved(place=row.place),
            agency=seat.agency.handle,
            at=now,
            disclosures=_disclosed(seat, row),
        )
    return row


def _disclosed(seat: Seat, row: SigningKey) -> dict[str, str]:
    certificate = certificates(row)[0]
    return {"actor": seat.person.handle, "key": certificate.fingerprint(hashes.SHA256()).hex()}


def _destroy(row: SigningKey | None) -> None:
    if row is not None and row.blob:
        blobs.destroy(row.blob)

"""With what a person may sign, and from which addresses."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.conf import settings

from congvu.directory.queries import Seat
from congvu.mail.models import SigningKey
from congvu.mail.queries import places, signatures
from congvu.mail.smime import chains, names, tokens
from congvu.mail.smime.verdicts import ordered


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyShown:
    """A person's key as the own page shows it; `reasons` are why recipients like us would not believe it today."""

    row: SigningKey
    name: str
    issuer: str
    addresses: tuple[str, ...]
    valid_from: datetime
    valid_to: datetime
    fingerprint: str
    reasons: tuple[str, ...]

    @property
    def is_in_token(self) -> bool:
        """Tell whether the private key lies in a token."""
        return self.row.place == SigningKey.Place.TOKEN


def own_key(seat: Seat) -> SigningKey | None:
    """Return the key of a seat's person; whoever acts for somebody signs with the own key."""
    return SigningKey.objects.filter(agency=seat.agency, person=seat.person).first()


def certificates(row: SigningKey) -> list[x509.Certificate]:
    """Return the certificate of a key and those above it."""
    return x509.load_pem_x509_certificates(bytes(row.certificate))


def own_addresses(seat: Seat, *, now: datetime) -> list[str]:
    """Return the addresses from which a seat may write."""
    return [one.route.email for one in places.places(seat, now=now) if one.may_send]


def may_use_tokens() -> bool:
    """Return whether this installation can sign with tokens."""
    return tokens.is_possible(settings.CONGVU_PKCS11_MODULE)


def shown(seat: Seat, *, now: datetime) -> KeyShown | None:
    """Return a person's key as the own page shows it; None when there is none."""
    row = own_key(seat)
    if row is None:
        return None
    certificate, *others = certificates(row)
    trust = signatures.trusted()
    chain = chains.find(certificate, others=[*others, *trust.intermediates], roots=trust.roots, at=now)
    return KeyShown(
        row=row,
        name=names.common_name(certificate),
        issuer=names.distinguished(certificate.issuer),
        addresses=names.mail_addresses(certificate),
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        reasons=ordered(chain.reasons),
    )

"""Whether a certificate was revoked: by lists (RFC 5280, 5) and answers (RFC 6960), wherever they come from.

They are believed only by the signature of the certificate's issuer, or of a responder that the issuer named.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtensionOID

from congvu.mail.smime import algorithms, chains, extensions

State = Literal["good", "revoked", "unknown", "nothing_to_ask"]
# Why a list or an answer tells nothing about a certificate at an instant.
Fault = Literal["not_about", "not_by_issuer", "from_the_future", "overdue", "unknown", "refused"]
AHEAD = timedelta(minutes=10)  # by which the clock of an authority may be ahead of ours
WITHOUT_END = timedelta(days=7)  # how long an answer or list that names no end is fresh

_KNOWN_IN_LISTS = frozenset((ExtensionOID.ISSUING_DISTRIBUTION_POINT,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Lists and answers at hand."""

    lists: tuple[x509.CertificateRevocationList, ...] = ()
    answers: tuple[ocsp.OCSPResponse, ...] = ()


def known(lists: Iterable[bytes], answers: Iterable[bytes]) -> Known:
    """Read lists and answers that came with a signature; what cannot be read is left out."""
    found: list[x509.CertificateRevocationList] = []
    told: list[ocsp.OCSPResponse] = []
    for der in lists:
        try:
            found.append(x509.load_der_x509_crl(der))
        except ValueError:
            continue
    for der in answers:
        try:
            told.append(ocsp.load_der_ocsp_response(der))
        except ValueError:
            continue
    return Known(lists=tuple(found), answers=tuple(told))


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Whether a certificate was revoked, and by which statement; `since` is when the authority said so."""

    state: State
    source: x509.CertificateRevocationList | ocsp.OCSPResponse | None = None
    since: datetime | None = None
    until: datetime | None = None


NOTHING_TO_ASK = Said(state="nothing_to_ask")


def said(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    *,
    from_: Sequence[Known],
    at: datetime,
    now: datetime,
) -> Said:
    """Tell whether a certificate was revoked at an instant, from what is known now; the newest that counts is named.

    "nothing_to_ask" when neither the certificate nor anybody else names a place where that could be known.
    """
    found: list[Said] = []
    for one in from_:
        found += [_by_answer(answer, certificate, issuer, at, now) for answer in one.answers]
        found += [_by_list(entries, certificate, issuer, at, now) for entries in one.lists]
    for word in ("revoked", "good", "unknown"):
        telling = [one for one in found if one.state == word]
        if telling:
            return max(telling, key=lambda one: one.since or datetime.min.replace(tzinfo=UTC))
    return Said(state="unknown") if is_asked(certificate) else NOTHING_TO_ASK


def is_asked(certificate: x509.Certificate) -> bool:
    """Tell whether a certificate names a list or a responder."""
    return bool(list_places(certificate) or responders(certificate))


def list_places(certificate: x509.Certificate) -> list[str]:
    """Return the addresses of the lists that a certificate names."""
    points = extensions.of(certificate, x509.CRLDistributionPoints) or ()
    return [
        str(name.value)
        for point in points
        for name in point.full_name or ()
        if isinstance(name, x509.UniformResourceIdentifier)
    ]


def responders(certificate: x509.Certificate) -> list[str]:
    """Return the addresses of the responders that a certificate names."""
    return [
        str(one.access_location.value)
        for one in extensions.of(certificate, x509.AuthorityInformationAccess) or ()
        if one.access_method == AuthorityInformationAccessOID.OCSP
    ]


def list_fault(
    entries: x509.CertificateRevocationList,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    *,
    at: datetime,
    now: datetime,
) -> Fault | None:
    """Return why a list tells nothing about a certificate at an instant, None when it tells."""
    if entries.issuer != certificate.issuer or not _covers(entries, certificate):
        return "not_about"
    usage = extensions.of(issuer, x509.KeyUsage)
    if usage is not None and not usage.crl_sign:
        return "not_by_issuer"
    try:
        if not entries.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]  # TypeError is caught
            return "not_by_issuer"
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return "not_by_issuer"
    return _time_fault(entries.last_update_utc, entries.next_update_utc, at, now)


def _by_list(
    entries: x509.CertificateRevocationList,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    at: datetime,
    now: datetime,
) -> Said:
    """Return what a list says; "nothing_to_ask" when it is not about this certificate."""
    fault = list_fault(entries, certificate, issuer, at=at, now=now)
    if fault:
        return NOTHING_TO_ASK if fault == "not_about" else Said(state="unknown")
    since, until = entries.last_update_utc, entries.next_update_utc
    entry = entries.get_revoked_certificate_by_serial_number(certificate.serial_number)
    is_good = entry is None or entry.revocation_date_utc > at
    if entry is None and since > certificate.not_valid_after_utc:
        return Said(state="unknown")  # lists forget certificates that have expired (RFC 5280, 3.3)
    return Said(state="good" if is_good else "revoked", source=entries, since=since, until=until)


def _covers(entries: x509.CertificateRevocationList, certificate: x509.Certificate) -> bool:
    """Tell whether a list is whole and about such certificates (RFC 5280, 5.2.5); no deltas, no indirect lists."""
    try:
        if any(one.critical and one.oid not in _KNOWN_IN_LISTS for one in entries.extensions):
            return False
        scope = entries.extensions.get_extension_for_class(x509.IssuingDistributionPoint).value
    except x509.ExtensionNotFound:
        return True
    except ValueError:
        return False
    basic = extensions.of(certificate, x509.BasicConstraints)
    is_authority = basic is not None and basic.ca
    if scope.indirect_crl or scope.only_some_reasons or scope.only_contains_attribute_certs:
        return False
    if (is_authority and scope.only_contains_user_certs) or (
        not is_authority and scope.only_contains_ca_certs
    ):
        return False
    named = {str(one.value) for one in scope.full_name or ()}
    return not named or bool(named & set(list_places(certificate)))


def _time_fault(since: datetime, until: datetime | None, at: datetime, now: datetime) -> Fault | None:
    """Tell whether a statement is about an instant: made by now, and not overdue at that instant."""
    if since > now + AHEAD:
        return "from_the_future"
    return None if at <= (until or since + WITHOUT_END) else "overdue"


def answer_fault(
    answer: ocsp.OCSPResponse,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    *,
    at: datetime,
    now: datetime,
) -> Fault | None:
    """Return why an answer tells nothing about a certificate at an instant, None when it tells."""
    try:
        if answer.response_status != ocsp.OCSPResponseStatus.SUCCESSFUL:
            return "refused"
        about = _about(answer, certificate, issuer)
        if not about:
            return "not_about"
        if not _is_by_responder(answer, issuer, at):
            return "not_by_issuer"
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return "not_by_issuer"
    faults = [_single_fault(one, at, now) for one in about]
    return next((one for one in faults if one), None)


def _by_answer(
    answer: ocsp.OCSPResponse,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    at: datetime,
    now: datetime,
) -> Said:
    fault = answer_fault(answer, certificate, issuer, at=at, now=now)
    if fault:
        return NOTHING_TO_ASK if fault in {"not_about", "refused"} else Said(state="unknown")
    about = _about(answer, certificate, issuer)
    revoked = [one for one in about if one.revocation_time_utc and one.revocation_time_utc <= at]
    told = (revoked or about)[0]
    if not revoked and told.this_update_utc > certificate.not_valid_after_utc:
        return Said(state="unknown")  # responders forget certificates that have expired (RFC 6960, 4.4.4)
    return Said(
        state="revoked" if revoked else "good",
        source=answer,
        since=told.this_update_utc,
        until=told.next_update_utc,
    )


def _about(
    answer: ocsp.OCSPResponse, certificate: x509.Certificate, issuer: x509.Certificate
) -> list[ocsp.OCSPSingleResponse]:
    return [one for one in answer.responses if _is_about(one, certificate, issuer)]


def _single_fault(one: ocsp.OCSPSingleResponse, at: datetime, now: datetime) -> Fault | None:
    is_revoked = one.certificate_status == ocsp.OCSPCertStatus.REVOKED and one.revocation_time_utc
    if one.certificate_status != ocsp.OCSPCertStatus.GOOD and not is_revoked:
        return "unknown"
    return _time_fault(one.this_update_utc, one.next_update_utc, at, now)


def _is_about(one: ocsp.OCSPSingleResponse, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Tell whether an answer is about a certificate: serial, issuer's name and issuer's key (RFC 6960, 4.1.1)."""
    if one.serial_number != certificate.serial_number:
        return False
    asked = (
        ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, _allowed(one.hash_algorithm)).build()
    )
    return (one.issuer_name_hash, one.issuer_key_hash) == (asked.issuer_name_hash, asked.issuer_key_hash)


def _allowed(
    chosen: hashes.HashAlgorithm,
) -> hashes.SHA1 | hashes.SHA224 | hashes.SHA256 | hashes.SHA384 | hashes.SHA512:
    if isinstance(chosen, hashes.SHA1 | hashes.SHA224 | hashes.SHA256 | hashes.SHA384 | hashes.SHA512):
        return chosen  # SHA-1 only names the issuer here
    raise ValueError(chosen.name)


def _is_by_responder(answer: ocsp.OCSPResponse, issuer: x509.Certificate, at: datetime) -> bool:
    """Tell whether the issuer answered, or one whom the issuer certified for that (RFC 6960, 4.2.2.2)."""
    chosen = answer.signature_hash_algorithm
    if chosen is not None and chosen.name in algorithms.WEAK_DIGESTS:
        return False
    if _is_signed_by(answer, issuer):
        return True
    return any(
        chains.OCSP in (extensions.purposes(one) or ())
        and one.issuer == issuer.subject
        and one.not_valid_before_utc <= at + WITHOUT_END
        and answer.produced_at_utc <= one.not_valid_after_utc
        and _is_signed_by(answer, one)
        and chains.is_issued_by(one, issuer)
        for one in answer.certificates[:4]
    )


def _is_signed_by(answer: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    key, data = signer.public_key(), answer.tbs_response_bytes
    if algorithms.weakness(key):
        return False
    chosen = answer.signature_hash_algorithm
    try:
        if isinstance(key, rsa.RSAPublicKey) and chosen:
            key.verify(answer.signature, data, padding.PKCS1v15(), chosen)
        elif isinstance(key, ec.EllipticCurvePublicKey) and chosen:
            key.verify(answer.signature, data, ec.ECDSA(chosen))
        elif isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
            key.verify(answer.signature, data)
        else:
            return False
    except InvalidSignature:
        return False
    return True

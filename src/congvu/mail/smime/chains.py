"""From a certificate to a root that the agency trusts. RFC 5280, 6; RFC 8550, 4.

Ways are searched with a bound on the signatures that are tried, so that no heap of certificates makes it slow.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from congvu.mail.smime import algorithms, constraints, extensions

LONGEST = 8  # certificates of a way
MANY_TRIES = 48  # signatures of certificates that are tried for one signer
MANY_WAYS = 8

MAIL = ExtendedKeyUsageOID.EMAIL_PROTECTION
TIME = ExtendedKeyUsageOID.TIME_STAMPING
OCSP = ExtendedKeyUsageOID.OCSP_SIGNING

Way = tuple[x509.Certificate, ...]
_UNDERSTOOD = frozenset(
    (
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        ExtensionOID.ISSUER_ALTERNATIVE_NAME,
        ExtensionOID.NAME_CONSTRAINTS,
        ExtensionOID.CERTIFICATE_POLICIES,
        ExtensionOID.POLICY_CONSTRAINTS,
        ExtensionOID.INHIBIT_ANY_POLICY,
        ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
        ExtensionOID.SUBJECT_KEY_IDENTIFIER,
        ExtensionOID.CRL_DISTRIBUTION_POINTS,
        ExtensionOID.AUTHORITY_INFORMATION_ACCESS,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The best way that was found, from the certificate to the root, and what is wrong with it."""

    way: Way
    reasons: frozenset[str]
    is_rooted: bool


@dataclass(slots=True)
class _Search:
    roots: dict[bytes, list[x509.Certificate]]
    others: dict[bytes, list[x509.Certificate]]
    left: int = MANY_TRIES
    met_weak: bool = False  # a signature by MD5 or SHA-1, which proves no issuer
    ways: list[Way] = field(default_factory=list)

    def is_over(self) -> bool:
        return self.left <= 0 or len(self.ways) >= MANY_WAYS


def find(
    certificate: x509.Certificate,
    *,
    others: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    at: datetime,
    purpose: x509.ObjectIdentifier = MAIL,
) -> Chain:
    """Find the way from a certificate to a root that breaks the fewest rules at an instant.

    `others` are intermediate certificates from anywhere; they are believed only by the signatures over them.
    """
    search = _Search(_by_subject(roots), _by_subject(others))
    _climb(search, (certificate,))
    if search.ways:
        found = [Chain(way=way, reasons=_faults(way, at, purpose), is_rooted=True) for way in search.ways]
        return min(found, key=lambda one: len(one.reasons))
    reasons = _faults((certificate,), at, purpose) | {_why_none(certificate, search)}
    return Chain(way=(certificate,), reasons=reasons, is_rooted=False)


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Tell whether the signature on a certificate is another's."""
    try:
        algorithms.weakness(issuer.public_key())
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _by_subject(certificates: Iterable[x509.Certificate]) -> dict[bytes, list[x509.Certificate]]:
    found: dict[bytes, list[x509.Certificate]] = {}
    for one in dict.fromkeys(certificates):
        found.setdefault(one.subject.public_bytes(), []).append(one)
    return found


def _climb(search: _Search, way: Way) -> None:
    """Go on to every issuer of the last certificate of a way, roots first."""
    last = way[-1]
    if last in search.roots.get(last.subject.public_bytes(), ()):
        search.ways.append(way)
        return
    if len(way) >= LONGEST:
        return
    wanted = last.issuer.public_bytes()
    for issuer in [*search.roots.get(wanted, ()), *search.others.get(wanted, ())]:
        if search.is_over():
            return
        if issuer in way or not _fits(last, issuer):
            continue
        search.left -= 1
        search.met_weak |= _digest(last) in algorithms.WEAK_DIGESTS
        if is_issued_by(last, issuer):
            _climb(search, (*way, issuer))


def _fits(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Tell by the key identifiers whether it is worth to try a signature (RFC 5280, 4.2.1.1)."""
    named = extensions.of(certificate, x509.AuthorityKeyIdentifier)
    own = extensions.of(issuer, x509.SubjectKeyIdentifier)
    return named is None or own is None or named.key_identifier in {None, own.digest}


def _why_none(certificate: x509.Certificate, search: _Search) -> str:
    if search.left <= 0:
        return "too_large"
    if search.met_weak:
        return "weak_digest"
    is_own = certificate.subject == certificate.issuer and is_issued_by(certificate, certificate)
    return "self_signed" if is_own else "chain"


def _faults(way: Way, at: datetime, purpose: x509.ObjectIdentifier) -> frozenset[str]:
    found = set(_purpose_faults(way, purpose))
    for place, one in enumerate(way):
        if at < one.not_valid_before_utc:
            found.add("not_yet_valid")
        if at > one.not_valid_after_utc:
            found.add("expired")
        if weak := algorithms.weakness(one.public_key()):
            found.add(weak)
        if place < len(way) - 1 and _digest(one) in algorithms.WEAK_DIGESTS:
            found.add("weak_digest")  # a root is believed for its place, not for its signature
        if not extensions.critical(one) <= _UNDERSTOOD:
            found.add("chain")
    if not _are_authorities(way) or not constraints.are_kept(way) or not _keeps_policies(way):
        found.add("chain")
    return frozenset(found)


def _digest(certificate: x509.Certificate) -> str:
    try:
        chosen = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return ""
    return chosen.name if chosen else ""


def _are_authorities(way: Way) -> bool:
    """Tell whether all above the leaf may issue certificates, and as deep as they do (RFC 5280, 6.1.4, k to n)."""
    below = 0  # intermediate certificates under the authority, self-issued ones left out
    for authority in way[1:]:
        basic = extensions.of(authority, x509.BasicConstraints)
        if basic is None or not extensions.is_authority(authority):
            return False
        if basic.path_length is not None and below > basic.path_length:
            return False
        below += authority.subject != authority.issuer
    return True


def _keeps_policies(way: Way) -> bool:
    """Tell whether one policy runs through the way where an authority requires that (RFC 5280, 6.1.5, simplified).

    No mapping of policies is followed: a way that needs one counts as broken.
    """
    required = [
        limits.require_explicit_policy
        for one in way[1:]
        if (limits := extensions.of(one, x509.PolicyConstraints))
        and limits.require_explicit_policy is not None
    ]
    if not required:
        return True
    policies = [extensions.of(one, x509.CertificatePolicies) for one in way[:-1]]
    named = [{one.policy_identifier.dotted_string for one in found or ()} for found in policies]
    concrete = [found for found in named if "2.5.29.32.0" not in found]
    return all(named) and (not concrete or bool(set.intersection(*concrete)))


def _purpose_faults(way: Way, purpose: x509.ObjectIdentifier) -> Iterable[str]:
    leaf = way[0]
    usage, named = extensions.of(leaf, x509.KeyUsage), extensions.purposes(leaf)
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        yield "wrong_purpose"
    if purpose != MAIL:  # RFC 3161, 2.3 and RFC 6960, 4.2.2.2: the purpose is named
        if named is None or purpose not in named or (purpose == TIME and len(named) > 1):
            yield "wrong_purpose"
        return
    allowed = {MAIL, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}  # RFC 8550, 4.4.4
    if named is not None and not named & allowed:
        yield "wrong_purpose"
    for authority in way[1:]:
        above = extensions.purposes(authority)
        if above is not None and not above & allowed:
            yield "wrong_purpose"

"""Whether the signature of a message holds: mathematics, certificate, revocation, time, name. RFC 8551, RFC 8550.

Whatever goes wrong inside becomes a reason; nothing is raised, and every step has its bound.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes

from congvu.mail import mime
from congvu.mail.smime import chains, cms, extensions, names, revocation, stamps, structure
from congvu.mail.smime.algorithms import TooLargeError
from congvu.mail.smime.chains import Chain
from congvu.mail.smime.cms import MalformedError, Signature, SignedData
from congvu.mail.smime.stamps import NotAStampError
from congvu.mail.smime.structure import Found, Layer
from congvu.mail.smime.trust import Trust
from congvu.mail.smime.verdicts import Certificate, Signer, Verdict, ordered

log = logging.getLogger(__name__)
CLOCKS = timedelta(minutes=10)  # by which a signer's clock may be ahead


def verify(raw: bytes, *, trust: Trust, at: datetime, now: datetime) -> Verdict | None:
    """Check the signatures of a message as it is stored; None when it has none.

    `at` is the instant by which the signature certainly existed, the one at which the message was taken over: for
    that instant certificates are judged, unless a time stamp proves an earlier one. `now` is when is asked, and
    decides what can be known of revocation. Never raises.
    """
    try:
        found = structure.find(raw)
        return None if found is None else _judge(raw, found, trust, at, now)
    except Exception:  # a fault of ours or of a library is never the sender's
        log.exception("A signature could not be checked")
        return Verdict(at=at, reasons=("fault",))


def verify_carried(
    data: bytes, *, author: str | None, content_type: str, trust: Trust, at: datetime, now: datetime
) -> Verdict:
    """Check signed data (CMS) that carries its content of another type than mail; never raises."""
    try:
        signers = _signers(Layer(cms=data, content=None), trust, at, now, content_type)
        return _verdict(signers, {reason for one in signers for reason in one.reasons}, author, at)
    except MalformedError:
        return Verdict(at=at, reasons=("malformed",))
    except TooLargeError:
        return Verdict(at=at, reasons=("too_large",))
    except Exception:  # as above
        log.exception("A signature could not be checked")
        return Verdict(at=at, reasons=("fault",))


def _judge(raw: bytes, found: Found, trust: Trust, at: datetime, now: datetime) -> Verdict:
    reasons: set[str] = {found.fault} if found.fault else set()
    if found.is_partial:
        reasons.add("partial")
    signers: list[Signer] = []
    for layer in found.layers:
        try:
            signers += _signers(layer, trust, at, now)
        except MalformedError:
            reasons.add("malformed")
        except TooLargeError:
            reasons.add("too_large")
    reasons |= {reason for one in signers for reason in one.reasons}
    return _verdict(signers, reasons, names.author(mime.entity(raw).fields), at)


def _verdict(signers: list[Signer], reasons: set[str], author: str | None, at: datetime) -> Verdict:
    if signers:
        reasons |= _name_reasons(author, signers)
    remarks = tuple(dict.fromkeys(remark for one in signers for remark in one.remarks))
    if len(signers) > 1:
        remarks = ("two_signers", *remarks)
    return Verdict(at=at, signers=tuple(signers), reasons=ordered(reasons), remarks=remarks)


def _name_reasons(author: str | None, signers: Iterable[Signer]) -> set[str]:
    """Compare From with the addresses of those who signed; one of them must be its."""
    if author is None:
        return {"sender_unclear"}
    known = [signer for signer in signers if signer.chain]
    if not known or any(names.same(author, address) for one in known for address in one.addresses):
        return set()
    return {"wrong_name"}


def _signers(
    layer: Layer, trust: Trust, at: datetime, now: datetime, content_type: str = "data"
) -> list[Signer]:
    if len(layer.cms) - len(layer.content or b"") > cms.LARGEST_SIGNATURE and layer.content is not None:
        raise TooLargeError("signature")
    signed = cms.read(layer.cms)
    if signed.content_type != content_type:
        raise MalformedError(signed.content_type)
    contents = forms(signed.content if layer.content is None else layer.content)
    return [_signer(signed, info, contents, trust, at, now) for info in signed.signers]


def forms(content: bytes | None) -> tuple[bytes, ...]:
    """Return content as it is stored and, where its line ends were changed on the way, in canonical form.

    RFC 8551, 3.1.1: a signature is over CRLF; archives often keep LF alone.
    """
    if content is None:
        raise MalformedError("no content")
    canonical = content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return (content,) if canonical == content else (content, canonical)


def _signer(
    signed: SignedData, info: object, contents: tuple[bytes, ...], trust: Trust, at: datetime, now: datetime
) -> Signer:
    signature = cms.check(signed, info, contents)
    if signature.certificate is None:
        return Signer(
            reasons=ordered(signature.reasons), signed_at=signature.signed_at, digest=signature.digest
        )
    remarks: list[str] = []
    stamp = _stamp(signature, trust, at, now)
    if signature.token is not None and stamp is None:
        remarks.append("time")
    if signature.signed_at and signature.signed_at > at + CLOCKS:
        remarks.append("clock")
    chain, reasons = _followed(
        signature.certificate, signed, signature, trust, stamp[0] if stamp else at, now, chains.MAIL
    )
    return Signer(
        name=names.common_name(signature.certificate),
        addresses=names.mail_addresses(signature.certificate),
        reasons=ordered(signature.reasons | reasons),
        remarks=tuple(remarks),
        signed_at=signature.signed_at,
        stamped_at=stamp[0] if stamp else None,
        stamped_by=stamp[1] if stamp else "",
        digest=signature.digest,
        chain=tuple(_shown(one) for one in chain.way),
    )


def _stamp(signature: Signature, trust: Trust, at: datetime, now: datetime) -> tuple[datetime, str] | None:
    """Return when and by whom a signature was stamped, when that can be relied on."""
    if signature.token is None:
        return None
    try:
        stamp = stamps.read(signature.token, over=signature.value)
    except NotAStampError:
        return None
    _chain, reasons = _followed(
        stamp.certificate, stamp.signed, stamp.signature, trust, stamp.at, now, chains.TIME
    )
    if reasons or stamp.at > at + CLOCKS:
        return None
    return min(stamp.at, at), names.common_name(stamp.certificate)


def _followed(
    certificate: x509.Certificate,
    signed: SignedData,
    signature: Signature,
    trust: Trust,
    at: datetime,
    now: datetime,
    purpose: x509.ObjectIdentifier,
) -> tuple[Chain, set[str]]:
    """Follow a certificate to a root and ask on the way whether one was revoked."""
    others = [*_readable(signed.certificates), *trust.intermediates]
    try:
        chain = chains.find(certificate, others=others, roots=trust.roots, at=at, purpose=purpose)
    except TooLargeError:
        return Chain(way=(certificate,), reasons=frozenset(), is_rooted=False), {"too_large"}
    reasons = set(chain.reasons)
    if chain.is_rooted:
        with_it = revocation.known((*signed.lists, *signature.lists), (*signed.answers, *signature.answers))
        for one, issuer in zip(chain.way, chain.way[1:], strict=False):
            said = revocation.state(one, issuer, from_=(with_it, trust.known), at=at, now=now)
            if said == "revoked":
                reasons.add("revoked")
            if said == "unknown":
                reasons.add("revocation_unknown")
    return chain, reasons


def _readable(certificates: Iterable[bytes]) -> list[x509.Certificate]:
    found = []
    for der in certificates:
        try:
            found.append(extensions.whole(der))
        except (ValueError, UnsupportedAlgorithm):
            continue
    return found


def _shown(certificate: x509.Certificate) -> Certificate:
    return Certificate(
        subject=names.distinguished(certificate.subject),
        issuer=names.distinguished(certificate.issuer),
        serial=f"{certificate.serial_number:x}",
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
    )

"""Whether the signature of a message holds: mathematics, certificate, revocation, time, name. RFC 8551, RFC 8550.

Whatever goes wrong inside becomes a reason; nothing is raised, and every step has its bound.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import repeat

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes

from congvu.mail import mime
from congvu.mail.smime import chains, cms, extensions, names, revocation, stamps, structure
from congvu.mail.smime.algorithms import TooLargeError
from congvu.mail.smime.chains import Chain
from congvu.mail.smime.cms import MalformedError, Signature, SignedData
from congvu.mail.smime.revocation import Known
from congvu.mail.smime.stamps import NotAStampError
from congvu.mail.smime.structure import Found, Layer
from congvu.mail.smime.tracing import Link, Traces
from congvu.mail.smime.trust import Trust
from congvu.mail.smime.verdicts import NOT_ASKED, Certificate, Revocation, Signer, Verdict, ordered

log = logging.getLogger(__name__)
CLOCKS = timedelta(minutes=10)  # by which a signer's clock may be ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Against what, for which instant and when a signature is checked; `traces` takes what is met."""

    trust: Trust
    at: datetime
    now: datetime
    traces: Traces


@dataclass(frozen=True, slots=True, kw_only=True)
class _Followed:
    """A way, what is wrong with it, and what is known of the revocation of each certificate below its root."""

    chain: Chain
    reasons: set[str]
    revocations: tuple[Revocation, ...] = ()


def verify(
    raw: bytes, *, trust: Trust, at: datetime, now: datetime, traces: Traces | None = None
) -> Verdict | None:
    """Check the signatures of a message as it is stored; None when it has none.

    `at` is the instant by which the signature certainly existed, the one at which the message was taken over: for
    that instant certificates are judged, unless a time stamp proves an earlier one. `now` is when is asked, and
    decides what can be known of revocation. `traces` is told what was met. Never raises.
    """
    try:
        found = structure.find(raw)
        case = Case(trust=trust, at=at, now=now, traces=traces or Traces())
        return None if found is None else _judge(raw, found, case)
    except Exception:  # a fault of ours or of a library is never the sender's
        log.exception("A signature could not be checked")
        return Verdict(at=at, reasons=("fault",))


def verify_carried(data: bytes, *, author: str | None, content_type: str, case: Case) -> Verdict:
    """Check signed data (CMS) that carries its content of another type than mail; never raises."""
    try:
        signers = _signers(Layer(cms=data, content=None), case, content_type)
        return _verdict(signers, {reason for one in signers for reason in one.reasons}, author, case.at)
    except MalformedError:
        return Verdict(at=case.at, reasons=("malformed",))
    except TooLargeError:
        return Verdict(at=case.at, reasons=("too_large",))
    except Exception:  # as above
        log.exception("A signature could not be checked")
        return Verdict(at=case.at, reasons=("fault",))


def _judge(raw: bytes, found: Found, case: Case) -> Verdict:
    reasons: set[str] = {found.fault} if found.fault else set()
    if found.is_partial:
        reasons.add("partial")
    signers: list[Signer] = []
    for layer in found.layers:
        try:
            signers += _signers(layer, case)
        except MalformedError:
            reasons.add("malformed")
        except TooLargeError:
            reasons.add("too_large")
    reasons |= {reason for one in signers for reason in one.reasons}
    verdict = _verdict(signers, reasons, names.author(mime.entity(raw).fields), case.at)
    if not structure.names_other_head(raw, found):
        return verdict
    return replace(verdict, remarks=(*verdict.remarks, "other_head"))


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


def _signers(layer: Layer, case: Case, content_type: str = "data") -> list[Signer]:
    if len(layer.cms) - len(layer.content or b"") > cms.LARGEST_SIGNATURE and layer.content is not None:
        raise TooLargeError("signature")
    signed = cms.read(layer.cms)
    if signed.content_type != content_type:
        raise MalformedError(signed.content_type)
    contents = forms(signed.content if layer.content is None else layer.content)
    return [_signer(signed, info, contents, case) for info in signed.signers]


def forms(content: bytes | None) -> tuple[bytes, ...]:
    """Return content as it is stored and, where its line ends were changed on the way, in canonical form.

    RFC 8551, 3.1.1: a signature is over CRLF; archives often keep LF alone.
    """
    if content is None:
        raise MalformedError("no content")
    canonical = content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return (content,) if canonical == content else (content, canonical)


def _signer(signed: SignedData, info: object, contents: tuple[bytes, ...], case: Case) -> Signer:
    signature = cms.check(signed, info, contents)
    if signature.certificate is None:
        return Signer(
            reasons=ordered(signature.reasons), signed_at=signature.signed_at, digest=signature.digest
        )
    remarks: list[str] = []
    stamp = _stamp(signature, case)
    if signature.token is not None and stamp is None:
        remarks.append("time")
    if signature.signed_at and signature.signed_at > case.at + CLOCKS:
        remarks.append("clock")
    judged = replace(case, at=stamp[0]) if stamp else case
    followed = _follow(signature.certificate, signed, signature, judged, chains.MAIL)
    return Signer(
        name=names.common_name(signature.certificate),
        addresses=names.mail_addresses(signature.certificate),
        reasons=ordered(signature.reasons | followed.reasons),
        remarks=tuple(remarks),
        signed_at=signature.signed_at,
        stamped_at=stamp[0] if stamp else None,
        stamped_by=stamp[1] if stamp else "",
        digest=signature.digest,
        chain=tuple(_shown(followed)),
    )


def _stamp(signature: Signature, case: Case) -> tuple[datetime, str] | None:
    """Return when and by whom a signature was stamped, when that can be relied on."""
    if signature.token is None:
        return None
    try:
        stamp = stamps.read(signature.token, over=signature.value)
    except NotAStampError:
        return None
    judged = replace(case, at=stamp.at)
    followed = _follow(stamp.certificate, stamp.signed, stamp.signature, judged, chains.TIME)
    if followed.reasons or stamp.at > case.at + CLOCKS:
        return None
    return min(stamp.at, case.at), names.common_name(stamp.certificate)


def _follow(
    certificate: x509.Certificate,
    signed: SignedData,
    signature: Signature,
    case: Case,
    purpose: x509.ObjectIdentifier,
) -> _Followed:
    """Follow a certificate to a root and ask on the way whether one was revoked."""
    others = [*_readable(signed.certificates), *case.trust.intermediates]
    try:
        chain = chains.find(certificate, others=others, roots=case.trust.roots, at=case.at, purpose=purpose)
    except TooLargeError:
        chain = Chain(way=(certificate,), reasons=frozenset(), is_rooted=False)
        return _Followed(chain=chain, reasons={"too_large"})
    if not chain.is_rooted:
        return _Followed(chain=chain, reasons=set(chain.reasons))
    with_it = revocation.known((*signed.lists, *signature.lists), (*signed.answers, *signature.answers))
    found = tuple(_revocation(chain, place, with_it, case) for place in range(len(chain.way) - 1))
    words = {"revoked": "revoked", "unknown": "revocation_unknown"}
    reasons = chain.reasons | {words[one.state] for one in found if one.state in words}
    return _Followed(chain=chain, reasons=set(reasons), revocations=found)


def _revocation(chain: Chain, place: int, with_it: Known, case: Case) -> Revocation:
    """Return what is known of the revocation of one certificate of a way."""
    certificate, issuer = chain.way[place : place + 2]
    said = revocation.said(certificate, issuer, from_=(with_it, case.trust.known), at=case.at, now=case.now)
    is_wanted = said.state == "unknown" and not chain.reasons
    link = Link(certificate=certificate, issuer=issuer, is_wanted=is_wanted)
    return case.traces.note(link, said, with_it=with_it)


def _readable(certificates: Iterable[bytes]) -> list[x509.Certificate]:
    found = []
    for der in certificates:
        try:
            found.append(extensions.whole(der))
        except (ValueError, UnsupportedAlgorithm):
            continue
    return found


def _shown(followed: _Followed) -> Iterable[Certificate]:
    said_of = (*followed.revocations, *repeat(NOT_ASKED, len(followed.chain.way)))
    for certificate, said in zip(followed.chain.way, said_of, strict=False):
        yield Certificate(
            subject=names.distinguished(certificate.subject),
            issuer=names.distinguished(certificate.issuer),
            serial=f"{certificate.serial_number:x}",
            fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
            valid_from=certificate.not_valid_before_utc,
            valid_to=certificate.not_valid_after_utc,
            revocation=said,
        )

"""What is known from authorities that were asked, and whom to ask next."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.x509 import ocsp
from django.conf import settings
from django.db.models import Q

from congvu.base import blobs
from congvu.base.blobs import BlobDamagedError, BlobMissingError
from congvu.directory.models import Agency
from congvu.mail.models import Signature
from congvu.mail.revocations import asking
from congvu.mail.revocations.models import (
    RevocationInquiry,
    RevocationNeed,
    RevocationProof,
    RevocationStatement,
    Sort,
)
from congvu.mail.smime.revocation import Known
from congvu.mail.smime.tracing import Link

_SORTS = {"off": frozenset[str](), "lists": frozenset(("list",)), "all": frozenset(("list", "answer"))}
_BOTH = _SORTS["all"]


class UnknownWayError(ValueError):
    """CONGVU_REVOCATION is none of off, lists, all."""


def sorts() -> frozenset[str]:
    """Return which statements this installation asks for over the network. UnknownWayError."""
    if settings.CONGVU_REVOCATION not in _SORTS:
        raise UnknownWayError(settings.CONGVU_REVOCATION)
    return _SORTS[settings.CONGVU_REVOCATION]


def hosts() -> frozenset[str]:
    """Return the hosts of the inside that may be asked."""
    return frozenset(
        one.strip().lower() for one in settings.CONGVU_REVOCATION_HOSTS.split(",") if one.strip()
    )


def statements(
    agency: Agency, links: Iterable[Link], *, signature: Signature | None = None
) -> list[RevocationStatement]:
    """Return what is at hand about certificates: the latest that came, and what a signature's verdict rests on."""
    asked = Q(pk__in=[])
    for link in links:
        for one in asking.questions(link, sorts=_BOTH):
            asked |= Q(sort=one.sort, place=one.place, about=one.about)
    inquiries = RevocationInquiry.objects.filter(asked, agency=agency, statement__isnull=False)
    latest = {one.statement for one in inquiries.select_related("statement") if one.statement}
    return sorted(latest | set(proofs(signature) if signature else ()), key=lambda one: one.pk)


def known(found: Iterable[RevocationStatement]) -> Known:
    """Read statements; one whose bytes are lost is left out."""
    read = [_read(one.blob, one.sort) for one in found]
    return Known(
        lists=tuple(one for one in read if isinstance(one, x509.CertificateRevocationList)),
        answers=tuple(one for one in read if isinstance(one, ocsp.OCSPResponse)),
    )


def proofs(signature: Signature) -> list[RevocationStatement]:
    """Return the statements by which a verdict was found."""
    rows = RevocationProof.objects.filter(agency=signature.agency, signature=signature)
    return [one.statement for one in rows.select_related("statement").order_by("statement_id")]


def by_digest(agency: Agency, digests: Iterable[str]) -> list[RevocationStatement]:
    """Return statements by the SHA-256 of their DER."""
    return list(RevocationStatement.objects.filter(agency=agency, digest__in=set(digests) - {""}))


def waits_for(signature: Signature) -> list[RevocationInquiry]:
    """Return whom a signature waits for."""
    rows = RevocationNeed.objects.filter(agency=signature.agency, signature=signature)
    return [one.inquiry for one in rows.select_related("inquiry").order_by("inquiry_id")]


def due(now: datetime, *, limit: int) -> list[RevocationInquiry]:
    """Return the inquiries that are due, the longest waiting first."""
    rows = RevocationInquiry.objects.filter(next_at__lte=now).select_related("statement")
    return list(rows.order_by("next_at", "id")[:limit])


def is_fresh(inquiry: RevocationInquiry, now: datetime, *, tried: Collection[str]) -> bool:
    """Tell whether an inquiry was answered for now, by something that a check has not seen."""
    said = inquiry.statement
    return said is not None and said.digest not in tried and (said.until is None or said.until > now)


def is_told(inquiry: RevocationInquiry, now: datetime, *, tried: Collection[str]) -> bool:
    """Tell whether an inquiry was answered for now, by something that a check has seen."""
    said = inquiry.statement
    return said is not None and said.digest in tried and (said.until is None or said.until > now)


@lru_cache(maxsize=8)
def _read(blob: str, sort: str) -> x509.CertificateRevocationList | ocsp.OCSPResponse | None:
    """Return a statement, which is public and never changes."""
    try:
        data = blobs.get(blob)
    except (BlobMissingError, BlobDamagedError):
        return None
    return x509.load_der_x509_crl(data) if sort == Sort.LIST else ocsp.load_der_ocsp_response(data)

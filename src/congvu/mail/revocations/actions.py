"""Who waits for which authority, what authorities said, and which verdicts rest on it."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.serialization import Encoding

from congvu.base import blobs
from congvu.base.database import atomic
from congvu.directory.models import Agency
from congvu.mail.models import Signature
from congvu.mail.revocations import asking, queries
from congvu.mail.revocations.asking import Question, Told
from congvu.mail.revocations.models import (
    RevocationInquiry,
    RevocationNeed,
    RevocationProof,
    RevocationStatement,
)
from congvu.mail.smime import tracing
from congvu.mail.smime.revocation import Said
from congvu.mail.smime.tracing import Link

PATIENCE = timedelta(days=3)  # then it is said that it cannot be determined
LONGEST_PAUSE = timedelta(hours=4)


class FreshlyToldError(Exception):
    """What is wanted came while the signature was checked; it is to be checked once more."""


def wait(
    signature: Signature,
    links: Iterable[Link],
    *,
    tried: Collection[str],
    sorts: Collection[str],
    now: datetime,
) -> bool:  # no-evidence: the verdict that follows records
    """Let a signature wait in the open transaction for whoever may tell; return whether there is anybody.

    `tried` are digests of the statements that the check has seen. Raises FreshlyToldError.
    """
    found: dict[int, RevocationInquiry] = {}
    for link in links:
        for one in _asked(signature.agency, link, tried=tried, sorts=sorts, now=now):
            found[one.pk] = one
    RevocationInquiry.objects.filter(pk__in=found, next_at=None).update(next_at=now)
    RevocationNeed.objects.filter(agency=signature.agency, signature=signature).delete()
    RevocationNeed.objects.bulk_create(
        RevocationNeed(agency=signature.agency, signature=signature, inquiry=one) for one in found.values()
    )
    return bool(found)


def keep_told(
    inquiry: RevocationInquiry, told: Told, *, now: datetime
) -> None:  # no-evidence: the verdict records
    """Keep what an authority said, and have the signatures that waited for it checked again."""
    with atomic():
        inquiry.statement = _kept(inquiry.agency, inquiry.sort, told, now)
        inquiry.failure, inquiry.attempts, inquiry.tried_at, inquiry.next_at = "", 0, now, None
        inquiry.save(update_fields=["statement", "failure", "attempts", "tried_at", "next_at"])
        _wake(inquiry)


def note_failure(
    inquiry: RevocationInquiry, word: str, *, now: datetime
) -> None:  # no-evidence: it is tried again
    """Note why nothing was told and when to ask again; who waited may turn to another authority meanwhile."""
    with atomic():
        inquiry.failure, inquiry.attempts, inquiry.tried_at = word, inquiry.attempts + 1, now
        inquiry.next_at = now + min(timedelta(minutes=2 ** min(inquiry.attempts, 12)), LONGEST_PAUSE)
        inquiry.save(update_fields=["failure", "attempts", "tried_at", "next_at"])
        _wake(inquiry)


def give_up(*, sorts: Collection[str], now: datetime) -> int:  # no-evidence: the verdict that follows records
    """Have signatures that waited too long, or for what is asked no more, judged as it stands; return how many."""
    asking_ = Signature.objects.filter(state=Signature.State.ASKING)
    with atomic():
        over = asking_.filter(asked_at__lte=now - PATIENCE) if sorts else asking_
        given_up = over.update(state=Signature.State.WAITING)
        needed = RevocationNeed.objects.values("inquiry")
        idle = RevocationInquiry.objects.filter(next_at__isnull=False).exclude(pk__in=needed)
        idle.update(next_at=None, attempts=0)
    return given_up


def prove(
    signature: Signature, statements: Iterable[Said], *, now: datetime
) -> None:  # no-evidence: the entry of the verdict names them
    """Keep, in the open transaction, the statements by which a verdict was found beside it, each once."""
    agency = signature.agency
    rows = [
        _kept(
            agency, tracing.sort(said), Told(der=tracing.der(said), since=said.since, until=said.until), now
        )
        for said in statements
    ]
    RevocationProof.objects.bulk_create(
        RevocationProof(agency=agency, signature=signature, statement=row) for row in rows
    )
    RevocationNeed.objects.filter(agency=agency, signature=signature).delete()


def forget(*, before: datetime) -> int:  # no-evidence: public statements on which nothing rests
    """Destroy statements that were kept before an instant, are the latest of nobody and prove nothing."""
    used = RevocationProof.objects.values("statement")
    latest = RevocationInquiry.objects.filter(statement__isnull=False).values("statement")
    old = RevocationStatement.objects.filter(kept_at__lt=before).exclude(pk__in=used).exclude(pk__in=latest)
    rows = list(old)
    with atomic():
        RevocationStatement.objects.filter(pk__in=[one.pk for one in rows]).delete()
    for one in rows:
        blobs.destroy(one.blob)
    return len(rows)


def _asked(
    agency: Agency, link: Link, *, tried: Collection[str], sorts: Collection[str], now: datetime
) -> Iterable[RevocationInquiry]:
    """Yield whom to ask about a certificate: the first who has not failed, and those before who have."""
    for question in asking.questions(link, sorts=sorts):
        inquiry = _inquiry(agency, question)
        if queries.is_fresh(inquiry, now, tried=tried):
            raise FreshlyToldError
        if queries.is_told(inquiry, now, tried=tried):
            continue
        yield inquiry
        if not inquiry.failure:
            return


def _inquiry(agency: Agency, question: Question) -> RevocationInquiry:
    found, _ = RevocationInquiry.objects.select_related("statement").get_or_create(
        agency=agency,
        sort=question.sort,
        place=question.place,
        about=question.about,
        defaults={
            "certificate": question.certificate.public_bytes(Encoding.DER),
            "issuer": question.issuer.public_bytes(Encoding.DER),
        },
    )
    return found


def _wake(inquiry: RevocationInquiry) -> None:
    needs = RevocationNeed.objects.filter(agency=inquiry.agency, inquiry=inquiry)
    waiting = Signature.objects.filter(pk__in=needs.values("signature"), state=Signature.State.ASKING)
    waiting.update(state=Signature.State.WAITING)


def _kept(agency: Agency, sort: str, told: Told, now: datetime) -> RevocationStatement:
    """Return the row of a statement, made where it is new, its bytes on disk before it."""
    digest = hashlib.sha256(told.der).hexdigest()
    known = RevocationStatement.objects.filter(agency=agency, digest=digest).first()
    return known or RevocationStatement.objects.create(
        agency=agency,
        sort=sort,
        digest=digest,
        blob=blobs.put(told.der),
        said_at=told.since,
        until=told.until,
        kept_at=now,
    )

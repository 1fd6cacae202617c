"""Writing: drafts and their files; only their author sees them, and no evidence arises before they are sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from congvu.base import blobs
from congvu.base.database import atomic
from congvu.directory.models import Address
from congvu.directory.queries import Seat
from congvu.mail import secrecy
from congvu.mail.actions.keeping import kept
from congvu.mail.actions.mailboxes import boxes_of
from congvu.mail.compose import File
from congvu.mail.models import Draft, DraftFile, Message
from congvu.mail.parcels import SecrecyMarkError
from congvu.mail.policies import NotAllowedError, may_write_from
from congvu.mail.queries.routes import route

LIMIT = 25_000_000  # bytes of files with one message


class TooLargeError(Exception):
    """The files are larger than one message may be."""


class DraftGoneError(Exception):
    """The draft was sent or thrown away meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a person has typed so far; `draft` is the one to go on with."""

    sender: Address
    to: str = ""
    cc: str = ""
    subject: str = ""
    body: str = ""
    communication: str = ""
    answers: Message | None = None
    forwards: Message | None = None
    draft: Draft | None = None
    files: Sequence[File] = ()
    without: Sequence[str] = ()  # handles of files to take off


def keep(*, seat: Seat, written: Written, now: datetime) -> Draft:  # no-evidence: draft
    """Keep what was typed, with its files. Raises NotAllowedError, TooLargeError, DraftGoneError or SecrecyMarkError.

    What carries a mark of state secrecy is not stored, not even as a draft.
    """
    if not may_write_from(seat, written.sender, now=now):
        raise NotAllowedError
    _refuse_secrets(written)
    sizes = sum(len(one.content) for one in written.files)
    if sizes + kept_size(written) > LIMIT:
        raise TooLargeError
    with kept([one.content for one in written.files], rows=DraftFile.objects) as stored, atomic():
        draft = _row(seat, written, now)
        if written.draft:
            still_there(draft)
        draft.save()
        removed = list(DraftFile.objects.filter(draft=draft, handle__in=written.without))
        DraftFile.objects.filter(pk__in=[one.pk for one in removed]).delete()
        DraftFile.objects.bulk_create(
            DraftFile(
                agency=seat.agency,
                draft=draft,
                blob=blob,
                name=one.filename[:255],
                content_type=one.content_type[:127],
                size=len(one.content),
            )
            for one, blob in zip(written.files, stored, strict=True)
        )
    _destroy(removed)
    return draft


def discard(*, seat: Seat, draft: Draft) -> None:  # no-evidence: draft
    """Throw a draft away with its files. Raises NotAllowedError."""
    if draft.author_id != seat.person.pk or draft.agency_id != seat.agency.pk:
        raise NotAllowedError
    with atomic():
        files = remove(draft)
    _destroy(files)


def still_there(draft: Draft) -> None:
    """Raise DraftGoneError unless the draft's row is there; inside a transaction, which no other writer disturbs."""
    if not Draft.objects.filter(pk=draft.pk).exists():
        raise DraftGoneError


def remove(draft: Draft) -> list[DraftFile]:  # no-evidence: draft
    """Delete the rows of a draft in the open transaction; return its files, whose blobs are still there."""
    files = list(DraftFile.objects.filter(draft=draft))
    draft.delete()
    return files


def kept_size(written: Written) -> int:
    """Return the bytes of files that a draft already has and keeps."""
    if written.draft is None:
        return 0
    rows = DraftFile.objects.filter(draft=written.draft).exclude(handle__in=written.without)
    return rows.aggregate(size=Sum("size"))["size"] or 0


def _row(seat: Seat, written: Written, now: datetime) -> Draft:
    draft = written.draft or Draft(agency=seat.agency, author=seat.person)
    if draft.author_id != seat.person.pk or draft.agency_id != seat.agency.pk:
        raise NotAllowedError
    way = route(written.sender, now=now)
    draft.mailbox = boxes_of([way], at=now)[way.key]
    draft.answers = written.answers or draft.answers
    draft.forwards = written.forwards or draft.forwards
    for name in ("to", "cc", "subject", "body", "communication"):
        setattr(draft, name, getattr(written, name))
    draft.saved_at = now
    return draft


def _refuse_secrets(written: Written) -> None:
    mark = secrecy.marking(
        subject=written.subject,
        filenames=[one.filename for one in written.files],
        lines=written.body.splitlines()[: secrecy.FIRST_LINES],
    )
    if mark:
        raise SecrecyMarkError(mark)


def _destroy(files: Sequence[DraftFile]) -> None:
    for one in files:
        blobs.destroy(one.blob)

"""Writing: drafts and their files; only their author sees them, and no evidence arises before they are sent."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from congvu.base import blobs, handles
from congvu.base.database import atomic
from congvu.base.keeping import kept
from congvu.directory.models import Address
from congvu.directory.queries import Seat
from congvu.mail import compose, guarding, secrecy
from congvu.mail.actions.mailboxes import boxes_of
from congvu.mail.compose import File
from congvu.mail.models import Draft, DraftFile, Message
from congvu.mail.parcels import SecrecyMarkError
from congvu.mail.policies import NotAllowedError, may_write_from
from congvu.mail.queries.routes import route

LIMIT = 25_000_000  # bytes of files with one message
MEETING = ("meeting_start", "meeting_end", "meeting_zone", "meeting_place")
TYPED = ("to", "cc", "subject", "body", "communication", *MEETING)


class TooLargeError(Exception):
    """The files are larger than one message may be."""


class DraftGoneError(Exception):
    """The draft was sent or thrown away meanwhile, or is somebody else's."""


class DraftChangedError(Exception):
    """Another window or computer has kept something else meanwhile: `draft`, which stays as it is."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft.handle)
        self.draft = draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a person has typed so far; `draft` is the handle of the one to go on with, or of one that is not kept yet.

    A form has that handle before anything is kept, so two presses of its button are known as one. `revision` names
    this writing, and `seen` the one that its writer had before: what neither names is another window's. A writing
    whose answer was lost is handed in again under the same name. Without a name nothing is compared.
    """

    sender: Address
    to: str = ""
    cc: str = ""
    subject: str = ""
    body: str = ""
    communication: str = ""
    meeting_start: str = ""  # of an invitation that goes with it, as typed
    meeting_end: str = ""
    meeting_zone: str = ""
    meeting_place: str = ""
    answers: Message | None = None
    forwards: Message | None = None
    draft: str = ""
    seen: str = ""
    revision: str = ""
    files: Sequence[File] = ()
    without: Sequence[str] = ()  # handles of files to take off


def keep(*, seat: Seat, written: Written, now: datetime) -> Draft:  # no-evidence: draft
    """Keep what was typed, with its files. Raises NotAllowedError, TooLargeError, DraftGoneError, SecrecyMarkError.

    DraftChangedError where another window has kept something else, HarmfulFileError where the policy about
    attached files refuses one. What carries a mark of state secrecy is not stored, not even as a draft.
    """
    if not may_write_from(seat, written.sender, answers=_answered(seat, written), now=now):
        raise NotAllowedError
    _refuse_secrets(written)
    guarding.refuse((one.filename, one.content) for one in written.files)
    sizes = sum(len(one.content) for one in written.files)
    if sizes + kept_size(written) > LIMIT:
        raise TooLargeError
    with kept([one.content for one in written.files], rows=DraftFile.objects) as stored, atomic():
        draft = _row(seat, written, now)
        draft.save()
        removed = list(DraftFile.objects.filter(draft=draft, handle__in=written.without))
        DraftFile.objects.filter(pk__in=[one.pk for one in removed]).delete()
        twice = _attach(draft, written.files, stored)
    _destroy([*[one.blob for one in removed], *twice])
    return draft


def discard(*, seat: Seat, draft: Draft) -> None:  # no-evidence: draft
    """Throw a draft away with its files. Raises NotAllowedError."""
    if draft.author_id != seat.person.pk or draft.agency_id != seat.agency.pk:
        raise NotAllowedError
    with atomic():
        files = remove(draft)
    _destroy([one.blob for one in files])


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
    if not written.draft:
        return 0
    rows = DraftFile.objects.filter(draft__handle=written.draft).exclude(handle__in=written.without)
    return rows.aggregate(size=Sum("size"))["size"] or 0


def _answered(seat: Seat, written: Written) -> Message | None:
    """Return what is answered: as the form says, or as the draft has it already."""
    if written.answers or not written.draft:
        return written.answers
    held = Draft.objects.filter(agency=seat.agency, author=seat.person, handle=written.draft)
    draft = held.select_related("answers").first()
    return draft.answers if draft else None


def _row(seat: Seat, written: Written, now: datetime) -> Draft:
    draft = _begun(seat, written.draft)
    if draft.pk and _is_anothers(draft, written):
        raise DraftChangedError(draft)
    way = route(written.sender, now=now)
    draft.mailbox = boxes_of([way], at=now)[way.key]
    draft.answers = written.answers or draft.answers
    draft.forwards = written.forwards or draft.forwards
    for name in TYPED:
        setattr(draft, name, getattr(written, name))
    draft.revision = written.revision or handles.new()
    draft.saved_at = now
    return draft


def _is_anothers(draft: Draft, written: Written) -> bool:
    """Tell whether a draft holds what its writer has not seen, and it says something else."""
    if not written.revision or draft.revision in {written.seen, written.revision}:
        return False
    return any(_plain(getattr(draft, name)) != _plain(getattr(written, name)) for name in TYPED)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _begun(seat: Seat, handle: str) -> Draft:
    """Return the draft of a handle, new when nothing was kept under it yet. Raises DraftGoneError."""
    if not handle:
        return Draft(agency=seat.agency, author=seat.person)
    draft = Draft.objects.filter(handle=handle).first()
    if draft is None:
        message_id = compose.message_id_of(handle, domain=seat.agency.domain)
        if Message.objects.filter(agency=seat.agency, message_id=message_id).exists():
            raise DraftGoneError
        return Draft(agency=seat.agency, author=seat.person, handle=handle)
    if draft.author_id != seat.person.pk or draft.agency_id != seat.agency.pk:
        raise DraftGoneError
    return draft


def _attach(draft: Draft, files: Sequence[File], stored: Sequence[str]) -> list[str]:
    """Add files to a draft; return the blobs of those that it has already, as after a second press."""
    known = set(DraftFile.objects.filter(draft=draft).values_list("name", "digest"))
    fresh, twice = [], []
    for one, blob in zip(files, stored, strict=True):
        mark = (one.filename[:255], hashlib.sha256(one.content).hexdigest())
        if mark in known:
            twice.append(blob)
            continue
        known.add(mark)
        fresh.append(
            DraftFile(
                agency_id=draft.agency_id,
                draft=draft,
                blob=blob,
                digest=mark[1],
                name=mark[0],
                content_type=one.content_type[:127],
                size=len(one.content),
            )
        )
    DraftFile.objects.bulk_create(fresh)
    return twice


def _refuse_secrets(written: Written) -> None:
    mark = secrecy.marking(
        subject=written.subject,
        filenames=[one.filename for one in written.files],
        lines=written.body.splitlines()[: secrecy.FIRST_LINES],
    )
    if mark:
        raise SecrecyMarkError(mark)


def _destroy(stored: Sequence[str]) -> None:
    for one in stored:
        blobs.destroy(one)

"""Covering what shows who somebody is on a citizen's picture, before everyone sees it."""

from collections.abc import Sequence
from datetime import datetime

from congvu.base import blobs
from congvu.base.keeping import kept
from congvu.directory.queries import Seat
from congvu.petitions.actions.arranging import ConfidentialError, show_picture
from congvu.petitions.actions.steps import in_hand, take
from congvu.petitions.events import PetitionReleased
from congvu.petitions.media.redacting import Box, redact
from congvu.petitions.models import Attachment
from congvu.petitions.policies import is_confidential, may_release, require
from congvu.petitions.words import State


class CoveredMeanwhileError(Exception):
    """Somebody else covered the picture since, or let everyone see it, or nobody: their boxes would be lost."""


def cover(attachment: Attachment, *, seen: str, boxes: Sequence[Box], by: Seat, at: datetime) -> Attachment:
    """Let everyone see a picture of a petition with black boxes on it; the original stays for the officials.

    `seen` is its `public_blob` as it was when the boxes were drawn. Raises NotAllowedError, ConfidentialError,
    CoveredMeanwhileError, BoxError, a RefusedFileError or BusyError.
    """
    petition = attachment.petition
    if is_confidential(petition):
        raise ConfidentialError(petition.number)
    picture = redact(blobs.get(attachment.blob), boxes)
    with kept([picture], rows=Attachment.objects) as [blob], in_hand(petition, State.values) as found:
        require(allowed=may_release(by, found))
        row = Attachment.objects.get(pk=attachment.pk)
        if row.public_blob != seen:
            raise CoveredMeanwhileError(row.handle)
        show_picture(row, is_shown=True, covered=blob)
        take(found, PetitionReleased(shown=True), by=by.person, at=at)
    return row

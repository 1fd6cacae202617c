"""A citizen's file before it is kept: what the camera and the computer wrote into it is taken out."""

from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from congvu.mail import guarding
from congvu.mail.guarding import HarmfulFileError
from congvu.petitions.media import drawing, kinds
from congvu.petitions.media.refusals import EmptyFileError, HarmfulError, TooManyBytesError
from congvu.petitions.submissions import File


@dataclass(frozen=True, slots=True, kw_only=True)
class Stripped:
    """A file that may be kept.

    A private one is as it came, with whatever is hidden in it, and never shown to others than its officials.
    `location` is where the camera says it was, in degrees north and east: a suggestion to the citizen, no more.
    A document is 0 pixels wide and high.
    """

    data: bytes
    media_type: str
    width: int = 0
    height: int = 0
    location: tuple[float, float] | None = None
    is_private: bool = False

    def named(self, name: str) -> File:
        """Return it as it is handed in."""
        return File(
            name=name,
            media_type=self.media_type,
            data=self.data,
            width=self.width or None,
            height=self.height or None,
        )


def strip(data: bytes, *, declared_type: str) -> Stripped:
    """Return a picture drawn anew, or a PDF that can be opened. Raises a RefusedFileError or BusyError."""
    limit: int = settings.CONGVU_PETITION_FILE_LIMIT
    if len(data) > limit:
        raise TooManyBytesError(limit)
    if not data:
        raise EmptyFileError
    kind = kinds.of(data, declared_type)
    if kind == "PDF":
        return _kept(data)
    drawn = drawing.anew(data, kind)
    return Stripped(
        data=drawn.data,
        media_type=drawn.media_type,
        width=drawn.width,
        height=drawn.height,
        location=drawn.location,
    )


def strip_upload(upload: "UploadedFile[bytes]") -> Stripped:
    """Return what a form brought, as `strip` does; of what is too large no more is read than shows it."""
    limit: int = settings.CONGVU_PETITION_FILE_LIMIT
    return strip(upload.read(limit + 1), declared_type=upload.content_type or "")


def _kept(data: bytes) -> Stripped:
    """Keep a PDF byte for byte: a signature in it must go on holding, and no tool finds all that is hidden."""
    try:
        guarding.refuse([("document.pdf", data)])
    except HarmfulFileError as error:
        raise HarmfulError from error
    drawing.look_through(data)
    return Stripped(data=data, media_type=kinds.MEDIA_TYPES["PDF"], is_private=True)

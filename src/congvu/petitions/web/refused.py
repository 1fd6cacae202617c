"""Why a file or a form of the public was not taken, in the words of whoever sent it."""

from django.utils.translation import gettext as _

from congvu.base.confined.asking import BusyError
from congvu.petitions.actions.spending import SpentError
from congvu.petitions.guarding.checking import NotProvenError
from congvu.petitions.guarding.pace import TooFastError
from congvu.petitions.guarding.plain import CopyError, TooSoonError, WrongDigitsError
from congvu.petitions.guarding.proof import ProofError
from congvu.petitions.media import refusals
from congvu.petitions.media.refusals import RefusedFileError, TooManyBytesError

FILE_ERRORS = (RefusedFileError, BusyError)
FORM_ERRORS = (NotProvenError, ProofError, CopyError, SpentError, TooFastError)
_MEGABYTE = 1_000_000


def status_of(error: Exception) -> int:
    """Return the HTTP status with which a refusal is answered."""
    if isinstance(error, TooFastError):
        return 429
    if isinstance(error, BusyError):
        return 503
    return 413 if isinstance(error, TooManyBytesError) else 422


def why_no_file(error: Exception) -> str:
    """Say why a photo or document was not taken, and what to do. `error` is one of FILE_ERRORS."""
    if isinstance(error, TooManyBytesError):
        limit = error.limit // _MEGABYTE
        return _("The file is larger than %(limit)s MB. Send a smaller photo, or several smaller files.") % {
            "limit": limit
        }
    return {
        refusals.EmptyFileError: _("The file is empty. Choose it once more."),
        refusals.TooLargeError: _("The picture is too large, or the document too long. Send a smaller one."),
        refusals.HeicError: _(
            "This photo is in a format that only some phones read (HEIC). Send it as JPEG: on an iPhone choose"
            " Settings, Camera, Formats, Most Compatible; or send a screenshot of it."
        ),
        refusals.UnknownTypeError: _("Only photos (JPEG, PNG, WebP, GIF) and PDF documents can be sent."),
        refusals.MisdeclaredError: _(
            "The file is not what its name says. Save it anew and choose it once more."
        ),
        refusals.LockedError: _("The document is locked with a password. Send it without one."),
        refusals.HarmfulError: _(
            "The document holds something that can do harm. Send it as a photo instead."
        ),
        BusyError: _("Many photos arrive just now. Please try again in a minute."),
    }.get(type(error)) or _("The file cannot be read. Choose it once more, or send another photo.")


def why_not_now(error: Exception) -> str:
    """Say why a form was not taken, and what to do. `error` is one of FORM_ERRORS."""
    if isinstance(error, TooFastError):
        return _(
            "Many forms come from your network just now. Nothing is lost: wait %(count)s sec, then send it again."
        ) % {"count": error.seconds}
    if isinstance(error, NotProvenError):
        return _("One more step: please copy the digits below.")
    if isinstance(error, WrongDigitsError):
        return _("These are other digits than those on the page. Here are new ones.")
    if isinstance(error, TooSoonError):
        return _("That was faster than anybody reads. Please wait a few seconds and copy the new digits.")
    return _("The page was open for too long, or was sent twice. Please send it once more.")

"""Why a citizen's file is not taken; the sentence for each stands on the page."""

from congvu.base.confined import asking


class RefusedFileError(Exception):
    """A file that is not taken."""


class EmptyFileError(RefusedFileError):
    """A file without a single byte, as phones send when they lose the connection."""


class TooManyBytesError(RefusedFileError):
    """A file above the limit (CONGVU_PETITION_FILE_LIMIT)."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class TooLargeError(RefusedFileError):
    """A picture with more pixels, or a document with more pages, than anybody needs."""


class HeicError(RefusedFileError):
    """A picture in a phone's own format (HEIC, AVIF): the phone can send it as JPEG."""


class UnknownTypeError(RefusedFileError):
    """Neither JPEG, PNG, WebP, GIF nor PDF."""


class MisdeclaredError(RefusedFileError):
    """A document that says it is a picture, or the reverse."""


class DamagedError(RefusedFileError):
    """A file that begins as its kind does and cannot be read."""


class LockedError(RefusedFileError):
    """A document that asks for a password."""


class TooSlowError(RefusedFileError):
    """A file that takes longer to open than any honest one."""


class HarmfulError(RefusedFileError):
    """A document that the agency's policy about attached files refuses."""


_BY_REASON = {
    "damaged": DamagedError,
    "encrypted": LockedError,
    "too_large": TooLargeError,
    "too_slow": TooSlowError,
}


def of(error: asking.RefusedError) -> RefusedFileError:
    """Name what the confined process said."""
    return _BY_REASON[error.reason]()

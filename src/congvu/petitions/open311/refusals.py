"""Why a program gets no answer: an HTTP status, and sentences that its user may read."""

from collections.abc import Mapping
from http import HTTPStatus

from congvu.standards.open311 import documents


class RefusedError(Exception):
    """The request is refused, for each of these reasons."""

    def __init__(self, status: HTTPStatus, *reasons: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, *reasons)
        self.status, self.reasons, self.headers = status, reasons, dict(headers or {})

    @property
    def errors(self) -> list[documents.Error]:
        """Return the body that GeoReport v2 asks for."""
        return [documents.Error(code=self.status, description=one) for one in self.reasons]


def bad(*reasons: str) -> RefusedError:
    """Return a refusal of what was asked: 400."""
    return RefusedError(HTTPStatus.BAD_REQUEST, *reasons)


def missing(reason: str) -> RefusedError:
    """Return the refusal for what does not exist: 404."""
    return RefusedError(HTTPStatus.NOT_FOUND, reason)


def forbidden(reason: str) -> RefusedError:
    """Return the refusal for a wrong or missing key: 403."""
    return RefusedError(HTTPStatus.FORBIDDEN, reason)

"""What every request passes: packing, the reader's zone, and pages for a ledger or rulebook that does not serve."""

import zoneinfo
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils import timezone

from congvu.base.database import is_lost, is_read_only, is_storage_full
from congvu.config.refusals import database_lost
from congvu.ledger import wording
from congvu.ledger.actions import ReadOnlyError
from congvu.rules.shelf import BrokenRulebookError, CalendarMissingError
from congvu.standards.working_time import UnknownYearError

Next = Callable[[HttpRequest], HttpResponse]
ZONE_COOKIE = "zone"
_FILES = frozenset(("text/css", "text/javascript", "image/svg+xml"))  # the same for everybody
_ZONES = frozenset(zoneinfo.available_timezones())  # reading their list takes milliseconds


class Packed(GZipMiddleware):
    """Packs text on its way, for networks that are slow or dear.

    Pages of whoever has a session go as they are: how long they are packed would tell a listener of what is in them.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Pack what is text and whole."""
        kind = response.get("Content-Type", "").partition(";")[0]
        is_public = settings.SESSION_COOKIE_NAME not in request.COOKIES or kind in _FILES
        is_whole = request.method == "GET" and response.status_code == HTTPStatus.OK
        if not (is_public and is_whole and (kind.startswith("text/") or kind in _FILES)):
            return response
        return super().process_response(request, response)


class ReaderZone:
    """Shows times in the reader's zone, if the browser's script told it; views use the agency's where that counts."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the zone for the length of the request."""
        name = request.COOKIES.get(ZONE_COOKIE, "")
        zone = zoneinfo.ZoneInfo(name) if name in _ZONES else None
        with timezone.override(zone or timezone.get_default_timezone()):
            return self._next(request)


class ReadOnlyPage:
    """Says that nothing was saved, and why, when evidence cannot be written."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self._next(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 503 with the reason; the act's transaction has vanished as a whole."""
        if is_lost(exception):
            return database_lost(exception)
        reason = "full" if is_storage_full(exception) else "disk" if is_read_only(exception) else ""
        if not reason and not isinstance(exception, ReadOnlyError):
            return None
        said: dict[str, object] = {}
        if not reason:
            reason = str(exception)
            said = {"why": wording.why(reason), "steps": wording.steps(reason)}
        return render(request, "503.html", {"reason": reason, **said}, status=503)


class RulebookPage:
    """Says what is wrong with the rulebook or a calendar, and who mends it, instead of guessing a deadline."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self._next(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 503 with the problem."""
        said: dict[str, object]
        match exception:
            case BrokenRulebookError():
                said = {"problems": exception.problems}
            case CalendarMissingError():
                said = {"missing": str(exception)}
            case UnknownYearError():
                said = {"year": exception}
            case _:
                return None
        return render(request, "rules/trouble.html", said, status=503)

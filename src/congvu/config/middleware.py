"""What every request passes: the reader's zone, and the page for a ledger that cannot be written."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from congvu.base.database import is_storage_full
from congvu.ledger.actions import ReadOnlyError

Next = Callable[[HttpRequest], HttpResponse]
ZONE_COOKIE = "zone"
_ZONES = frozenset(zoneinfo.available_timezones())  # reading their list takes milliseconds


class ReaderZone:
    """Shows times in the reader's zone: the browser's when its script told it, else the agency's."""

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
        full = is_storage_full(exception)
        if not full and not isinstance(exception, ReadOnlyError):
            return None
        reason = "full" if full else str(exception)
        return render(request, "503.html", {"reason": reason}, status=503)

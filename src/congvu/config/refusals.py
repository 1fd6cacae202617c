"""Answers to requests that Django refuses before any view sees them."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

MEGABYTE = 1_000_000


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say what was wrong with a request: too large (RFC 9110 section 15.5.14), or not to be understood."""
    if isinstance(exception, RequestDataTooBig):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // MEGABYTE
        return render(request, "413.html", {"limit": limit}, status=413)
    return render(request, "400.html", status=400)

"""Answers to requests that Django refuses before any view sees them."""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views import defaults

from congvu.base.database import UnknownOutcomeError, is_lost

MEGABYTE = 1_000_000


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say what was wrong with a request: too large (RFC 9110 section 15.5.14), or not to be understood."""
    if isinstance(exception, RequestDataTooBig):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // MEGABYTE
        return render(request, "413.html", {"limit": limit}, status=413)
    return render(request, "400.html", status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the database is away where that is the reason, and else that the fault is ours."""
    error = sys.exc_info()[1]
    return database_lost(error) if error and is_lost(error) else defaults.server_error(request)


def database_lost(error: BaseException) -> HttpResponse:
    """Say whether something was saved when the database left; the page asks nothing of it."""
    said = {"is_unknown": isinstance(error, UnknownOutcomeError)}
    return HttpResponse(render_to_string("503_database.html", said), status=503)

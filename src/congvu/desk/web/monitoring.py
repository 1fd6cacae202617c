"""Doors for machines: figures for a monitoring system, and whether the web answers."""

import hmac

from django.conf import settings
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from congvu.base import clock
from congvu.desk.watching import figures, prometheus


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the figures (Prometheus text format 0.0.4) to whoever shows the token; without one set, there is no page."""
    token = settings.CONGVU_METRICS_TOKEN
    if not token:
        raise Http404
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(shown.encode(), token.encode()):
        return HttpResponse(
            "", status=401, headers={"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"}
        )
    text = prometheus.written(figures.families(clock.now()))
    return HttpResponse(text, content_type=prometheus.CONTENT_TYPE, headers={"Cache-Control": "no-store"})


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Say whether this process answers and reaches the database; nothing else is asked."""
    del request
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("database\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})

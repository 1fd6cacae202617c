"""The rule books for machines: canonical JSON and LegalRuleML 1.0, kept by caches until they change."""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from congvu.rules import public as rules

AN_HOUR = 3600


@require_safe
def as_json(request: HttpRequest, book: str, version: int) -> HttpResponse:
    """Answer one version of a book as canonical JSON."""
    return _answer(request, rules.as_json(book, version), "application/json")


@require_safe
def as_legalruleml(request: HttpRequest, book: str, version: int) -> HttpResponse:
    """Answer one version of a book as LegalRuleML."""
    return _answer(request, rules.as_legalruleml(book, version), "application/xml; charset=utf-8")


def _answer(request: HttpRequest, octets: bytes | None, kind: str) -> HttpResponse:
    if octets is None:
        raise Http404
    etag = quote_etag(hashlib.sha256(octets).hexdigest())
    fresh = HttpResponse(
        octets, content_type=kind, headers={"ETag": etag, "Access-Control-Allow-Origin": "*"}
    )
    patch_cache_control(fresh, public=True, max_age=AN_HOUR)
    answer = get_conditional_response(request, etag=etag, response=fresh)
    return answer if isinstance(answer, HttpResponse) else fresh

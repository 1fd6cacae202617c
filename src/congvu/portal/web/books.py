"""The rule books in reading form."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from congvu.base.numbers import small_number
from congvu.portal.web.pages import page
from congvu.rules import public as rules


@require_safe
def books(request: HttpRequest) -> HttpResponse:
    """List the rule books."""
    return page(request, "portal/books.html", {"books": rules.books(language=_language())})


@require_safe
def book(request: HttpRequest, book: str) -> HttpResponse:
    """Show one rule book: each norm with its article, duty, deadline and how well its citation is checked."""
    found = rules.book(book, language=_language(), version=small_number(request.GET.get("version")))
    if found is None:
        raise Http404
    return page(
        request,
        "portal/book.html",
        {"book": found, "parameters": rules.decisions(book, language=_language())},
    )


def _language() -> str:
    return get_language() or "en"

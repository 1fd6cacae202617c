"""The rule books in reading form: the shelf, one book, and what changed between two of its versions."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from congvu.base import clock
from congvu.base.numbers import small_number
from congvu.portal.web.pages import page
from congvu.rules import public as rules

PAGE = 20
LONGEST = 200  # characters of a search


@require_safe
def books(request: HttpRequest) -> HttpResponse:
    """List the rule books by country, level and subject, as far as they are asked for."""
    everything = rules.books(language=language())
    said = {name: request.GET.get(name, "")[:LONGEST] for name in ("q", "country", "level", "subject")}
    found = rules.search(
        said["q"],
        language=language(),
        country=said["country"],
        level=said["level"],
        subject=said["subject"],
    )
    countries, levels = rules.countries(everything), rules.levels()
    shown = Paginator(found, PAGE).get_page(small_number(request.GET.get("page")) or 1)
    rows = [(countries[one.country], levels[one.level], rules.subjects()[one.subject], one) for one in shown]
    context = {
        "said": said,
        "is_asked": any(said.values()),
        "rows": rows,
        "page_obj": shown,
        "total": len(everything),
        "countries": countries,
        "levels": {name: word for name, word in levels.items() if name in {one.level for one in everything}},
        "subjects": rules.subjects({one.subject for one in everything}),
    }
    return page(request, "portal/books.html", context)


@require_safe
def book(request: HttpRequest, book: str) -> HttpResponse:
    """Show one rule book: each norm with its article, duty, deadline and how well its citation is checked."""
    found = rules.book(book, language=language(), version=small_number(request.GET.get("version")))
    if found is None:
        raise Http404
    context = {"parameters": rules.decisions(book, language=language())}
    return page(request, "portal/book.html", frame(found, "text") | context)


@require_safe
def changes(request: HttpRequest, book: str) -> HttpResponse:
    """Show the versions of a book, and the norms that two of them hold differently."""
    found = rules.book(book, language=language())
    if found is None:
        raise Http404
    context = frame(found, "changes")
    numbers = [one.version for one in context["versions"]]
    before = small_number(request.GET.get("from")) or (numbers[1] if len(numbers) > 1 else numbers[0])
    after = small_number(request.GET.get("to")) or numbers[0]
    changed = rules.changes(book, before, after, language=language())
    if changed is None:
        raise Http404
    context |= {"before": before, "after": after, "changed": changed}
    return page(request, "portal/changes.html", context)


def frame(shown: rules.BookShown, here: str) -> dict[str, Any]:
    """Return what every page of a book shows around its content."""
    return {
        "book": shown,
        "here": here,
        "versions": rules.versions(shown.id, on=clock.now().date()),
    }


def language() -> str:
    """Return the reader's language."""
    return get_language() or "en"

"""A rule book as a table: sorted and filtered by links and a form, and as CSV."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from congvu.base.numbers import small_number
from congvu.portal.web.books import frame, language
from congvu.portal.web.pages import page
from congvu.rules import public as rules

FILTERS = ("kind", "treatment", "feed")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"(\d+)")


def natural(text: str) -> list[tuple[int, str]]:
    """Return the key by which `Article 9` stands before `Article 10`."""
    return [(int(part[:9]), "") if part.isdecimal() else (0, part.casefold()) for part in NUMBER.split(text)]


COLUMNS: dict[str, Callable[[rules.NormShown], str]] = {
    "code": lambda one: one.code,
    "article": lambda one: one.article,
    "title": lambda one: one.title.text,
    "kind": lambda one: one.modality,
    "who": lambda one: one.bearers,
    "deadline": lambda one: one.deadline,
    "treatment": lambda one: one.treatment_words,
    "feed": lambda one: "" if one.feed == "nothing" and one.treatment != "encoded" else one.feed_words,
}


@require_safe
def table(request: HttpRequest, book: str) -> HttpResponse:
    """Show the norms of a book as a table."""
    shown, rows = _asked(request, book)
    context: dict[str, Any] = {
        "rows": rows,
        "sort": _sort(request),
        "columns": [(name, word, _turned(request, name)) for name, word in _words().items()],
        "filters": [
            (name, word, _choices(shown.norms, name), request.GET.get(name, "")) for name, word in _labels()
        ],
        "is_asked": any(request.GET.get(name) for name in FILTERS),
    }
    return page(request, "portal/table.html", frame(shown, "table") | context)


@require_safe
def sheet(request: HttpRequest, book: str) -> HttpResponse:
    """Answer the same rows as CSV (RFC 4180) with a byte order mark, so that spreadsheets read the letters."""
    shown, rows = _asked(request, book)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*_words().values(), _("What it says"), _("How well it is checked")])
    for one in rows:
        cells = [*(read(one) for read in COLUMNS.values()), one.duty.text, one.checked_words]
        writer.writerow([_harmless(cell) for cell in cells])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    name = re.sub(r"[^A-Za-z0-9.-]", "_", shown.id)
    answer["Content-Disposition"] = f'attachment; filename="{name}.v{shown.version}.csv"'
    return answer


def _asked(request: HttpRequest, book: str) -> tuple[rules.BookShown, list[rules.NormShown]]:
    shown = rules.book(book, language=language(), version=small_number(request.GET.get("version")))
    if shown is None:
        raise Http404
    wanted = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    rows = [one for one in shown.norms if all(getattr(one, name) == value for name, value in wanted.items())]
    sort = _sort(request)
    if sort:
        read = COLUMNS[sort.removeprefix("-")]
        rows.sort(key=lambda one: natural(read(one)), reverse=sort.startswith("-"))
    return shown, rows


def _sort(request: HttpRequest) -> str:
    asked = request.GET.get("sort", "")
    return asked if asked.removeprefix("-") in COLUMNS else ""


def _turned(request: HttpRequest, name: str) -> str:
    return f"-{name}" if _sort(request) == name else name


def _words() -> dict[str, str]:
    return {
        "code": _("Code"),
        "article": _("Article"),
        "title": _("Rule"),
        "kind": _("Kind"),
        "who": _("Who"),
        "deadline": _("By when"),
        "treatment": _("Treatment"),
        "feed": _("What feeds it"),
    }


def _labels() -> list[tuple[str, str]]:
    return [("kind", _("Kind")), ("treatment", _("Treatment")), ("feed", _("What feeds it"))]


def _choices(norms: tuple[rules.NormShown, ...], name: str) -> dict[str, str]:
    word = {"kind": "modality", "treatment": "treatment_words", "feed": "feed_words"}[name]
    return {getattr(one, name): getattr(one, word) for one in norms}


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell

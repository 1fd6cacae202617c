"""A rule book as a calendar: a month, and the same days as a list."""

from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.views.decorators.http import require_safe

from congvu.base import clock
from congvu.portal.web.books import frame, language
from congvu.portal.web.pages import page
from congvu.rules import public as rules

FIRST_YEAR, LAST_YEAR = 1946, 2100
WEEK = 7


@require_safe
def days(request: HttpRequest, book: str) -> HttpResponse:
    """Show what a book asks for on the days of a month, by its own calendar or by an agency's."""
    shown = rules.book(book, language=language())
    today = clock.now().date()
    first = _month(request.GET.get("month"), today)
    agency = request.GET.get("agency", "")
    found = rules.month(book, first, language=language(), agency=agency) if first else None
    if shown is None or found is None or first is None:
        raise Http404
    before = (first - timedelta(days=1)).replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    context = {
        "month": first,
        "today": today,
        "before": before if before.year >= FIRST_YEAR else None,
        "after": after if after.year <= LAST_YEAR else None,
        "found": found,
        "weeks": _weeks(found.days, first.weekday()),
        "weekdays": [(WEEKDAYS_ABBR[index], WEEKDAYS[index]) for index in range(WEEK)],
        "listed": [one for one in found.days if one.asked or one.own],
        "agency": agency,
        "agencies": rules.agencies(book, language=language()),
        "is_unknown": first.year > found.through.year,
    }
    return page(request, "portal/calendar.html", frame(shown, "calendar") | context)


def _month(text: str | None, today: date) -> date | None:
    """Return the first day of the month written as 2026-11, of this month when nothing is written, else None."""
    if not text:
        return today.replace(day=1)
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return first if FIRST_YEAR <= first.year <= LAST_YEAR else None


def _weeks(shown: tuple[rules.DayShown, ...], gap: int) -> list[list[rules.DayShown | None]]:
    """Return the days in rows of seven from Monday on, with None outside of the month."""
    cells: list[rules.DayShown | None] = [*([None] * gap), *shown]
    cells += [None] * (-len(cells) % WEEK)
    return [cells[start : start + WEEK] for start in range(0, len(cells), WEEK)]

"""Slices of long lists for Django's paging, when a query answers slice and total together."""

from collections.abc import Callable

from django.core.paginator import Page, Paginator

from congvu.base.numbers import small_number
from congvu.rules.duties import Duty
from congvu.rules.duties import Page as Slice

SIZE = 25
Fetch = Callable[[int, int], Slice]


def sliced(fetch: Fetch, wanted: str | None, *, size: int = SIZE) -> tuple["Page[int]", tuple[Duty, ...]]:
    """Return a page of numbers for `ui/_pagination.html` and the duties on it; a page beyond the end is the last."""
    number = small_number(wanted) or 1
    found = fetch((number - 1) * size, size)
    page = Paginator(range(found.total), size).get_page(number)
    if page.number != number and found.total:
        found = fetch((page.number - 1) * size, size)
    return page, found.duties

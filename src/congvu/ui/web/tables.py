"""Tables for spreadsheets: what a person typed never becomes a formula there (OWASP CSV injection)."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from congvu.ui.web.files import attachment

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_response(name: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Return a CSV file (RFC 4180, UTF-8 with a mark, as spreadsheets expect) to be saved under a name."""
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow([harmless(cell) for cell in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return attachment(
        page.getvalue().encode("utf-8-sig"), name=f"{name}.csv", content_type="text/csv; charset=utf-8"
    )


def harmless(cell: object) -> str:
    """Return a cell's text, with an apostrophe before anything that a spreadsheet would compute."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) and not isinstance(cell, int) else text

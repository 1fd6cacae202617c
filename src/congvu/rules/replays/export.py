"""A report as a file: CSV that spreadsheets open as text, or an XLSX workbook; both written row by row."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from congvu.rules.replays.report import Half, Line

BOM = "\ufeff"  # without it spreadsheets read UTF-8 as something else
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute
WIDTHS = (10, 14, 40, 30, 24, 18, 34, 34, 14, 14, 18, 18, 22)
ROWS = 1_048_576  # of a sheet

Figures = Sequence[tuple[str, str]]


def heads() -> tuple[str, ...]:
    """Return the heads of the columns."""
    return (
        _("Difference"),
        _("Would be worse"),
        _("Norm"),
        _("Unit"),
        _("Person"),
        pgettext("a duty", "Opened"),
        _("Article in force"),
        _("Article of the draft"),
        _("Status in force"),
        _("Status by the draft"),
        _("Due in force"),
        _("Due by the draft"),
        _("What changed"),
    )


def cells(line: Line, zone: tzinfo) -> tuple[str, ...]:
    """Return a line as texts, instants on the agency's watch."""

    def due(half: Half | None) -> str:
        return f"{half.due_at.astimezone(zone):%Y-%m-%d %H:%M}" if half and half.due_at else ""

    old, new = line.old, line.new
    return (
        line.kind_words,
        _("yes") if line.is_worse else _("no"),
        line.norm,
        line.unit,
        line.person,
        f"{line.opened_at.astimezone(zone):%Y-%m-%d %H:%M}",
        old.article if old else "",
        new.article if new else "",
        old.status if old else "",
        new.status if new else "",
        due(old),
        due(new),
        line.changes,
    )


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula (an apostrophe makes it text)."""
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_rows(lines: Iterable[Line], *, zone: tzinfo) -> Iterator[str]:
    """Yield the lines of a CSV file (RFC 4180), the byte order mark first."""
    writer = csv.writer(_Echo())
    yield BOM + str(writer.writerow(heads()))
    for line in lines:
        yield str(writer.writerow([safe(cell) for cell in cells(line, zone)]))


def write_xlsx(path: Path, *, lines: Iterable[Line], figures: Figures, zone: tzinfo) -> None:
    """Write a workbook: a sheet of figures, a sheet of differences; no cell is ever a formula."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
        first = workbook.add_worksheet(_("Figures"))
        first.set_column(0, 0, 60)
        first.set_column(1, 1, 30)
        for row, (name, value) in enumerate(figures):
            first.write_string(row, 0, name, wrap)
            first.write_string(row, 1, value, wrap)
        _differences(workbook, lines, zone, bold, wrap)


def _differences(workbook: Any, lines: Iterable[Line], zone: tzinfo, bold: Any, wrap: Any) -> None:
    """Write the differences, on further sheets when one is full."""
    sheet: Any = None
    row = ROWS
    for line in lines:
        if row == ROWS:
            sheet, row = _sheet(workbook, bold), 1
        for column, cell in enumerate(cells(line, zone)):
            sheet.write_string(row, column, cell, wrap)
        row += 1
    if sheet is None:
        _sheet(workbook, bold)


def _sheet(workbook: Any, bold: Any) -> Any:
    sheet = workbook.add_worksheet()
    for column, (head, width) in enumerate(zip(heads(), WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, bold)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, ROWS - 1, len(WIDTHS) - 1)
    return sheet


class _Echo:
    """Gives back what csv.writer writes, so that nothing is kept."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text

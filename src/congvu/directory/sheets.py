"""Tables as offices save them: bytes of unknown encoding and delimiter into lines of named columns, strictly.

Read are UTF-8 (with or without BOM), UTF-16, Windows-1258 (Vietnamese, decomposed) and Windows-1251 (Russian); all
text comes out in NFC. Written is UTF-8 with BOM, with no cell that a spreadsheet would run as a formula.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from congvu.base.fold import fold

OCTET_LIMIT = 30_000_000
LINE_LIMIT = 200_000
CELL_LIMIT = 1_000
DELIMITERS = (",", ";", "\t")
ENCODINGS = ("utf-8", "utf-16", "cp1258", "cp1251")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WORD = re.compile(rb"[A-Za-z\x80-\xff]{2,}")
_SEPARATOR_LINE = re.compile(r"\Asep=([,;\t])\r?\n")


class SheetError(Exception):
    """The file cannot be read as a table; `line` where it is known, from 1."""

    def __init__(self, line: int = 0) -> None:
        super().__init__(line)
        self.line = line


class EmptySheetError(SheetError):
    """The file holds no line below its header."""


class TooLargeError(SheetError):
    """The file is larger than 30 MB or has more than 200,000 lines."""


class NulError(SheetError):
    """A NUL octet stands in the file."""


class CutOffError(SheetError):
    """The file ends in the middle of a character or of a quoted cell."""


class DamagedTextError(SheetError):
    """An octet fits no encoding that the rest of the file is in."""


class NoHeaderError(SheetError):
    """The first line does not name the columns that are needed."""


class TwiceInHeaderError(SheetError):
    """The first line names a column twice."""


class UnevenLineError(SheetError):
    """A quoted cell is followed by something else than a delimiter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line below the header: its number in the file, its cells by column, and how many cells it has too many."""

    number: int
    cells: Mapping[str, str]
    surplus: int
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table that was read."""

    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    unknown: tuple[str, ...]
    lines: Sequence[Line]


def read(
    data: bytes, *, columns: Mapping[str, Sequence[str]], needed: Sequence[str], encoding: str = ""
) -> Sheet:
    """Read a table whose header names columns by any of their known names; raises a SheetError.

    `columns` maps a column to its names (folded, without spaces); `needed` must be there. `encoding` overrides the
    detection.
    """
    if len(data) > OCTET_LIMIT:
        raise TooLargeError
    used, text = _decode(data, encoding)
    separator = _SEPARATOR_LINE.match(text)
    skipped = 1 if separator else 0
    text = _SEPARATOR_LINE.sub("", text)
    delimiter = separator[1] if separator else _delimiter(text, columns)
    rows = _rows(text, delimiter, skipped)
    if not rows:
        raise EmptySheetError
    header = [_column(cell, columns) for cell in rows[0][1]]
    known = [name for name in header if name in columns]
    if not set(needed) <= set(known):
        raise NoHeaderError(1 + skipped)
    if len(known) != len(set(known)):
        raise TwiceInHeaderError(1 + skipped)
    lines = [
        _line(number, cells, header, columns)
        for number, cells in rows[1:]
        if any(one.strip() for one in cells)
    ]
    if not lines:
        raise EmptySheetError
    unknown = tuple(name for name in header if name and name not in columns)
    return Sheet(encoding=used, delimiter=delimiter, columns=tuple(known), unknown=unknown, lines=lines)


def write(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as CSV for a spreadsheet: UTF-8 with BOM, formulas made harmless by an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe_cell(str(cell)) for cell in row])
    return codecs.BOM_UTF8 + text.getvalue().encode()


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _decode(data: bytes, chosen: str) -> tuple[str, str]:
    if not data.strip():
        raise EmptySheetError
    encoding, body = (chosen, data) if chosen else _detect(data)
    if encoding != "utf-16" and b"\0" in body:
        raise NulError(body[: body.index(b"\0")].count(b"\n") + 1)
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise (CutOffError if error.end >= len(body) else DamagedTextError)(line) from error
    text = unicodedata.normalize("NFC", text.removeprefix("\ufeff"))
    if "\0" in text:
        raise NulError(text[: text.index("\0")].count("\n") + 1)
    return encoding, text


def _detect(data: bytes) -> tuple[str, bytes]:
    """Return the encoding and the octets to decode; a BOM is believed only when the text agrees with it."""
    body = data.removeprefix(codecs.BOM_UTF8)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if data[2:200:2].count(0) + data[3:200:2].count(0) > 0:
            return "utf-16", data
        body = data[2:]
    if _is_utf8(body):
        return "utf-8", body
    return _eight_bit(body), body


def _is_utf8(body: bytes) -> bool:
    """Return whether the text is meant as UTF-8, even if one octet of it is damaged."""
    if body.isascii():
        return True
    text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    whole = sum(1 for letter in text if letter > "\x7f") - damaged
    return whole > 3 * damaged


def _eight_bit(body: bytes) -> str:
    """Choose between the two Windows pages.

    A Russian word is written in high octets alone; a Vietnamese one nearly always mixes them with ASCII letters.
    """
    words = [word for word in _WORD.findall(body[:500_000]) if not word.isascii()]
    pure = sum(1 for word in words if min(word) > 0x7F)  # noqa: PLR2004 -- the last octet of ASCII
    return "cp1251" if pure * 2 > len(words) else "cp1258"


def _delimiter(text: str, columns: Mapping[str, Sequence[str]]) -> str:
    """Return the delimiter under which the first line names most columns."""
    first = text.split("\n", 1)[0].rstrip("\r")

    def found(delimiter: str) -> int:
        return sum(1 for cell in first.split(delimiter) if _column(cell.strip('"'), columns) in columns)

    return max(DELIMITERS, key=found)


def _rows(text: str, delimiter: str, skipped: int) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for cells in reader:
            rows.append((begins + skipped, cells))
            begins = reader.line_num + 1
            if len(rows) > LINE_LIMIT + 1:
                raise TooLargeError
    except csv.Error as error:
        kind = CutOffError if "unexpected end" in str(error) else UnevenLineError
        raise kind(begins + skipped) from error
    return rows


def _column(cell: str, columns: Mapping[str, Sequence[str]]) -> str:
    """Return the column that a header cell names, or the cell itself."""
    plain = re.sub(r"[\s_*()-]+", "", fold(cell))
    return next((name for name, names in columns.items() if plain in names), cell.strip())


def _line(number: int, cells: list[str], header: list[str], columns: Mapping[str, Sequence[str]]) -> Line:
    named = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name in columns}
    surplus = max(0, len(cells) - len(header)) if any(cell.strip() for cell in cells[len(header) :]) else 0
    return Line(number=number, cells=named, surplus=surplus, missing=max(0, len(header) - len(cells)))

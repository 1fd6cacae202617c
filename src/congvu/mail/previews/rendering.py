"""A page of a file as a picture, drawn in a confined process; nothing of the file is decoded here."""

import io
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

from congvu.base.confined.asking import Limits, RefusedError, Task, asked

LIMITS = {
    "pdf": Limits(memory=1 << 30, seconds=15, wait=20),
    "picture": Limits(memory=1 << 30, seconds=10, wait=15),
    "office": Limits(memory=4 << 30, seconds=40, wait=60, open_files=512),
}
LARGEST = 30_000_000  # octets of a file that is drawn
LARGEST_PICTURE = 25_000_000
_PACKED = frozenset(
    ["docx", "dotx", "xlsx", "xltx", "pptx", "ppsx", "odt", "ods", "odp", "odg"]
)  # archives of ZIP
_PNG = b"\x89PNG\r\n\x1a\n"
_WORKER = Path(__file__).with_name("worker.py")


class NoOfficeError(Exception):
    """LibreOffice is not installed on this server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: the picture as PNG, the text on it ("" where none is known), and how many pages there are."""

    png: bytes
    text: str
    pages: int
    is_cut: bool = False


def office_program() -> str:
    """Return where LibreOffice is; "" when it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice") or ""


def page(content: bytes, kind: str, *, number: int) -> Page:
    """Draw one page of a PDF or picture. Raises RefusedError or BusyError."""
    _measure(content)
    with asked(_task(kind), str(number), content=content) as answer:
        png = answer.made("out.png", most=LARGEST_PICTURE)
        said = answer.said
        if not png.startswith(_PNG) or not isinstance(said.get("text"), str):
            raise RefusedError("damaged")
        pages = said.get("pages")
        return Page(
            png=png,
            text=said["text"],
            pages=pages if isinstance(pages, int) and 0 < pages < 10_000 else 1,  # noqa: PLR2004 -- pages
            is_cut=said.get("is_cut") is True,
        )


def converted(content: bytes, extension: str) -> bytes:
    """Return an office document as PDF. Raises NoOfficeError, RefusedError or BusyError."""
    program = office_program()
    if not program:
        raise NoOfficeError
    _measure(content)
    if extension in _PACKED and not zipfile.is_zipfile(io.BytesIO(content)):
        raise RefusedError("damaged")  # LibreOffice would make an empty page, or one of what it guesses
    with asked(_task("office", program), program, content=content, name=f"in.{extension}") as answer:
        found = answer.made("out.pdf", most=LARGEST)
        if not found.startswith(b"%PDF-"):
            raise RefusedError("damaged")
        return found


def _task(kind: str, program: str = "") -> Task:
    return Task(source=_WORKER, name=kind, limits=LIMITS[kind], program=program)


def _measure(content: bytes) -> None:
    if len(content) > LARGEST:
        raise RefusedError("too_large")

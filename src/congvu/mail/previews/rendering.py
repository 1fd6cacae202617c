"""A page of a file as a picture, asked of a short-lived process with limits; nothing of the file is decoded here."""

import contextlib
import io
import json
import logging
import os
import shutil
import signal
import subprocess  # the worker
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

WAIT = {"pdf": 20, "picture": 15, "office": 60}  # seconds until the process is killed
QUEUE = 20  # seconds that a page waits for others to be drawn
AT_ONCE = 2  # processes of one server process
LARGEST = 30_000_000  # octets of a file that is drawn
LARGEST_PICTURE = 25_000_000
LARGEST_ANSWER = 400_000
REFUSALS = frozenset(("encrypted", "damaged", "too_large", "too_slow"))
_PACKED = frozenset(
    ["docx", "dotx", "xlsx", "xltx", "pptx", "ppsx", "odt", "ods", "odp", "odg"]
)  # archives of ZIP
_PNG = b"\x89PNG\r\n\x1a\n"
_WORKER = Path(__file__).with_name("worker.py")
_places = threading.BoundedSemaphore(AT_ONCE)


class RefusedError(Exception):
    """There is no picture; `reason` is one of REFUSALS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BusyError(Exception):
    """Other files are being drawn; a little later there is room."""


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
    with _asked(content, kind, "in.bin", str(number)) as (folder, said):
        png = _read(folder / "out.png", LARGEST_PICTURE)
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
    if extension in _PACKED and not zipfile.is_zipfile(io.BytesIO(content)):
        raise RefusedError("damaged")  # LibreOffice would make an empty page, or one of what it guesses
    with _asked(content, "office", f"in.{extension}", program) as (folder, _said):
        found = _read(folder / "out.pdf", LARGEST)
        if not found.startswith(b"%PDF-"):
            raise RefusedError("damaged")
        return found


@contextlib.contextmanager
def _asked(content: bytes, kind: str, name: str, argument: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Let the worker do one thing; yield its folder, which is removed after, and what it says."""
    if len(content) > LARGEST:
        raise RefusedError("too_large")
    if not _places.acquire(timeout=QUEUE):
        raise BusyError
    try:
        with tempfile.TemporaryDirectory(prefix="congvu-preview-", ignore_cleanup_errors=True) as made:
            folder = Path(made)
            (folder / name).write_bytes(content)
            _run([sys.executable, "-I", "-B", str(_WORKER), kind, name, argument], folder, WAIT[kind])
            yield folder, _said(folder)
    finally:
        _places.release()


def _run(command: list[str], folder: Path, seconds: int) -> None:
    """Run the worker and all that it starts, for so long and no longer. Raises RefusedError."""
    process = subprocess.Popen(  # noqa: S603 -- our own worker
        command,
        cwd=folder,
        env={"LC_ALL": "C.UTF-8", "HOME": str(folder), "TMPDIR": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        close_fds=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise RefusedError("too_slow") from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise RefusedError("too_slow")


def _said(folder: Path) -> dict[str, Any]:
    """Read the worker's answer, which is believed in form only. Raises RefusedError."""
    try:
        said = json.loads(_read(folder / "out.json", LARGEST_ANSWER))
    except ValueError as error:
        raise RefusedError("damaged") from error
    if not isinstance(said, dict):
        raise RefusedError("damaged")
    if said.get("is_shut") is not True:
        log.warning("Previews are drawn without a shut network: seccomp is not available on this machine")
    if said.get("is_hidden") is not True:
        log.warning("Previews are drawn in sight of other files: Landlock is not available on this machine")
    if "refused" in said:
        raise RefusedError(said["refused"] if said["refused"] in REFUSALS else "damaged")
    return said


def _read(path: Path, most: int) -> bytes:
    """Return a file that the worker made. Raises RefusedError for none, a link, or a large one."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise RefusedError("damaged") from error
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise RefusedError("too_large")
    return data

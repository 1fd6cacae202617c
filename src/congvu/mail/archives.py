"""Archives of mail as other programs leave them: mbox, Maildir, .eml, and tar or gzip of these. RFC 4155."""

import gzip
import re
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

LARGEST = 50 << 20  # octets of one message, as at the door

# A line that begins a message: an address, then a date with its time (RFC 4155, appendix A).
_FROM_LINE = re.compile(rb"From \S.{0,200}?\d{1,2}:\d\d.{0,60}\d{4}")
_QUOTED = re.compile(rb">+From ")
_FIELD = re.compile(rb"[!-9;-~]{1,80}[ \t]*:")
_PACKED = (gzip.BadGzipFile, tarfile.TarError, zlib.error, EOFError, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One message of an archive; (source, offset) is stable, so that an import can go on where it stopped.

    `source` is a path relative to the archive's folder; `offset` the byte (unpacked) where its message begins.
    """

    source: str
    offset: int
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Difficulty:
    """A place in an archive that could not be read, or only in part.

    `reason` is one of: truncated, damaged, too_large, empty, not_mail, unreadable, nothing_found.
    """

    source: str
    offset: int
    reason: str


def messages(path: Path, *, largest: int = LARGEST) -> Iterator[Found | Difficulty]:
    """Yield every message of an archive in a stable order, and what was difficult; holds one at a time.

    `path` is an mbox (also .gz), a Maildir, an .eml file, a folder of any of these, or a tar (also
    packed) of .eml files. Raises FileNotFoundError.
    """
    path = path.absolute()
    if not path.exists():
        raise FileNotFoundError(path)
    is_empty = True
    for file in _files(path):
        source = file.name if file == path else file.relative_to(path).as_posix()
        for item in _of_file(file, source, largest):
            is_empty = False
            yield item
    if is_empty:
        yield Difficulty(source=path.name, offset=0, reason="nothing_found")


def _files(path: Path) -> Iterator[Path]:
    """Yield the files under a path, sorted; of a Maildir what is in cur and new, no links out of it."""
    if not path.is_dir():
        yield path
        return
    for entry in sorted(path.iterdir()):
        is_draft = entry.name == "tmp" and (path / "cur").is_dir()
        if entry.is_symlink() or is_draft or entry.name.startswith("dovecot"):
            continue
        if entry.is_dir():
            yield from _files(entry)
        elif entry.is_file():
            yield entry


def _of_file(file: Path, source: str, largest: int) -> Iterator[Found | Difficulty]:
    try:
        with file.open("rb") as opened:
            head = opened.read(512)
            opened.seek(0)
            yield from _of_stream(cast("IO[bytes]", opened), head, source, largest)
    except PermissionError:
        yield Difficulty(source=source, offset=0, reason="unreadable")


def _of_stream(stream: IO[bytes], head: bytes, source: str, largest: int) -> Iterator[Found | Difficulty]:
    """Choose how to read by what the first octets say, not by the name."""
    name = source.lower()
    if name.endswith((".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")):
        yield from _of_tar(stream, source, largest)
    elif head[:2] == b"\x1f\x8b":
        with gzip.GzipFile(fileobj=stream) as unpacked:
            yield from _unpacked(cast("IO[bytes]", unpacked), source, largest)
    elif head[:5] == b"From ":
        yield from _of_mbox(stream, source, largest)
    else:
        yield from _of_single(stream, source, largest)


def _unpacked(stream: IO[bytes], source: str, largest: int) -> Iterator[Found | Difficulty]:
    try:
        head = stream.read(512)
        stream.seek(0)
    except _PACKED:
        yield Difficulty(source=source, offset=0, reason="damaged")
        return
    inside = source[:-3] if source.lower().endswith(".gz") else source
    if inside.lower().endswith(".tar"):
        yield from _of_tar(stream, source, largest)
    elif head[:5] == b"From ":
        yield from _of_mbox(stream, source, largest)
    else:
        yield from _of_single(stream, source, largest)


def _of_single(stream: IO[bytes], source: str, largest: int) -> Iterator[Found | Difficulty]:
    try:
        raw = stream.read(largest + 1)
    except _PACKED:
        yield Difficulty(source=source, offset=0, reason="damaged")
        return
    yield _judged(source, 0, raw, largest)


def _judged(source: str, offset: int, raw: bytes, largest: int) -> Found | Difficulty:
    if len(raw) > largest:
        return Difficulty(source=source, offset=offset, reason="too_large")
    if not raw.strip():
        return Difficulty(source=source, offset=offset, reason="empty")
    if not _FIELD.match(raw.lstrip(b"\r\n")):
        return Difficulty(source=source, offset=offset, reason="not_mail")
    return Found(source=source, offset=offset, raw=raw.lstrip(b"\r\n"))


def _of_tar(stream: IO[bytes], source: str, largest: int) -> Iterator[Found | Difficulty]:
    """Read the plain files of a tar in their order; nothing is written anywhere."""
    try:
        with tarfile.open(fileobj=stream, mode="r|*") as tar:
            for member in tar:
                inside = f"{source}/{member.name}"
                content = tar.extractfile(member) if member.isreg() else None
                if content is None:
                    continue
                head = content.read(512)
                joined = cast("IO[bytes]", _Joined(head, content))
                yield from (_of_mbox if head[:5] == b"From " else _of_single)(joined, inside, largest)
    except _PACKED:
        yield Difficulty(source=source, offset=0, reason="damaged")


class _Joined:
    """A stream that cannot go back, with the head that was read already put before it."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int) -> bytes:
        """Read as a file does."""
        first, self._head = self._head[:size], self._head[size:]
        return first + (self._rest.read(size - len(first)) if size > len(first) else b"")

    def readline(self, size: int) -> bytes:
        """Read a line as a file does."""
        end = self._head.find(b"\n") + 1
        if 0 < end <= size:
            first, self._head = self._head[:end], self._head[end:]
            return first
        first, self._head = self._head[:size], self._head[size:]
        return first + (self._rest.readline(size - len(first)) if size > len(first) else b"")


def _of_mbox(stream: IO[bytes], source: str, largest: int) -> Iterator[Found | Difficulty]:
    """Cut an mbox at its From lines; one `>` is taken off quoted ones (mboxrd)."""
    box = _Mbox(source, largest)
    try:
        while line := stream.readline(1 << 20):
            if item := box.take(line):
                yield item
    except _PACKED:
        if item := box.end():
            yield item
        yield Difficulty(source=source, offset=box.position, reason="truncated")
        return
    if item := box.end():
        yield item


class _Mbox:
    """Gathers the lines of one message after another."""

    def __init__(self, source: str, largest: int) -> None:
        self.position = 0
        self._source, self._largest = source, largest
        self._begin: int | None = None
        self._lines: list[bytes] = []
        self._size = 0
        self._was_blank = True

    def take(self, line: bytes) -> Found | Difficulty | None:
        """Take a line; return the message before it when it begins a new one."""
        item = None
        if self._was_blank and line[:5] == b"From " and (self._begin is None or _FROM_LINE.match(line)):
            item = self.end()
            self._begin, self._lines, self._size = self.position, [], 0
        else:
            self._size += len(line)
            if self._size <= self._largest:
                self._lines.append(line[1:] if line[:1] == b">" and _QUOTED.match(line) else line)
        self._was_blank = not line.strip(b"\r\n")
        self.position += len(line)
        return item

    def end(self) -> Found | Difficulty | None:
        """Return the message that has been gathered; the blank line that ends it is not its own."""
        if self._begin is None:
            return None
        if self._size > self._largest:
            return Difficulty(source=self._source, offset=self._begin, reason="too_large")
        if len(self._lines) > 1 and not self._lines[-1].strip(b"\r\n"):
            self._lines.pop()
        return _judged(self._source, self._begin, b"".join(self._lines), self._largest)

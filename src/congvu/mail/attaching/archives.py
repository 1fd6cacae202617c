"""Looking into archives: names and beginnings only, so deep, so many, so large, and no further."""

import bz2
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from congvu.mail.attaching import kinds

DEEPEST = 3  # archives in archives
MANY = 2_000  # files in all of them together
LARGEST = 100 << 20  # octets that all of them unpack to
RATIO = 200  # unpacked octets for each packed one, above a megabyte
_FREE = 1 << 20
_NESTED = 20 << 20  # octets of an inner archive that are looked into
_SLOW = 8 << 20  # octets that are unpacked of bzip2 and xz, which are slow
_MEMORY = 64 << 20  # that xz may ask for
_PIECE = 64 << 10
_OPENED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DAMAGE = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)
_OF_LIBRARY = (RuntimeError, NotImplementedError, IndexError, KeyError, OverflowError, MemoryError)


class TooMuchError(Exception):
    """An archive unpacks to more than anybody means to send."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its name, and its first octets, b"" when it is locked."""

    name: str
    head: bytes
    is_locked: bool = False


@dataclass(slots=True)
class Budget:
    """What may still be unpacked, and whether something could be read in part only."""

    packed: int
    files: int = MANY
    unpacked: int = 0
    damage: set[str] = field(default_factory=set)

    def take(self, count: int) -> None:
        """Count unpacked octets. Raises TooMuchError."""
        self.unpacked += count
        is_dense = self.unpacked > _FREE and self.unpacked > RATIO * max(1, self.packed)
        if is_dense or self.unpacked > LARGEST:
            raise TooMuchError(self.unpacked)

    def take_file(self) -> None:
        """Count a file. Raises TooMuchError."""
        self.files -= 1
        if self.files < 0:
            raise TooMuchError(MANY)


@dataclass(frozen=True, slots=True)
class _Found:
    """A file as it was unpacked: of an archive as much as is looked into, of others the beginning."""

    name: str
    data: bytes
    is_locked: bool = False


def members(content: bytes, family: str, budget: Budget, *, depth: int = 1) -> Iterator[Member]:
    """Yield the files of an archive and of those in it. Raises TooMuchError; damage only ends the look."""
    if depth > DEEPEST:
        raise TooMuchError(depth)
    opened = {"zip": _zip, "tar": _tar}.get(family) or _stream
    try:
        for found in opened(content, family, budget):
            head = found.data[: kinds.HEAD]
            yield Member(found.name, head, found.is_locked)
            inner = kinds.of_content(head)
            if inner in kinds.ARCHIVES:
                yield from members(found.data, inner, budget, depth=depth + 1)
    except (*_DAMAGE, *_OF_LIBRARY):
        budget.damage.add(family)


def _zip(content: bytes, _family: str, budget: Budget) -> Iterator[_Found]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        for info in opened.infolist():
            budget.take_file()
            if info.is_dir():
                continue
            if info.flag_bits & 1 or info.compress_type not in _OPENED:
                yield _Found(info.filename, b"", is_locked=True)
                continue
            with opened.open(info) as file:
                yield _Found(info.filename, _kept(_pieces(file), budget))
                budget.take(max(0, info.file_size - _PIECE))


def _tar(content: bytes, _family: str, budget: Budget) -> Iterator[_Found]:
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as opened:
        for info in opened:
            budget.take_file()
            file = opened.extractfile(info) if info.isfile() else None
            if file:
                yield _Found(info.name, _kept(_pieces(file), budget))


def _stream(content: bytes, family: str, budget: Budget) -> Iterator[_Found]:
    """Unpack what holds one file, which has no name of its own."""
    budget.take_file()
    if family == "gzip":
        yield _Found("", _whole(_inflated(content), budget, _NESTED))
        return
    machine = bz2.BZ2Decompressor() if family == "bzip2" else lzma.LZMADecompressor(memlimit=_MEMORY)
    yield _Found("", _whole(_expanded(content, machine), budget, _SLOW))


def _kept(pieces: Iterator[bytes], budget: Budget) -> bytes:
    """Return the beginning of a file, and of an archive as much as is looked into."""
    first = next(pieces, b"")
    if kinds.of_content(first[: kinds.HEAD]) not in kinds.ARCHIVES:
        budget.take(len(first))
        return first
    return first + _whole(pieces, budget, _NESTED)


def _whole(pieces: Iterator[bytes], budget: Budget, most: int) -> bytes:
    """Keep so many octets; what is quick to unpack is counted to its end all the same."""
    kept, size = [], 0
    for piece in pieces:
        budget.take(len(piece))
        size += len(piece)
        if size <= most:
            kept.append(piece)
            continue
        budget.damage.add("cut")
        if most == _SLOW:
            break
    return b"".join(kept)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def _inflated(content: bytes) -> Iterator[bytes]:
    machine, left = zlib.decompressobj(wbits=31), content
    while left and not machine.eof:
        yield machine.decompress(left, _PIECE)
        left = machine.unconsumed_tail


def _expanded(content: bytes, machine: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> Iterator[bytes]:
    data = content
    while not machine.eof:
        piece = machine.decompress(data, _PIECE)
        data = b""
        if not piece and machine.needs_input:
            raise EOFError
        yield piece

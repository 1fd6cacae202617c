"""Following a log file through rotation, compression and truncation: every complete line once, in order."""

import gzip
import hashlib
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

HEAD = 256  # octets by which a file is known again
CHUNK = 1 << 20  # octets that are read at once

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where reading goes on: in the file with this inode, or in that which begins with the same octets."""

    inode: int = 0
    offset: int = 0
    head: str = ""  # "<count>:<SHA-256>" of the first octets


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some lines, the position after them, and whether there is more at once."""

    lines: tuple[str, ...]
    position: Position
    is_more: bool


def read(path: Path, position: Position, *, octets: int = CHUNK) -> Chunk:
    """Read on. What was renamed, compressed or copied away before it was read is found beside the log."""
    file, place = _file(path, position)
    if file is None:
        return Chunk(lines=(), position=place, is_more=False)
    with _opened(file) as stream:
        stream.seek(place.offset)
        taken = stream.read(octets)
        is_whole = len(taken) < octets
    is_current = file == path
    end = taken.rfind(b"\n") + 1 if is_current or not is_whole else len(taken)
    if not end and not is_whole:
        end = len(taken)  # a line longer than a chunk is none that matters
    after = _after(file, place, place.offset + end)
    lines = tuple(taken[:end].decode("utf-8", "replace").splitlines())
    following = None if is_current or not is_whole else _following(path, file)
    if following is not None:
        after = Position(inode=following.stat().st_ino)
    return Chunk(lines=lines, position=after, is_more=not is_whole or following is not None)


def _file(path: Path, position: Position) -> tuple[Path | None, Position]:
    """Find the file in which a position lies; when it is gone, say so and begin with what there is."""
    candidates = list(_candidates(path))
    if not position.inode:
        return (path if path in candidates else None), position
    known = [one for one in candidates if _is_known(one, position)]
    same = [one for one in known if one.stat().st_ino == position.inode]
    if same or known:
        return (same or known)[0], position
    if path not in candidates:
        return None, position
    _log.warning("%s was cut off or taken away before it was read to its end: openings may be missing", path)
    return path, Position()


def _candidates(path: Path) -> Iterator[Path]:
    """Yield the log and what was rotated away from it, the newest first."""
    found = [one for one in path.parent.glob(f"{path.name}*") if one.is_file()]
    yield from sorted(found, key=lambda one: (one == path, one.stat().st_mtime_ns), reverse=True)


def _is_known(file: Path, position: Position) -> bool:
    """Tell whether a file is the one that a position was in, or a copy of it."""
    count, _, digest = position.head.partition(":")
    if not digest:
        return file.stat().st_ino == position.inode
    try:
        with _opened(file) as stream:
            head = stream.read(int(count))
            return (
                hashlib.sha256(head).hexdigest() == digest and stream.seek(0, os.SEEK_END) >= position.offset
            )
    except (OSError, EOFError):  # removed, or damaged, meanwhile
        return False


def _after(file: Path, position: Position, offset: int) -> Position:
    """Return the position at an offset, with as much of the head as has been read."""
    count = min(HEAD, offset)
    if count > int(position.head.partition(":")[0] or 0):
        with _opened(file) as stream:
            head = f"{count}:{hashlib.sha256(stream.read(count)).hexdigest()}"
    else:
        head = position.head
    return replace(position, inode=file.stat().st_ino, offset=offset, head=head)


def _following(path: Path, file: Path) -> Path | None:
    """Return the file that came after one that was rotated away."""
    ordered = list(_candidates(path))[::-1]
    later = ordered[ordered.index(file) + 1 :] if file in ordered else [path]
    return next((one for one in later if one.exists()), None)


def _opened(file: Path) -> BinaryIO:
    if file.suffix == ".gz":
        return cast("BinaryIO", gzip.open(file, "rb"))
    return file.open("rb")

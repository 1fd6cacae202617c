"""Keeping SQLite's journal whole on a disk that failed to sync it.

After a failed fsync the kernel counts the pages as written: the next sync says yes though the disk may lack them. What
is committed afterwards would stand behind a hole, and be lost with the power, or be half replayed. So the journal is
written again, octet by octet, and synced, before anybody commits behind it.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from django.db import OperationalError

_CHUNK = 1 << 20
_suspected: set[Path] = set()  # where not even the mark could be written


@contextlib.contextmanager
def kept(database: Path) -> Iterator[None]:
    """Surround a write transaction, with nobody else inside. Raises OSError while the journal cannot be mended."""
    journal, mark = _beside(database, "-wal"), _beside(database, "-suspect")
    if journal in _suspected or mark.exists():
        _mend(journal, mark)
    try:
        yield
    except OperationalError as error:
        if _is_broken(error):
            _suspected.add(journal)
            with contextlib.suppress(OSError):
                mark.touch()
            with contextlib.suppress(OSError):
                _mend(journal, mark)
        raise


def write_again(path: Path) -> None:
    """Write a file's octets over themselves, as the kernel holds them, and sync it; nothing where there is none."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return
    try:
        place = 0
        while chunk := os.pread(descriptor, _CHUNK, place):
            place += os.pwrite(descriptor, chunk, place)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _mend(journal: Path, mark: Path) -> None:
    write_again(journal)
    mark.unlink(missing_ok=True)
    _suspected.discard(journal)


def _beside(database: Path, ending: str) -> Path:
    return database.with_name(database.name + ending)


def _is_broken(error: OperationalError) -> bool:
    code = getattr(error.__cause__, "sqlite_errorcode", 0)
    return code & 0xFF == sqlite3.SQLITE_IOERR

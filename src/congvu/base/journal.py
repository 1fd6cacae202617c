"""Keeping SQLite's journal whole on a disk that failed to sync it.

After a failed fsync the kernel counts the pages as written: the next sync says yes though the disk may lack them. What
is committed afterwards would stand behind a hole, and be lost with the power, or be half replayed; what was moved into
the database would be lost with the journal that is written over. So whatever met the error leaves a mark, and before
anybody writes or moves the journal again, it and the pages of the database that it names are written once more and
synced. SQLite hides such an error when it moves the journal by itself; here it never does.
"""

import contextlib
import functools
import logging
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

LIMIT = 1_000  # pages, after which a writer moves the journal where no clerk did; SQLite would do so too
OURS = f"PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit={64 << 20};"  # of each connection
_CHUNK = 1 << 20
_HEAD = 32  # octets before the first frame (sqlite.org/fileformat2.html, section 4.1)
_FRAME = 24  # octets before the page in each
log = logging.getLogger(__name__)
_suspected: set[Path] = set()  # where not even the mark could be written


@contextlib.contextmanager
def kept(database: Path) -> Iterator[None]:
    """Surround what writes, with nobody else inside. Raises OSError and sqlite3.Error while there is no mending."""
    mend(database)
    if _is_long(database):
        try:
            checkpoint(database)
        except sqlite3.Error:
            log.exception("the journal of %s was not moved into it", database.name)
        mend(database)
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError, sqlite3.Error):  # who comes next tries again
            mend(database)
        raise


@contextlib.contextmanager
def watched(database: Path) -> Iterator[None]:
    """Leave the mark when the disk fails inside."""
    try:
        yield
    except sqlite3.Error as error:
        if is_broken(error):
            suspect(database)
        raise


def is_broken(error: BaseException | None) -> bool:
    """Return whether SQLite says that the disk failed."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_IOERR


def suspect(database: Path) -> None:
    """Tell every process that the disk may lack something of what the kernel shows."""
    _suspected.add(database)
    with contextlib.suppress(OSError):
        _beside(database, "-suspect").touch()


def mend(database: Path) -> None:
    """Write journal and database again where that is asked for; nobody else writes or moves meanwhile."""
    mark, journal = _beside(database, "-suspect"), _beside(database, "-wal")
    if database not in _suspected and not mark.exists():
        return
    with contextlib.ExitStack() as stack:
        if journal.exists():
            alone = stack.enter_context(contextlib.closing(_connect(database, timeout=5)))
            alone.execute("BEGIN IMMEDIATE")  # for those who pass no turnstile
            _write_journal_again(journal)
            _write_pages_again(database, journal)
        mark.unlink(missing_ok=True)
        _suspected.discard(database)


def checkpoint(database: Path, mode: str = "PASSIVE") -> bool:
    """Move the journal into its database, as far as nobody reads what it was before; return whether all is moved.

    Once all of it is moved and synced, the next writer begins at the journal's front, or TRUNCATE leaves none of it.
    Nobody else moves meanwhile; nobody is waited for.
    """
    with watched(database), contextlib.closing(_connect(database, timeout=0)) as own:
        busy, length, moved = own.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
    return not busy and length == moved


def sync(path: Path) -> None:
    """Wait until a file or folder is on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_journal(database: Path) -> None:
    """Wait for commits that did not wait; leave the mark when the disk fails."""
    try:
        sync(_beside(database, "-wal"))
    except FileNotFoundError:
        return
    except OSError:
        suspect(database)
        raise


def _connect(database: Path, *, timeout: int) -> sqlite3.Connection:
    return sqlite3.connect(database, timeout=timeout, isolation_level=None)


def _write_journal_again(journal: Path) -> None:
    file = os.open(journal, os.O_RDWR)
    try:
        _write_again(file, 0, os.fstat(file).st_size)
        os.fsync(file)
    finally:
        os.close(file)


def _write_pages_again(database: Path, journal: Path) -> None:
    file = _held(database, database.stat().st_ino)
    with journal.open("rb") as frames:
        size = int.from_bytes(frames.read(_HEAD)[8:12])
        while page := int.from_bytes(frames.read(_FRAME)[:4]):
            _write_again(file, (page - 1) * size, page * size)
            frames.seek(size, os.SEEK_CUR)
    os.fsync(file)


@functools.cache
def _held(database: Path, inode: int) -> int:  # noqa: ARG001 -- the inode: another file may come to bear the name
    """Open a database for good: to close it would take from this process the locks that SQLite holds on it."""
    return os.open(database, os.O_RDWR | os.O_CLOEXEC)


def _write_again(file: int, place: int, end: int) -> None:
    """Write octets over themselves, as the kernel holds them."""
    while place < end and (octets := os.pread(file, min(_CHUNK, end - place), place)):
        place += os.pwrite(file, octets, place)


def _is_long(database: Path) -> bool:
    """Return whether there is a page at the limit that bears the salt of the journal's head: it was not begun anew."""
    try:
        file = os.open(_beside(database, "-wal"), os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        head = os.pread(file, _HEAD, 0)
        frame = os.pread(file, _FRAME, _HEAD + LIMIT * (_FRAME + int.from_bytes(head[8:12])))
        return bool(frame) and frame[8:16] == head[16:24]
    finally:
        os.close(file)


@functools.cache
def _beside(database: Path, ending: str) -> Path:
    return database.with_name(database.name + ending)

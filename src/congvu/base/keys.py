# writes: the key store is a file of its own
"""The store of record keys: its own file, so that a backup of the rest never holds them.

Destroying a key makes what it sealed unreadable everywhere at once, also in copies of the truth file.
"""

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from congvu.base import journal
from congvu.base.turnstile import turnstile

_NONCE = b"\0" * 12  # each key seals one record once, so a fixed nonce never repeats under a key
_CHUNK = 500
LENGTH = 16
_open = threading.local()


def fresh() -> bytes:
    """Return a new record key: 128 random bits."""
    return os.urandom(LENGTH)


def seal(key: bytes, handle: str, data: bytes) -> bytes:
    """Encrypt a record under its own key, bound to its handle (AES-128-GCM)."""
    return AESGCM(key).encrypt(_NONCE, data, handle.encode())


def unseal(key: bytes, handle: str, data: bytes) -> bytes:
    """Decrypt a record; raises `cryptography.exceptions.InvalidTag` if it was changed."""
    return AESGCM(key).decrypt(_NONCE, data, handle.encode())


def put_many(pairs: Iterable[tuple[str, bytes]]) -> None:
    """Store (handle, key) pairs; they are on disk when this returns.

    Writers go one by one, but wait for the disk together: a sync of the journal takes along what others wrote.
    """
    connection = _connection()
    with _alone(), connection:
        connection.executemany("INSERT INTO record_key (handle, key) VALUES (?, ?)", pairs)
    _sync()


def get_many(handles: Sequence[str]) -> dict[str, bytes]:
    """Return the keys that still exist, by handle."""
    found: dict[str, bytes] = {}
    connection = _connection()
    for start in range(0, len(handles), _CHUNK):
        part = handles[start : start + _CHUNK]
        marks = ",".join("?" * len(part))
        query = f"SELECT handle, key FROM record_key WHERE handle IN ({marks})"  # noqa: S608 -- only marks
        found.update(connection.execute(query, part))
    return found


def destroy(handle: str) -> None:
    """Overwrite and delete a key; what it sealed is unreadable from now on."""
    destroy_many([handle])


def destroy_many(handles: Iterable[str]) -> None:
    """Overwrite and delete keys, all or none; those that are gone already do no harm."""
    connection = _connection()
    with _alone():
        with connection:
            connection.executemany("DELETE FROM record_key WHERE handle = ?", ((one,) for one in handles))
        journal.checkpoint(_path(), "TRUNCATE")
    _sync()


def checkpoint() -> bool:
    """Move the store's journal into it; return whether all is moved."""
    with _alone():
        return journal.checkpoint(_path())


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    with turnstile("keys.turnstile"), journal.kept(_path()), journal.watched(_path()):
        yield


def _sync() -> None:
    """Make the journal durable; what is no longer in it, was synced to the file before.

    The file was opened before anything was written: Linux tells everybody who had it open then that a sync failed.
    """
    try:
        os.fsync(_open.journal.fileno())
    except OSError:
        journal.suspect(_path())
        raise


def compact() -> bool:
    """Write the store anew without what deleted keys left between rows; return whether nothing remains beside it.

    SQLite overwrites deleted rows, but not the copies that it leaves where it moved rows between pages.
    """
    connection = _connection()
    connection.execute("PRAGMA temp_store=FILE")
    with _alone():
        connection.execute("VACUUM")
        return journal.checkpoint(_path(), "TRUNCATE")


def _path() -> Path:
    return Path(settings.CONGVU_DATA) / "keys.sqlite3"


def _connection() -> sqlite3.Connection:
    path = _path()
    mark = (str(path), os.getpid())
    if getattr(_open, "mark", None) != mark:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=30)
        connection.executescript(
            f"PRAGMA journal_mode=WAL; {journal.OURS} PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
            "CREATE TABLE IF NOT EXISTS record_key (handle TEXT PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID;"
        )
        path.chmod(0o600)
        journal.sync(path.parent)  # the journal's own name: SQLite would hide when that fails
        _open.mark, _open.connection = mark, connection
        _open.journal = Path(f"{path}-wal").open("rb")  # noqa: SIM115 -- as long as the connection
    kept: sqlite3.Connection = _open.connection
    return kept

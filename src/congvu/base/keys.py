# writes: the key store is a file of its own
"""The store of record keys: its own file, so that a backup of the rest never holds them.

Destroying a key makes what it sealed unreadable everywhere at once, also in copies of the truth file.
"""

import os
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

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
    """Store (handle, key) pairs; they are on disk when this returns."""
    connection = _connection()
    with connection:
        connection.executemany("INSERT INTO record_key (handle, key) VALUES (?, ?)", pairs)


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
    connection = _connection()
    with connection:
        connection.execute("DELETE FROM record_key WHERE handle = ?", (handle,))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _connection() -> sqlite3.Connection:
    path = Path(settings.CONGVU_DATA) / "keys.sqlite3"
    mark = (str(path), os.getpid())
    if getattr(_open, "mark", None) != mark:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=30)
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
            "CREATE TABLE IF NOT EXISTS record_key (handle TEXT PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID;"
        )
        path.chmod(0o600)
        _open.mark, _open.connection = mark, connection
    kept: sqlite3.Connection = _open.connection
    return kept

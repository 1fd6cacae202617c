"""The one way to open a write transaction."""

import contextlib
import errno
import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection, transaction

_FULL = {errno.ENOSPC, errno.EDQUOT}
_held = threading.local()


@contextlib.contextmanager
def atomic() -> Iterator[None]:
    """Open a write transaction, or join the one that is open; it commits or vanishes as a whole.

    On SQLite it takes the write lock at once (IMMEDIATE) and a commit is on disk when it returns
    (WAL, synchronous FULL). An inner block never hides an outer failure: there are no savepoints.
    """
    if connection.in_atomic_block:
        with transaction.atomic(savepoint=False):
            yield
        return
    with _turnstile(), transaction.atomic():
        yield


@contextlib.contextmanager
def _turnstile() -> Iterator[None]:
    """Let one writer of the installation through at a time, the next one woken at once.

    SQLite's own way of waiting is to sleep and look again, which costs a waiting writer up to 100 ms.
    """
    if connection.vendor != "sqlite":
        yield
        return
    descriptor = _lock()
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _lock() -> int:
    """Return this thread's own descriptor of the turnstile's file."""
    path = Path(settings.CONGVU_DATA) / "turnstile"
    mark = (str(path), os.getpid())
    if getattr(_held, "mark", None) != mark:
        path.parent.mkdir(parents=True, exist_ok=True)
        _held.descriptor, _held.mark = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), mark
    descriptor: int = _held.descriptor
    return descriptor


@contextlib.contextmanager
def lazily() -> Iterator[None]:
    """Let the commits inside wait for no disk; for what can be made again from files that are durable.

    They stay whole and in order, but after a power cut the last ones may be missing (SQLite: synchronous NORMAL);
    the next commit that is not lazy takes them along. Inside an open transaction its outermost block decides.
    """
    if connection.in_atomic_block:
        yield
        return
    _synchronous("NORMAL")
    try:
        yield
    finally:
        _synchronous("FULL")


def _synchronous(mode: str) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA synchronous={mode}")


def is_storage_full(error: BaseException) -> bool:
    """Return whether an error, or what caused it, means that the disk or its quota is full."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in _FULL:
            return True
        if isinstance(cause, (OperationalError, sqlite3.OperationalError)) and "full" in str(cause):
            return True
        if "disk is full" in str(cause):
            return True
        cause = cause.__cause__
    return False

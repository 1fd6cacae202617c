"""The one way to open a write transaction."""

import contextlib
import errno
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from congvu.base import journal
from congvu.base.turnstile import turnstile

TURNSTILE = (0x436F6E67, 1)  # advisory lock of PostgreSQL
LOOKED_AT = 10_000  # rows of an index
SMALL = 1_000  # rows
_FORGET_SMALL = """
DELETE FROM sqlite_stat1 WHERE tbl IN (
    SELECT tbl FROM sqlite_stat1 GROUP BY tbl HAVING max(CAST(stat AS INTEGER)) < %s
)
"""
_FULL = {errno.ENOSPC, errno.EDQUOT}
_DISK_FULL = "53100"  # SQLSTATE
_LOST = (
    "08",
    "57P",
    "25P03",
)  # connection exceptions; the server shuts down; a transaction was idle too long
_held = threading.local()


class SharedTransactionError(Exception):
    """An act that must be alone was called inside a transaction that runs beside others."""


class UnknownOutcomeError(OperationalError):
    """The database was lost while it committed: the act stands as a whole, or not at all, and nobody can tell."""


@contextlib.contextmanager
def atomic(*, shared: bool = False) -> Iterator[None]:
    """Open a write transaction, or join the one that is open; it commits or vanishes as a whole.

    Acts check before they change, so one is let through at a time. Where PostgreSQL can, `shared` ones run
    beside each other: those that only add rows, or compare before they swap. On SQLite the write lock is taken
    at once (IMMEDIATE); a commit is on disk when it returns (WAL, synchronous FULL; synchronous_commit). An inner
    block never hides an outer failure: there are no savepoints. Raises UnknownOutcomeError.
    """
    if connection.in_atomic_block:
        if getattr(_held, "is_shared", False) and not shared:
            raise SharedTransactionError
        with transaction.atomic(savepoint=False):
            yield
        return
    if connection.vendor == "sqlite":
        with _undoing(), turnstile("turnstile"), journal.kept(path()), transaction.atomic():
            yield
        return
    with _undoing(), _committed(), transaction.atomic():
        _pass(shared=shared)
        try:
            yield
        finally:
            _held.is_shared = False
        _held.is_over = True


def on_rollback(undo: Callable[[], None]) -> bool:
    """Have something undone once the open transaction is rolled back, whatever fails in it; False when none is open.

    Nothing is undone after UnknownOutcomeError: the act may stand.
    """
    waiting: list[Callable[[], None]] | None = getattr(_held, "undoing", None)
    if waiting is None:
        return False
    waiting.append(undo)
    return True


@contextlib.contextmanager
def _undoing() -> Iterator[None]:
    waiting: list[Callable[[], None]] = []
    _held.undoing = waiting
    try:
        yield
    except BaseException as error:
        if not isinstance(error, UnknownOutcomeError):
            for undo in waiting:
                undo()
        raise
    finally:
        _held.undoing = None


def _pass(*, shared: bool) -> None:
    """Wait for PostgreSQL's turnstile, which the end of the transaction opens again."""
    _held.is_shared, _held.is_over = shared, False
    lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(%s, %s)", TURNSTILE)


@contextlib.contextmanager
def _committed() -> Iterator[None]:
    """Tell a failure before the commit, after which nothing was saved, from one in the middle of it."""
    _held.is_over = False
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        if _held.is_over and is_lost(error):
            raise UnknownOutcomeError(*error.args) from error
        raise


@contextlib.contextmanager
def lazily() -> Iterator[None]:
    """Let the commits inside wait for no disk; for what can be made again from files that are durable.

    They stay whole and in order, but after a power cut the last ones may be missing (SQLite: synchronous NORMAL;
    PostgreSQL: synchronous_commit off); the next commit that is not lazy takes them along. Inside an open
    transaction its outermost block decides.
    """
    if connection.in_atomic_block:
        yield
        return
    lazy, strict = _SYNCHRONOUS[connection.vendor]
    _execute(lazy)
    try:
        yield
    finally:
        if connection.connection is not None:  # a new session begins strict
            _execute(strict)


_SYNCHRONOUS = {
    "sqlite": ("PRAGMA synchronous=NORMAL", "PRAGMA synchronous=FULL"),
    "postgresql": ("SET synchronous_commit = off", "RESET synchronous_commit"),
}


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def compact() -> bool:
    """Write the database anew, without what deleted rows left behind; return whether nothing remains beside it.

    Writers wait meanwhile, readers do not (SQLite; PostgreSQL locks a table at a time). SQLite overwrites deleted
    rows only where that costs nothing, and leaves copies where it moved rows between pages.
    """
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (FULL)")
        return True
    with (
        turnstile("turnstile"),
        journal.kept(path()),
        journal.watched(path()),
        contextlib.closing(sqlite3.connect(path(), timeout=30, isolation_level=None)) as own,
    ):
        own.executescript(f"{journal.OURS} PRAGMA synchronous=FULL;")
        own.execute("PRAGMA temp_store=FILE")  # as large as the database
        own.execute("VACUUM")
        return journal.checkpoint(path(), "TRUNCATE")


def checkpoint() -> bool:
    """Move SQLite's journal into its file; return whether all is moved. PostgreSQL does so by itself."""
    if connection.vendor != "sqlite":
        return True
    with turnstile("turnstile"), journal.kept(path()):
        return journal.checkpoint(path())


def count_for_planner() -> None:  # writes: numbers of the planner, nothing of ours
    """Tell SQLite's planner how its tables are filled, a table at a time, so that nobody waits for it.

    Without numbers it takes an agency for ten rows, and reads a million of them to find fifty by their names. Small
    tables stay without: they may grow before they are counted again. PostgreSQL counts by itself.
    """
    if connection.vendor != "sqlite":
        return
    with lazily(), connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={LOOKED_AT}")
        cursor.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'")
        for (table,) in cursor.fetchall():
            with atomic():
                cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
        with atomic():
            cursor.execute(_FORGET_SMALL, [SMALL])
            for statement in ("CREATE TABLE counted (id)", "DROP TABLE counted"):
                cursor.execute(statement)  # other connections read the numbers with a schema that changed


def path() -> Path:
    """Return SQLite's file."""
    return Path(connection.settings_dict["NAME"])


def is_storage_full(error: BaseException) -> bool:
    """Return whether an error, or what caused it, means that the disk or its quota is full."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in _FULL:
            return True
        if isinstance(cause, (OperationalError, sqlite3.OperationalError)) and "full" in str(cause):
            return True
        if "disk is full" in str(cause) or getattr(cause, "sqlstate", None) == _DISK_FULL:
            return True
        cause = cause.__cause__
    return False


def is_lost(error: BaseException) -> bool:
    """Return whether an error means that the database cannot be reached, or left in the middle."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return connection.vendor == "postgresql" and (state is None or state.startswith(_LOST))


def is_read_only(error: BaseException) -> bool:
    """Return whether an error, or what caused it, means that the disk takes no writes at all."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno == errno.EROFS:
            return True
        if isinstance(cause, (OperationalError, sqlite3.OperationalError)):
            if "readonly database" in str(cause):
                return True
            if "unable to open" in str(cause):  # SQLite does not say why
                with contextlib.suppress(OSError):
                    return bool(os.statvfs(settings.CONGVU_DATA).f_flag & os.ST_RDONLY)
        cause = cause.__cause__
    return False

"""The one way to open a write transaction."""

import sqlite3
from contextlib import AbstractContextManager

from django.db import OperationalError, transaction


def atomic() -> AbstractContextManager[None]:
    """Open a write transaction, or join the one that is open; it commits or vanishes as a whole.

    On SQLite it takes the write lock at once (IMMEDIATE) and a commit is on disk when it returns
    (WAL, synchronous FULL). An inner block never hides an outer failure: there are no savepoints.
    """
    return transaction.atomic(savepoint=False)


def is_storage_full(error: BaseException) -> bool:
    """Return whether an error means that the disk is full."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno == 28:  # noqa: PLR2004 -- ENOSPC
            return True
        if isinstance(cause, (OperationalError, sqlite3.OperationalError)) and "full" in str(cause):
            return True
        cause = cause.__cause__
    return False

"""The engine of an installation without a database server; Django asks for a module of this name."""

import contextlib
import sqlite3
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import DatabaseErrorWrapper

from congvu.base import journal
from congvu.base.turnstile import turnstile


class _Watched(DatabaseErrorWrapper):
    """Django's way from SQLite's errors to its own, which every statement and every commit passes."""

    wrapper: "DatabaseWrapper"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None and journal.is_broken(error):
            journal.suspect(self.wrapper.file)
        super().__exit__(kind, error, traceback)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite, for a disk that may fail."""

    @property
    def file(self) -> Path:
        """Return the database's own file."""
        return Path(self.settings_dict["NAME"])

    @cached_property
    def wrap_database_errors(self) -> DatabaseErrorWrapper:
        """Return what turns SQLite's errors into Django's, and sees when the disk failed."""
        return _Watched(self)

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        """Return a connection whose journal has a name on disk: SQLite syncs the folder, and hides when that fails."""
        made: sqlite3.Connection = super().get_new_connection(conn_params)
        if not self.is_in_memory_db():
            made.execute("PRAGMA schema_version")  # only who reads opens the journal
            journal.sync(self.file.parent)
        return made

    def _close(self) -> None:
        """Leave nothing unsynced: the last one who closes moves the journal, and SQLite hides when that fails."""
        if self.connection is not None and not self.is_in_memory_db():
            try:
                journal.sync_journal(self.file)
            except OSError:
                with contextlib.suppress(OSError, sqlite3.Error):
                    self.connection.rollback()
                    with turnstile("turnstile"):
                        journal.mend(self.file)
        super()._close()  # type: ignore[misc]  # the stubs leave it out

"""Backups of a whole installation, as careless people make them: the copy that belongs elsewhere included."""

import shutil
import sqlite3
from pathlib import Path

from django.conf import settings
from django.db import connection

TABLES = ("ledger_ledger", "ledger_log", "ledger_outbox", "ledger_entry", "ledger_disclosure")


def back_up(folder: Path) -> None:
    """Copy data, keys, tiles, checkpoints and the ledger's tables."""
    shutil.copytree(settings.CONGVU_DATA, folder / "backup")
    shutil.copytree(settings.CONGVU_CHECKPOINT_COPY, folder / "elsewhere")
    with sqlite3.connect(folder / "tables") as kept:
        connection.connection.backup(kept)


def restore(folder: Path) -> None:
    """Put all of it back."""
    for name, place in (("backup", settings.CONGVU_DATA), ("elsewhere", settings.CONGVU_CHECKPOINT_COPY)):
        shutil.rmtree(place)
        shutil.copytree(folder / name, place)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("ATTACH %s AS kept", [str(folder / "tables")])
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 -- only names
            cursor.execute(f"INSERT INTO {table} SELECT * FROM kept.{table}")  # noqa: S608 -- only names
        cursor.execute("DETACH kept")
        cursor.execute("PRAGMA foreign_keys=ON")

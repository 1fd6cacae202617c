"""Small programs under the library, for its own test: `python -m tests.faults.programs PLACE NAME/KIND-AT…`.

Each writes numbered records and says a number once it believes that the record is on disk. For each fault it runs
once, in the folder PLACE/NAME/KIND-AT/data, and says into PLACE/NAME/KIND-AT/said.
"""

import contextlib
import logging
import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings

from congvu.base import journal, keys
from tests.faults import library

django.setup()  # the ledger's files know its tables

from congvu.ledger.store import replace, write_durably  # noqa: E402 -- as above

RECORDS = 12


def main(place: str, *chosen: str) -> None:
    """Run each program until its end or its death, once for each fault."""
    logging.disable()  # of a disk that is meant to fail
    for one in chosen:
        run = Path(place) / one
        name, fault = one.split("/")
        kind, at = fault.split("-")
        child = os.fork()
        if child == 0:
            said = os.open(run / "said", os.O_WRONLY | os.O_CREAT)
            library.begin(run / "data", run / "journal", kind, at=int(at), span=40, seed=1)
            _run(name, run / "data", lambda number, said=said: os.write(said, b"%d\n" % number))
            os._exit(0)
        os.waitpid(child, 0)


def _run(name: str, folder: Path, say: Callable[[int], object]) -> None:
    if name.startswith("sqlite"):
        with contextlib.suppress(sqlite3.Error):
            sqlite(folder, "FULL" if name == "sqlite-full" else "OFF", say)
        return
    if name.startswith("keys"):
        record_keys(folder, say, mends=name == "keys")
        return
    program = {"careful": careful, "forgets": forgets, "file-only": file_only}[name]
    for number in range(RECORDS):
        with contextlib.suppress(OSError):
            program(folder / f"{number}" / "record", b"record %d" % number * 200)
            say(number)


def careful(path: Path, data: bytes) -> None:
    """Write as the ledger does."""
    write_durably(path, data)


def forgets(path: Path, data: bytes) -> None:
    """Rename into place without any sync."""
    path.parent.mkdir(exist_ok=True)
    waiting = path.with_name("new")
    waiting.write_bytes(data)
    waiting.rename(path)


def file_only(path: Path, data: bytes) -> None:
    """Sync the file, and not the folder that names it."""
    replace(path, data)


def sqlite(folder: Path, synchronous: str, say: Callable[[int], object]) -> None:
    """Commit record after record."""
    connection = sqlite3.connect(folder / "records.sqlite3")
    connection.executescript(f"PRAGMA synchronous={synchronous}; PRAGMA wal_autocheckpoint=4;")
    for number in range(RECORDS):
        with contextlib.suppress(sqlite3.Error):
            with connection:
                connection.execute("INSERT INTO record VALUES (?, ?)", (number, b"x" * 3_000))
            say(number)


def record_keys(folder: Path, say: Callable[[int], object], *, mends: bool) -> None:
    """Store record keys, one after the other, and move the journal now and then."""
    settings.CONGVU_DATA = folder
    journal.LIMIT = 20
    if not mends:
        journal.mend = lambda _: None
    for number in range(RECORDS):
        with contextlib.suppress(sqlite3.Error, OSError):
            if number % 3 == 0:
                keys.checkpoint()
            keys.put_many((f"{number}-{part}", bytes(keys.LENGTH)) for part in range(150))
            say(number)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""After a failed sync nobody commits behind the hole that the disk may have: the journal is written again first."""

import os
import sqlite3

import pytest
from django.db import OperationalError

from congvu.base import journal


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "truth.sqlite3"
    (tmp_path / "truth.sqlite3-wal").write_bytes(os.urandom(3_000_000))
    return path


def failing(database, code: int) -> None:
    cause = sqlite3.OperationalError("disk I/O error")
    cause.sqlite_errorcode = code
    with pytest.raises(OperationalError), journal.kept(database):
        raise OperationalError from cause


def marked(database) -> bool:
    return database.with_name("truth.sqlite3-suspect").exists()


def test_a_journal_that_can_be_written_again_holds_what_it_held(database):
    wal = database.with_name("truth.sqlite3-wal")
    before = wal.read_bytes()
    failing(database, sqlite3.SQLITE_IOERR_FSYNC)
    assert (wal.read_bytes(), marked(database)) == (before, False)
    with journal.kept(database):
        pass


def test_nobody_writes_while_the_journal_cannot_be_mended(database):
    wal = database.with_name("truth.sqlite3-wal")
    wal.unlink()
    wal.mkdir()
    failing(database, sqlite3.SQLITE_IOERR_FSYNC)
    assert marked(database)
    with pytest.raises(IsADirectoryError), journal.kept(database):
        raise AssertionError("nobody comes in")
    wal.rmdir()
    with journal.kept(database):
        pass
    assert not marked(database)


def test_what_another_process_marked_is_mended_before_anything_is_written(database):
    database.with_name("truth.sqlite3-suspect").touch()
    with journal.kept(database):
        assert not marked(database)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CONSTRAINT])
def test_other_failures_leave_no_suspicion(database, code):
    database.with_name("truth.sqlite3-wal").unlink()
    database.with_name("truth.sqlite3-wal").mkdir()
    failing(database, code)
    assert not marked(database)


def test_a_database_without_a_journal_has_nothing_to_mend(tmp_path):
    failing(tmp_path / "truth.sqlite3", sqlite3.SQLITE_IOERR_WRITE)
    assert list(tmp_path.iterdir()) == []

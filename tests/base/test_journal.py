"""After a failed sync nobody builds on what the disk may lack: journal and database are written again first."""

import contextlib
import errno
import fcntl
import os
import sqlite3

import pytest
from django.db import OperationalError, connection

from congvu.base import database as truth
from congvu.base import journal, keys
from congvu.base.turnstile import turnstile


@pytest.fixture
def connected(tmp_path):
    """A database of some pages, half of which were moved into it; the rest stands in its journal."""
    made = sqlite3.connect(tmp_path / "truth.sqlite3", isolation_level=None)
    made.executescript(f"PRAGMA journal_mode=WAL; {journal.OURS} CREATE TABLE record (body BLOB);")
    write(made)
    with contextlib.closing(reading(tmp_path / "truth.sqlite3")):
        write(made)
        assert not journal.checkpoint(tmp_path / "truth.sqlite3")
    yield made
    made.close()


@pytest.fixture
def database(connected, tmp_path):
    return tmp_path / "truth.sqlite3"


def write(made: sqlite3.Connection) -> None:
    made.execute("INSERT INTO record VALUES (randomblob(30000))")


def reading(database) -> sqlite3.Connection:
    reader = sqlite3.connect(database, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM record").fetchone()
    return reader


def error_of(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    return error


def failing(database, code: int) -> None:
    with pytest.raises(sqlite3.OperationalError), journal.watched(database):
        raise error_of(code)


def beside(database, ending: str):
    return database.with_name(f"{database.name}-{ending}")


def is_marked(database) -> bool:
    return beside(database, "suspect").exists()


@pytest.fixture
def calls(monkeypatch):
    """Every octet that Python writes, and every sync, by inode."""
    done: list[tuple[int, int, int]] = []
    pwrite, fsync = os.pwrite, os.fsync

    def write_and_tell(file, octets, place):
        done.append((os.fstat(file).st_ino, place, place + len(octets)))
        return pwrite(file, octets, place)

    def sync_and_tell(file):
        done.append((os.fstat(file).st_ino, -1, -1))
        fsync(file)

    monkeypatch.setattr(os, "pwrite", write_and_tell)
    monkeypatch.setattr(os, "fsync", sync_and_tell)
    return done


def test_journal_and_moved_pages_are_written_again_and_synced_and_say_what_they_said(database, calls):
    wal = beside(database, "wal")
    before = wal.read_bytes(), database.read_bytes()
    failing(database, sqlite3.SQLITE_IOERR_FSYNC)
    with journal.kept(database):
        assert not is_marked(database)
    assert (wal.read_bytes(), database.read_bytes()) == before
    octets = {
        path: {at for inode, start, end in calls if inode == path.stat().st_ino for at in range(start, end)}
        for path in (wal, database)
    }
    assert octets == {path: set(range(path.stat().st_size)) for path in (wal, database)}
    assert [inode for inode, start, _ in calls if start < 0] == [wal.stat().st_ino, database.stat().st_ino]


def test_nobody_writes_while_nothing_can_be_mended(database, monkeypatch):
    def fsync(_file):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    failing(database, sqlite3.SQLITE_IOERR_FSYNC)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fsync)
        with pytest.raises(OSError, match=r"Errno 5"), journal.kept(database):
            raise AssertionError("nobody comes in")
        assert is_marked(database)
    with journal.kept(database):
        assert not is_marked(database)


def test_whoever_met_the_error_mends_before_the_next_one_comes_in(database):
    with pytest.raises(sqlite3.OperationalError), journal.kept(database), journal.watched(database):
        raise error_of(sqlite3.SQLITE_IOERR_FSYNC)
    assert not is_marked(database)


def test_what_another_process_marked_is_mended_before_anything_is_written(database):
    beside(database, "suspect").touch()
    with journal.kept(database):
        assert not is_marked(database)


def test_nobody_else_writes_while_the_journal_is_written_again(database, monkeypatch):
    other = sqlite3.connect(database, timeout=0)
    tried = []

    def write_again(*_):
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            write(other)
        tried.append(1)

    monkeypatch.setattr(journal, "_write_again", write_again)
    journal.suspect(database)
    journal.mend(database)
    other.close()
    assert tried


@pytest.mark.parametrize("code", [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CONSTRAINT])
def test_other_failures_leave_no_suspicion(database, code):
    failing(database, code)
    assert not is_marked(database)


def test_a_database_without_a_journal_has_nothing_to_mend(tmp_path):
    failing(tmp_path / "truth.sqlite3", sqlite3.SQLITE_IOERR_WRITE)
    with journal.kept(tmp_path / "truth.sqlite3"):
        assert list(tmp_path.iterdir()) == []


def test_a_journal_that_was_moved_as_a_whole_is_written_over(connected, database):
    wal = beside(database, "wal")
    assert journal.checkpoint(database)
    size = wal.stat().st_size
    write(connected)
    assert wal.stat().st_size == size


@pytest.mark.parametrize(("limit", "grows"), [(12, False), (1_000, True)])
def test_a_writer_moves_a_long_journal_that_nobody_moved(connected, database, monkeypatch, limit, grows):
    monkeypatch.setattr(journal, "LIMIT", limit)
    before = beside(database, "wal").stat().st_size
    with journal.kept(database):
        write(connected)
    assert (beside(database, "wal").stat().st_size > before) == grows


def test_a_journal_that_was_begun_anew_is_no_longer_long(connected, database, monkeypatch):
    journal.checkpoint(database)
    write(connected)
    monkeypatch.setattr(journal, "LIMIT", 12)
    monkeypatch.setattr(journal, "checkpoint", pytest.fail)
    with journal.kept(database):
        write(connected)


def test_who_reads_for_long_holds_up_no_writer(connected, database, monkeypatch):
    monkeypatch.setattr(journal, "LIMIT", 12)
    with contextlib.closing(reading(database)), journal.kept(database):
        write(connected)


def test_a_journal_that_cannot_be_moved_costs_no_act(database, monkeypatch, caplog):
    def checkpoint(*_):
        with journal.watched(database):
            raise error_of(sqlite3.SQLITE_IOERR_FSYNC)

    monkeypatch.setattr(journal, "LIMIT", 12)
    monkeypatch.setattr(journal, "checkpoint", checkpoint)
    with journal.kept(database):
        assert not is_marked(database)
    assert "was not moved" in caplog.text


@pytest.mark.django_db(transaction=True)
class TestOurConnections:
    def test_move_no_journal_by_themselves(self):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_autocheckpoint")
            assert cursor.fetchone() == (0,)
        assert keys._connection().execute("PRAGMA wal_autocheckpoint").fetchone() == (0,)

    def test_leave_the_mark_in_whatever_statement_the_disk_fails(self):
        with pytest.raises(OperationalError), connection.wrap_database_errors:
            raise error_of(sqlite3.SQLITE_IOERR_FSYNC)
        assert is_marked(truth.path())
        with truth.atomic():
            assert not is_marked(truth.path())

    def test_close_with_everything_on_disk(self, calls):
        with truth.lazily(), truth.atomic(), connection.cursor() as cursor:
            cursor.execute("PRAGMA user_version=0")
        number = beside(truth.path(), "wal").stat().st_ino
        connection.close()
        assert (number, -1, -1) in calls

    def test_mend_where_the_disk_fails_while_they_close(self, monkeypatch):
        fsync, failed = os.fsync, []

        def once(file):
            if not failed:
                failed.append(file)
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            fsync(file)

        with truth.atomic(), connection.cursor() as cursor:
            cursor.execute("PRAGMA user_version=0")
        monkeypatch.setattr(os, "fsync", once)
        with turnstile("turnstile"):  # as an act whose connection is given up
            connection.close()
        assert failed
        assert not is_marked(truth.path())

    def test_are_moved_by_the_clerk(self):
        with truth.atomic(), connection.cursor() as cursor:
            cursor.execute("PRAGMA user_version=0")
        assert truth.checkpoint()
        assert keys.checkpoint()


def test_who_is_inside_a_turnstile_passes_it_and_holds_it_to_the_end(data_folder):
    with turnstile("turnstile"):
        with turnstile("turnstile"):
            pass
        other = os.open(data_folder / "turnstile", os.O_RDWR)
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(other)

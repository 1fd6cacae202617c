"""What is known of a disk from the errors that it causes."""

import errno
import sqlite3

import pytest
from django.db import OperationalError

from congvu.base import handles, keys
from congvu.base.database import is_read_only, is_storage_full


def caused(cause: Exception) -> OperationalError:
    error = OperationalError("the act failed")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.EROFS, "Read-only file system"),
        caused(OSError(errno.EROFS, "Read-only file system")),
        OperationalError("attempt to write a readonly database"),
        caused(sqlite3.OperationalError("attempt to write a readonly database")),
    ],
)
def test_a_read_only_disk_is_told_from_a_full_one(error):
    assert is_read_only(error)
    assert not is_storage_full(error)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EACCES, "Permission denied"),
        OperationalError("database is locked"),
        OperationalError("unable to open database file"),  # on a disk that can be written
        ValueError("readonly database"),
    ],
)
def test_other_troubles_are_not_a_read_only_disk(error):
    assert not is_read_only(error)


def test_a_journal_of_keys_that_is_suspected_is_mended_before_anything_is_written_behind_it(data_folder):
    first, second = handles.new(), handles.new()
    keys.put_many([(first, b"1" * keys.LENGTH)])
    mark = data_folder / "keys.sqlite3-suspect"
    mark.touch()
    keys.put_many([(second, b"2" * keys.LENGTH)])
    assert not mark.exists()
    assert set(keys.get_many([first, second])) == {first, second}

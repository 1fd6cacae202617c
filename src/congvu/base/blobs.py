"""Immutable encrypted files, named by random handles, on disk before the row that names them."""

import contextlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from django.conf import settings

from congvu.base import derived, handles, keys
from congvu.base.journal import sync

_AT_ONCE = 32  # syncs that wait together share one write of the file system's journal
_FOLDER = 2  # letters of a handle that name its folder
_several = ThreadPoolExecutor(_AT_ONCE, "blobs")  # its threads start with the first batch


class BlobMissingError(Exception):
    """The blob was destroyed, or was never stored."""


class BlobDamagedError(Exception):
    """The blob's bytes are not those that were stored."""


def put(data: bytes) -> str:
    """Store bytes and return their handle; they are on disk when this returns."""
    return put_many([data])[0]


def put_many(items: Sequence[bytes]) -> list[str]:
    """Store several blobs; all are on disk when this returns, or none is kept.

    Files, keys and names are synced at the same time; they share a folder, so that one sync makes all names durable.
    """
    if not items:
        return []
    first = handles.new()[:_FOLDER]
    named = [(first + handles.new()[_FOLDER:], keys.fresh(), data) for data in items]
    _ensure(_path(first).parent)
    try:
        with contextlib.ExitStack() as opened:
            files = [_write(opened, *one) for one in named]
            syncs = [_several.submit(os.fsync, file.fileno()) for file in files]
            syncs.append(_several.submit(sync, _path(first).parent))
            try:
                keys.put_many((handle, key) for handle, key, _ in named)
            finally:
                wait(syncs)
        for done in syncs:
            done.result()
    except BaseException:
        for handle, _, _ in named:
            _path(handle).unlink(missing_ok=True)
        raise
    return [handle for handle, _, _ in named]


def get(handle: str) -> bytes:
    """Return a blob's bytes; raises BlobMissingError or BlobDamagedError."""
    key = keys.get_many([handle]).get(handle)
    if key is None:
        raise BlobMissingError(handle)
    try:
        return keys.unseal(key, handle, _path(handle).read_bytes())
    except FileNotFoundError as error:
        raise BlobMissingError(handle) from error
    except InvalidTag as error:
        raise BlobDamagedError(handle) from error


def missing(asked: Sequence[str]) -> set[str]:
    """Return which of these blobs can no longer be read for want of the key or of the file."""
    kept = keys.get_many(asked)
    return {one for one in asked if one not in kept or not _path(one).is_file()}


def destroy(handle: str) -> None:
    """Destroy a blob: its key first, so that no copy of the file can be read, then the file."""
    destroy_many([handle])


def destroy_many(handles_: Sequence[str]) -> None:
    """Destroy blobs; those that are gone already do no harm."""
    keys.destroy_many(handles_)
    for handle in handles_:
        derived.forget(handle)
        _path(handle).unlink(missing_ok=True)
    for folder in {_path(handle).parent for handle in handles_}:
        if folder.is_dir():
            sync(folder)


def traces(asked: Sequence[str]) -> int:
    """Return of how many blobs a key, a file or something made of it is still there."""
    kept = keys.get_many(asked)
    return sum(one in kept or _path(one).exists() or derived.exists(one) for one in asked)


def stored_before(instant: datetime) -> list[str]:
    """Return the handles of all blobs whose file was written before an instant."""
    limit = instant.timestamp()
    folders = (Path(settings.CONGVU_DATA) / "blobs").glob("*")
    return [file.name for folder in folders for file in os.scandir(folder) if file.stat().st_mtime < limit]


def _path(handle: str) -> Path:
    return Path(settings.CONGVU_DATA) / "blobs" / handle[:_FOLDER] / handle


def _ensure(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        sync(folder.parent)


def _write(opened: contextlib.ExitStack, handle: str, key: bytes, data: bytes) -> IO[bytes]:
    """Write one blob, sealed, and leave it open, to be synced with the others."""
    file = opened.enter_context(_path(handle).open("xb"))
    os.fchmod(file.fileno(), 0o600)
    file.write(keys.seal(key, handle, data))
    file.flush()
    return file

"""Immutable encrypted files, named by random handles, on disk before the row that names them."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

from cryptography.exceptions import InvalidTag
from django.conf import settings

from congvu.base import handles, keys

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
    """Store several blobs, their keys meanwhile in one go; all are on disk when this returns, or none is kept.

    They share a folder, so that one sync makes all their names durable.
    """
    if not items:
        return []
    folder = handles.new()[:_FOLDER]
    named = [(folder + handles.new()[_FOLDER:], keys.fresh(), data) for data in items]
    _ensure(_path(folder).parent)
    begun = [_several.submit(_write, *one) for one in named]
    try:
        try:
            keys.put_many((handle, key) for handle, key, _ in named)
        finally:
            wait(begun)
        for one in begun:
            one.result()
        sync_folder(_path(folder).parent)
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


def destroy(handle: str) -> None:
    """Destroy a blob: its key first, so that no copy of the file can be read, then the file."""
    keys.destroy(handle)
    _path(handle).unlink(missing_ok=True)
    sync_folder(_path(handle).parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _path(handle: str) -> Path:
    return Path(settings.CONGVU_DATA) / "blobs" / handle[:_FOLDER] / handle


def _ensure(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)


def _write(handle: str, key: bytes, data: bytes) -> None:
    """Write one blob, sealed; it is on disk when this returns."""
    descriptor = os.open(_path(handle), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        view = memoryview(keys.seal(key, handle, data))
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Immutable encrypted files, named by random handles, on disk before the row that names them."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from django.conf import settings

from congvu.base import handles, keys

_AT_ONCE = 8
_Item = TypeVar("_Item")
_several = ThreadPoolExecutor(_AT_ONCE, "blobs")  # its threads start with the first batch


class BlobMissingError(Exception):
    """The blob was destroyed, or was never stored."""


class BlobDamagedError(Exception):
    """The blob's bytes are not those that were stored."""


def put(data: bytes) -> str:
    """Store bytes and return their handle; they are on disk when this returns."""
    return put_many([data])[0]


def put_many(items: Sequence[bytes]) -> list[str]:
    """Store several blobs with one sync of the key store; all are on disk when this returns, or none is kept."""
    named = [(handles.new(), keys.fresh(), data) for data in items]
    try:
        _write_all(named)
        keys.put_many((handle, key) for handle, key, _ in named)
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


def _write_all(named: Sequence[tuple[str, bytes, bytes]]) -> None:
    folders: set[Path] = set()
    for handle, _, _ in named:
        folders.update(_ensure(_path(handle).parent))
    _each(lambda one: _write(_path(one[0]), keys.seal(one[1], one[0], one[2])), named)
    _each(sync_folder, list(folders))


def _each(work: Callable[[_Item], None], items: Sequence[_Item]) -> None:
    """Do the same with every item, several at once: syncs that wait together share one write of the journal."""
    if len(items) == 1:
        work(items[0])
        return
    begun = [_several.submit(work, one) for one in items]
    wait(begun)
    for one in begun:
        one.result()


def _path(handle: str) -> Path:
    return Path(settings.CONGVU_DATA) / "blobs" / handle[:2] / handle


def _ensure(folder: Path) -> set[Path]:
    if folder.is_dir():
        return {folder}
    folder.mkdir(parents=True, exist_ok=True)
    return {folder, folder.parent}


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)

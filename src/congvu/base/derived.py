"""What can be made again from a blob: kept encrypted under a key made of the blob's own, so it is gone with it."""

import contextlib
import hashlib
import hmac
import os
import re
import shutil
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from congvu.base import keys

_NAME = re.compile(r"[a-z0-9.-]{1,60}")
_NONCE = 12  # octets


class NotANameError(ValueError):
    """A name that no file may have."""


def keep(handle: str, name: str, data: bytes) -> None:
    """Keep something that was made of a blob, in place of what was kept under the name; nothing if the blob is gone."""
    key = _key(handle, name)
    if key is None:
        return
    path = _path(handle, name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    nonce = os.urandom(_NONCE)
    fresh = path.with_name(f".{os.urandom(8).hex()}")
    fresh.write_bytes(nonce + AESGCM(key).encrypt(nonce, data, f"{handle}/{name}".encode()))
    fresh.chmod(0o600)
    fresh.replace(path)


def find(handle: str, name: str) -> bytes | None:
    """Return what was kept; None when there is nothing, or the blob's key is gone."""
    key = _key(handle, name)
    try:
        data = _path(handle, name).read_bytes() if key else b""
        return AESGCM(key).decrypt(data[:_NONCE], data[_NONCE:], f"{handle}/{name}".encode()) if key else None
    except (FileNotFoundError, NotADirectoryError, InvalidTag, ValueError):
        return None


def forget(handle: str) -> None:
    """Remove all that was made of a blob."""
    shutil.rmtree(_folder(handle), ignore_errors=True)


def exists(handle: str) -> bool:
    """Return whether anything that was made of a blob is still there."""
    return _folder(handle).exists()


def forget_before(instant: datetime) -> int:
    """Remove what was kept before an instant; return of how many blobs."""
    limit = instant.timestamp()
    old = [one for one in _root().glob("*/*") if _age(one) < limit]
    for one in old:
        shutil.rmtree(one, ignore_errors=True)
    return len(old)


def forget_above(most: int) -> int:
    """Remove what was kept first, until at most so many octets are left; return of how many blobs."""
    kept = sorted((_age(one), one, _octets(one)) for one in _root().glob("*/*"))
    too_many, count = sum(octets for _, _, octets in kept) - most, 0
    for _, one, octets in kept:
        if too_many <= 0:
            break
        shutil.rmtree(one, ignore_errors=True)
        too_many, count = too_many - octets, count + 1
    return count


def _octets(folder: Path) -> int:
    octets = 0
    with contextlib.suppress(FileNotFoundError):  # somebody else forgot it meanwhile
        for one in folder.iterdir():
            octets += one.stat().st_size
    return octets


def _age(folder: Path) -> float:
    with contextlib.suppress(FileNotFoundError):
        return folder.stat().st_mtime
    return 0.0


def _key(handle: str, name: str) -> bytes | None:
    own = keys.get_many([handle]).get(handle)
    return hmac.digest(own, f"derived {name}".encode(), hashlib.sha256)[: keys.LENGTH] if own else None


def _root() -> Path:
    return Path(settings.CONGVU_DATA) / "derived"


def _folder(handle: str) -> Path:
    if not _NAME.fullmatch(handle):
        raise NotANameError(handle[:100])
    return _root() / handle[:2] / handle


def _path(handle: str, name: str) -> Path:
    if not _NAME.fullmatch(name) or name.startswith("."):
        raise NotANameError(name[:100])
    return _folder(handle) / name

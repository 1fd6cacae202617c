"""The working paper of a disposal: sealed under a key of its own, which goes as soon as what it names has gone."""

import hashlib
import json
import os
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from congvu.base import blobs, keys
from congvu.ledger.disposal.holders import Marked
from congvu.ledger.disposal.models import Disposal
from congvu.ledger.store import waiting, write_durably

_NONCE = 12  # octets


class PaperMissingError(Exception):
    """The working paper or its key is gone, so that nobody knows what is still to be destroyed."""


def write(one: Disposal, marked: Marked) -> None:
    """Keep what is marked in place of what was kept; it is on disk when this returns."""
    whole = {"entries": marked.entries, "subjects": sorted(marked.subjects), "blobs": sorted(marked.blobs)}
    key = keys.get_many([one.handle]).get(one.handle)
    if key is None:
        key = keys.fresh()
        keys.put_many([(one.handle, key)])
    nonce, path = os.urandom(_NONCE), _path(one)
    sealed = AESGCM(key).encrypt(nonce, json.dumps(whole).encode(), one.handle.encode())
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_durably(path, nonce + sealed, mode=0o600)


def read(one: Disposal) -> Marked:
    """Return what is marked; of a destruction that left nothing, the entries alone. Raises PaperMissingError."""
    key, path = keys.get_many([one.handle]).get(one.handle), _path(one)
    if key is not None and path.exists():
        data = path.read_bytes()
        whole = json.loads(AESGCM(key).decrypt(data[:_NONCE], data[_NONCE:], one.handle.encode()))
        return Marked(one.agency, whole["entries"], set(whole["subjects"]), set(whole["blobs"]))
    if not one.blob:
        raise PaperMissingError(one.handle)
    lines = blobs.get(one.blob).decode().splitlines()
    return Marked(one.agency, dict(line.split(" ", 1) for line in lines))


def drop(one: Disposal) -> None:
    """Destroy the working paper; the list of entries must have been kept."""
    keys.destroy(one.handle)
    for path in (_path(one), waiting(_path(one))):
        path.unlink(missing_ok=True)


def listing(marked: Marked) -> bytes:
    """Return the list of destroyed entries, for whoever must show what was destroyed: a line each, id and kind."""
    return "".join(f"{entry} {kind}\n" for entry, kind in sorted(marked.entries.items())).encode()


def digest(marked: Marked) -> str:
    """Return the SHA-256 of the list in hexadecimal."""
    return hashlib.sha256(listing(marked)).hexdigest()


def _path(one: Disposal) -> Path:
    return Path(settings.CONGVU_DATA) / "disposal" / f"{one.handle}.paper"

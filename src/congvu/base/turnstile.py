"""A gate in the data folder that lets one process or thread through at a time, the next one woken at once."""

import contextlib
import fcntl
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

_held = threading.local()


@contextlib.contextmanager
def turnstile(name: str) -> Iterator[None]:
    """Wait until nobody else is inside.

    SQLite's own way of waiting is to sleep and look again, which costs a waiting writer up to 100 ms. Who is inside
    already passes.
    """
    inside: set[str] = _held.__dict__.setdefault("inside", set())
    if name in inside:
        yield
        return
    descriptor = _file(name)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    inside.add(name)
    try:
        yield
    finally:
        inside.discard(name)
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _file(name: str) -> int:
    """Return this thread's own descriptor of a turnstile's file."""
    path = Path(settings.CONGVU_DATA) / name
    opened: dict[str, tuple[tuple[str, int], int]] = _held.__dict__.setdefault("opened", {})
    mark = (str(path), os.getpid())
    kept, descriptor = opened.get(name, (None, -1))
    if kept != mark:
        path.parent.mkdir(parents=True, exist_ok=True)
        if kept is not None:
            os.close(descriptor)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        opened[name] = mark, descriptor
    return descriptor

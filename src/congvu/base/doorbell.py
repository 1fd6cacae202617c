"""A bell between processes: whoever recorded something rings, the clerk wakes at once instead of polling."""

import contextlib
import os
import select
from pathlib import Path

from django.conf import settings


def ring() -> None:
    """Wake the clerk, if one is listening; never blocks, never fails."""
    with contextlib.suppress(OSError):
        descriptor = os.open(_path(), os.O_WRONLY | os.O_NONBLOCK)
        try:
            os.write(descriptor, b"!")
        finally:
            os.close(descriptor)


class Listener:
    """The clerk's end of the bell."""

    def __init__(self) -> None:
        path = _path()
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.mkfifo(path, 0o600)
        self._descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK)

    def wait(self, seconds: float) -> bool:
        """Wait for the bell; return whether it rang."""
        ready, _, _ = select.select([self._descriptor], [], [], seconds)
        if ready:
            os.read(self._descriptor, 65536)
        return bool(ready)

    def close(self) -> None:
        """Stop listening, and leave no pipe behind for backups to stumble over."""
        _path().unlink(missing_ok=True)
        os.close(self._descriptor)


def _path() -> Path:
    return Path(settings.CONGVU_DATA) / "run" / "bell"

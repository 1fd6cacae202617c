# writes: it alone counts the sequencers
"""What lets one process alone write the logs and sign them.

Three things, for whoever finds that one of them failed: a lock on the ledger's folder, which the kernel gives back
when its holder ends; on PostgreSQL a lock in a session of its own, for installations of several machines; and a
number that grows with each holder. Whoever wakes up with an older number than the last writes nothing more.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from congvu.base.database import atomic
from congvu.ledger.models import Fence as Row

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

LOCK = (0x436F6E67, 2)  # advisory lock of PostgreSQL
_DIGITS = 20


class SequencerRunningError(Exception):
    """Another process holds the fence."""


class TakenOverError(SequencerRunningError):
    """Another process took the fence while this one was away; it writes and signs from now on."""


@dataclass(slots=True)
class Fence:
    """The fence, from `take` to `give_back`."""

    number: int = 0
    _file: int = -1
    _session: "BaseDatabaseWrapper | None" = field(default=None)

    def take(self) -> None:
        """Take the fence; raises SequencerRunningError."""
        self._file = _open()
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._lock_session()
            self.number = _next(_told(self._file))
            os.pwrite(self._file, str(self.number).ljust(_DIGITS).encode(), 0)
        except BlockingIOError as error:
            self.give_back()
            raise SequencerRunningError from error
        except BaseException:
            self.give_back()
            raise

    def give_back(self) -> None:
        """Let the next one in."""
        if self._session is not None:
            with contextlib.suppress(Exception), self._session.cursor() as cursor:  # gone, it holds nothing
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", LOCK)  # else the server does it later
            with contextlib.suppress(Exception):
                self._session.close()
            self._session = None
        os.close(self._file)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep others from taking over inside; raises TakenOverError if somebody has.

        On PostgreSQL inside is one transaction. It passes no turnstile: what is written inside is only compared
        and swapped. On SQLite the folder's lock is all that it takes: data and folder are on one machine.
        """
        if _told(self._file) > self.number:
            raise TakenOverError
        if connection.vendor != "postgresql":
            self._assert_last()
            yield
            return
        self._lock_session()
        with transaction.atomic():
            self._assert_last()
            yield

    def _assert_last(self) -> None:
        if not list(Row.objects.select_for_update().filter(number=self.number)):
            raise TakenOverError

    def _lock_session(self) -> None:
        """Lock in a session that does nothing else; after it was cut off, in a new one."""
        if connection.vendor != "postgresql":
            return
        if self._session is None:
            self._session = connection.copy()
        elif self._session.is_usable():
            return
        self._session.close()
        with self._session.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", LOCK)
            (is_ours,) = cursor.fetchone()
        if not is_ours:
            raise TakenOverError if self.number else SequencerRunningError


def _open() -> int:
    path = Path(settings.CONGVU_DATA) / "ledger"
    path.mkdir(parents=True, exist_ok=True)
    return os.open(path / "fence", os.O_RDWR | os.O_CREAT, 0o600)


def _told(file: int) -> int:
    """Return the last number that the folder knows; it counts on when an older database is restored beside it."""
    text = os.pread(file, _DIGITS, 0).strip()
    return int(text) if text.isdigit() else 0


def _next(told: int) -> int:
    """Count one further; waits for whoever is writing inside its fence."""
    with atomic(shared=True):
        Row.objects.get_or_create(pk=1)
        Row.objects.filter(pk=1).update(number=F("number") + 1)
        Row.objects.filter(pk=1, number__lte=told).update(number=told + 1)
        return Row.objects.values_list("number", flat=True).get(pk=1)

"""One thread that stores what all connections have waiting: natural group commit, no timer."""

import asyncio
import logging
import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from congvu.base.database import is_lost, is_storage_full
from congvu.mail.door import answers
from congvu.mail.door.envelope import Accept, Envelope, Verdict

MANY = 200  # messages of one batch
LARGE = 32 << 20  # octets of one batch, unless a single message is larger

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Waiting:
    envelope: Envelope
    answer: asyncio.Future[Verdict]


class Committer:
    """Hands batches to `accept` and brings each verdict back to its connection."""

    def __init__(self, accept: Accept, loop: asyncio.AbstractEventLoop) -> None:
        self._accept = accept
        self._loop = loop
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="mail-committer")
        self._thread.start()

    async def commit(self, envelope: Envelope) -> Verdict:
        """Store one message, together with whatever else waits; called in the loop."""
        waiting = _Waiting(envelope, self._loop.create_future())
        self._queue.put(waiting)
        return await waiting.answer

    def close(self) -> None:
        """Store what still waits, then end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        left: _Waiting | None = None
        while (head := left or self._queue.get()) is not None:
            batch, left, is_last = self._batch(head)
            verdicts = self._store([waiting.envelope for waiting in batch])
            self._loop.call_soon_threadsafe(_tell, batch, verdicts)
            if is_last:
                return

    def _batch(self, head: _Waiting) -> tuple[list[_Waiting], _Waiting | None, bool]:
        """Take everything that waits, within bounds; what did not fit begins the next batch."""
        batch, size = [head], len(head.envelope.raw)
        while len(batch) < MANY:
            try:
                waiting = self._queue.get_nowait()
            except queue.Empty:
                break
            if waiting is None:
                return batch, None, True
            size += len(waiting.envelope.raw)
            if size > LARGE:
                return batch, waiting, False
            batch.append(waiting)
        return batch, None, False

    def _store(self, envelopes: list[Envelope]) -> Sequence[Verdict]:
        """Store a batch; when it fails, each message alone, so that one cannot hinder the others."""
        try:
            verdicts = list(self._accept(envelopes))
            if len(verdicts) != len(envelopes):
                raise LengthError(len(verdicts), len(envelopes))  # noqa: TRY301 -- answered like any failure
        except Exception as error:  # noqa: BLE001 -- whatever it was, the client gets a temporary no
            if is_storage_full(error):
                _log.warning("no room for %d messages: %s", len(envelopes), error)
                return [answers.NO_ROOM] * len(envelopes)
            if len(envelopes) > 1 and not isinstance(error, LengthError) and not is_lost(error):
                return [self._store([envelope])[0] for envelope in envelopes]
            _log.exception("a batch of %d messages was not stored", len(envelopes))
            return [answers.TROUBLE] * len(envelopes)
        return verdicts


class LengthError(Exception):
    """`accept` did not answer for every message."""


def _tell(batch: list[_Waiting], verdicts: Sequence[Verdict]) -> None:
    for waiting, verdict in zip(batch, verdicts, strict=True):
        if not waiting.answer.done():
            waiting.answer.set_result(verdict)

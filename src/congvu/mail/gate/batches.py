"""One thread that writes what all dialogues have waiting, intents and outcomes together: group commit, no timer."""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Job = TypeVar("Job")
Done = TypeVar("Done")

MANY = 200  # jobs of one batch
LARGE = 32 << 20  # octets of one batch, unless a single job is larger

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Weight:
    """What a job weighs in a batch; jobs with the same key do not share one."""

    octets: int = 0
    key: Hashable = None


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[Job, Done]):
    job: Job
    done: "asyncio.Future[Done]"


class Batches(Generic[Job, Done]):
    """Hands batches to `work` and brings each result back; a batch that fails is tried again one by one."""

    def __init__(
        self,
        work: Callable[[Sequence[Job]], Sequence[Done]],
        weight: Callable[[Job], Weight],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._work = work
        self._weight = weight
        self._loop = loop
        self._queue: queue.SimpleQueue[_Waiting[Job, Done] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="mail-gate-writer")
        self._thread.start()

    async def do(self, job: Job) -> Done:
        """Have a job written, together with whatever else waits; called in the loop. Raises what `work` raised."""
        waiting: _Waiting[Job, Done] = _Waiting(job, self._loop.create_future())
        self._queue.put(waiting)
        return await waiting.done

    def close(self) -> None:
        """Write what still waits, then end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        left: _Waiting[Job, Done] | None = None
        while (head := left or self._queue.get()) is not None:
            batch, left, is_last = self._batch(head)
            self._do(batch)
            if is_last:
                return

    def _batch(
        self, head: _Waiting[Job, Done]
    ) -> tuple[list[_Waiting[Job, Done]], _Waiting[Job, Done] | None, bool]:
        """Take everything that waits, within bounds; what did not fit begins the next batch."""
        first = self._weight(head.job)
        batch, octets, keys = [head], first.octets, {first.key} - {None}
        while len(batch) < MANY:
            try:
                waiting = self._queue.get_nowait()
            except queue.Empty:
                break
            if waiting is None:
                return batch, None, True
            weight = self._weight(waiting.job)
            octets += weight.octets
            if octets > LARGE or weight.key in keys:
                return batch, waiting, False
            keys |= {weight.key} - {None}
            batch.append(waiting)
        return batch, None, False

    def _do(self, batch: list[_Waiting[Job, Done]]) -> None:
        try:
            found = self._work([one.job for one in batch])
        except Exception as error:  # noqa: BLE001 -- whatever it was, who waits is told
            if len(batch) > 1:
                for one in batch:
                    self._do([one])
                return
            _log.warning("a batch of the gate was not written", exc_info=error)
            self._loop.call_soon_threadsafe(_fail, batch[0].done, error)
            return
        self._loop.call_soon_threadsafe(_tell, batch, found)


def _tell(batch: Sequence[_Waiting[Job, Done]], found: Sequence[Done]) -> None:
    for waiting, one in zip(batch, found, strict=True):
        if not waiting.done.done():
            waiting.done.set_result(one)


def _fail(done: "asyncio.Future[Done]", error: Exception) -> None:
    if not done.done():
        done.set_exception(error)

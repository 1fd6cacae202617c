"""The gate itself: one asyncio loop in a thread of its own, and one thread that writes."""

import asyncio
import functools
import logging
import threading

from django.db import close_old_connections

from congvu.base import handles
from congvu.mail.door import answers, syntax
from congvu.mail.door.limits import Limits
from congvu.mail.door.wire import Allowance, Wire
from congvu.mail.gate import desk
from congvu.mail.gate.batches import Batches
from congvu.mail.gate.desk import Desk, Done, Job
from congvu.mail.gate.session import Hall, Session
from congvu.mail.lmtp.delivery import MailServer
from congvu.mail.lmtp.endpoints import Endpoint, listen

SECONDS_TO_END = 60.0  # for messages that are being handed on when the gate closes


class Gate:
    """Takes mail by LMTP, hands it on by LMTP; nothing is asked of the mail server before it is recorded."""

    def __init__(
        self, *, where: Endpoint, mail_server: Endpoint, hostname: str, limits: Limits | None = None
    ) -> None:
        self.life = handles.new()
        self._where = where
        self._mail_server = MailServer(mail_server, hostname)
        self._hostname = hostname
        self._limits = limits or Limits()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail-gate")
        self._server: asyncio.Server | None = None
        self._sessions: dict[asyncio.Task[None], Session] = {}
        self._batches: Batches[Job, Done] | None = None
        self._hall: Hall | None = None

    def open(self) -> None:
        """Start to listen; returns when the port is open. Raises OSError when it is taken."""
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()
        except BaseException:
            self.close()
            raise

    def port(self) -> int:
        """Return the port that is listened on."""
        assert self._server  # noqa: S101 -- for the type checker
        return int(self._server.sockets[0].getsockname()[1])

    def close(self) -> None:
        """Stop listening, finish the messages that are on their way, end the rest with 421."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        if self._batches:
            self._batches.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> None:
        work = functools.partial(_write, life=self.life)
        self._batches = Batches(work, desk.weight, self._loop)
        self._hall = Hall(
            hostname=self._hostname,
            desk=Desk(
                life=self.life, hostname=self._hostname, server=self._mail_server, batches=self._batches
            ),
            limits=self._limits,
            allowance=Allowance(self._limits.in_memory),
        )
        self._server = await listen(self._where, lambda: Wire(self._welcome))

    def _welcome(self, wire: Wire) -> None:
        """Begin a dialogue, or put it off when too many are here already."""
        if self._hall is None or len(self._sessions) >= self._limits.connections:
            wire.say_last(syntax.answer(answers.TOO_MANY_CONNECTIONS, is_utf8=False))
            return
        session = Session(wire, self._hall)
        task = self._loop.create_task(session.run())
        self._sessions[task] = session
        task.add_done_callback(self._sessions.pop)

    async def _close(self) -> None:
        if self._server:
            self._server.close()
        for task, session in self._sessions.items():
            session.leave()
            if not session.is_delivering:
                task.cancel()
        if self._sessions:
            _, late = await asyncio.wait(self._sessions, timeout=SECONDS_TO_END)
            if late:
                logging.getLogger(__name__).error("%d messages were still on their way", len(late))
        self._mail_server.close()


def _write(jobs: "list[Job]", *, life: str) -> list[Done]:
    close_old_connections()
    return desk.write(jobs, life=life)

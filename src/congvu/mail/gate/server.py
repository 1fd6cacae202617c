"""What listens: one asyncio loop in a thread of its own, and one thread that writes."""

import asyncio
import logging
import threading
from collections.abc import Sequence

from django.db import close_old_connections

from congvu.base import handles
from congvu.mail.actions.journaling import Journaled
from congvu.mail.door import answers, syntax
from congvu.mail.door.envelope import Verdict
from congvu.mail.door.limits import Limits
from congvu.mail.door.wire import Allowance, Wire
from congvu.mail.gate import desk, journal
from congvu.mail.gate.batches import Batches
from congvu.mail.gate.desk import Desk, Done, Examine, Job
from congvu.mail.gate.journal import JournalDesk, Judge
from congvu.mail.gate.session import Counter, Hall, Session
from congvu.mail.lmtp.delivery import MailServer
from congvu.mail.lmtp.endpoints import Endpoint, listen

SECONDS_TO_END = 60.0  # for messages that are being handed on when the gate closes


class LmtpServer:
    """Takes mail by LMTP; what is done with it, its kind says."""

    def __init__(self, *, where: Endpoint, hostname: str, limits: Limits | None = None) -> None:
        self._where = where
        self._hostname = hostname
        self._limits = limits or Limits()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail-gate")
        self._server: asyncio.Server | None = None
        self._sessions: dict[asyncio.Task[None], Session] = {}
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
        if self._hall:
            self._leave()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _desk(self) -> Counter:
        """Make what takes the messages; called in the loop."""
        raise NotImplementedError

    def _leave(self) -> None:
        """End what the desk uses."""
        raise NotImplementedError

    async def _open(self) -> None:
        self._hall = Hall(
            hostname=self._hostname,
            desk=self._desk(),
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


class Gate(LmtpServer):
    """Hands mail on by LMTP; nothing is asked of the mail server before it is recorded."""

    def __init__(
        self,
        *,
        where: Endpoint,
        mail_server: Endpoint,
        hostname: str,
        limits: Limits | None = None,
        examine: Examine | None = None,
    ) -> None:
        super().__init__(where=where, hostname=hostname, limits=limits)
        self.life = handles.new()
        self._mail_server = MailServer(mail_server, hostname)
        self._examine = examine
        self._batches: Batches[Job, Done] | None = None

    def _desk(self) -> Counter:
        self._batches = Batches(self._write, desk.weight, self._loop)
        return Desk(
            life=self.life,
            hostname=self._hostname,
            server=self._mail_server,
            batches=self._batches,
            examine=self._examine,
        )

    def _leave(self) -> None:
        if self._batches:
            self._batches.close()

    async def _close(self) -> None:
        await super()._close()
        self._mail_server.close()

    def _write(self, jobs: Sequence[Job]) -> list[Done]:
        close_old_connections()
        return desk.write(jobs, life=self.life)


class Journal(LmtpServer):
    """Records copies of what the mail server took over, and hands nothing on."""

    def __init__(
        self, *, where: Endpoint, hostname: str, limits: Limits | None = None, judge: Judge | None = None
    ) -> None:
        super().__init__(where=where, hostname=hostname, limits=limits)
        self._judge = judge
        self._batches: Batches[Journaled, Verdict] | None = None

    def _desk(self) -> Counter:
        self._batches = Batches(self._write, journal.weight, self._loop)
        return JournalDesk(hostname=self._hostname, batches=self._batches, judge=self._judge)

    def _leave(self) -> None:
        if self._batches:
            self._batches.close()

    def _write(self, jobs: Sequence[Journaled]) -> list[Verdict]:
        close_old_connections()
        return journal.write(jobs)

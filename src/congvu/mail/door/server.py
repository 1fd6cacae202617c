"""The door itself: one asyncio loop in a thread of its own, for all listeners."""

import asyncio
import collections
import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from congvu.mail.door import answers, syntax
from congvu.mail.door.committer import Committer
from congvu.mail.door.envelope import Office
from congvu.mail.door.intake import House
from congvu.mail.door.limits import Limits, Listener
from congvu.mail.door.session import Session
from congvu.mail.door.wire import Allowance, Wire

SECONDS_TO_END = 60.0  # for messages that are being stored when the door closes


class Door:
    """Listens for mail; nothing is answered with 250 before `office.accept` has returned."""

    def __init__(
        self, *, office: Office, listeners: Sequence[Listener], hostname: str, limits: Limits | None = None
    ) -> None:
        self._office = office
        self._listeners = listeners
        self._hostname = hostname
        self._limits = limits or Limits()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail-door")
        self._servers: list[asyncio.Server] = []
        self._sessions: dict[asyncio.Task[None], Session] = {}
        self._peers: collections.Counter[str] = collections.Counter()
        self._reading = ThreadPoolExecutor(1, "mail-reading")
        self._credentials = ThreadPoolExecutor(2, "mail-credentials")
        self._house: House | None = None

    def open(self) -> None:
        """Start to listen; returns when every port is open. Raises OSError when one is taken."""
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()
        except BaseException:
            self.close()
            raise

    def ports(self) -> tuple[int, ...]:
        """Return the port of each listener, in the order in which they were given."""
        return tuple(server.sockets[0].getsockname()[1] for server in self._servers)

    def close(self) -> None:
        """Stop listening, finish the messages that are being stored, end the rest with 421."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        if self._house:
            self._house.committer.close()
        for executor in (self._reading, self._credentials):
            executor.shutdown()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> None:
        self._house = House(
            hostname=self._hostname,
            office=self._office,
            limits=self._limits,
            committer=Committer(self._office.accept, self._loop),
            allowance=Allowance(self._limits.in_memory),
            reading=self._reading,
            credentials=self._credentials,
        )
        for listener in self._listeners:
            self._servers.append(await self._listen(listener, self._house))

    async def _listen(self, listener: Listener, house: House) -> asyncio.Server:
        return await self._loop.create_server(
            lambda: Wire(lambda wire: self._welcome(wire, listener, house)),
            listener.host,
            listener.port,
            ssl=listener.tls if listener.is_implicit else None,
            backlog=200,
        )

    def _welcome(self, wire: Wire, listener: Listener, house: House) -> None:
        """Begin a dialogue, or turn a client away when too many are here already."""
        peer = wire.peer()
        is_full = len(self._sessions) >= self._limits.connections
        if is_full or self._peers[peer] >= self._limits.connections_of_peer:
            wire.say_last(syntax.answer(answers.TOO_MANY_CONNECTIONS, is_utf8=False))
            return
        session = Session(wire, listener, house, peer=peer)
        task = self._loop.create_task(session.run())
        self._sessions[task] = session
        self._peers[peer] += 1
        task.add_done_callback(lambda done: self._farewell(done, peer))

    def _farewell(self, task: asyncio.Task[None], peer: str) -> None:
        del self._sessions[task]
        self._peers[peer] -= 1
        if not self._peers[peer]:
            del self._peers[peer]

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        for session in self._sessions.values():
            session.leave()
        for task, session in self._sessions.items():
            if not session.is_storing:
                task.cancel()
        if self._sessions:
            _, late = await asyncio.wait(self._sessions, timeout=SECONDS_TO_END)
            if late:
                logging.getLogger(__name__).error("%d messages were still being stored", len(late))

"""Bytes of one connection: command lines and message data, strictly framed. RFC 5321, 2.3.8 and 4.1.1.4."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable

PAUSE_AT = 256 << 10  # octets waiting unread before the client is made to wait
LONGEST_COMMAND = 12_288  # RFC 4954, 4: an AUTH line may be that long
LINGER = 2.0  # seconds
LONGEST_LINE = 65_536  # RFC 5321 allows 1,000; real mail breaks that, so the bound is generous

_END = b"\r\n.\r\n"


class BareLineEndError(Exception):
    """A line feed without carriage return, or a carriage return without line feed, was sent."""


class LongLineError(Exception):
    """A line is longer than is taken."""


class TooMuchDataError(Exception):
    """The message is over the limit; it was read to its end and thrown away."""


class NoRoomError(Exception):
    """All messages on their way hold as much memory as they may; this one was read and thrown away."""


class GoneError(Exception):
    """The client went away, or took too long."""


class Allowance:
    """Octets of unfinished messages that all connections together may hold in memory."""

    def __init__(self, octets: int) -> None:
        self.left = octets

    def take(self, octets: int) -> bool:
        """Set octets aside; False when there are not so many left."""
        if octets > self.left:
            return False
        self.left -= octets
        return True

    def give_back(self, octets: int) -> None:
        """Free octets again."""
        self.left += octets


class Wire(asyncio.Protocol):
    """One connection's octets in and out; TLS may be put under it."""

    def __init__(self, on_open: "Callable[[Wire], None]") -> None:
        self._on_open = on_open
        self.buffer = bytearray()
        self.transport: asyncio.Transport | None = None
        self.is_closed = False
        self._is_deaf = False
        self._arrival: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take over a transport, the plain one or the one with TLS."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 -- for the type checker
        self.transport = transport
        self._on_open(self)

    def peer(self) -> str:
        """Return the client's IP address."""
        name = self.transport.get_extra_info("peername") if self.transport else None
        return str(name[0]) if name else ""

    def data_received(self, data: bytes) -> None:
        """Keep what came, and make the client wait when it is ahead of us."""
        if self._is_deaf:
            return
        self.buffer += data
        if len(self.buffer) > PAUSE_AT and self.transport:
            self.transport.pause_reading()
        self._wake(self._arrival)

    def connection_lost(self, _error: Exception | None) -> None:
        """Remember that nobody is there any more."""
        self.is_closed = True
        self._wake(self._arrival)
        self._wake(self._room)

    def pause_writing(self) -> None:
        """Stop answering a client that does not read."""
        self._room = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """Go on answering."""
        self._wake(self._room)
        self._room = None

    @staticmethod
    def _wake(waiter: asyncio.Future[None] | None) -> None:
        if waiter and not waiter.done():
            waiter.set_result(None)

    async def _more(self, deadline: float) -> None:
        """Wait for more octets. Raises GoneError at the end of the connection or at the deadline."""
        loop = asyncio.get_running_loop()
        if self.is_closed or not self.transport:
            raise GoneError
        self.transport.resume_reading()
        self._arrival = loop.create_future()
        alarm = loop.call_at(deadline, self._wake, self._arrival)
        try:
            before = len(self.buffer)
            await self._arrival
        finally:
            alarm.cancel()
            self._arrival = None
        if len(self.buffer) == before:
            raise GoneError

    async def line(self, *, deadline: float, longest: int = LONGEST_COMMAND) -> bytes:
        """Return the next command line without its CRLF; BareLineEndError, LongLineError, GoneError."""
        while True:
            end = self.buffer.find(b"\n", 0, longest)
            head = self.buffer[:end] if end >= 0 else self.buffer[:longest]
            carriage = head.find(b"\r")
            is_ended = end >= 0 and carriage == end - 1
            if not is_ended and (end >= 0 or 0 <= carriage < len(head) - 1):
                raise BareLineEndError
            if is_ended:
                line = bytes(head[:-1])
                del self.buffer[: end + 1]
                return line
            if len(self.buffer) >= longest:
                raise LongLineError
            await self._more(deadline)

    async def data(self, *, deadline: float, limit: int, allowance: Allowance) -> bytes:
        """Return the octets up to the line with a single dot, dots unstuffed, ending with CRLF.

        Raises BareLineEndError at the first bare CR or LF; TooMuchDataError after the end of what was
        over `limit`, NoRoomError of what was over the allowance; LongLineError, GoneError.
        """
        frame = _Frame(limit, allowance)
        try:
            while not frame.is_ended:
                if not self.buffer:
                    await self._more(deadline)
                frame.take(self.buffer)
            return frame.message()
        finally:
            frame.free()

    async def answer(self, text: bytes) -> None:
        """Send an answer, waiting while the client does not read."""
        if self.is_closed or not self.transport:
            raise GoneError
        self.transport.write(text)
        if self._room:
            await self._room

    async def start_tls(self, context: ssl.SSLContext) -> None:
        """Put TLS under the connection; nothing that came before it is kept, and what comes with its last flight is."""
        loop = asyncio.get_running_loop()
        assert self.transport  # noqa: S101 -- for the type checker
        plain = self.transport
        self.buffer.clear()
        transport = await loop.start_tls(plain, self, context, server_side=True)
        if transport is None:
            raise GoneError
        plain.resume_reading()
        self.transport = transport

    def say_last(self, text: bytes) -> None:
        """Send an answer without waiting, and end the connection."""
        if self.transport and not self.is_closed:
            self.transport.write(text)
            self.transport.close()

    async def hang_up(self, text: bytes) -> None:
        """Send a last answer, and listen no more for `LINGER` seconds before the connection ends.

        Were it closed while the client still sends, the system would reset it and the answer be lost.
        """
        if self.is_closed or not self.transport:
            return
        self._is_deaf = True
        self.buffer.clear()
        self.transport.write(text)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        with contextlib.suppress(GoneError):
            await self._more(asyncio.get_running_loop().time() + LINGER)
        self.close()

    def close(self) -> None:
        """End the connection after what was answered has been sent."""
        if self.transport:
            self.transport.close()


class _Frame:
    """Message data on its way: finds the end, refuses bare line ends, holds no more than it may."""

    def __init__(self, limit: int, allowance: Allowance) -> None:
        self.is_ended = False
        self._held = bytearray(b"\r\n")  # so that a dot on the first line ends, too
        self._checked = 2  # line ends before this are well
        self._line = 2  # a line that may still be open begins here, or later
        self._size = 0
        self._reserved = 0
        self._limit = limit
        self._allowance = allowance
        self._fault: type[TooMuchDataError | NoRoomError] | None = None

    def take(self, buffer: bytearray) -> None:
        """Move octets from the buffer, up to the end of the message if it is there."""
        before = len(self._held)
        self._held += buffer
        end = self._held.find(_END, max(0, before - len(_END) + 1))
        self.is_ended = end >= 0
        if self.is_ended:
            del self._held[end + len(_END) :]
        fresh = len(self._held) - before
        del buffer[:fresh]
        self._check_line_ends()
        self._check_line_length()
        self._size += fresh
        if self._size > self._limit:
            self._fault = TooMuchDataError
        elif not self._fault and not self._reserve(fresh):
            self._fault = NoRoomError
        if self._fault:
            self._forget()

    def _check_line_ends(self) -> None:
        """Refuse a bare CR or LF in what came last; a CR at the very end waits for its LF."""
        held, start = self._held, self._checked
        stop = len(held) - held.endswith(b"\r")
        pairs = held.count(b"\r\n", start, stop)
        if not held.count(b"\r", start, stop) == held.count(b"\n", start, stop) == pairs:
            raise BareLineEndError
        self._checked = stop

    def _check_line_length(self) -> None:
        """Leap from line end to line end as far as one line may reach."""
        while len(self._held) - self._line > LONGEST_LINE:
            following = self._held.rfind(b"\n", self._line, self._line + LONGEST_LINE)
            if following < 0:
                raise LongLineError
            self._line = following + 1

    def _reserve(self, octets: int) -> bool:
        is_granted = self._allowance.take(octets)
        self._reserved += octets if is_granted else 0
        return is_granted

    def _forget(self) -> None:
        """Keep only as much as is needed to see the end."""
        gone = max(0, len(self._held) - len(_END))
        del self._held[:gone]
        self._checked -= gone
        self._line = max(0, self._line - gone)
        self.free()

    def message(self) -> bytes:
        """Return the message as it was meant. Raises TooMuchDataError, NoRoomError."""
        if self._fault:
            raise self._fault
        unstuffed = self._held.replace(b"\r\n.", b"\r\n")  # RFC 5321, 4.5.2: whatever follows the dot
        return memoryview(unstuffed)[2:-2].tobytes()

    def free(self) -> None:
        """Give what was set aside back."""
        self._allowance.give_back(self._reserved)
        self._reserved = 0

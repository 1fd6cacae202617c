"""Mail as ordinary servers send it: many connections, one transaction after another, no pipelining."""

import asyncio
import multiprocessing
import secrets
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass

PROCESSES = 2
LINE = b"Kinh gui cac co quan, don vi: de nghi bao cao ket qua thuc hien truoc ngay 20.\r\n"


class RefusedError(Exception):
    """The server answered otherwise than was expected; the argument is its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is sent: so many messages of so many octets over so many connections, to each recipient in turn."""

    port: int
    recipients: Sequence[str]
    messages: int
    octets: int
    connections: int
    is_tls: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it: messages answered with 250, and the seconds from the first octet to the last answer."""

    accepted: int
    seconds: float
    began: float  # when the first octet was sent, by the clock of `time.perf_counter`
    processor: float  # seconds of processor that the clients took


def send(load: Load) -> Sent:
    """Send a load from several processes at once."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(PROCESSES) as pool:
        pool.map(time.sleep, [0.05] * PROCESSES)  # the processes stand before the clock starts
        began = time.perf_counter()
        shares = pool.starmap(_share, [(load, one) for one in range(PROCESSES)], chunksize=1)
        return Sent(
            accepted=sum(accepted for accepted, _ in shares),
            seconds=time.perf_counter() - began,
            began=began,
            processor=sum(spent for _, spent in shares),
        )


def letter(recipient: str, octets: int) -> bytes:
    """Return a message of about so many octets, with a Message-ID of its own."""
    token = secrets.token_hex(12)
    head = (
        f"From: Stranger <stranger@outside.example>\r\nTo: <{recipient}>\r\nSubject: Report {token}\r\n"
        f"Date: Mon, 06 Jan 2025 09:00:00 +0700\r\nMessage-ID: <{token}@outside.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    ).encode()
    lines = max(1, (octets - len(head)) // len(LINE))
    return head + LINE * lines


def _share(load: Load, process: int) -> tuple[int, float]:
    before = time.process_time()
    return asyncio.run(_connections(load, process)), time.process_time() - before


async def _connections(load: Load, process: int) -> int:
    mine = range(process, load.messages, PROCESSES)
    lanes = max(1, load.connections // PROCESSES)
    done = await asyncio.gather(*(_lane(load, mine[lane::lanes]) for lane in range(lanes)))
    return sum(done)


async def _lane(load: Load, numbers: Sequence[int]) -> int:
    """Send messages one by one over one connection; return how many were accepted."""
    if not numbers:
        return 0
    reader, writer = await asyncio.open_connection("127.0.0.1", load.port)
    talk = Talk(reader, writer)
    await talk.greet()
    if load.is_tls:
        await talk.encrypt()
    for number in numbers:
        recipient = load.recipients[number % len(load.recipients)]
        await talk.message(recipient, letter(recipient, load.octets))
    await talk.say(b"QUIT", b"221")
    writer.close()
    return len(numbers)


@dataclass(slots=True)
class Talk:
    """A dialogue as an ordinary server holds it: each command waits for its answer."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def greet(self) -> None:
        """Read the greeting and introduce ourselves."""
        await self._expect(b"220")
        await self.say(b"EHLO client.example", b"250")

    async def encrypt(self) -> None:
        """Put TLS under the dialogue; whose certificate it is does not matter here."""
        await self.say(b"STARTTLS", b"220")
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        await self.writer.start_tls(context)
        await self.say(b"EHLO client.example", b"250")

    async def message(self, recipient: str, raw: bytes) -> bytes:
        """Hand over one message; return the answer to its last dot. Raises RefusedError."""
        await self.say(b"MAIL FROM:<stranger@outside.example>", b"250")
        await self.say(b"RCPT TO:<" + recipient.encode() + b">", b"250")
        await self.say(b"DATA", b"354")
        return await self.say(raw.replace(b"\r\n.", b"\r\n..") + b".", b"250")

    async def say(self, line: bytes, code: bytes) -> bytes:
        """Send a line and read the answer that is expected. Raises RefusedError."""
        self.writer.write(line + b"\r\n")
        return await self._expect(code)

    async def _expect(self, code: bytes) -> bytes:
        line = await self.reader.readline()
        while line[3:4] == b"-":
            line = await self.reader.readline()
        if line[:3] != code:
            raise RefusedError(line)
        return line

"""Handing a message to the agency's mail server by LMTP, and what it said about each recipient. RFC 2033."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from congvu.mail.lmtp.endpoints import Endpoint, dial

State = Literal["delivered", "failed", "parked", "unknown"]

CONNECTIONS = 20
IDLE_SECONDS = 30.0  # a connection that was longer unused may have been ended by the server
CONNECT_SECONDS = 10.0
COMMAND_SECONDS = 60.0
STORE_SECONDS = 300.0  # Postfix waits 600 s for us (lmtp_data_done_timeout)
LONGEST_ANSWER = 4_096

_STATUS = re.compile(r"([245])\.(\d{1,3}\.\d{1,3})(?:\s+|$)")
_SESSION = re.compile(r"(?:<[^>]*> )?(\S+) Saved")
_BROKEN = (OSError, TimeoutError, ValueError, EOFError, asyncio.LimitOverrunError)
_FULL = ("2.2", "3.1")  # RFC 3463: the mailbox, or the system, is full: that passes


class NotTakenError(Exception):
    """The server ended the dialogue before it had the message; nothing was stored."""


class NotAnsweredError(Exception):
    """The server had the message and said no more; nobody knows what it did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one recipient.

    `code` is 0 when there was no answer; `session` is the name that Dovecot's log gives to the delivery; `reason`
    is a closed word where no status code tells it.
    A full mailbox is parked, whatever the server calls it: the message is not to be lost for that.
    """

    recipient: str
    state: State
    code: int = 0
    status: str = ""
    text: str = ""
    session: str = ""
    reason: str = ""


@dataclass(slots=True)
class _Line:
    """One connection to the server, past the greeting."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    extensions: frozenset[str]
    used_at: float
    is_spent: bool = False

    async def reply(self, seconds: float) -> tuple[int, str]:
        """Read one answer, of one line or several."""
        texts = []
        async with asyncio.timeout(seconds):
            while True:
                line = await self.reader.readuntil(b"\n")
                texts.append(line[4:].decode("utf-8", "replace").strip())
                if line[3:4] != b"-":
                    return int(line[:3]), " ".join(texts)

    def close(self) -> None:
        """End the connection."""
        self.writer.close()


@dataclass(slots=True)
class MailServer:
    """The agency's mail server: a few connections that stay open, each carrying one message after another."""

    where: Endpoint
    hostname: str
    _free: list[_Line] = field(default_factory=list)
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONNECTIONS))

    async def deliver(self, raw: bytes, *, mail_from: str, recipients: Sequence[str]) -> dict[str, Outcome]:
        """Hand a message over; every recipient gets an outcome, whatever happens. `raw` ends with CR LF."""
        async with self._slots:
            while True:
                line, is_fresh = self._idle(), False
                try:
                    if line is None:
                        line, is_fresh = await self._dial(), True
                    found = await _transfer(line, raw, mail_from, recipients)
                except NotAnsweredError as error:
                    return _all(recipients, "unknown", str(error))
                except (*_BROKEN, NotTakenError) as error:
                    if line is None or is_fresh:
                        return _all(recipients, "parked", f"{type(error).__name__}: {error}")
                else:
                    self._keep(line)
                    return found
                finally:
                    if line is not None and line not in self._free:
                        line.close()

    def close(self) -> None:
        """End all connections that are not in use."""
        while self._free:
            self._free.pop().close()

    def _idle(self) -> _Line | None:
        """Return the connection that was used last; those that lay idle for long are ended."""
        present = asyncio.get_running_loop().time()
        while self._free:
            line = self._free.pop()
            if present - line.used_at < IDLE_SECONDS and not line.reader.at_eof():
                return line
            line.close()
        return None

    def _keep(self, line: _Line) -> None:
        line.used_at = asyncio.get_running_loop().time()
        if not line.is_spent:
            self._free.append(line)

    async def _dial(self) -> _Line:
        async with asyncio.timeout(CONNECT_SECONDS):
            reader, writer = await dial(self.where, limit=LONGEST_ANSWER)
        line = _Line(reader, writer, frozenset(), 0.0)
        try:
            await _expect(line, 220)
            writer.write(f"LHLO {self.hostname}\r\n".encode())
            text = await _expect(line, 250)
        except BaseException:
            writer.close()
            raise
        line.extensions = frozenset(word.upper() for word in text.split())
        return line


async def _expect(line: _Line, code: int) -> str:
    said, text = await line.reply(COMMAND_SECONDS)
    if said != code:
        raise NotTakenError(f"{said} {text}")
    return text


async def _transfer(line: _Line, raw: bytes, mail_from: str, recipients: Sequence[str]) -> dict[str, Outcome]:
    """Lead one transaction: a round trip up to DATA, one for the message. Raises NotTaken- or NotAnsweredError."""
    options = _options(line, raw, mail_from, recipients)
    commands = [f"MAIL FROM:<{mail_from}>{options}", *(f"RCPT TO:<{one}>" for one in recipients), "DATA"]
    said = await _commands(line, commands)
    (opened, *judged, go_ahead) = said
    if opened[0] != 250:  # noqa: PLR2004 -- RFC 5321, 4.2.3
        line.is_spent = True
        return {one: _outcome(one, *opened) for one in recipients}
    taken = [one for one, (code, _) in zip(recipients, judged, strict=True) if code in {250, 251}]
    found = {one: _outcome(one, *answer) for one, answer in zip(recipients, judged, strict=True)}
    if go_ahead[0] != 354:  # noqa: PLR2004 -- RFC 5321, 4.2.3
        line.is_spent = True
        return found | {one: _outcome(one, *go_ahead) for one in taken}
    return found | await _message(line, raw, taken)


async def _message(line: _Line, raw: bytes, taken: Sequence[str]) -> dict[str, Outcome]:
    """Send the message and read an answer for each recipient that was taken (RFC 2033, 4.2)."""
    found: dict[str, Outcome] = {}
    if not taken:
        raise NotTakenError("DATA without recipients")
    line.writer.write(_stuffed(raw))
    try:
        await line.writer.drain()
        for one in taken:
            found[one] = _outcome(one, *await line.reply(STORE_SECONDS))
    except _BROKEN as error:
        line.is_spent = True
        if not found:
            raise NotAnsweredError(type(error).__name__) from error
        rest = [one for one in taken if one not in found]
        found |= _all(rest, "unknown", type(error).__name__)
    return found


async def _commands(line: _Line, commands: Sequence[str]) -> list[tuple[int, str]]:
    """Say commands in one breath if the server takes that (RFC 2920), else one by one."""
    said = []
    if "PIPELINING" in line.extensions:
        line.writer.write("".join(f"{one}\r\n" for one in commands).encode())
        for _ in commands:
            said.append(await line.reply(COMMAND_SECONDS))  # noqa: PERF401 -- one answer after the other
        return said
    for one in commands:
        line.writer.write(f"{one}\r\n".encode())
        said.append(await line.reply(COMMAND_SECONDS))
    return said


def _options(line: _Line, raw: bytes, mail_from: str, recipients: Sequence[str]) -> str:
    needs_utf8 = not (mail_from + "".join(recipients)).isascii()
    options = " SMTPUTF8" if needs_utf8 and "SMTPUTF8" in line.extensions else ""
    return options + (" BODY=8BITMIME" if "8BITMIME" in line.extensions and not raw.isascii() else "")


def _stuffed(raw: bytes) -> bytes:
    """Double the dots that begin lines, and add the one that ends (RFC 5321, 4.5.2)."""
    body = raw.replace(b"\r\n.", b"\r\n..")
    return (b"." if body.startswith(b".") else b"") + body + b".\r\n"


def _outcome(recipient: str, code: int, text: str) -> Outcome:
    match = _STATUS.match(text)
    detail, said = (match[2], text[match.end() :]) if match else ("0.0", text)
    session = _SESSION.match(said)
    return Outcome(
        recipient=recipient,
        state=_state(code, detail),
        code=code,
        status=f"{code // 100}.{detail}",
        text=said,
        session=session[1] if session else "",
    )


def _state(code: int, detail: str) -> State:
    if 200 <= code < 300:  # noqa: PLR2004 -- RFC 5321, 4.2.1: 2yz is a yes
        return "delivered"
    is_no = code >= 500  # noqa: PLR2004 -- RFC 5321, 4.2.1: 5yz is a permanent no
    return "failed" if is_no and code != 552 and detail not in _FULL else "parked"  # noqa: PLR2004 -- no room


def _all(recipients: Sequence[str], state: State, text: str) -> dict[str, Outcome]:
    status = "4.4.2" if state == "unknown" else "4.4.1"
    return {one: Outcome(recipient=one, state=state, status=status, text=text[:500]) for one in recipients}

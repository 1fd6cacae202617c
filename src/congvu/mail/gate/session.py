"""The dialogue with whoever hands mail in: LMTP, one answer for each recipient after the message. RFC 2033."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from congvu.mail import addresses
from congvu.mail.door import answers, syntax, wire
from congvu.mail.door.envelope import Verdict
from congvu.mail.door.limits import Limits
from congvu.mail.door.syntax import SyntaxFaultError
from congvu.mail.door.wire import Allowance, Wire
from congvu.mail.gate import client
from congvu.mail.gate.desk import Handed

HELLO_FIRST = Verdict(503, "5.5.1 Say LHLO first")
NOT_SMTP = Verdict(500, "5.5.1 This is LMTP: say LHLO")
_MAIL_PARAMETERS = {"SIZE", "BODY", "SMTPUTF8"}

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class _Transaction:
    mail_from: str
    is_utf8: bool
    recipients: dict[str, str] = field(default_factory=dict)  # by normal form


class Counter(Protocol):
    """Whoever takes a message and says what became of it for each recipient, in order; never raises."""

    async def take(self, handed: Handed, /) -> list[Verdict]: ...  # noqa: D102 -- said above


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """What all dialogues share."""

    hostname: str
    desk: Counter
    limits: Limits
    allowance: Allowance


class HangUpError(Exception):
    """Answer this, then end the connection."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.text)
        self.verdict = verdict


class Session:
    """One dialogue; whoever may connect may hand mail in, so only a mail server of the agency may."""

    def __init__(self, line: Wire, hall: Hall) -> None:
        self.is_delivering = False
        self._is_leaving = False
        self._wire = line
        self._hall = hall
        self._limits = hall.limits
        self._helo = ""
        self._errors = 0
        self._transaction: _Transaction | None = None
        self._forwarded: dict[str, str] = {}  # who handed the next message to the mail server
        self._commands: dict[str, Callable[[str], Awaitable[list[Verdict]]]] = {
            "LHLO": self._lhlo,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": self._rset,
            "NOOP": self._noop,
            "VRFY": self._vrfy,
            "XFORWARD": self._xforward,
            "QUIT": self._quit,
            "HELO": self._not_smtp,
            "EHLO": self._not_smtp,
        }

    async def run(self) -> None:
        """Hold the dialogue to its end; never raises."""
        try:
            await self._say([Verdict(220, f"{self._hall.hostname} LMTP Congvu")])
            while True:
                await self._say(await self._next())
        except HangUpError as end:
            self._wire.say_last(syntax.answer(end.verdict, is_utf8=False))
        except asyncio.CancelledError:
            self._wire.say_last(syntax.answer(answers.CLOSING, is_utf8=False))
        except (wire.GoneError, OSError):
            pass  # nobody is left to hear
        except Exception:  # noqa: BLE001 -- logged, and whoever handed in gets a temporary no
            _log.exception("a dialogue failed")
            self._wire.say_last(syntax.answer(answers.TROUBLE, is_utf8=False))
        finally:
            self._wire.close()

    def leave(self) -> None:
        """End the dialogue at the next command, because the gate closes."""
        self._is_leaving = True

    async def _say(self, verdicts: list[Verdict]) -> None:
        is_utf8 = bool(self._transaction and self._transaction.is_utf8)
        await self._wire.answer(b"".join(syntax.answer(one, is_utf8=is_utf8) for one in verdicts))

    async def _next(self) -> list[Verdict]:
        """Read one command and do what it says; what is not well framed ends the connection."""
        if self._is_leaving:
            raise HangUpError(answers.CLOSING)
        deadline = asyncio.get_running_loop().time() + self._limits.command_seconds
        try:
            line = await self._wire.line(deadline=deadline)
            verb, argument = syntax.command(line)
        except wire.BareLineEndError:
            raise HangUpError(answers.BARE_IN_COMMAND) from None
        except wire.LongLineError:
            raise HangUpError(answers.LONG_COMMAND) from None
        except SyntaxFaultError:
            return self._count([answers.BAD_ARGUMENT])
        act = self._commands.get(verb)
        return self._count(await act(argument) if act else [answers.UNKNOWN])

    def _count(self, verdicts: list[Verdict]) -> list[Verdict]:
        self._errors += verdicts[0].code in {500, 501, 503, 555}
        if self._errors > self._limits.errors:
            raise HangUpError(answers.TOO_MANY_ERRORS)
        return verdicts

    async def _lhlo(self, argument: str) -> list[Verdict]:
        if not syntax.is_helo(argument):
            return [answers.BAD_ARGUMENT]
        self._helo, self._transaction = argument, None
        offers = ["PIPELINING", f"SIZE {self._limits.message}", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"]
        offers.append(client.OFFER)
        return [Verdict(250, "\n".join([self._hall.hostname, *offers]))]

    async def _mail(self, argument: str) -> list[Verdict]:
        if not self._helo:
            return [HELLO_FIRST]
        if self._transaction:
            return [answers.BAD_SEQUENCE]
        try:
            address, parameters = syntax.path("FROM", argument)
        except SyntaxFaultError:
            return [answers.BAD_ADDRESS]
        fault = self._fault(parameters)
        if fault:
            return [fault]
        self._transaction = _Transaction(mail_from=address, is_utf8="SMTPUTF8" in parameters)
        return [answers.OK]

    def _fault(self, parameters: dict[str, str]) -> Verdict | None:
        size = parameters.get("SIZE", "0")
        if parameters.keys() - _MAIL_PARAMETERS:
            return answers.BAD_PARAMETER
        if not size.isdecimal() or len(size) > 20:  # noqa: PLR2004 -- RFC 1870, 3
            return answers.BAD_ARGUMENT
        return answers.TOO_LARGE if int(size) > self._limits.message else None

    async def _rcpt(self, argument: str) -> list[Verdict]:
        """Note a recipient; whether it is one, the mail server says after the message (RFC 2033, 4.2)."""
        opened = self._transaction
        if not opened:
            return [answers.BAD_SEQUENCE]
        try:
            address, parameters = syntax.path("TO", argument)
        except SyntaxFaultError:
            return [answers.BAD_ADDRESS]
        if parameters or not address:
            return [answers.BAD_PARAMETER if parameters else answers.BAD_ADDRESS]
        if len(opened.recipients) >= self._limits.recipients:
            return [answers.TOO_MANY_RECIPIENTS]
        key = addresses.normal(address) if "@" in address else address.lower()
        if key in opened.recipients:
            return [answers.TOO_MANY_RECIPIENTS]  # once is enough; the second is put off, not lost
        opened.recipients[key] = address
        return [answers.OK]

    async def _data(self, argument: str) -> list[Verdict]:
        opened = self._transaction
        if argument:
            return [answers.BAD_ARGUMENT]
        if self._wire.buffer:  # text that runs ahead of the answer would else be taken for commands
            raise HangUpError(answers.EARLY_TALKER)
        if not opened:
            return [answers.BAD_SEQUENCE]
        if not opened.recipients:
            return [Verdict(503, answers.NO_RECIPIENTS.text)]  # RFC 2033, 4.2
        await self._say([answers.GO_AHEAD])
        try:
            return await self._take(opened)
        finally:
            self._transaction, self._forwarded = None, {}

    async def _take(self, opened: _Transaction) -> list[Verdict]:
        """Read the message and hand it on; whatever happens, every recipient gets an answer."""
        recipients = tuple(opened.recipients.values())
        deadline = asyncio.get_running_loop().time() + self._limits.data_seconds
        allowance = self._hall.allowance
        try:
            raw = await self._wire.data(deadline=deadline, limit=self._limits.message, allowance=allowance)
        except wire.BareLineEndError:
            raise HangUpError(answers.BARE_IN_DATA) from None
        except wire.LongLineError:
            raise HangUpError(answers.LONG_LINE) from None
        except wire.TooMuchDataError:
            return [answers.TOO_LARGE] * len(recipients)
        except wire.NoRoomError:
            return [answers.NO_ROOM] * len(recipients)
        self.is_delivering = True
        allowance.take(len(raw))  # as much as was freed just now
        handed = Handed(
            helo=self._helo,
            peer=self._wire.peer(),
            mail_from=opened.mail_from,
            recipients=recipients,
            raw=raw,
            client=client.client(self._forwarded),
        )
        try:
            return await self._hall.desk.take(handed)
        finally:
            allowance.give_back(len(raw))
            self.is_delivering = False

    async def _rset(self, _argument: str) -> list[Verdict]:
        self._transaction, self._forwarded = None, {}
        return [answers.OK]

    async def _xforward(self, argument: str) -> list[Verdict]:
        """Note what the mail server says of its own client; the command may be given several times."""
        if self._transaction or not self._helo:
            return [answers.BAD_SEQUENCE]
        try:
            self._forwarded |= client.attributes(argument)
        except client.AttributeFaultError:
            return [answers.BAD_ARGUMENT]
        return [answers.OK]

    async def _noop(self, _argument: str) -> list[Verdict]:
        return [answers.OK]

    async def _vrfy(self, argument: str) -> list[Verdict]:
        return [answers.WILL_TRY if argument else answers.BAD_ARGUMENT]

    async def _not_smtp(self, _argument: str) -> list[Verdict]:
        return [NOT_SMTP]

    async def _quit(self, _argument: str) -> list[Verdict]:
        raise HangUpError(answers.BYE)

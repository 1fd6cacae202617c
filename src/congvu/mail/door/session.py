"""The dialogue with one client: which command may follow which, and what is answered. RFC 5321, RFC 4954."""

import asyncio
import functools
import logging
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from congvu.base import clock
from congvu.mail import addresses
from congvu.mail.door import answers, inspection, intake, login, syntax, wire
from congvu.mail.door.envelope import Envelope, Rejection, Sender, Verdict
from congvu.mail.door.intake import House
from congvu.mail.door.limits import Listener
from congvu.mail.door.syntax import SyntaxFaultError
from congvu.mail.door.wire import Wire

_MAIL_PARAMETERS = {"SIZE", "BODY", "SMTPUTF8", "AUTH"}
_SUBMITTING = frozenset({"MAIL", "RCPT", "DATA"})
_REFUSALS = frozenset({550, 552, 553, 554})  # final, and not of the dialogue's form
_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class _Transaction:
    mail_from: str
    is_utf8: bool
    is_8bit: bool
    recipients: dict[str, str] = field(default_factory=dict)  # by normal form


class HangUpError(Exception):
    """Answer this, then end the connection."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.text)
        self.verdict = verdict


class Session:
    """One client's dialogue."""

    def __init__(self, line: Wire, listener: Listener, house: House, *, peer: str) -> None:
        self.is_storing = False
        self._is_leaving = False
        self._wire = line
        self._listener = listener
        self._house = house
        self._limits = house.limits
        self._peer = peer
        self._tls = listener.is_implicit
        self._helo = ""
        self._is_extended = False
        self._is_utf8 = False
        self._sender: Sender | None = None
        self._transaction: _Transaction | None = None
        self._errors = self._unknown = self._wrong_passwords = self._messages = 0
        self._commands: dict[str, Callable[[str], Awaitable[Verdict]]] = {
            "EHLO": self._ehlo,
            "HELO": self._hello,
            "STARTTLS": self._starttls,
            "AUTH": self._auth,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": self._rset,
            "NOOP": self._noop,
            "HELP": self._help,
            "VRFY": self._vrfy,
            "QUIT": self._quit,
        }

    async def run(self) -> None:
        """Hold the dialogue to its end; never raises."""
        try:
            last = await self._talk()
            if last and last not in {answers.BYE, answers.CLOSING}:
                await self._wire.hang_up(syntax.answer(last, is_utf8=False))
            elif last:
                self._wire.say_last(syntax.answer(last, is_utf8=False))
        except asyncio.CancelledError:
            self._wire.say_last(syntax.answer(answers.CLOSING, is_utf8=False))
        finally:
            self._wire.close()

    async def _talk(self) -> Verdict | None:
        """Answer command after command; return the last word, None when nobody is left to hear it."""
        try:
            await self._say(Verdict(220, f"{self._house.hostname} ESMTP Congvu"))
            while True:
                await self._say(await self._next())
        except HangUpError as end:
            return end.verdict
        except wire.GoneError:
            return answers.TOO_SLOW
        except (ssl.SSLError, OSError) as error:
            _log.info("connection ended: %s", type(error).__name__)
            return None
        except Exception:  # noqa: BLE001 -- logged, and the client gets a temporary no
            _log.exception("a dialogue failed")
            return answers.TROUBLE

    async def _say(self, verdict: Verdict) -> None:
        await self._wire.answer(syntax.answer(verdict, is_utf8=self._is_utf8))

    def leave(self) -> None:
        """End the dialogue at the next command, because the door closes."""
        self._is_leaving = True

    async def _line(self) -> bytes:
        """Read a command line; what is not well framed ends the connection, for nobody knows what follows."""
        deadline = asyncio.get_running_loop().time() + self._limits.command_seconds
        try:
            return await self._wire.line(deadline=deadline)
        except wire.BareLineEndError:
            raise HangUpError(answers.BARE_IN_COMMAND) from None
        except wire.LongLineError:
            raise HangUpError(answers.LONG_COMMAND) from None

    async def _next(self) -> Verdict:
        """Read one command and do what it says."""
        if self._is_leaving:
            raise HangUpError(answers.CLOSING)
        line = await self._line()
        try:
            verb, argument = syntax.command(line)
            act = self._commands.get(verb)
            verdict = await act(argument) if act else answers.UNKNOWN
        except SyntaxFaultError:
            verb, verdict = "", answers.BAD_ARGUMENT
        if self._sender and verb in _SUBMITTING and verdict.code in _REFUSALS:
            await self._note(Rejection(sender=self._sender, verdict=verdict, at=clock.now()))
        self._errors += verdict.code in {500, 501, 503, 504, 530, 538, 555}
        if self._errors > self._limits.errors or b" HTTP/1." in line:
            raise HangUpError(answers.TOO_MANY_ERRORS)
        return verdict

    async def _note(self, rejection: Rejection) -> None:
        """Leave evidence of what a signed-in sender could not hand in; a mark of secrecy has left its own."""
        noted = self._house.office.rejected
        if noted is None or rejection.verdict == answers.STATE_SECRET:
            return
        try:
            await asyncio.get_running_loop().run_in_executor(self._house.reading, noted, rejection)
        except Exception:  # noqa: BLE001 -- logged; the answer is no in any case
            _log.exception("a rejection left no evidence")

    async def _ehlo(self, argument: str) -> Verdict:
        verdict = await self._hello(argument)
        self._is_extended = verdict.is_positive
        return (
            Verdict(250, "\n".join([self._house.hostname, *self._offers()]))
            if verdict.is_positive
            else verdict
        )

    async def _hello(self, argument: str) -> Verdict:
        if not syntax.is_helo(argument):
            return answers.BAD_ARGUMENT
        self._helo, self._transaction, self._is_extended = argument, None, False
        return Verdict(250, self._house.hostname)

    def _offers(self) -> list[str]:
        offers = ["PIPELINING", f"SIZE {self._limits.message}", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"]
        if self._listener.tls and not self._tls:
            offers.append("STARTTLS")
        if self._may_sign_in:
            offers.append("AUTH PLAIN LOGIN")
        return offers

    @property
    def _may_sign_in(self) -> bool:
        return self._listener.channel == "submission" and (self._tls or self._listener.is_plain_auth)

    async def _starttls(self, argument: str) -> Verdict:
        if argument:
            return answers.BAD_ARGUMENT
        if not self._listener.tls or self._tls:
            return answers.BAD_SEQUENCE
        if self._wire.buffer:  # CVE-2011-0411: what came in the clear must not count as said under TLS
            raise HangUpError(answers.EARLY_TALKER)
        await self._say(answers.READY_FOR_TLS)
        await self._wire.start_tls(self._listener.tls)
        self._tls, self._helo, self._transaction, self._sender = True, "", None, None
        return await self._next()

    async def _auth(self, argument: str) -> Verdict:
        if self._sender or self._transaction or not self._is_extended or self._listener.channel == "mx":
            return answers.BAD_SEQUENCE
        if not self._may_sign_in:
            return answers.AUTH_NEEDS_TLS
        try:
            username, password = await login.credentials(argument, self._ask)
        except login.UnknownMechanismError:
            return answers.UNKNOWN_MECHANISM
        except login.CanceledError:
            return answers.CANCELED
        return await self._sign_in(username, password)

    async def _ask(self, challenge: str) -> str:
        await self._say(Verdict(334, challenge))
        return (await self._line()).decode("ascii", "replace")

    async def _sign_in(self, username: str, password: str) -> Verdict:
        loop, house = asyncio.get_running_loop(), self._house
        try:
            check = house.office.authenticate
            self._sender = await loop.run_in_executor(
                house.credentials, check, username, password, self._peer
            )
        except Exception:  # noqa: BLE001 -- logged, and the client gets a temporary no
            _log.exception("a password could not be checked")
            return answers.AUTH_TROUBLE
        if self._sender:
            return answers.SIGNED_IN
        self._wrong_passwords += 1
        await asyncio.sleep(self._limits.wrong_password_seconds)
        if self._wrong_passwords >= self._limits.wrong_passwords:
            raise HangUpError(answers.TOO_MANY_ERRORS)
        return answers.WRONG_PASSWORD

    async def _mail(self, argument: str) -> Verdict:
        if not self._helo or self._transaction:
            return answers.BAD_SEQUENCE
        if self._listener.channel == "submission" and not self._sender:
            return answers.NEEDS_AUTH if self._may_sign_in else answers.NEEDS_TLS
        try:
            address, parameters = syntax.path("FROM", argument)
            opened = _opened(address, parameters)
        except SyntaxFaultError:
            return answers.BAD_ADDRESS
        verdict = self._judge_sender(opened, parameters)
        self._is_utf8 = opened.is_utf8
        if verdict.is_positive:
            self._transaction = opened
        return verdict

    def _judge_sender(self, opened: _Transaction, parameters: dict[str, str]) -> Verdict:
        if parameters.keys() - _MAIL_PARAMETERS:
            return answers.BAD_PARAMETER
        if int(parameters.get("SIZE", "0")) > self._limits.message:
            return answers.TOO_LARGE
        if not opened.mail_from.isascii() and not opened.is_utf8:
            return answers.NEEDS_SMTPUTF8
        if self._sender:
            return (
                answers.OK if inspection.is_own(opened.mail_from, self._sender) else answers.NOT_YOUR_ADDRESS
            )
        return answers.CLAIMS_US if self._is_ours(opened.mail_from) else answers.OK

    def _is_ours(self, address: str) -> bool:
        return self._house.office.is_ours(addresses.domain(address))

    async def _rcpt(self, argument: str) -> Verdict:
        opened = self._transaction
        if not opened:
            return answers.BAD_SEQUENCE
        try:
            address, parameters = syntax.path("TO", argument)
        except SyntaxFaultError:
            return answers.BAD_ADDRESS
        if parameters or not address:
            return answers.BAD_PARAMETER if parameters else answers.BAD_ADDRESS
        if not address.isascii() and not opened.is_utf8:
            return answers.NEEDS_SMTPUTF8
        if len(opened.recipients) >= self._limits.recipients:
            return answers.TOO_MANY_RECIPIENTS
        verdict = await self._judge_recipient(address)
        if verdict.code == answers.CLOSING.code:
            raise HangUpError(verdict)
        if verdict.is_positive:
            opened.recipients.setdefault(addresses.normal(address), address)
        else:
            self._count_unknown()
        return verdict

    async def _judge_recipient(self, address: str) -> Verdict:
        """Ask the office; a stranger's mail to a foreign domain is refused before anybody is asked."""
        is_postmaster = address.lower() == syntax.POSTMASTER
        if not self._sender and not is_postmaster and not self._is_ours(address):
            return answers.NO_RELAYING
        ask = functools.partial(self._house.office.recipient, address, sender=self._sender)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._house.reading, ask)
        except Exception:  # noqa: BLE001 -- logged, and the client gets a temporary no
            _log.exception("a recipient could not be looked up")
            return answers.TROUBLE

    def _count_unknown(self) -> None:
        self._unknown += 1
        if self._unknown > self._limits.unknown_recipients:
            raise HangUpError(answers.TOO_MANY_ERRORS)

    async def _data(self, argument: str) -> Verdict:
        opened = self._transaction
        if argument:
            return answers.BAD_ARGUMENT
        if self._wire.buffer:  # text that runs ahead of the answer would else be taken for commands
            raise HangUpError(answers.EARLY_TALKER)
        if not opened:
            return answers.BAD_SEQUENCE
        if not opened.recipients:
            return answers.NO_RECIPIENTS
        self._messages += 1
        if self._messages > self._limits.messages_of_connection:
            raise HangUpError(answers.TOO_MANY_ERRORS)
        await self._say(answers.GO_AHEAD)
        try:
            return await self._take(opened)
        finally:
            self._transaction = None

    async def _take(self, opened: _Transaction) -> Verdict:
        """Read the message, look at it, store it, and only then answer."""
        loop, house = asyncio.get_running_loop(), self._house
        deadline = loop.time() + self._limits.data_seconds
        try:
            raw = await self._wire.data(
                deadline=deadline, limit=self._limits.message, allowance=house.allowance
            )
        except wire.BareLineEndError:
            raise HangUpError(answers.BARE_IN_DATA) from None
        except wire.LongLineError:
            raise HangUpError(answers.LONG_LINE) from None
        except wire.TooMuchDataError:
            return answers.TOO_LARGE
        except wire.NoRoomError:
            return answers.NO_ROOM
        self.is_storing = True
        house.allowance.take(len(raw))  # as much as was freed just now
        try:
            return await intake.take_in(self._envelope(opened, raw), house, protocol=self._protocol)
        finally:
            house.allowance.give_back(len(raw))
            self.is_storing = False

    def _envelope(self, opened: _Transaction, raw: bytes) -> Envelope:
        return Envelope(
            channel=self._listener.channel,
            peer=self._peer,
            helo=self._helo,
            tls=self._tls,
            sender=self._sender,
            mail_from=opened.mail_from,
            recipients=tuple(opened.recipients.values()),
            raw=raw,
            received_at=clock.now(),
            smtputf8=opened.is_utf8,
            body_8bit=opened.is_8bit,
        )

    @property
    def _protocol(self) -> str:
        """Name the protocol in the registered words of RFC 3848 and RFC 6531."""
        if not self._is_extended:
            return "SMTP"
        family = "UTF8SMTP" if self._is_utf8 else "ESMTP"
        return f"{family}{'S' if self._tls else ''}{'A' if self._sender else ''}"

    async def _rset(self, _argument: str) -> Verdict:
        self._transaction = None
        return answers.OK

    async def _noop(self, _argument: str) -> Verdict:
        return answers.OK

    async def _help(self, _argument: str) -> Verdict:
        return answers.HELP

    async def _vrfy(self, argument: str) -> Verdict:
        return answers.WILL_TRY if argument else answers.BAD_ARGUMENT

    async def _quit(self, _argument: str) -> Verdict:
        raise HangUpError(answers.BYE)


def _opened(address: str, parameters: dict[str, str]) -> _Transaction:
    """Read the parameters of MAIL that are known. Raises SyntaxFaultError."""
    size, body = parameters.get("SIZE", "0"), parameters.get("BODY", "7BIT").upper()
    if not size.isdecimal() or len(size) > 20 or body not in {"7BIT", "8BITMIME"}:  # noqa: PLR2004 -- RFC 1870, 3
        raise SyntaxFaultError("parameter")
    if address.lower() == syntax.POSTMASTER or parameters.get("SMTPUTF8"):
        raise SyntaxFaultError("parameter")
    return _Transaction(mail_from=address, is_utf8="SMTPUTF8" in parameters, is_8bit=body == "8BITMIME")

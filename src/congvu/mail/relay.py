"""Outgoing mail through the agency's relay. RFC 5321, RFC 3461, RFC 6531."""

import re
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal

from congvu.mail import headers

State = Literal["relayed", "temporary", "permanent"]
Way = Literal["any", "relay", "onward"]  # how far TLS is required: as configured, to the relay, the whole way

LONGEST_TEXT = 500
# Minutes until the next attempt; the last is repeated until five days are over (RFC 5321, 4.5.4.1).
_WAITS = (1, 5, 15, 30, 60, 120, 240, 480)
GIVE_UP = timedelta(days=5)

_STATUS = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)")
_CONTROL = re.compile("[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """The relay that the agency has; `timeout` in seconds, `tls` only to trust a certificate of its own."""

    host: str
    port: int
    hostname: str
    starttls: bool = True
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 60.0
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the relay said about one recipient; `status` is the enhanced code such as "5.1.1".

    `code` is 0 when there was no answer.
    """

    recipient: str
    state: State
    code: int
    status: str
    text: str


@dataclass(frozen=True, slots=True)
class _Letter:
    """What goes out in one transaction."""

    raw: bytes
    mail_from: str
    recipients: list[str]
    envelope_id: str
    way: Way


class _RefusedError(Exception):
    """The relay said no, or nothing, to the message as a whole."""

    def __init__(self, code: int, status: str, text: str) -> None:
        super().__init__(text)
        self.code, self.status, self.text = code, status, text


def send(
    raw: bytes,
    *,
    mail_from: str,
    recipients: Sequence[str],
    relay: Relay,
    envelope_id: str = "",
    way: Way = "any",
) -> tuple[Outcome, ...]:
    """Hand a message to the relay; every recipient gets an outcome, whatever happens, in the order given.

    TLS that is asked for and not offered, and a certificate that is not trusted, are temporary failures:
    nothing goes out in the clear. `way` requires TLS whatever the settings of the relay are, and asks the relay
    for it onward (RFC 8689); where the whole way is required, a relay that does not offer that gets nothing.
    With DSN the relay is asked to report; `envelope_id` comes back in reports.
    """
    answered: dict[str, Outcome] = {}
    path = relay if way == "any" else replace(relay, starttls=True)
    letter = _Letter(raw, mail_from, list(dict.fromkeys(recipients)), envelope_id, way)
    failure = _attempt(letter, path, answered)
    return tuple(answered.get(recipient) or _outcome(recipient, *failure) for recipient in recipients)


def _attempt(letter: _Letter, relay: Relay, answered: dict[str, Outcome]) -> tuple[int, str, str]:
    """Try once; what is not in `answered` then has failed for the reason that is returned."""
    try:
        client = smtplib.SMTP(relay.host, relay.port, relay.hostname, timeout=relay.timeout)
        try:
            _greet(client, relay)
            _transfer(client, letter, answered)
            client.quit()
        finally:
            client.close()
    except _RefusedError as error:
        return error.code, error.status, error.text
    except smtplib.SMTPResponseException as error:
        is_no = error.smtp_code >= 400  # noqa: PLR2004 -- RFC 5321, 4.2.1; a yes in the wrong place is none
        return _said(error.smtp_code if is_no else -1, error.smtp_error)
    except (smtplib.SMTPException, OSError) as error:
        return 0, "4.4.1", f"{type(error).__name__}: {error}"[:LONGEST_TEXT]
    return 0, "4.4.2", "no answer"


def next_attempt(*, attempts: int, waited: timedelta) -> timedelta | None:
    """Return how long to wait after so many failed attempts; None when the message waited five days: give up.

    It counts how long the message waits, not how often it was tried: a relay may have been set late. RFC 5321, 4.5.4.1.
    """
    if waited >= GIVE_UP:
        return None
    pause = timedelta(minutes=_WAITS[min(max(attempts, 1), len(_WAITS)) - 1])
    return min(pause, GIVE_UP - waited)


def _greet(client: smtplib.SMTP, relay: Relay) -> None:
    """Say EHLO, put TLS under the connection and sign in, as the relay is configured."""
    client.ehlo_or_helo_if_needed()
    if relay.starttls:
        if not client.has_extn("starttls"):
            raise _RefusedError(0, "4.7.0", "the relay does not offer STARTTLS")
        client.starttls(context=relay.tls or ssl.create_default_context())
        client.ehlo()
    if relay.user:
        try:
            client.login(relay.user, relay.password)
        except smtplib.SMTPException as error:  # our own trouble, not the recipient's: never permanent
            raise _RefusedError(
                0, "4.7.8", f"signing in at the relay failed: {error}"[:LONGEST_TEXT]
            ) from error


def _transfer(client: smtplib.SMTP, letter: _Letter, answered: dict[str, Outcome]) -> None:
    """Lead one mail transaction and note what was said to whom. Raises _RefusedError."""
    message = with_crlf(letter.raw)
    has_dsn = client.has_extn("dsn")
    options = _mail_options(client, message, letter) + _tls_options(client, letter.way)
    _demand(client.mail(letter.mail_from, options))
    for recipient in letter.recipients:
        code, text = client.rcpt(recipient, _rcpt_options(recipient, letter.mail_from) if has_dsn else ())
        if code not in {250, 251}:
            answered[recipient] = _outcome(recipient, *_said(code, text))
    if len(answered) == len(letter.recipients):
        client.rset()
        return
    try:
        said = _said(*client.data(message))
    except smtplib.SMTPDataError as error:
        said = _said(error.smtp_code, error.smtp_error)
    for recipient in letter.recipients:
        answered.setdefault(recipient, _outcome(recipient, *said))


def _mail_options(client: smtplib.SMTP, message: bytes, letter: _Letter) -> list[str]:
    options = [f"SIZE={len(message)}"] if client.has_extn("size") else []
    named = letter.mail_from + "".join(letter.recipients)
    needs_utf8 = not named.isascii() or not headers.split(message)[0].isascii()
    if needs_utf8 and not client.has_extn("smtputf8"):
        raise _RefusedError(0, "5.6.7", "the relay does not take addresses or fields with such letters")
    if needs_utf8:
        client.command_encoding = "utf-8"
        options.append("SMTPUTF8")
    if not message.isascii() and client.has_extn("8bitmime"):
        options.append("BODY=8BITMIME")
    if letter.envelope_id and client.has_extn("dsn"):
        options += [f"ENVID={_xtext(letter.envelope_id)}", "RET=HDRS"]
    return options


def _tls_options(client: smtplib.SMTP, way: Way) -> list[str]:
    """Ask for TLS onward; the extension is offered under TLS only (RFC 8689, 2)."""
    if way == "any":
        return []
    if client.has_extn("requiretls"):
        return ["REQUIRETLS"]
    if way == "onward":
        raise _RefusedError(0, "4.7.30", "the relay does not promise TLS for the whole way (REQUIRETLS)")
    return []


def _rcpt_options(recipient: str, mail_from: str) -> list[str]:
    notify = "NOTIFY=SUCCESS,DELAY,FAILURE" if mail_from else "NOTIFY=NEVER"
    return [notify, f"ORCPT=rfc822;{_xtext(recipient)}"] if recipient.isascii() else [notify]


def _demand(answer: tuple[int, bytes]) -> None:
    if answer[0] != 250:  # noqa: PLR2004 -- RFC 5321, 4.2.3
        raise _RefusedError(*_said(*answer))


def _said(code: int, answer: bytes | str) -> tuple[int, str, str]:
    """Split an answer into code, enhanced status and text."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    line = _CONTROL.sub(" ", text).strip()[:LONGEST_TEXT]
    match = _STATUS.match(line)
    known = code if 200 <= code < 600 else 0  # noqa: PLR2004 -- smtplib says -1 when the relay hung up
    if match:
        return known, match[1], line[match.end() :]
    return known, f"{known // 100}.0.0" if known else "4.4.2", line


def _outcome(recipient: str, code: int, status: str, text: str) -> Outcome:
    is_no = (code or int(status[0]) * 100) >= 500  # noqa: PLR2004 -- RFC 5321, 4.2.1: 5yz is a permanent no
    is_yes = 200 <= code < 300  # noqa: PLR2004 -- 2yz is a yes
    state: State = "relayed" if is_yes else "permanent" if is_no else "temporary"
    return Outcome(recipient=recipient, state=state, code=code, status=status, text=text)


def with_crlf(raw: bytes) -> bytes:
    """Give an imported message the line ends that SMTP demands."""
    if raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n"):
        return raw
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")


def _xtext(text: str) -> str:
    """Encode as xtext (RFC 3461, 4)."""
    return "".join(c if "!" <= c <= "~" and c not in "+=" else f"+{ord(c):02X}" for c in text)

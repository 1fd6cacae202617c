"""Outgoing mail through the agency's relay, and what comes back. RFC 5321, RFC 3461, RFC 3464."""

from dataclasses import dataclass
from typing import Literal

State = Literal["relayed", "temporary", "permanent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """The relay that the agency has; `timeout` in seconds."""

    host: str
    port: int
    hostname: str
    starttls: bool = True
    user: str = ""
    password: str = ""
    timeout: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the relay said about one recipient; `status` is the enhanced code such as "5.1.1"."""

    recipient: str
    state: State
    code: int
    status: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One recipient of a report: `action` is failed, delayed, delivered, relayed or expanded."""

    recipient: str
    action: str
    status: str
    diagnostic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A delivery report; `envelope_id` is what `send` gave as ENVID, `message_id` that of the original."""

    envelope_id: str
    message_id: str
    failures: tuple[Failure, ...]


# def send(raw: bytes, *, mail_from: str, recipients: Sequence[str], relay: Relay,
#          envelope_id: str = "") -> tuple[Outcome, ...]
#     (never raises for SMTP or network trouble: every recipient gets an Outcome)
# def next_attempt(*, attempts: int) -> timedelta | None      None: give up
# def bounce(raw: bytes) -> Bounce | None
# def reason(status: str) -> lazy str

"""What passes through the door, and the office behind it that decides."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from congvu.mail.authentication.findings import Findings
from congvu.mail.mime import Tree
from congvu.mail.secrecy import Mark

Channel = Literal["mx", "submission"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """A signed-in sender on submission.

    `account` is whatever key the office wants to find again in the envelope; `addresses` are the
    addresses that this sender may write as, in any case; `since` is when the sender signed in.
    """

    account: str
    addresses: frozenset[str]
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One message as it came through the door.

    `raw` is our Received field followed by the bytes as received (dots unstuffed, CRLF line ends);
    on submission a missing Date or Message-ID stands before them (RFC 6409, 8). `mail_from` is ""
    for the null reverse path. Addresses are as the client wrote them; compare with `addresses.normal`.
    """

    channel: Channel
    peer: str
    helo: str
    tls: bool
    sender: Sender | None
    mail_from: str
    recipients: tuple[str, ...]
    raw: bytes
    received_at: datetime
    smtputf8: bool = False
    body_8bit: bool = False
    findings: Findings | None = None  # where a message from outside comes from
    judged: Tree | None = field(
        default=None, repr=False, compare=False
    )  # `raw` taken apart, without a mark of secrecy


@dataclass(frozen=True, slots=True)
class Verdict:
    """An SMTP answer: reply code, and text that begins with the enhanced status code (RFC 3463).

    Further lines are separated by a line feed and repeat the status code on the wire.
    """

    code: int
    text: str

    @property
    def is_positive(self) -> bool:
        """Tell whether the client may take this for a yes."""
        return self.code < 400  # noqa: PLR2004 -- RFC 5321, 4.2.1: 2yz and 3yz are positive


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A message turned away because it is marked as a state secret: the fact, never the content."""

    channel: Channel
    sender: Sender | None
    mark: Mark
    at: datetime
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """What the door answered a signed-in sender in place of taking a message, or a recipient of it."""

    sender: Sender
    verdict: Verdict
    at: datetime


class Authenticate(Protocol):
    """Check an application password; called in a thread of its own, may be slow, raises on trouble."""

    def __call__(self, username: str, password: str, peer: str, /) -> Sender | None: ...  # noqa: D102 -- said above


class FindRecipient(Protocol):
    """Say whether mail for an address is taken; called in one reading thread. A 421 ends the connection.

    On mx the door asks only for domains that are ours, or for the bare name `postmaster`.
    """

    def __call__(self, address: str, /, *, sender: Sender | None) -> Verdict: ...  # noqa: D102 -- said above


class Accept(Protocol):
    """Store a batch durably and answer in the same order; called in the one committing thread.

    Either everything with a positive verdict is on disk when it returns, or it raises and nothing is.
    """

    def __call__(self, envelopes: Sequence[Envelope], /) -> Sequence[Verdict]: ...  # noqa: D102 -- said above


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Everything that the door asks of the house behind it."""

    authenticate: Authenticate
    recipient: FindRecipient
    accept: Accept
    is_ours: Callable[[str], bool]  # a domain in lower case; quick, called in the loop's thread
    refused: Callable[[Refusal], None]  # evidence of a refusal; called in the reading thread
    rejected: Callable[[Rejection], None] | None = (
        None  # the same of what a signed-in sender could not hand in
    )
    examine: Callable[[Envelope], Awaitable[Envelope | Verdict]] | None = (
        None  # mail from outside; in the loop
    )

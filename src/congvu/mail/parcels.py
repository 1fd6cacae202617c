"""A message with its envelope, whatever door it came through, opened once for all who need it."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from congvu.directory.models import Person
from congvu.mail import messages, mime
from congvu.mail.addresses import normal
from congvu.mail.authentication.findings import Findings
from congvu.mail.bounces import reports
from congvu.mail.bounces.reports import Bounce
from congvu.mail.certified import dsn
from congvu.mail.certified import reading as certified
from congvu.mail.certified.saying import Said
from congvu.mail.door import inspection
from congvu.mail.identity import WAYS, identity
from congvu.mail.meetings import reading as meetings
from congvu.mail.messages import Reading
from congvu.mail.mime import Tree
from congvu.mail.secrecy import Mark
from congvu.mail.smime import structure

Channel = Literal["web", "submission", "mx", "gate", "journal", "poll", "import", "system"]

SNIPPET = 200  # characters
OUTSIDE = frozenset({"mx", "gate", "journal", "poll"})  # doors through which others speak
_BCC = re.compile(rb"(?im)^(?:resent-)?bcc[ \t]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*")
_HEADER_END = re.compile(rb"\r?\n\r?\n")


class SecrecyMarkError(Exception):
    """The message carries a mark of state secrecy; the argument is the mark."""

    def __init__(self, mark: Mark) -> None:
        super().__init__(mark)
        self.mark: Mark = mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A message as it was handed in.

    `author` is the signed-in person; `mail_from` is "" for the null reverse path.
    """

    channel: Channel
    mail_from: str
    recipients: tuple[str, ...]
    raw: bytes
    at: datetime
    author: Person | None = None
    findings: Findings | None = None  # where it comes from, for mail from outside
    judged: Tree | None = None  # what the door took apart and found to carry no mark of secrecy
    is_filed: bool = True  # in the sender's own mailbox; not what is for its reader's eyes alone


def from_system(raw: bytes, *, to: Iterable[str], at: datetime) -> Parcel:
    """Return what the system itself hands in, with no reverse path: nothing answers it."""
    return Parcel(channel="system", mail_from="", recipients=tuple(to), raw=raw, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An opened parcel: what it says, its bytes as they are kept, and their SHA-256.

    `bounce` is the delivery report that it is, when a server outside sent it.
    """

    parcel: Parcel
    raw: bytes
    digest: str
    reading: Reading
    recipients: tuple[str, ...]  # each once, in the form that is compared
    bounce: Bounce | None = None
    may_be_signed: bool = False
    identity: str = ""  # by which it is known again when it comes by another way
    said: tuple[Said, ...] = ()  # what it says of other messages
    calendars: tuple[meetings.Calendar, ...] = ()

    @property
    def is_automatic(self) -> bool:
        """Tell whether no person wrote this to its recipient (RFC 3834)."""
        return self.reading.automatic or (not self.parcel.mail_from and self.parcel.channel != "import")

    @property
    def snippet(self) -> str:
        """Return the beginning of the text on one line."""
        return " ".join(self.reading.text[: 4 * SNIPPET].split())[:SNIPPET]


def unsealed(parcel: Parcel) -> Letter:
    """Open a parcel; raises SecrecyMarkError when it may not enter.

    A Bcc field that a sender of ours left in is cut out (RFC 5322, 3.6.3); nothing else is touched.
    """
    raw = _without_bcc(parcel.raw) if parcel.channel == "submission" else parcel.raw
    tree = _judged(parcel, raw)
    is_foreign = parcel.channel in OUTSIDE
    report = reports.read(tree) if is_foreign and not parcel.mail_from else None
    return Letter(
        parcel=parcel,
        raw=raw,
        digest=hashlib.sha256(raw).hexdigest(),
        reading=messages.reading(tree),
        recipients=tuple(
            dict.fromkeys(normal(one) if "@" in one else one.lower() for one in parcel.recipients)
        ),
        bounce=report,
        identity=identity(tree) if parcel.channel in WAYS else "",
        may_be_signed=structure.may_be_signed(tree),
        calendars=meetings.in_letter(tree),
        said=(*certified.statements(tree), *dsn.statements(report, tree)) if is_foreign else (),
    )


def _judged(parcel: Parcel, raw: bytes) -> Tree:
    """Take a message apart and look for marks of secrecy, unless the door has done so with these very bytes."""
    if parcel.judged is not None and parcel.judged.raw == raw:
        return parcel.judged
    tree = mime.take_apart(raw)
    mark = inspection.secrecy_mark(tree)
    if mark:
        raise SecrecyMarkError(mark)
    return tree


def _without_bcc(raw: bytes) -> bytes:
    end = _HEADER_END.search(raw)
    head = raw[: end.start() + 2] if end else raw
    if b"bcc" not in head.lower():
        return raw
    return _BCC.sub(b"", head) + raw[len(head) :]

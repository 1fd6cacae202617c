"""What another side says of a message: the form in which every scheme's receipts are read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from congvu.mail import addresses
from congvu.mail.certified.vocabulary import Evidence

Scheme = Literal["pec", "etsi", "mdn", "dsn"]

MANY = 100  # recipients of one statement, and statements of one message
LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A statement as it was read; nothing of it is known to be true.

    `about` is the Message-ID it names, without brackets. `word` is the scheme's own name for what happened, `event`
    ETSI's where there is one. `recipients` are normal addresses, none when it concerns the whole message.
    `is_covered` tells that it stood in the content of the message, which a signature of the message covers.
    """

    scheme: Scheme
    word: str
    about: str
    event: Evidence | None = None
    recipients: tuple[str, ...] = ()
    issuer: str = ""
    identifier: str = ""
    at: datetime | None = None
    reason: str = ""
    is_covered: bool = False


def line(text: str) -> str:
    """Return a foreign text as one short line without control characters."""
    return "".join(one if one.isprintable() else " " for one in text).strip()[:LONGEST]


def message_id(text: str) -> str:
    """Return a Message-ID without brackets and surrounding space."""
    return text.strip().removeprefix("<").removesuffix(">").strip()[:998]


def recipients(found: Iterable[str]) -> tuple[str, ...]:
    """Return the addresses among some texts in the form that is compared, each once."""
    plain = (one.strip().strip("<>") for one in found)
    return tuple(dict.fromkeys(addresses.normal(one) for one in plain if addresses.is_address(one)))[:MANY]

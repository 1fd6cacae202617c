"""The way without JavaScript: four digits to be copied, not at once, on a form that we made.

Digits can be read by everyone who reads the page, also by ear, and in every language.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from congvu.petitions.guarding.proof import Spendable

SOONEST = timedelta(seconds=8)  # nobody reads a page faster
LIFE = timedelta(hours=2)
DIGITS = 4


class CopyError(Exception):
    """The digits were not copied by a reader of the page."""


class ForgedStampError(CopyError):
    """A form that we did not make."""


class TooSoonError(CopyError):
    """Sent faster than anybody reads."""


class ExpiredStampError(CopyError):
    """A form of too long ago."""


class WrongDigitsError(CopyError):
    """Other digits than the page showed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What stands on the page, and the stamp that comes back with the answer."""

    digits: str
    stamp: str

    @property
    def spelled(self) -> str:
        """Return the digits one by one, as they are to be read aloud."""
        return " ".join(self.digits)


def ask(*, key: bytes, agency: str, at: datetime) -> Question:
    """Return digits to copy."""
    claim = f"{agency}.{int(at.timestamp())}.{secrets.token_hex(8)}"
    return Question(digits=_digits(key, claim), stamp=f"{claim}.{_signature(key, claim)}")


def verify(stamp: str, digits: str, *, key: bytes, agency: str, at: datetime) -> Spendable:
    """Return what an answer spends. Raises a CopyError."""
    claim, _, signature = stamp.rpartition(".")
    if not hmac.compare_digest(_signature(key, claim).encode(), signature.encode()):
        raise ForgedStampError
    of, asked_at, _nonce = claim.split(".")
    since = datetime.fromtimestamp(int(asked_at), UTC)
    if of != agency:
        raise ForgedStampError
    if at >= since + LIFE:
        raise ExpiredStampError
    if at < since + SOONEST:
        raise TooSoonError
    typed = "".join(digits.split())
    if not hmac.compare_digest(_digits(key, claim).encode(), typed.encode()):
        raise WrongDigitsError
    return Spendable(digest=hashlib.sha256(stamp.encode()).hexdigest(), expires_at=since + LIFE)


def _digits(key: bytes, claim: str) -> str:
    number = int.from_bytes(hmac.digest(key, b"digits " + claim.encode(), "sha256")) % 10**DIGITS
    return f"{number:0{DIGITS}}"


def _signature(key: bytes, claim: str) -> str:
    return hmac.digest(key, b"stamp " + claim.encode(), "sha256").hex()

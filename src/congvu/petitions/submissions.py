"""What somebody hands in, before it is a petition."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from congvu.mail.addresses import is_address
from congvu.petitions.models import ApiKey, Service

MOST_FILES = 10
LONGEST_NAME = 200  # characters of a file's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who asks; each may be empty."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""

    @property
    def has_mailbox(self) -> bool:
        """Return whether letters can be sent to the address for mail."""
        return is_address(self.email)

    @property
    def is_reachable(self) -> bool:
        """Return whether there is a name and a way to answer."""
        return bool(self.name and (self.phone or self.email or self.address))


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file whose metadata are gone already (`media.strip`)."""

    name: str
    media_type: str
    data: bytes
    width: int | None = None
    height: int | None = None

    def columns(self) -> dict[str, Any]:
        """Return what a row says of it, beside where it is stored."""
        return {
            "name": self.name[-LONGEST_NAME:],
            "media_type": self.media_type,
            "size": len(self.data),
            "width": self.width,
            "height": self.height,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What somebody hands in. `answers` by attribute code; `message` is the handle of the mail that it came by."""

    service: Service
    channel: str
    content: str
    language: str
    subject: str = ""
    who: Who = field(default_factory=Who)
    answers: dict[str, Any] = field(default_factory=dict)
    latitude: float | None = None
    longitude: float | None = None
    place: str = ""
    files: Sequence[File] = ()
    urgency: str = ""  # the service's own
    competence: str = "own"
    about: str = "administration"
    instance: str = "first"
    complexity: str = "plain"
    is_threat: bool = False
    message: str = ""
    received_on: date | None = None  # the legal day on which it came, where that was before it is taken in
    api_key: ApiKey | None = None

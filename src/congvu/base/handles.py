"""Random 128-bit handles: the only names by which rows are known outside their package."""

import functools
import hashlib
import os
import re
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    TextColumn = models.CharField[str, str]
else:
    TextColumn = models.CharField

LENGTH = 26
PATTERN = r"[a-z2-7]{26}"
_LETTERS = (b"abcdefghijklmnopqrstuvwxyz234567" * 8)[:256]  # a random octet's letter: each of 32 eight times
_ORDERED = "234567abcdefghijklmnopqrstuvwxyz"  # the same letters, as text sorts them
_MOMENT = 10  # letters of a dated handle's time; the other 16 are random
_SHAPE = re.compile(rf"\A{PATTERN}\Z")
RANDOM = LENGTH - _MOMENT  # octets that a dated handle needs


def new() -> str:
    """Return a fresh handle: 130 random bits as 26 letters of base32's alphabet (RFC 4648 section 6), lowercase."""
    return spell(os.urandom(LENGTH))


def spell(octets: bytes) -> str:
    """Return the handle that 26 random octets give."""
    return octets.translate(_LETTERS).decode()


def dated(milliseconds: int, octets: bytes) -> str:
    """Return a handle that sorts by its time (Unix, milliseconds), 80 of its bits from 16 random octets.

    For rows that come in great number and whose time is no secret: neighbors in time lie together in an index,
    as with UUIDv7 (RFC 9562 section 5.7).
    """
    return _moment(milliseconds) + octets.translate(_LETTERS).decode()


@functools.lru_cache(maxsize=256)
def _moment(milliseconds: int) -> str:
    return "".join(_ORDERED[milliseconds >> shift & 31] for shift in range(5 * _MOMENT - 5, -1, -5))


def derive(*parts: str) -> str:
    """Return the handle that these parts always give; unguessable when one part is a random handle."""
    octets = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return octets[:LENGTH].translate(_LETTERS).decode()  # as `spell`: every entry judged comes by here twice


def is_handle(text: str) -> bool:
    """Return whether the text has the shape of a handle."""
    return _SHAPE.match(text) is not None


class HandleField(TextColumn):
    """A column that holds a handle, unique and fresh unless told otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LENGTH)
        kwargs.setdefault("default", new)
        kwargs.setdefault("unique", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)


class HandleConverter:
    """A handle inside a URL; anything else is not found."""

    regex = PATTERN

    def to_python(self, value: str) -> str:
        """Return the handle as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Return the handle as it stands."""
        return value

"""Instants as GeoReport v2 spells them: the complete forms of the W3C note on dates and times, always with a zone."""

import re
from datetime import UTC, datetime
from typing import Final

_INSTANT: Final = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(?:Z|([+ -])(\d\d:\d\d))", re.ASCII
)
_SECONDS: Final = len("2026-11-22T07:30:00")


class MalformedInstantError(ValueError):
    """This is no instant with a zone, as 2026-11-22T07:30:00Z is."""


def text(instant: datetime) -> str:
    """Return an aware instant in UTC to the second, with a Z."""
    return instant.astimezone(UTC).isoformat()[:_SECONDS] + "Z"


def read(written: str) -> datetime:
    """Return the instant in UTC; MalformedInstantError if it is none.

    A space stands for the plus sign before an offset: it is what a plus becomes in an address that nobody encoded.
    """
    found = _INSTANT.fullmatch(written)
    if found is None:
        raise MalformedInstantError(written)
    clock, sign, offset = found.groups()
    try:
        return datetime.fromisoformat(
            clock + (f"{'-' if sign == '-' else '+'}{offset}" if sign else "Z")
        ).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise MalformedInstantError(written) from error

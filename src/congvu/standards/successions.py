"""The key of one year's log vouches for the next one's: a signed note, so that witnesses need no letter each January.

Its text is the line `congvu log succession v1` and the verifier key of the new log; origins are `<log>/<year>`, or
`<log>/<year>-<number>` for a log that took the place of another within the year.
"""

import re
from typing import Final

from congvu.standards import notes

HEADER: Final = "congvu log succession v1"
NAME: Final = re.compile(r"([0-9]{4})(?:-([2-9]))?")


class NoSuccessionError(ValueError):
    """The note does not vouch for the next log of the same agency."""


def vouch(key: notes.VerifierKey, *, by: notes.SignerKey) -> str:
    """Return the note by which an older log's key vouches for a newer one's; raise NoSuccessionError."""
    note = notes.sign(f"{HEADER}\n{key.text}\n", by)
    verify(note, key=by.verifier)
    return note


def verify(note: str, *, key: notes.VerifierKey) -> notes.VerifierKey:
    """Return the newer log's key for which the older one's vouches; raise NoSuccessionError."""
    try:
        header, text, end = notes.verify(note, known=[key]).text.split("\n")
        found = notes.parse_verifier_key(text)
    except ValueError as error:
        raise NoSuccessionError(str(error)) from error
    log, year, _ = parts(key.name)
    next_log, next_year, _ = parts(found.name)
    if header != HEADER or end or log != next_log or next_year <= year:
        raise NoSuccessionError("not of the same log, or not of a later year")
    return found


def name_of(origin: str) -> str:
    """Return the name of a log, with which its origin ends."""
    return origin.rpartition("/")[2]


def parts(origin: str) -> tuple[str, int, int]:
    """Return what precedes the year in an origin, the year, and the log's number in it; raise NoSuccessionError."""
    log, _, name = origin.rpartition("/")
    match = NAME.fullmatch(name)
    if not log or match is None:
        raise NoSuccessionError("an origin ends in a year, or in a year and a number")
    return log, int(match[1]), int(match[2] or 1)

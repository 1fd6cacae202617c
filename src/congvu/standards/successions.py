"""The key of one year's log vouches for the next one's: a signed note, so that witnesses need no letter each January.

Its text is the line `congvu log succession v1` and the verifier key of the new log; origins are `<log>/<year>`.
"""

from typing import Final

from congvu.standards import notes

HEADER: Final = "congvu log succession v1"


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
    log, year = _parts(key.name)
    next_log, next_year = _parts(found.name)
    if header != HEADER or end or log != next_log or next_year <= year:
        raise NoSuccessionError("not of the same log, or not of a later year")
    return found


def _parts(origin: str) -> tuple[str, int]:
    log, _, year = origin.rpartition("/")
    if not log or not (year.isascii() and year.isdigit() and len(year) == 4):  # noqa: PLR2004 -- digits of a year
        raise NoSuccessionError("an origin ends in a year")
    return log, int(year)

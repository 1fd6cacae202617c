"""The note that closes a log before its year is over, and names the log that takes its place.

Its text: the line `congvu log closing v1`; why (`stolen`: somebody else holds the key; `lost`: the log is gone); the
closed log's verifier key; the next one's; size and root of the closed log's last head that counts; then the lines of
the policy (c2sp.org/tlog-policy) under which that log was witnessed, none where nobody was asked. It is signed by the
next log's key, and by the closed one's where that is at hand: a stolen key may end its own log, and no more.
"""

from dataclasses import dataclass
from typing import Final, Literal, cast

from congvu.standards import checkpoints, notes, quorums, successions
from congvu.standards.checkpoints import Checkpoint

HEADER: Final = "congvu log closing v1"
Reason = Literal["stolen", "lost"]
REASONS: Final = ("stolen", "lost")
LAST: Final = 9  # log of a year: its number has one digit
_LINES: Final = 6


class MalformedClosingError(ValueError):
    """The note does not close a log, or nobody has signed it who may."""


class TooManyLogsError(Exception):
    """A year has at most nine logs."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A closed log: why, its key, the next log's key, its last head that counts, and its witnesses' policy."""

    reason: Reason
    closed: notes.VerifierKey
    next: notes.VerifierKey
    size: int
    root: bytes
    policy: str = ""

    @property
    def head(self) -> Checkpoint:
        """Return the last head that counts."""
        return Checkpoint(self.closed.name, self.size, self.root)

    def format(self) -> str:
        """Return the text to be signed."""
        size, root = str(self.size), notes.encode_base64(self.root)
        lines = [HEADER, self.reason, self.closed.text, self.next.text, size, root]
        return "".join(f"{line}\n" for line in lines) + self.policy


def sign(closing: Closing, *signers: notes.SignerKey) -> str:
    """Return the note; the next log's signer comes first. Raises MalformedClosingError."""
    note = notes.sign(closing.format(), *signers)
    if read(note) != closing:
        raise MalformedClosingError("a line of the closing holds a line break")
    return note


def read(note: str) -> Closing:
    """Return what a note says that the next log's key has signed; raise MalformedClosingError."""
    try:
        closing = _parse(notes.parse(note).text)
        notes.verify(note, known=[closing.next])
        if is_by_closed(note, closing):
            notes.verify(note, known=[closing.closed])
    except ValueError as error:
        raise MalformedClosingError(str(error)) from error
    return closing


def is_by_closed(note: str, closing: Closing) -> bool:
    """Say whether a note bears a signature line of the closed log's key, too."""
    key = (closing.closed.name, closing.closed.id)
    return any((line.name, line.id) == key for line in notes.parse(note).signatures)


def next_origin(origin: str) -> str:
    """Return the origin of the log that takes another's place in its year; raise TooManyLogsError."""
    log, year, number = successions.parts(origin)
    if number == LAST:
        raise TooManyLogsError(origin)
    return f"{log}/{year}-{number + 1}"


def _parse(text: str) -> Closing:
    header, reason, closed, following, size, root, *rest = [*text.split("\n"), *[""] * _LINES]
    policy = "".join(f"{line}\n" for line in rest if line)
    head = checkpoints.parse(f"{closed}\n{size}\n{root}\n")
    found = Closing(
        cast("Reason", reason),
        notes.parse_verifier_key(closed),
        notes.parse_verifier_key(following),
        head.size,
        head.root,
        policy,
    )
    if header != HEADER or reason not in REASONS or found.format() != text:
        raise MalformedClosingError("not a closing of version 1")
    if policy:
        quorums.parse(policy)
    (log, year, number), (next_log, next_year, next_number) = (
        successions.parts(key.name) for key in (found.closed, found.next)
    )
    if (log, year) != (next_log, next_year) or number >= next_number:
        raise MalformedClosingError("the next log is not a later one of the same agency and year")
    return found

"""Checkpoints of a log (c2sp.org/tlog-checkpoint): the text of the note that its key signs."""

import re
from dataclasses import dataclass
from typing import Final

from congvu.standards import merkle, notes

NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,18}")
LEAST_LINES: Final = 3


class MalformedCheckpointError(ValueError):
    """The text of a note is not that of a checkpoint."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: origin, number of leaves, root hash of 32 bytes, extension lines (discouraged)."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def format(self) -> str:
        """Return the text to be signed; raise MalformedCheckpointError when it could not be read back."""
        lines = [self.origin, str(self.size), notes.encode_base64(self.root), *self.extensions]
        text = "".join(f"{line}\n" for line in lines)
        if parse(text) != self:
            raise MalformedCheckpointError("a line of the checkpoint holds a line break")
        return text


def parse(text: str) -> Checkpoint:
    """Return the checkpoint that a note's text holds; raise MalformedCheckpointError."""
    lines = text.split("\n")
    if lines.pop() or len(lines) < LEAST_LINES or not all(lines):
        raise MalformedCheckpointError("a checkpoint has at least three lines, none empty")
    origin, size, encoded, *extensions = lines
    if not NUMBER.fullmatch(size):
        raise MalformedCheckpointError("the size is not a decimal number")
    try:
        root = notes.decode_base64(encoded)
    except ValueError as error:
        raise MalformedCheckpointError("the root is not base64") from error
    if len(root) != merkle.HASH:
        raise MalformedCheckpointError("the root is not a SHA-256 hash")
    return Checkpoint(origin=origin, size=int(size), root=root, extensions=tuple(extensions))


def sign(checkpoint: Checkpoint, *signers: notes.SignerKey) -> str:
    """Return the signed note of a checkpoint."""
    return notes.sign(checkpoint.format(), *signers)


def verify(note: str, *, key: notes.VerifierKey) -> Checkpoint:
    """Return the checkpoint of a note that the log's key has signed.

    The key's name must be the origin. Raises what notes.verify raises, and MalformedCheckpointError.
    """
    checkpoint = parse(notes.verify(note, known=[key]).text)
    if checkpoint.origin != key.name:
        raise MalformedCheckpointError("the checkpoint is of another log than the key")
    return checkpoint


def bare(note: str, *, key: notes.VerifierKey) -> str:
    """Return a checkpoint's note with the signature line of its log alone; raises what verify raises."""
    verify(note, key=key)
    parsed = notes.parse(note)
    own = next(one for one in parsed.signatures if (one.name, one.id) == (key.name, key.id))
    return f"{parsed.text}\n{notes.DASH}{own.name} {notes.encode_base64(own.id + own.value)}\n"

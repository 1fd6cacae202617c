"""Proofs that an entry stands in a log (c2sp.org/tlog-proof, version 1), as a file that needs no network."""

import re
from dataclasses import dataclass
from typing import Final

from congvu.standards import merkle, notes

HEADER: Final = "c2sp.org/tlog-proof@v1"
INDEX: Final = re.compile(r"index (0|[1-9][0-9]{0,18})")
EXTRA: Final = "extra "


class MalformedProofError(ValueError):
    """The text is not a tlog-proof."""


@dataclass(frozen=True, slots=True)
class Proof:
    """An entry's index, its audit path (sibling first) and the signed checkpoint, as the log wrote it.

    `extra` is not authenticated.
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def format(self) -> str:
        """Return the text of the proof."""
        extra = [] if self.extra is None else [EXTRA + notes.encode_base64(self.extra)]
        path = [notes.encode_base64(digest) for digest in self.path]
        lines = [HEADER, *extra, f"index {self.index}", *path, "", self.checkpoint]
        return "\n".join(lines)


def parse(text: str) -> Proof:
    """Return the parts of a proof without verifying it; raise MalformedProofError."""
    head, gap, checkpoint = text.partition("\n\n")
    header, *lines = head.split("\n")
    if header != HEADER or not gap or not lines:
        raise MalformedProofError("not a tlog-proof of version 1")
    try:
        extra = notes.decode_base64(lines.pop(0)[len(EXTRA) :]) if lines[0].startswith(EXTRA) else None
        index = INDEX.fullmatch(lines.pop(0)) if lines else None
        path = tuple(notes.decode_base64(line) for line in lines)
    except ValueError as error:
        raise MalformedProofError("a line is not base64") from error
    if index is None:
        raise MalformedProofError("the index is not a decimal number")
    if len(path) > merkle.LONGEST_PATH or any(len(digest) != merkle.HASH for digest in path):
        raise MalformedProofError("the path does not consist of SHA-256 hashes")
    return Proof(index=int(index[1]), path=path, checkpoint=checkpoint, extra=extra)

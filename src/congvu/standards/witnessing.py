"""The question of a log to a witness and the answer (c2sp.org/tlog-witness, add-checkpoint), as pure functions.

The optional call sign-subtree is not offered: nobody here asks for cosigned parts of a tree.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, NamedTuple

from congvu.standards import checkpoints, merkle, notes
from congvu.standards.cosignatures import Cosignature, CosignerKey, cosigned

OLD: Final = re.compile(r"old (0|[1-9][0-9]{0,18})")
SIZE: Final = re.compile(rb"(0|[1-9][0-9]{0,18})\n")
LARGEST: Final = 64 * 1024  # octets of a question or an answer
SIZE_TYPE: Final = "text/x.tlog.size"
PLAIN: Final = "text/plain; charset=utf-8"


class RefusalError(Exception):
    """A witness does not cosign: with this status, body and type of content."""

    def __init__(self, status: HTTPStatus, said: str, kind: str = PLAIN) -> None:
        """Keep what is answered."""
        super().__init__(said)
        self.status, self.said, self.kind = status, said, kind


class StaleError(Exception):
    """A witness says that it knows another size; the argument is that size, which nobody has signed for us."""

    def __init__(self, size: int) -> None:
        """Keep the size."""
        super().__init__(size)
        self.size = size


class MalformedAnswerError(ValueError):
    """The answer is none of the protocol, or its cosignature does not fit."""


class Head(NamedTuple):
    """The size and root of a tree."""

    size: int
    root: bytes


NOTHING: Final = Head(0, merkle.EMPTY_ROOT)


@dataclass(frozen=True, slots=True)
class Question:
    """A signed checkpoint (note), and the proof that the tree of size `old` is a prefix of its tree."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    def format(self) -> bytes:
        """Return the body of the request."""
        lines = [f"old {self.old}", *map(notes.encode_base64, self.proof), "", self.note]
        return "\n".join(lines).encode()


def parse(body: bytes) -> Question:
    """Return the question in a request's body; raise RefusalError (400)."""
    try:
        head, gap, note = body.decode().partition("\n\n")
        first, *lines = head.split("\n")
        proof = tuple(notes.decode_base64(line) for line in lines)
    except ValueError as error:
        raise _bad("neither UTF-8 nor base64") from error
    old = OLD.fullmatch(first)
    if old is None or not gap:
        raise _bad("not: old <size>, hashes, an empty line, a checkpoint")
    if len(proof) > merkle.LONGEST_PATH or any(len(digest) != merkle.HASH for digest in proof):
        raise _bad("more than 63 hashes, or one that is not of 32 bytes")
    return Question(old=int(old[1]), proof=proof, note=note)


def origin(question: Question) -> str:
    """Return of which log a question is, before anything is verified; raise RefusalError (400)."""
    try:
        return checkpoints.parse(notes.parse(question.note).text).origin
    except ValueError as error:
        raise _bad("not a signed checkpoint") from error


def judge(question: Question, *, keys: Collection[notes.VerifierKey], seen: Head) -> checkpoints.Checkpoint:
    """Return the checkpoint that is to be cosigned after `seen`, the last head cosigned of this log.

    `keys` are those believed for its origin. Raises RefusalError: 400, 403, 404, 409, 422, in the order of
    the specification.
    """
    name = origin(question)
    believed = [key for key in keys if key.name == name]
    if not believed:
        raise RefusalError(HTTPStatus.NOT_FOUND, "this log is not witnessed here\n")
    try:
        head = checkpoints.parse(notes.verify(question.note, known=believed).text)
    except (notes.InvalidSignatureError, notes.UnverifiedNoteError) as error:
        raise RefusalError(HTTPStatus.FORBIDDEN, "no signature by a key of this log\n") from error
    if question.old > head.size:
        raise _bad("the old size is above the checkpoint's")
    if question.old != seen.size:
        raise RefusalError(HTTPStatus.CONFLICT, f"{seen.size}\n", SIZE_TYPE)
    if question.old == head.size and not question.proof and seen.root != head.root:
        raise RefusalError(HTTPStatus.CONFLICT, "another root of the same size was cosigned\n")
    if not _is_grown(question, seen, head):
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "the proof does not show one history\n")
    return head


def read(
    status: int, headers: Mapping[str, str], body: bytes, *, note: str, keys: Collection[CosignerKey]
) -> list[Cosignature]:
    """Return the cosignatures by these keys in a witness's answer about a checkpoint (note).

    Raises StaleError, RefusalError (with the witness's status) or MalformedAnswerError.
    """
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if status == HTTPStatus.CONFLICT and kind == SIZE_TYPE:
        size = SIZE.fullmatch(body)
        if size is None:
            raise MalformedAnswerError("a size that is none")
        raise StaleError(int(size[1]))
    if status != HTTPStatus.OK:
        raise _refusal(status)
    try:
        found = cosigned(note + body.decode(), known=keys)
    except ValueError as error:
        raise MalformedAnswerError("not lines of cosignatures that fit") from error
    found = [one for one in found if one.at]
    if not found:
        raise MalformedAnswerError("no cosignature by the key that was agreed")
    return found


def _refusal(status: int) -> RefusalError | MalformedAnswerError:
    try:
        return RefusalError(HTTPStatus(status), "")
    except ValueError:
        return MalformedAnswerError(f"status {status}")


def _is_grown(question: Question, seen: Head, head: checkpoints.Checkpoint) -> bool:
    return merkle.verify_consistency(
        old=seen.size, new=head.size, old_root=seen.root, new_root=head.root, proof=question.proof
    )


def _bad(said: str) -> RefusalError:
    return RefusalError(HTTPStatus.BAD_REQUEST, f"{said}\n")

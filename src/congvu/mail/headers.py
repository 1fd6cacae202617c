"""Header fields of a message or part, split and decoded by hand: bounded, lenient, never raising.

What a whole message may cost is kept by an `Allowance`, which counts and asks no clock.
"""

import base64
import binascii
import re
import string
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from congvu.mail.charsets import decode, without_controls

LONGEST_BLOCK = 1 << 20  # octets in which the end of a header is looked for
LONGEST_READ = 256 << 10  # octets of it that are read
MANY_FIELDS = 5_000
MANY_PARAMETERS = 100  # of one field
MANY_WORDS = 400  # encoded words of one text; what follows is left out
LONGEST_VALUE = 16 << 10  # octets of one field that are decoded

_FIELD = re.compile(rb"^([!-9;-~]++)[ \t]*+:([^\n]*+(?:\n[ \t][^\n]*+)*+)", re.MULTILINE)
_NAME = re.compile(rb"[!-9;-~]+[ \t]*:")
_END = re.compile(rb"\n\r?\n")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([BbQq])\?([^?]*)\?=")
_GAP = re.compile(r"(\?=)[ \t]+(?==\?[^?\s]{1,60}\?[BbQq]\?)")
_PARAMETER = re.compile(r";\s*([^\s=;\"]+)\s*=\s*(\"(?:[^\"\\]++|\\.)*+\"|[^;]*+)")
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")
_BASE64 = string.ascii_letters + string.digits + "+/"
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64.encode()))


class Allowance:
    """What reading one message may still cost, in steps of about a microsecond.

    Steps are counted and never timed, so that the same bytes are always read alike.
    """

    __slots__ = ("left",)

    def __init__(self, steps: int) -> None:
        self.left = steps

    def take(self, steps: int) -> None:
        """Count steps that were taken or are about to be."""
        self.left -= steps


def cost(text: str) -> int:
    """Return about how many steps it takes to read a field's value, its parameters and its words."""
    return len(text) // 50 + 3 * text.count(";") + 5 * text.count("=?")


class Field(NamedTuple):
    """A field: its name in lower case, its value as raw bytes without the final line end."""

    name: str
    value: bytes


def split(raw: bytes, *, start: int = 0, end: int | None = None) -> tuple[bytes, int]:
    """Return the header block of raw[start:end], and where the body begins."""
    stop = len(raw) if end is None else end
    if raw[start : start + 1] == b"\n" or raw[start : start + 2] == b"\r\n":
        return b"", raw.index(b"\n", start) + 1
    first = raw.find(b"\n", start, stop) if raw[start : start + 5] == b"From " else start - 1
    if not _NAME.match(raw, first + 1, min(stop, first + LONGEST_BLOCK)):
        return b"", start
    reach = min(stop, start + LONGEST_BLOCK)
    found = _END.search(raw, start, reach)
    return (raw[start : found.start() + 1], found.end()) if found else (raw[start:reach], reach)


def fields(block: bytes, *, most: int = MANY_FIELDS) -> list[Field]:
    """Split a header block into at most so many fields; lines that are none are skipped."""
    return [
        Field(match[1].lower().decode("ascii"), match[2].removesuffix(b"\r"))
        for match in islice(_FIELD.finditer(block[:LONGEST_READ]), max(most, 0))
    ]


def end(block: bytes, *, most: int = MANY_FIELDS) -> int:
    """Return where the fields of a block end: before lines that are none, if nothing but those follows.

    That is a body which no blank line divides from its header.
    """
    last = block.rfind(b"\n", 0, max(len(block) - 1, 0)) + 1
    if block[last : last + 1] in b" \t\r" or _NAME.match(block, last) or len(block) > LONGEST_READ:
        return len(block)
    ends = [match.end() for match in islice(_FIELD.finditer(block), max(most, 0))]
    return min(ends[-1] + 1, len(block)) if ends and len(ends) < most else len(block)


def first(found: list[Field], name: str, *, longest: int = LONGEST_VALUE) -> str:
    """Return the first field of a name as unfolded text with its encoded words as they are; "" if missing."""
    for field in found:
        if field.name == name:
            return unfold(field.value, longest=longest)
    return ""


def unfold(value: bytes, *, longest: int = LONGEST_VALUE) -> str:
    """Make one line of a field's value and decode its raw 8-bit letters."""
    return without_controls(decode(value[:longest])[0])


def words(text: str) -> str:
    """Decode the encoded words of a field (RFC 2047), joining neighbors that were cut inside a letter."""
    if "=?" not in text:
        return text
    pieces: list[str] = []
    position, held, charset = 0, b"", ""
    joined = _GAP.sub(r"\1", text)
    for number, match in enumerate(_WORD.finditer(joined)):
        if number == MANY_WORDS:
            joined = joined[: match.start()]
            break
        label = match[1].partition("*")[0].lower()
        if held and (match.start() > position or label != charset):
            pieces.append(decode(held, declared=charset)[0])
            held = b""
        pieces.append(joined[position : match.start()])
        held, charset, position = held + _word(match[2], match[3]), label, match.end()
    pieces += [decode(held, declared=charset)[0], joined[position:]]
    return without_controls("".join(pieces))


def _word(encoding: str, content: str) -> bytes:
    data = content.encode("utf-8", "replace")
    if encoding in "Bb":
        return base64_bytes(data)
    return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)


def base64_bytes(data: bytes) -> bytes:
    """Decode base64 as far as it goes: foreign octets are skipped, missing padding is added."""
    letters = data.translate(None, _NOT_BASE64)
    usable = len(letters) - (len(letters) % 4 == 1)
    return base64.b64decode(letters[:usable] + b"=" * (-usable % 4))


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """Split `type; name=value` fields, with continuations and charsets of RFC 2231, names in lower case."""
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in islice(_PARAMETER.finditer(value[:LONGEST_VALUE]), MANY_PARAMETERS):
        content = _unquote(match[2].strip())
        section = _SECTION.fullmatch(match[1].lower())
        if section and (section[2] or section[3]):
            sections.setdefault(section[1], {})[int(section[2] or 0)] = (content, bool(section[3]))
        else:
            plain.setdefault(match[1].lower(), words(content))
    kind = value.partition(";")[0].strip().lower()[:200]
    return kind, plain | {name: _continued(pieces) for name, pieces in sections.items()}


def _unquote(text: str) -> str:
    is_quoted = len(text) > 1 and text[0] == text[-1] == '"'
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if is_quoted else text


def _continued(sections: dict[int, tuple[str, bool]]) -> str:
    charset, data = "utf-8", b""
    for number in sorted(sections):
        content, is_extended = sections[number]
        if number == min(sections) and is_extended and content.count("'") > 1:
            charset, _, content = content.split("'", 2)
        data += unquote_to_bytes(content) if is_extended else content.encode("utf-8", "replace")
    return without_controls(decode(data, declared=charset)[0])

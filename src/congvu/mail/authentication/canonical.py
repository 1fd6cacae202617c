"""Canonical forms of header fields and bodies, linear in length whatever comes. RFC 6376, 3.4."""

import re

_TAB_AS_SPACE = bytes.maketrans(b"\t", b" ")
_RUN = re.compile(rb" {2,}")
MANY_FIELDS = 5_000
LONGEST_HEADER = 1 << 20


def header_fields(raw: bytes) -> tuple[list[bytes], bytes]:
    """Return the fields of a message, each with its line end, and the body. Lines end with CR LF."""
    end = raw.find(b"\r\n\r\n", 0, LONGEST_HEADER)
    block, body = (raw[: end + 2], raw[end + 4 :]) if end >= 0 else (raw[:LONGEST_HEADER], b"")
    fields: list[bytes] = []
    held: list[bytes] = []
    for line in block.split(b"\r\n"):
        if line[:1] in (b" ", b"\t"):
            held.append(line)
            continue
        if held:
            fields.append(b"\r\n".join(held) + b"\r\n")
        held = [line] if line else []
    return fields[:MANY_FIELDS], body


def name(field: bytes) -> str:
    """Return a field's name in lower case."""
    return field.partition(b":")[0].strip(b" \t").decode("ascii", "replace").lower()


def field(given: bytes, how: str) -> bytes:
    """Return a field as it is hashed."""
    if how != "relaxed":
        return given
    title, _, value = given.partition(b":")
    flat = value.replace(b"\r\n", b"").translate(_TAB_AS_SPACE)
    return title.strip(b" \t").lower() + b":" + _RUN.sub(b" ", flat).strip(b" ") + b"\r\n"


def body(given: bytes, how: str) -> bytes:
    """Return a body as it is hashed."""
    if how != "relaxed":
        return _ended(given) or b"\r\n"
    flat = _RUN.sub(b" ", given.translate(_TAB_AS_SPACE)).replace(b" \r\n", b"\r\n")
    return _ended(flat.removesuffix(b" "))


def _ended(given: bytes) -> bytes:
    """Take empty lines off the end and leave one line end, none when nothing is left."""
    core = given.rstrip(b"\r\n")
    marks = given[len(core) :].replace(b"\r\n", b"\0\0")
    kept = given[: len(core) + len(marks.rstrip(b"\0"))]
    return kept + b"\r\n" if kept else b""

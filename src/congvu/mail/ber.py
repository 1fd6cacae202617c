"""BER read with bounds and brought into the definite form. X.690; RFC 5652 lets signatures come in either.

Nothing is decoded here beyond tags and lengths, so no input can make it deep, slow or large.
"""

from typing import NamedTuple

DEEPEST = 40  # values in values; the content of a signature is not looked into
MANY = 100_000  # values altogether

_OCTETS, _OCTETS_IN_PIECES = 0x04, 0x24
_CONSTRUCTED = 0x20
_LONGEST_LENGTH = 5  # octets of a length: 1 TB


class NotBerError(ValueError):
    """Octets are no BER, or go beyond the bounds."""


class Value(NamedTuple):
    """One value: its tag, where it begins, where its content begins and ends, and where the next one begins."""

    tag: int
    start: int
    begin: int
    end: int
    next: int


def definite(data: bytes, *, most: int = MANY) -> bytes:
    """Return the first value in data in the definite form, values that are in it already untouched.

    Raises NotBerError, also for more than so many values.
    """
    converted, _ = _Converter(data, most).value(0, len(data), 0)
    return converted


def values(data: bytes, begin: int = 0, end: int | None = None) -> list[Value]:
    """Return the values that follow each other in data[begin:end], all in the definite form; NotBerError."""
    stop = len(data) if end is None else end
    found = []
    while begin < stop:
        tag, content, length = _head(data, begin, stop)
        if length is None:
            raise NotBerError("indefinite")
        found.append(Value(tag, begin, content, content + length, content + length))
        begin = content + length
        if len(found) > MANY:
            raise NotBerError("too many values")
    return found


def _head(data: bytes, at: int, stop: int) -> tuple[int, int, int | None]:
    """Return tag octet, begin of the content, and its length (None: indefinite)."""
    if at + 2 > stop:
        raise NotBerError("cut short")
    tag, first = data[at], data[at + 1]
    if tag & 0x1F == 0x1F:  # noqa: PLR2004 -- X.690, 8.1.2.4: a long tag, which CMS never has
        raise NotBerError("long tag")
    if first < 0x80:  # noqa: PLR2004 -- X.690, 8.1.3.4: the short form
        length, content = first, at + 2
    elif first == 0x80:  # noqa: PLR2004 -- X.690, 8.1.3.6: the indefinite form
        return tag, at + 2, None
    else:
        count = first & 0x7F
        content = at + 2 + count
        if count > _LONGEST_LENGTH or content > stop:
            raise NotBerError("length")
        length = int.from_bytes(data[at + 2 : content], "big")
    if content + length > stop:
        raise NotBerError("cut short")
    return tag, content, length


class _Converter:
    def __init__(self, data: bytes, most: int) -> None:
        self._data, self._seen, self._most = data, 0, most

    def value(self, at: int, stop: int, depth: int) -> tuple[bytes, int]:
        """Convert the value at a place; return it and where the next begins."""
        self._seen += 1
        if depth > DEEPEST or self._seen > self._most:
            raise NotBerError("too deep or too many")
        tag, begin, length = _head(self._data, at, stop)
        if length is None:
            return self._indefinite(tag, begin, stop, depth)
        end = begin + length
        if not tag & _CONSTRUCTED:
            return self._data[at:end], end
        parts, _ = self._inside(begin, end, depth, is_open=False)
        if tag == _OCTETS_IN_PIECES:
            return written(_OCTETS, _joined(parts)), end
        inner = b"".join(parts)
        return (self._data[at:end] if inner == self._data[begin:end] else written(tag, inner)), end

    def _indefinite(self, tag: int, begin: int, stop: int, depth: int) -> tuple[bytes, int]:
        if not tag & _CONSTRUCTED:
            raise NotBerError("indefinite")
        parts, after = self._inside(begin, stop, depth, is_open=True)
        if tag == _OCTETS_IN_PIECES:
            return written(_OCTETS, _joined(parts)), after
        return written(tag, b"".join(parts)), after

    def _inside(self, at: int, stop: int, depth: int, *, is_open: bool) -> tuple[list[bytes], int]:
        parts: list[bytes] = []
        while at < stop:
            if is_open and self._data[at : at + 2] == b"\0\0":
                return parts, at + 2
            part, at = self.value(at, stop, depth + 1)
            parts.append(part)
        if is_open:
            raise NotBerError("no end")
        return parts, at


def _joined(parts: list[bytes]) -> bytes:
    """Join the pieces of an octet string (X.690, 8.7.3), which are octet strings themselves."""
    pieces = []
    for part in parts:
        tag, begin, _ = _head(part, 0, len(part))
        if tag != _OCTETS:
            raise NotBerError("pieces")
        pieces.append(part[begin:])
    return b"".join(pieces)


def written(tag: int, content: bytes) -> bytes:
    """Return a value in the definite form, with the shortest length (X.690, 10.1)."""
    length = len(content)
    if length < 0x80:  # noqa: PLR2004 -- X.690, 8.1.3.4
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content

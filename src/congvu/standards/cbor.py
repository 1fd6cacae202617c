"""CBOR in its deterministic form (RFC 8949, section 4.2.1), as COSE receipts need it; written here, never read."""

from collections.abc import Mapping
from typing import Final, NamedTuple

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG = range(7)
_NULL: Final = b"\xf6"
_SHORT: Final = 24  # numbers below lie in the first octet
_WIDTHS: Final = ((24, 1), (25, 2), (26, 4), (27, 8))


class UnencodableError(ValueError):
    """The value is of another type than those that are written here, or a number beyond 64 bits."""


class Tagged(NamedTuple):
    """A value under a tag."""

    tag: int
    value: object


def encode(value: object) -> bytes:
    """Return the octets of whole numbers, bytes, text, lists, maps, null and tagged values; raise UnencodableError."""
    match value:
        case None:
            return _NULL
        case bool():
            raise UnencodableError("a truth value")
        case int():
            return _head(_UNSIGNED, value) if value >= 0 else _head(_NEGATIVE, -1 - value)
        case bytes() | str():
            data = value if isinstance(value, bytes) else value.encode()
            return _head(_BYTES if isinstance(value, bytes) else _TEXT, len(data)) + data
        case Tagged():
            return _head(_TAG, value.tag) + encode(value.value)
        case list():
            return _head(_ARRAY, len(value)) + b"".join(map(encode, value))
        case Mapping():
            pairs = sorted((encode(name), encode(item)) for name, item in value.items())
            return _head(_MAP, len(pairs)) + b"".join(name + item for name, item in pairs)
    raise UnencodableError(type(value).__name__)


def _head(major: int, number: int) -> bytes:
    if number < _SHORT:
        return bytes([major << 5 | number])
    for extra, width in _WIDTHS:
        if number < 1 << 8 * width:
            return bytes([major << 5 | extra]) + number.to_bytes(width, "big")
    raise UnencodableError("a number beyond 64 bits")

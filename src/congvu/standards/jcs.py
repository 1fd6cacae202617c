"""JSON Canonicalization Scheme, RFC 8785, for text, whole numbers, truth values, null, lists and objects."""

import json
from json.encoder import encode_basestring as quoted
from typing import Any, Final

LARGEST_INTEGER: Final = 2**53 - 1
LARGEST_BMP: Final = "\uffff"


class UnencodableError(ValueError):
    """The value has no RFC 8785 form that every reader understands alike."""


class NotCanonicalError(ValueError):
    """The bytes are not the one RFC 8785 form of a value."""


def encode(value: object) -> bytes:
    """Return the RFC 8785 bytes of a value.

    Whole floats are written as integers (section 3.2.2.3); other floats, integers beyond 2**53 - 1,
    lone surrogates, keys that are not text and foreign types raise UnencodableError.
    """
    try:
        return _text(value).encode()
    except UnicodeEncodeError as error:
        raise UnencodableError("lone surrogate") from error
    except RecursionError as error:
        raise UnencodableError("nested too deeply") from error


def decode(data: bytes) -> Any:
    """Return the value of RFC 8785 bytes; raise NotCanonicalError for any other spelling of it.

    A repeated key, white space, an escape that is not needed or a wrong order all fail the comparison
    with the value's own encoding.
    """
    try:
        value = json.loads(data.decode())
        canonical = encode(value)
    except (ValueError, RecursionError) as error:
        raise NotCanonicalError(str(error)) from error
    if canonical != data:
        raise NotCanonicalError("another spelling of the same value")
    return value


def _text(value: object) -> str:
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        return _object(value)
    if isinstance(value, list):
        return f"[{','.join([quoted(item) if type(item) is str else _text(item) for item in value])}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    return _number(value)


def _object(value: dict[str, object]) -> str:
    try:
        letters = "".join(value)
    except TypeError as error:
        raise UnencodableError("a key is not text") from error
    keys = sorted(value)
    if not letters.isascii() and max(letters) > LARGEST_BMP:
        keys.sort(key=_utf16)
    members = [
        f"{quoted(key)}:{quoted(item) if type(item := value[key]) is str else _text(item)}" for key in keys
    ]
    return f"{{{','.join(members)}}}"


def _utf16(key: str) -> bytes:
    """Order as RFC 8785 section 3.2.3 asks: beyond the BMP, code units differ from code points."""
    return key.encode("utf-16-be", "surrogatepass")


def _number(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int):
        raise UnencodableError(f"{type(value).__name__} has no canonical form here")
    if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
        raise UnencodableError("integer beyond 2**53 - 1")
    return str(value)

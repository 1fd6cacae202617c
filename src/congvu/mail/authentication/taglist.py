"""Lists of `tag=value`, as DKIM, ARC and DMARC write them. RFC 6376, 3.2."""

import base64
import binascii

_BLANKS = b" \t\r\n"


class TagListError(ValueError):
    """A list says one thing twice, or is none."""


def read(value: bytes) -> dict[str, str]:
    """Return the tags of a list, values without outer blanks. Raises TagListError."""
    found: dict[str, str] = {}
    for piece in value.split(b";"):
        if not piece.strip(_BLANKS):
            continue
        name, sign, text = piece.partition(b"=")
        tag = name.strip(_BLANKS).decode("ascii", "replace")
        if not sign or not tag or tag in found:
            raise TagListError(tag)
        found[tag] = text.strip(_BLANKS).decode("utf-8", "replace")
    return found


def octets(value: str) -> bytes:
    """Decode base64 that may be folded. Raises TagListError."""
    try:
        return base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise TagListError("base64") from error


def words(value: str) -> list[str]:
    """Return the items of a value that colons divide, in lower case."""
    return [one.strip().lower() for one in value.split(":")]


def without_signature(field: bytes) -> bytes:
    """Return a signature field with its `b=` emptied, all else as it is (RFC 6376, 3.7)."""
    name, colon, value = field.partition(b":")
    return name + colon + b";".join(map(_emptied, value.split(b";")))


def _emptied(piece: bytes) -> bytes:
    name, sign, value = piece.partition(b"=")
    if not sign or name.strip(_BLANKS) != b"b":
        return piece
    return name + sign + (b"\r\n" if value.endswith(b"\r\n") else b"")

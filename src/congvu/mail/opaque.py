"""What an opaque signature carries, for display and search; whether it holds is told elsewhere. RFC 8551, 3.5.2."""

from congvu.mail import ber

TYPES = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
SIGNED = "signed-data"  # stands among a part's parents
MANY_VALUES = 8_000  # of a signature that is looked into for display; pieces of its content are values too

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_DATA = bytes.fromhex("2a864886f70d010701")
_SEQUENCE, _OID, _EXPLICIT, _OCTETS = 0x30, 0x06, 0xA0, 0x04


def content(cms: bytes, *, most: int = ber.MANY) -> bytes | None:
    """Return the octets within a CMS signature over mail; None for everything else. Any bytes are taken."""
    try:
        data = ber.definite(cms, most=most)
        kind, body = _inside(data, 0, _SEQUENCE)[:2]
        if not _is(data, kind, _SIGNED_DATA) or body.tag != _EXPLICIT:
            return None
        (signed,) = ber.values(data, body.begin, body.end)
        encapsulated = ber.values(data, signed.begin, signed.end)[2]
        inner = ber.values(data, encapsulated.begin, encapsulated.end)
        if len(inner) < 2 or not _is(data, inner[0], _DATA):  # noqa: PLR2004 -- type and content
            return None
        (octets,) = ber.values(data, inner[1].begin, inner[1].end)
        return data[octets.begin : octets.end] if octets.tag == _OCTETS else None
    except (ber.NotBerError, ValueError, IndexError):
        return None


def _inside(data: bytes, at: int, tag: int) -> list[ber.Value]:
    first = ber.values(data)[at]
    if first.tag != tag:
        raise ber.NotBerError("tag")
    return ber.values(data, first.begin, first.end)


def _is(data: bytes, value: ber.Value, oid: bytes) -> bool:
    return value.tag == _OID and data[value.begin : value.end] == oid

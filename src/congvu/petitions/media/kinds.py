"""What a file is, by its first bytes; what a citizen's computer calls it is only a claim."""

from congvu.petitions.media.refusals import HeicError, MisdeclaredError, UnknownTypeError

MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "PDF": "application/pdf"}
_HEADS = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"%PDF-": "PDF",
}
_PHONES = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
)


def of(data: bytes, declared_type: str) -> str:
    """Return JPEG, PNG, WEBP, GIF or PDF. Raises HeicError, UnknownTypeError or MisdeclaredError."""
    found = _of_head(data)
    if not found and data[4:8] == b"ftyp" and data[8:12] in _PHONES:
        raise HeicError
    if not found:
        raise UnknownTypeError
    claim = declared_type.partition(";")[0].strip().lower()
    is_document, is_claimed = found == "PDF", claim == "application/pdf"
    if (is_claimed and not is_document) or (is_document and claim.startswith("image/")):
        raise MisdeclaredError
    return found


def _of_head(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return next((kind for head, kind in _HEADS.items() if data.startswith(head)), "")

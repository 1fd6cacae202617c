"""What binds the words of people to their evidence: a digest there, never the words themselves."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Literal

from congvu.ledger.queries import disclosure_strings
from congvu.standards import disclosures as sd

DIGEST = "digest"
Wording = Literal["kept", "changed", "destroyed"]


def digest(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8, in hexadecimal; the disclosure that holds it is salted (RFC 9901)."""
    return sha256(text.encode()).hexdigest()


def compare(texts: Mapping[str, str], *, agency: str) -> dict[str, Wording]:
    """Return by entry whether its text is the one that was recorded; `destroyed` where the digest is gone."""
    kept = disclosure_strings(list(texts), agency=agency)
    return {entry: _compared(text, kept.get(entry, [])) for entry, text in texts.items()}


def _compared(text: str, strings: list[str]) -> Wording:
    recorded = next((one.value for one in map(sd.parse, strings) if one.name == DIGEST), None)
    if recorded is None:
        return "destroyed"
    return "kept" if recorded == digest(text) else "changed"

"""HTML of messages made harmless: cleaned, framed, and cut off from the network."""

from dataclasses import dataclass

FRAME_CSP = (
    "default-src 'none'; img-src data: 'self'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanitized:
    """Clean HTML, and how many remote images were held back."""

    html: str
    blocked_remote: int


# def sanitize(html: str, *, remote: bool = False, cid: Mapping[str, str] = {}) -> Sanitized
#          cid: content id -> URL path
# def document(sanitized: Sanitized, *, language: str) -> str       whole page for <iframe sandbox srcdoc/src>

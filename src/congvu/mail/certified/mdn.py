"""Disposition notifications of mail programs: unsigned hints, never answered and never a step. RFC 8098."""

from congvu.mail import headers
from congvu.mail.certified.saying import Said, line, message_id, recipients
from congvu.mail.mime import Part

TYPES = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
WORDS = frozenset({"displayed", "deleted", "dispatched", "processed"})  # RFC 8098, 3.2.6, and RFC 3798's own
LARGEST = 64 << 10


def from_part(part: Part) -> list[Said]:
    """Return what a notification says; nothing when it names no message, no recipient or no known disposition."""
    content = part.content()[:LARGEST]
    found = headers.fields(content if content.endswith(b"\n") else content + b"\r\n")
    about = message_id(headers.first(found, "original-message-id"))
    word = headers.first(found, "disposition").rpartition(";")[2].partition("/")[0].strip().lower()
    named = headers.first(found, "original-recipient") or headers.first(found, "final-recipient")
    whom = recipients([named.rpartition(";")[2]])
    if not about or word not in WORDS or not whom:
        return []
    program = line(headers.first(found, "reporting-ua"))
    return [Said(scheme="mdn", word=word, about=about, recipients=whom, issuer=program)]

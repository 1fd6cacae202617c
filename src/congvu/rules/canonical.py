"""A version of a book for machines: one JSON document in canonical form (RFC 8785)."""

from dataclasses import fields, is_dataclass
from datetime import date, time
from typing import Any

from congvu.rules import feeding
from congvu.rules.book import Book, Norm
from congvu.standards import jcs

FORMAT = "rulebook/1"
UNSEEN = {"line", "file"}


def encode(book: Book) -> bytes:
    """Return a version as canonical JSON; the same rules give the same octets. See docs/reference/rulebook-json.md."""
    return jcs.encode({"congvu": FORMAT, **document(book)})


def document(book: Book) -> dict[str, Any]:
    """Return the document of a version; what is empty is left out."""
    found: dict[str, Any] = plain(book)
    found["norms"] = [_norm(one) for one in book.norms]
    return found


def plain(value: Any) -> Any:
    """Return a value of a book in the types of JSON: days as text, mappings sorted by their encoder."""
    if is_dataclass(value) and not isinstance(value, type):
        named = {one.name: plain(getattr(value, one.name)) for one in fields(value) if one.name not in UNSEEN}
        return {name: inner for name, inner in named.items() if not _is_empty(inner)}
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if hasattr(value, "items"):
        return {str(name): plain(inner) for name, inner in value.items()}
    return value


def _norm(norm: Norm) -> dict[str, Any]:
    return {**plain(norm), "treatment": norm.treatment, "feed": feeding.feed(norm)}


def _is_empty(value: Any) -> bool:
    return value is None or value is False or value in ("", [], {}) or value == 0

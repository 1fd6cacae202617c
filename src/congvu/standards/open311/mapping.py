"""One document in JSON and in XML, the same in both by the Spark convention.

A list is an element with a plural name, and its members are elements with the singular one; JSON leaves the outermost
name out. Nothing is null, and an empty element; text has line feeds for line ends, and none of the characters that
XML 1.0 cannot carry.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from math import isfinite
from typing import Any, Final
from xml.sax.saxutils import escape

from congvu.standards.open311 import instants
from congvu.standards.open311.documents import OPTIONAL, Document

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]

MEMBERS: Final[Mapping[str, str]] = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "photos": "photo",
    "answers": "answer",
}
DECLARATION: Final = '<?xml version="1.0" encoding="utf-8"?>\n'
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_LINE_ENDS: Final = re.compile(r"\r\n?")
_UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class UnwritableError(ValueError):
    """No document holds this."""


def plain(value: Any) -> Plain:
    """Return a document, or any value of its fields, as JSON has it; UnwritableError for what none may hold."""
    if isinstance(value, str):  # most are
        return (value if value.isprintable() else _UNWRITABLE.sub("", _LINE_ENDS.sub("\n", value))) or None
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, float) and isfinite(value):
        return value
    if isinstance(value, datetime):
        return instants.text(value)
    if isinstance(value, tuple | list):
        return [plain(member) for member in value]
    return _members(value)


def _members(document: Any) -> dict[str, Plain]:
    if not is_dataclass(document):
        raise UnwritableError(type(document).__name__)
    kind: Any = type(document)
    found: dict[str, Plain] = {}
    for name in _names(kind):
        value = getattr(document, name)
        if value is not None or name not in OPTIONAL:
            found[name] = plain(value)
    return found


@cache
def _names(document: type[Any]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(document))


def to_json(value: Document | Iterable[Document]) -> str:
    """Return a document, or a list of them, in JSON."""
    return _ENCODER.encode(plain(_listed(value)))


def to_xml(name: str, value: Document | Iterable[Document]) -> str:
    """Return a document, or a list of them, in XML, as the element of this name."""
    return DECLARATION + _element(name, plain(_listed(value))) + "\n"


def element(name: str, document: Document) -> str:
    """Return one document as an element, for a list that is written piece by piece."""
    return _element(name, plain(document))


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, Iterable) else value


def _element(name: str, value: Plain) -> str:
    if value is None or value == []:
        return f"<{name}/>"
    if isinstance(value, dict):
        inner = "".join([_element(*member) for member in value.items()])
    elif isinstance(value, list):
        inner = "".join([_element(MEMBERS[name], member) for member in value])
    else:
        inner = escape(value) if isinstance(value, str) else json.dumps(value)
    return f"<{name}>{inner}</{name}>"

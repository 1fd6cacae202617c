"""The Spark convention read backwards, by a parser of somebody else's: what the XML says, as JSON would say it.

It knows of GeoReport v2 which elements are lists and which hold truths or numbers, and shares no code with the product.
"""

from typing import Any
from xml.etree import ElementTree as ET

LISTS = frozenset(
    {"services", "attributes", "values", "service_requests", "service_request_updates", "errors"}
)
LISTS |= {"endpoints", "formats", "photos", "answers"}
TRUTHS = frozenset({"metadata", "variable", "required", "late", "disputed"})
NUMBERS = frozenset({"lat", "long"})
COUNTS = frozenset({"order", "width", "height", "endorsements", "rating"})


def read(written: str) -> Any:
    """Return the value that the JSON of the same document must have."""
    return _value(ET.fromstring(written.encode()), "")  # noqa: S314 -- what the product wrote a moment ago


def _value(element: ET.Element, parent: str) -> Any:
    name = element.tag
    if name in LISTS:
        return [_value(member, name) for member in element]
    if len(element):
        return {member.tag: _value(member, name) for member in element}
    text = element.text
    if text is None:
        return None
    if name in TRUTHS:
        return {"true": True, "false": False}[text]
    if name in COUNTS or (parent, name) == ("error", "code"):
        return int(text)
    return float(text) if name in NUMBERS else text

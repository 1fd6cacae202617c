"""XML from strangers: elements, attributes and text, nothing else. No DTD, no entity, no reference is ever followed.

A document type is refused before anything that it declares could act, which ends bombs and external entities both.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat  # every dangerous event below raises

LARGEST = 256 << 10  # octets of a document
DEEPEST = 30
MANY = 2_000  # elements
LONGEST = 2_000  # characters of one text


class NotReadableError(ValueError):
    """A document is not well formed, too large, or holds what no receipt needs."""


@dataclass(slots=True)
class Element:
    """One element; names without namespace or prefix, in lower case."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def first(self, *names: str) -> str:
        """Return the text of the first element below with one of these names, "" when there is none."""
        return next((one.text.strip() for one in self.walk() if one.name in names), "")

    def all(self, name: str) -> list["Element"]:
        """Return every element below of a name, in order."""
        return [one for one in self.walk() if one.name == name]

    def walk(self) -> Iterator["Element"]:
        """Go over this element and all below it, in order."""
        waiting = [self]
        while waiting:
            one = waiting.pop()
            yield one
            waiting.extend(reversed(one.children))


def read(data: bytes) -> Element:
    """Read a document. Raises NotReadableError."""
    if len(data) > LARGEST:
        raise NotReadableError("too large")
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.take
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    parser.SkippedEntityHandler = _refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # also an encoding that nobody knows
        raise NotReadableError(str(error)[:100]) from error
    if builder.root is None:
        raise NotReadableError("empty")
    return builder.root


class _Builder:
    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._seen = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._seen += 1
        if self._seen > MANY or len(self._open) >= DEEPEST:
            raise NotReadableError("too many elements")
        one = Element(_local(name), {_local(key): text[:LONGEST] for key, text in attributes.items()})
        if self._open:
            self._open[-1].children.append(one)
        else:
            self.root = one
        self._open.append(one)

    def end(self, _name: str) -> None:
        self._open.pop()

    def take(self, text: str) -> None:
        one = self._open[-1]
        if len(one.text) < LONGEST:
            one.text = (one.text + text)[:LONGEST]


def _local(name: str) -> str:
    return name.rpartition(" ")[2].lower()


def _refuse(*_particulars: object) -> int:
    raise NotReadableError("a document type or an entity")

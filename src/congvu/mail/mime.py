"""The parts of a message, found by a small splitter that no input can make slow. RFC 2045, RFC 2046."""

import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field

from congvu.mail import headers, opaque
from congvu.mail.headers import Field

DEEPEST = 30  # multiparts in multiparts; what is deeper is one opaque part
MANY_PARTS = 1_000  # parts of a message; the rest is left unread


@dataclass(slots=True, kw_only=True)
class Part:
    """A leaf: a part that is no multipart (an enclosed message is a leaf too)."""

    raw: bytes
    start: int
    end: int
    fields: list[Field]
    content_type: str
    parameters: dict[str, str]
    parents: tuple[str, ...]  # subtypes of the multiparts around it, outermost first

    def content(self) -> bytes:
        """Decode the transfer encoding as far as it goes."""
        data = self.raw[self.start : self.end]
        encoding = headers.first(self.fields, "content-transfer-encoding").strip().lower()
        if encoding == "base64":
            return headers.base64_bytes(data)
        return binascii.a2b_qp(data) if encoding == "quoted-printable" else data

    def size(self) -> int:
        """Return the length of the decoded content without decoding it, exact for well-formed base64."""
        if headers.first(self.fields, "content-transfer-encoding").strip().lower() != "base64":
            return len(self.content())
        others = sum(self.raw.count(octet, self.start, self.end) for octet in (b"\r", b"\n", b" ", b"="))
        return (self.end - self.start - others) * 3 // 4

    def disposition(self) -> tuple[str, dict[str, str]]:
        """Return Content-Disposition and its parameters."""
        return headers.parameters(headers.first(self.fields, "content-disposition"))


@dataclass(slots=True, kw_only=True)
class Tree:
    """A message taken apart: its own fields, its leaves in order, and what was wrong with it."""

    fields: list[Field]
    content_type: str
    leaves: list[Part] = field(default_factory=list)
    defects: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Region:
    raw: bytes
    start: int
    end: int
    parents: tuple[str, ...]
    default_type: str


def take_apart(raw: bytes) -> Tree:
    """Split a message into its leaves, depth first; at most `DEEPEST` deep and `MANY_PARTS` wide."""
    tree = Tree(fields=[], content_type="")
    waiting = [_Region(raw, 0, len(raw), (), "text/plain")]
    seen = 0
    while waiting:
        seen += 1
        if seen > MANY_PARTS:
            tree.defects.add("too_many_parts")
            break
        part, default = _part(waiting.pop())
        if seen == 1:
            tree.fields, tree.content_type = part.fields, part.content_type
        children = _children(part, tree, default) or _signed_content(part)
        if children is None:
            tree.leaves.append(part)
        else:
            waiting.extend(reversed(children))
    return tree


def entity(raw: bytes) -> Part:
    """Return a message or part as one part, whatever is in it."""
    return _part(_Region(raw, 0, len(raw), (), "text/plain"))[0]


def inside(part: Part) -> list[tuple[int, int]]:
    """Return where each part of a multipart begins and ends in its bytes, as `take_apart` sees it; [] for a leaf."""
    found = _children(part, Tree(fields=[], content_type=""), "text/plain") or []
    return [(one.start, one.end) for one in found]


def _part(region: _Region) -> tuple[Part, str]:
    raw = region.raw
    block, body = headers.split(raw, start=region.start, end=region.end)
    found = headers.fields(block)
    kind, parameters = headers.parameters(headers.first(found, "content-type"))
    part = Part(
        raw=raw,
        start=body,
        end=region.end,
        fields=found,
        content_type=kind if "/" in kind else region.default_type,
        parameters=parameters,
        parents=region.parents,
    )
    return part, "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"


def _children(part: Part, tree: Tree, default_type: str) -> list[_Region] | None:
    """Return the regions inside a multipart, None for a leaf."""
    main, _, subtype = part.content_type.partition("/")
    if main != "multipart":
        return None
    boundary = part.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
    if not boundary or len(part.parents) >= DEEPEST:
        tree.defects.add("no_boundary" if not boundary else "too_deep")
        return None
    parents = (*part.parents, subtype)
    regions = []
    begin: int | None = None
    for at, after, is_last in _delimiters(part, boundary):
        if begin is not None:
            regions.append(
                _Region(part.raw, begin, _before_line_end(part.raw, begin, at), parents, default_type)
            )
        begin = None if is_last else after
        if is_last or len(regions) > MANY_PARTS:
            break
    if begin is not None:
        tree.defects.add("no_end_of_multipart")
        if len(regions) <= MANY_PARTS:
            regions.append(_Region(part.raw, begin, part.end, parents, default_type))
    return regions or None


def _signed_content(part: Part) -> list[_Region] | None:
    """Return what an opaque signature carries (RFC 8551, 3.5.2), as one region of its own bytes."""
    if part.content_type not in opaque.TYPES or len(part.parents) >= DEEPEST:
        return None
    content = opaque.content(part.content())
    if content is None:
        return None
    return [_Region(content, 0, len(content), (*part.parents, opaque.SIGNED), "text/plain")]


def _delimiters(part: Part, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield where each delimiter line begins and ends, and whether it closes the multipart."""
    mark, raw = b"--" + boundary, part.raw
    at = raw.find(mark, part.start, part.end)
    while at != -1:
        if at == part.start or raw[at - 1 : at] == b"\n":
            line_end = raw.find(b"\n", at, part.end)
            after = part.end if line_end < 0 else line_end + 1
            tail = raw[at + len(mark) : after].strip()
            if tail in (b"", b"--"):
                yield at, after, tail == b"--"
        at = raw.find(mark, at + len(mark), part.end)


def _before_line_end(raw: bytes, begin: int, at: int) -> int:
    """Take the line end off that belongs to the delimiter (RFC 2046, 5.1.1)."""
    if raw[at - 2 : at] == b"\r\n":
        return max(begin, at - 2)
    return max(begin, at - 1)

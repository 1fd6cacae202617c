"""The parts of a message, found by a small splitter that no input can make slow. RFC 2045, RFC 2046."""

import binascii
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from congvu.mail import headers, opaque
from congvu.mail.headers import Allowance, Field

DEEPEST = 30  # multiparts in multiparts; what is deeper is one opaque part
MANY_PARTS = 300  # parts of a message; the rest is left unread
MANY_LINES = 20_000  # lines with two hyphens, among which delimiters are looked for
LARGEST_OPAQUE = 12 << 20  # octets of opaque signatures that are opened to look at what they carry
MANY_OPAQUE = 4
STEPS = 15_000  # what the header fields of all parts may cost together

_LONGEST_VALUE = 4_096  # octets of Content-Type and of Content-Disposition
_LONGEST_LINE = 1_000  # octets of a delimiter line
_WHOLE = 1 << 20  # octets of an encoded part that are counted one by one
_LINE = re.compile(rb"\n--([^\n]*)")
_NO_LETTERS = b"\r\n =\t"


class Delimiters:
    """Lines of some octets that may delimit parts, found in one pass however deep multiparts stand in each other."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._lines: dict[bytes, list[tuple[int, int]]] | None = None
        self.is_cut = False  # there are more such lines than are looked at

    def of(self, boundary: bytes, *, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
        """Yield where each delimiter line begins and ends, and whether it closes the multipart."""
        lines = self._found()
        closing = _within(lines.get(boundary + b"--", []), start, end)[:1]
        for at, after in _within(lines.get(boundary, []), start, closing[0][0] if closing else end):
            yield at, min(after, end), False
        for at, after in closing:
            yield at, min(after, end), True

    def _found(self) -> dict[bytes, list[tuple[int, int]]]:
        if self._lines is None:
            self._lines = {}
            whole, lines = len(self._raw), self._lines
            for count, match in enumerate(_LINE.finditer(self._raw)):
                at, after = match.span()
                if count == MANY_LINES:
                    self.is_cut = True
                    break
                if after - at <= _LONGEST_LINE:
                    lines.setdefault(match[1].rstrip(), []).append((at + 1, min(after + 1, whole)))
        return self._lines


def _within(lines: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    return lines[bisect_left(lines, (start, 0)) : bisect_left(lines, (end, 0))]


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
    delimiters: Delimiters = field(repr=False)
    _disposition: tuple[str, dict[str, str]] | None = None

    def content(self, *, longest: int | None = None) -> bytes:
        """Decode the transfer encoding as far as it goes; with `longest` at most the first so many octets."""
        encoding = self.encoding()
        share = {"base64": 2, "quoted-printable": 3}.get(encoding, 1)  # encoded octets for one, and some
        end = self.end if longest is None else min(self.end, self.start + share * longest)
        data = self.raw[self.start : end]
        if encoding == "base64":
            data = headers.base64_bytes(data)
        elif encoding == "quoted-printable":
            data = binascii.a2b_qp(data)
        return data[:longest]

    def encoding(self) -> str:
        """Return the transfer encoding in lower case, "" when none is named."""
        return headers.first(self.fields, "content-transfer-encoding", longest=100).strip().lower()

    def size(self) -> int:
        """Return the length of the decoded content without decoding it.

        Exact for well-formed encodings; of large parts the lines are taken to be as long as the first.
        """
        encoding = self.encoding()
        if encoding == "base64":
            return self._letters() * 3 // 4
        if encoding != "quoted-printable":
            return self.end - self.start
        end = min(self.end, self.start + _WHOLE)
        counted = len(binascii.a2b_qp(self.raw[self.start : end]))
        return counted * (self.end - self.start) // max(end - self.start, 1)

    def _letters(self) -> int:
        """Return how many letters of base64 there are."""
        if self.end - self.start <= _WHOLE:
            return len(self.raw[self.start : self.end].translate(None, _NO_LETTERS))
        line_end = self.raw.find(b"\n", self.start, self.start + _WHOLE) + 1
        line = self.raw[self.start : line_end] if line_end else b""
        last = self.raw[max(self.start, self.end - 200) : self.end]
        length = self.end - self.start - (len(last) - len(last.rstrip(_NO_LETTERS)))
        lines, rest = divmod(length, len(line)) if line else (0, length)
        return lines * len(line.translate(None, _NO_LETTERS)) + rest

    def disposition(self) -> tuple[str, dict[str, str]]:
        """Return Content-Disposition and its parameters."""
        if self._disposition is None:
            written = headers.first(self.fields, "content-disposition", longest=_LONGEST_VALUE)
            self._disposition = headers.parameters(written)
        return self._disposition


@dataclass(slots=True, kw_only=True)
class Tree:
    """A message taken apart: its own fields, its leaves in order, and what was wrong with it."""

    raw: bytes = field(repr=False)
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
    delimiters: Delimiters


def take_apart(raw: bytes, *, allowance: Allowance | None = None) -> Tree:
    """Split a message into its leaves, depth first; at most `DEEPEST` deep and `MANY_PARTS` wide.

    Several messages may share an allowance; what is left undone when it is used up is a defect.
    """
    allowance = allowance or Allowance(STEPS)
    tree = Tree(raw=raw, fields=[], content_type="")
    waiting = [_region(raw)]
    seen, carried, opened = 0, 0, 0
    while waiting:
        seen += 1
        if seen > MANY_PARTS or allowance.left <= 0:
            tree.defects.add("too_many_parts")
            break
        part, default = _part(waiting.pop(), allowance)
        if seen == 1:
            tree.fields, tree.content_type = part.fields, part.content_type
            if part.start > headers.LONGEST_READ or len(part.fields) >= headers.MANY_FIELDS:
                tree.defects.add("long_header")
        children = _children(part, tree, default)
        if children is None and part.content_type in opaque.TYPES:
            opened, carried = opened + 1, carried + part.end - part.start
            is_little = opened <= MANY_OPAQUE and carried <= LARGEST_OPAQUE
            children = _signed_content(part) if is_little else None
            if not is_little:
                tree.defects.add("large_signed")
        if children is None:
            tree.leaves.append(part)
        else:
            waiting.extend(reversed(children))
    return tree


def entity(raw: bytes) -> Part:
    """Return a message or part as one part, whatever is in it."""
    return _part(_region(raw), Allowance(STEPS))[0]


def inside(part: Part) -> list[tuple[int, int]]:
    """Return where each part of a multipart begins and ends in its bytes, as `take_apart` sees it; [] for a leaf."""
    return [(one.start, one.end) for one in _inside(part)]


def parts(part: Part) -> list[Part]:
    """Return the parts of a multipart over the same bytes, as `take_apart` sees them; [] for a leaf."""
    allowance = Allowance(STEPS)
    return [_part(one, allowance)[0] for one in _inside(part)]


def _inside(part: Part) -> list[_Region]:
    return _children(part, Tree(raw=part.raw, fields=[], content_type=""), "text/plain") or []


def _region(raw: bytes, parents: tuple[str, ...] = ()) -> _Region:
    return _Region(raw, 0, len(raw), parents, "text/plain", Delimiters(raw))


def _part(region: _Region, allowance: Allowance) -> tuple[Part, str]:
    raw = region.raw
    block, body = headers.split(raw, start=region.start, end=region.end)
    most = min(headers.MANY_FIELDS, max(allowance.left, 0))
    found = headers.fields(block, most=most)
    after = headers.end(block, most=most)
    written = headers.first(found, "content-type", longest=_LONGEST_VALUE)
    kind, parameters = headers.parameters(written)
    part = Part(
        raw=raw,
        start=body if after == len(block) else region.start + after,
        end=region.end,
        fields=found,
        content_type=kind if "/" in kind else region.default_type,
        parameters=parameters,
        parents=region.parents,
        delimiters=region.delimiters,
    )
    placed = headers.first(found, "content-disposition", longest=_LONGEST_VALUE)
    allowance.take(10 + len(found) + len(block) // 1_000 + headers.cost(written) + headers.cost(placed))
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
    regions = _regions(part, boundary, (*part.parents, subtype), default_type)
    if part.delimiters.is_cut:
        tree.defects.add("too_many_parts")
    if regions and regions[-1].end == part.end:
        tree.defects.add("no_end_of_multipart")
    return regions or None


def _regions(part: Part, boundary: bytes, parents: tuple[str, ...], default_type: str) -> list[_Region]:
    """Return what stands between the delimiters; after the last one that does not close, up to the end."""
    regions: list[_Region] = []
    begin: int | None = None
    for at, after, is_last in part.delimiters.of(boundary, start=part.start, end=part.end):
        if begin is not None:
            end = _before_line_end(part.raw, begin, at)
            regions.append(_Region(part.raw, begin, end, parents, default_type, part.delimiters))
        begin = None if is_last else after
        if is_last or len(regions) > MANY_PARTS:
            break
    if begin is not None and len(regions) <= MANY_PARTS:
        regions.append(_Region(part.raw, begin, part.end, parents, default_type, part.delimiters))
    return regions


def _signed_content(part: Part) -> list[_Region] | None:
    """Return what an opaque signature carries (RFC 8551, 3.5.2), as one region of its own bytes."""
    if len(part.parents) >= DEEPEST:
        return None
    content = opaque.content(part.content(), most=opaque.MANY_VALUES)
    return None if content is None else [_region(content, (*part.parents, opaque.SIGNED))]


def _before_line_end(raw: bytes, begin: int, at: int) -> int:
    """Take the line end off that belongs to the delimiter (RFC 2046, 5.1.1)."""
    if raw[at - 2 : at] == b"\r\n":
        return max(begin, at - 2)
    return max(begin, at - 1)

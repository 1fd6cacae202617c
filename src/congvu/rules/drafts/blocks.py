"""The form's hand on the text: where each norm stands, and one norm's block written anew. All other lines stay.

A block begins at its `- ` and ends with its last line that is neither empty nor a comment.
"""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from congvu.rules.drafts.examination import NAME
from congvu.rules.loader import read_book

Fields: TypeAlias = Mapping[str, Any]
WIDTH = 1_000_000
TEXTS = {"title", "text", "note", "cite"}  # changed in place; whatever else they hold stays
PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
RESERVED = {"yes", "no", "on", "off", "true", "false", "null"}


class NoBlockError(Exception):
    """The text is not readable, or the norm does not stand in a block of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One norm in the text: lines counted from 1, the last one included, and the column of its dash."""

    id: str
    title: str
    first: int
    last: int
    column: int


def blocks(text: str) -> tuple[Block, ...]:
    """Return the norms of a text in their order, empty when the text cannot be read safely."""
    if (found := read_book(text.encode("utf-8", "surrogatepass"), name=NAME)).book is None:
        return ()
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except YAMLError:
        return ()
    norms = _under(root, "norms")
    if not isinstance(norms, SequenceNode) or norms.flow_style:
        return ()
    lines = text.splitlines()
    starts = [one.start_mark.line for one in norms.value]
    ends = [*starts[1:], max(norms.end_mark.line, starts[-1] + 1) if starts else 0]
    titles = {one.id: one.title for one in found.book.norms}
    return tuple(
        _block(node, lines, start, end, titles)
        for node, start, end in zip(norms.value, starts, ends, strict=True)
        if isinstance(node, MappingNode)
    )


def _block(node: MappingNode, lines: list[str], start: int, end: int, titles: Mapping[str, Any]) -> Block:
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    name = _under(node, "id")
    found = name.value if isinstance(name, ScalarNode) else ""
    title = titles.get(found, {})
    said = title.get("vi") or title.get("en") or found
    return Block(id=found, title=said, first=start + 1, last=end, column=lines[start].find("-"))


def fields(text: str, name: str) -> CommentedMap:
    """Return what a norm's block holds; raises NoBlockError."""
    return _parsed(text, _found(text, name))


def changed(text: str, name: str, said: Fields) -> str:
    """Return the text with some keys of one norm set, or dropped where None is said; raises NoBlockError."""
    block = _found(text, name)
    held = _parsed(text, block)
    for key, value in said.items():
        if value is None:
            held.pop(key, None)
        elif key in TEXTS and isinstance(value, dict) and isinstance(held.get(key), CommentedMap):
            _merge(held[key], value)
        else:
            held[key] = _quoted(value)
    lines = text.splitlines(keepends=True)
    return "".join([*lines[: block.first - 1], _dumped(held, block.column), *lines[block.last :]])


def added(text: str, name: str) -> str:
    """Return the text with one more norm after the last one; raises NoBlockError when there is none yet."""
    known = blocks(text)
    if not known:
        raise NoBlockError
    last = known[-1]
    new = CommentedMap(
        id=name,
        code=name.upper(),
        kind="obligation",
        title=_quoted({"vi": "…", "en": "…"}),
        text=_quoted({"vi": "…", "en": "…"}),
        cite=CommentedMap(article="not-established", wording="none", checked="nothing"),
    )
    lines = text.splitlines(keepends=True)
    head = "".join(lines[: last.last])
    head += "" if head.endswith("\n") else "\n"
    return head + "\n" + _dumped(new, last.column) + "".join(lines[last.last :])


def _found(text: str, name: str) -> Block:
    block = next((one for one in blocks(text) if one.id == name), None)
    if block is None or block.column < 0:
        raise NoBlockError(name)
    return block


def _parsed(text: str, block: Block) -> CommentedMap:
    lines = text.splitlines()[block.first - 1 : block.last]
    lines[0] = lines[0].replace("-", " ", 1)
    try:
        held = _yaml().load("\n".join(lines) + "\n")
    except YAMLError as error:
        raise NoBlockError(block.id) from error
    if not isinstance(held, CommentedMap):
        raise NoBlockError(block.id)
    return held


def _dumped(held: CommentedMap, column: int) -> str:
    out = io.StringIO()
    _yaml().dump(held, out)
    inner = " " * (column + 2)
    lines = [inner + line if line.strip() else line for line in out.getvalue().splitlines()]
    lines[0] = " " * column + "- " + lines[0].lstrip()
    return "\n".join(lines) + "\n"


def _merge(held: CommentedMap, said: Mapping[str, str]) -> None:
    for key, value in said.items():
        if value:
            held[key] = (
                _quoted(value) if not isinstance(held.get(key), str) or held[key] != value else held[key]
            )
        else:
            held.pop(key, None)


def _quoted(value: Any) -> Any:
    """Return words in double quotes, so that no colon or dash in them is taken for more."""
    if isinstance(value, dict):
        return CommentedMap({key: _quoted(one) for key, one in value.items() if one})
    if isinstance(value, list):
        several = CommentedSeq(value)
        several.fa.set_flow_style()
        return several if len(value) > 1 else value[0]
    if isinstance(value, str) and (not PLAIN.fullmatch(value) or value in RESERVED):
        return DoubleQuotedScalarString(value)
    return value


def _under(node: Node | None, key: str) -> Node | None:
    if not isinstance(node, MappingNode):
        return None
    return next((child for name, child in node.value if getattr(name, "value", None) == key), None)


def _yaml() -> YAML:
    found = YAML(typ="rt", pure=True)
    found.preserve_quotes = True
    found.width = WIDTH
    found.allow_unicode = True
    found.indent(mapping=2, sequence=4, offset=2)
    return found

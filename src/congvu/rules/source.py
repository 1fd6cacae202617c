"""YAML of the rulebook as plain values that remember their line; hostile files are refused, never expanded."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

LIMIT = 512_000  # octets; the longest book of the rulebook has a tenth of it
DEPTH = 16
TAG = "tag:yaml.org,2002:"

Plain: TypeAlias = "str | int | bool | date | None"
Content: TypeAlias = "Plain | dict[str, Located] | list[Located]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong in a file, where, and how it is mended. `where` names the norm, parameter or key."""

    file: str
    line: int
    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}"
        subject = f" {self.where}:" if self.where else ""
        return f"{place}:{subject} {self.what} {self.mend}"


@dataclass(frozen=True, slots=True)
class Located:
    """A value and the line on which it stands, counted from 1."""

    value: Content
    line: int


class UnreadableError(Exception):
    """A file that is no safe YAML; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read(path: Path) -> Located:
    """Return the content of a file; raises UnreadableError for what is too large, broken or hostile."""
    try:
        with path.open("rb") as file:
            octets = file.read(LIMIT + 1)
    except OSError as error:
        raise _refusal(
            path, 1, f"the file cannot be read ({error.strerror}).", "Check its name and rights."
        ) from error
    if len(octets) > LIMIT:
        raise _refusal(
            path, 1, f"the file is larger than {LIMIT:,} octets.", "Split it: one file is one legal text."
        )
    try:
        node = YAML(typ="safe", pure=True).compose(octets.decode())
    except UnicodeDecodeError as error:
        raise _refusal(path, 1, "the file is not UTF-8.", "Save it as UTF-8.") from error
    except RecursionError as error:
        raise _refusal(path, 1, "values are nested too deep.", f"Keep to {DEPTH} levels.") from error
    except (YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        line = mark.line + 1 if mark else 1
        raise _refusal(
            path, line, f"this is not YAML: {what}.", "Check indentation, colons and quotes."
        ) from error
    if node is None:
        raise _refusal(path, 1, "the file is empty.", "Begin with `book:` or `calendar:`.")
    return _locate(path, node, 0)


def _locate(path: Path, node: Node, depth: int) -> Located:
    line = node.start_mark.line + 1
    if node.anchor is not None:
        raise _refusal(path, line, "anchors and aliases are not allowed.", "Write the value out.")
    if depth > DEPTH:
        raise _refusal(path, line, "values are nested too deep.", f"Keep to {DEPTH} levels.")
    if isinstance(node, MappingNode):
        return Located(_mapping(path, node, depth), line)
    if isinstance(node, SequenceNode):
        return Located([_locate(path, child, depth + 1) for child in node.value], line)
    return Located(_scalar(path, node, line), line)


def _mapping(path: Path, node: MappingNode, depth: int) -> dict[str, Located]:
    found: dict[str, Located] = {}
    for key, child in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode) or key.anchor is not None:
            raise _refusal(path, line, "a key must be one plain word.", "Write `word: value`.")
        if key.value in found:
            raise _refusal(path, line, f"the key `{key.value}` stands twice.", "Keep one of the two.")
        inner = _locate(path, child, depth + 1)
        found[str(key.value)] = Located(inner.value, line)
    return found


def _scalar(path: Path, node: Any, line: int) -> Plain:
    text = str(node.value)
    kind = str(node.tag).removeprefix(TAG)
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in {"true", "yes", "on"}
    try:
        if kind == "int":
            return int(text.replace("_", ""))
        if kind == "timestamp":
            return date.fromisoformat(text)
    except ValueError as error:
        raise _refusal(
            path,
            line,
            f"`{text}` is neither a number nor a day.",
            "Write a day that exists, or put it in quotes.",
        ) from error
    if kind != "str":
        raise _refusal(path, line, f"values of the type `{kind}` are not used.", "Put it in quotes.")
    return text


def _refusal(path: Path, line: int, what: str, mend: str) -> UnreadableError:
    return UnreadableError(Problem(file=path.name, line=line, where="", what=what, mend=mend))

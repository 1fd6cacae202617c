"""YAML of the rulebook as plain values that remember their line; hostile files are refused, never expanded."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

LIMIT = 8_000_000  # octets; a book of 10,000 norms has half of it
DEPTH = 16
NUMBER = re.compile(r"[-+]?[0-9][0-9_]*")
DAY = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?")
FLOAT = re.compile(
    r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?|[-+]?0[xob][0-9A-Fa-f_]+|[-+]?\.(inf|nan)",
    re.IGNORECASE,
)

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
            path.name, 1, f"the file cannot be read ({error.strerror}).", "Check its name and rights."
        ) from error
    return parse(octets, name=path.name)


def parse(octets: bytes, *, name: str) -> Located:
    """Return the content of a file's octets; raises UnreadableError for what is too large, broken or hostile."""
    if len(octets) > LIMIT:
        raise _refusal(
            name, 1, f"the file is larger than {LIMIT:,} octets.", "Split it: one file is one legal text."
        )
    try:
        found = _Builder(name).build(yaml.parse(octets.decode("utf-8-sig"), Loader=yaml.CSafeLoader))
    except UnicodeDecodeError as error:
        raise _refusal(name, 1, "the file is not UTF-8.", "Save it as UTF-8.") from error
    except RecursionError as error:
        raise _refusal(name, 1, "values are nested too deep.", f"Keep to {DEPTH} levels.") from error
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        line = mark.line + 1 if mark else 1
        raise _refusal(
            name, line, f"this is not YAML: {what}.", "Check indentation, colons and quotes."
        ) from error
    if found is None or (found.value is None and found.line == 1):
        raise _refusal(name, 1, "the file is empty.", "Begin with `book:` or `calendar:`.")
    return found


@dataclass(slots=True)
class _Frame:
    """A mapping or list that is being filled; `key` is the key that waits for its value."""

    made: dict[str, Located] | list[Located]
    line: int
    key: str | None = None
    key_line: int = 0


@dataclass(slots=True)
class _Builder:
    """Values out of a stream of events, one after another, so that a hostile file is left at its first trick."""

    name: str
    frames: list[_Frame] = field(default_factory=list)
    root: Located | None = None

    def build(self, events: Iterator[Any]) -> Located | None:
        """Return the root of a document, None for an empty one."""
        documents = 0
        for event in events:
            line = event.start_mark.line + 1
            if isinstance(event, AliasEvent) or getattr(event, "anchor", None) is not None:
                raise _refusal(
                    self.name, line, "anchors and aliases are not allowed.", "Write the value out."
                )
            if getattr(event, "tag", None) is not None:
                raise _refusal(self.name, line, "tags are not allowed.", "Write the plain value.")
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _refusal(self.name, line, "a second document begins.", "Keep one to a file.")
            elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
                self._open(_Frame({} if isinstance(event, MappingStartEvent) else [], line))
            elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
                frame = self.frames.pop()
                self._put(Located(frame.made, frame.line))
            elif isinstance(event, ScalarEvent):
                self._scalar(event, line)
        return self.root

    def _open(self, frame: _Frame) -> None:
        above = self.frames[-1] if self.frames else None
        if above is not None and isinstance(above.made, dict) and above.key is None:
            raise _refusal(self.name, frame.line, "a key must be one plain word.", "Write `word: value`.")
        if len(self.frames) > DEPTH:
            raise _refusal(self.name, frame.line, "values are nested too deep.", f"Keep to {DEPTH} levels.")
        self.frames.append(frame)

    def _scalar(self, event: ScalarEvent, line: int) -> None:
        frame = self.frames[-1] if self.frames else None
        if frame is None or isinstance(frame.made, list) or frame.key is not None:
            self._put(Located(_value(self.name, event, line), line))
            return
        if event.value in frame.made:
            raise _refusal(self.name, line, f"the key `{event.value}` stands twice.", "Keep one of the two.")
        frame.key, frame.key_line = str(event.value), line

    def _put(self, found: Located) -> None:
        if not self.frames:
            self.root = found
            return
        frame = self.frames[-1]
        if isinstance(frame.made, list):
            frame.made.append(found)
        else:
            frame.made[frame.key or ""] = Located(found.value, frame.key_line)
            frame.key = None


def _value(name: str, event: ScalarEvent, line: int) -> Plain:
    """Return what a scalar stands for; YAML 1.2 without numbers that are not whole."""
    text, kind = str(event.value), _kind(event)
    try:
        if kind == "int":
            return int(text.replace("_", ""))
        if kind == "timestamp":
            return date.fromisoformat(text)
    except ValueError as error:
        said = text if len(text) < DEPTH else f"{text[:DEPTH]}…"
        raise _refusal(
            name,
            line,
            f"`{said}` is neither a number nor a day.",
            "Write a day that exists, or put it in quotes.",
        ) from error
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind != "str":
        raise _refusal(name, line, f"values of the type `{kind}` are not used.", "Put it in quotes.")
    return text


def _kind(event: ScalarEvent) -> str:
    """Return the type of a scalar, as its plain form looks."""
    text = str(event.value)
    if event.style:  # quoted, or a block
        return "str"
    if text in {"", "~", "null", "Null", "NULL"}:
        return "null"
    if text in {"true", "True", "TRUE", "false", "False", "FALSE"}:
        return "bool"
    looks = (("int", NUMBER), ("timestamp", DAY), ("float", FLOAT))
    return next((kind for kind, form in looks if form.fullmatch(text)), "str")


def _refusal(name: str, line: int, what: str, mend: str) -> UnreadableError:
    return UnreadableError(Problem(file=name, line=line, where="", what=what, mend=mend))

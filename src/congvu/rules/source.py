"""YAML of the rulebook as plain values that remember their line; hostile files are refused, never expanded."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

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

from congvu.rules import yaml_faults
from congvu.rules.sentences import Sentence, say
from congvu.rules.sentences import sentence as _

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
    where: Sentence | str
    what: Sentence
    mend: Sentence

    def __str__(self) -> str:
        """Return it in English."""
        return self._line(str)

    @property
    def told(self) -> "Told":
        """Return its words in the reader's language."""
        return Told(str(say(self.where)), self.what.told, self.mend.told)

    @property
    def line_told(self) -> str:
        """Return it as one line in the reader's language."""
        return self._line(say)

    def _line(self, spoken: Callable[[Sentence | str], object]) -> str:
        subject = f" {spoken(self.where)}:" if self.where else ""
        return f"{self.file}:{self.line}:{subject} {spoken(self.what)} {spoken(self.mend)}"


class Told(NamedTuple):
    """The words of a problem in one language."""

    where: str
    what: str
    mend: str


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
            path.name,
            1,
            _("the file cannot be read (%(reason)s).", reason=error.strerror),
            _("Check its name and rights."),
        ) from error
    return parse(octets, name=path.name)


def parse(octets: bytes, *, name: str) -> Located:
    """Return the content of a file's octets; raises UnreadableError for what is too large, broken or hostile."""
    if len(octets) > LIMIT:
        raise _refusal(
            name,
            1,
            _("the file is larger than %(limit)s octets.", limit=f"{LIMIT:,}"),
            _("Split it: one file is one legal text."),
        )
    try:
        found = _Builder(name).build(yaml.parse(octets.decode("utf-8-sig"), Loader=yaml.CSafeLoader))
    except UnicodeDecodeError as error:
        raise _refusal(name, 1, _("the file is not UTF-8."), _("Save it as UTF-8.")) from error
    except RecursionError as error:
        raise _refusal(
            name, 1, _("values are nested too deep."), _("Keep to %(depth)s levels.", depth=DEPTH)
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        line = mark.line + 1 if mark else 1
        raise _refusal(
            name,
            line,
            _("this is not YAML: %(reason)s.", reason=yaml_faults.reason(what)),
            _("Check indentation, colons and quotes."),
        ) from error
    if found is None or (found.value is None and found.line == 1):
        raise _refusal(name, 1, _("the file is empty."), _("Begin with `book:` or `calendar:`."))
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
                    self.name, line, _("anchors and aliases are not allowed."), _("Write the value out.")
                )
            if getattr(event, "tag", None) is not None:
                raise _refusal(self.name, line, _("tags are not allowed."), _("Write the plain value."))
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _refusal(self.name, line, _("a second document begins."), _("Keep one to a file."))
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
            raise _refusal(
                self.name, frame.line, _("a key must be one plain word."), _("Write `word: value`.")
            )
        if len(self.frames) > DEPTH:
            raise _refusal(
                self.name,
                frame.line,
                _("values are nested too deep."),
                _("Keep to %(depth)s levels.", depth=DEPTH),
            )
        self.frames.append(frame)

    def _scalar(self, event: ScalarEvent, line: int) -> None:
        frame = self.frames[-1] if self.frames else None
        if frame is None or isinstance(frame.made, list) or frame.key is not None:
            self._put(Located(_value(self.name, event, line), line))
            return
        if event.value in frame.made:
            raise _refusal(
                self.name,
                line,
                _("the key `%(key)s` stands twice.", key=event.value),
                _("Keep one of the two."),
            )
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
            _("`%(value)s` is neither a number nor a day.", value=said),
            _("Write a day that exists, or put it in quotes."),
        ) from error
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind != "str":
        raise _refusal(
            name, line, _("values of the type `%(type)s` are not used.", type=kind), _("Put it in quotes.")
        )
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


def _refusal(name: str, line: int, what: Sentence, mend: Sentence) -> UnreadableError:
    return UnreadableError(Problem(file=name, line=line, where="", what=what, mend=mend))

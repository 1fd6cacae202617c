"""Policies of trust (c2sp.org/tlog-policy): which witnesses must have cosigned a checkpoint before it is believed.

Of the types of keys for logs, Ed25519 (0x01) is known here; others are refused by name.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from congvu.standards import cosignatures, notes
from congvu.standards.cosignatures import CosignerKey

NONE: Final = "none"
LARGEST: Final = 256 * 1024  # octets
MOST: Final = 100  # of logs, of witnesses, of groups
_FOREIGN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_COUNT: Final = re.compile(r"[1-9][0-9]{0,2}")


class MalformedPolicyError(ValueError):
    """The text is not a policy; `line` counts from 1, and is 0 where the whole is meant."""

    def __init__(self, what: str, line: int = 0) -> None:
        """Keep what is wrong and where."""
        super().__init__(f"line {line}: {what}" if line else what)
        self.line = line


@dataclass(frozen=True, slots=True)
class LogLine:
    """A log whose checkpoints are believed."""

    key: notes.VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness under the name that this policy gives it; `url` is where it takes checkpoints."""

    name: str
    key: CosignerKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """So many of these members, each a witness or a group named before."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Logs, witnesses, groups in the order of their lines, and the name that must have witnessed."""

    logs: tuple[LogLine, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str = NONE

    def cosigners(self) -> list[CosignerKey]:
        """Return the keys of all witnesses."""
        return [one.key for one in self.witnesses]

    def is_met(self, by: Collection[CosignerKey]) -> bool:
        """Say whether these keys, having cosigned, are enough."""
        held = {NONE} | {one.name for one in self.witnesses if one.key in by}
        for group in self.groups:
            if sum(member in held for member in group.members) >= group.threshold:
                held.add(group.name)
        return self.quorum in held

    def format(self) -> str:
        """Return the text of the policy, without comments."""
        lines = [f"log {one.key.text} {one.url}".rstrip() for one in self.logs]
        lines += [f"witness {one.name} {one.key.text} {one.url}".rstrip() for one in self.witnesses]
        lines += [f"group {one.name} {one.threshold} {' '.join(one.members)}" for one in self.groups]
        return "".join(f"{line}\n" for line in [*lines, f"quorum {self.quorum}"])


def parse(text: str) -> Policy:
    """Return the policy of a file's text; raise MalformedPolicyError."""
    if len(text.encode(errors="surrogateescape")) > LARGEST:
        raise MalformedPolicyError(f"more than {LARGEST} octets")
    reading = _Reading()
    for number, line in enumerate(text.split("\n"), 1):
        words = re.split(r"[ \t]+", line.strip(" \t"))
        try:
            if _FOREIGN.search(line):
                raise MalformedPolicyError("a control character")
            if words[0] and not words[0].startswith("#"):
                reading.take(words)
        except ValueError as error:
            raise MalformedPolicyError(str(error), number) from error
    return reading.policy()


def parse_octets(data: bytes) -> Policy:
    """Return the policy of a file's octets, names in other encodings than UTF-8 kept as they are."""
    return parse(data.decode(errors="surrogateescape"))


@dataclass(slots=True)
class _Reading:
    """The lines read so far."""

    logs: list[LogLine] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    quorum: str = ""
    names: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)

    def take(self, words: list[str]) -> None:
        """Read one line."""
        match words:
            case ["log", key, *url] if len(url) <= 1:
                self._log(LogLine(notes.parse_verifier_key(key), "".join(url)))
            case ["witness", name, key, *url] if len(url) <= 1:
                self._witness(Witness(self._fresh(name), cosignatures.parse_key(key), "".join(url)))
            case ["group", name, count, *members] if members:
                self._group(name, count, members)
            case ["quorum", name]:
                self._quorum(name)
            case _:
                raise MalformedPolicyError("not a line of log, witness, group or quorum")
        if max(len(self.logs), len(self.witnesses), len(self.groups)) > MOST:
            raise MalformedPolicyError(f"more than {MOST} of one sort")

    def policy(self) -> Policy:
        """Return the whole."""
        if not self.quorum:
            raise MalformedPolicyError("no line says the quorum")
        return Policy(tuple(self.logs), tuple(self.witnesses), tuple(self.groups), self.quorum)

    def _fresh(self, name: str) -> str:
        if name == NONE or name in self.names:
            raise MalformedPolicyError("this name is taken")
        self.names.add(name)
        return name

    def _log(self, line: LogLine) -> None:
        if line.key.public in {one.key.public for one in self.logs}:
            raise MalformedPolicyError("this log's key stands here twice")
        self.logs.append(line)

    def _witness(self, line: Witness) -> None:
        if line.key.public in {one.key.public for one in self.witnesses}:
            raise MalformedPolicyError("this witness's key stands here twice")
        self.witnesses.append(line)

    def _group(self, name: str, count: str, members: list[str]) -> None:
        threshold = {"any": 1, "all": len(members)}.get(count, int(count) if _COUNT.fullmatch(count) else 0)
        if not 1 <= threshold <= len(members):
            raise MalformedPolicyError("a group needs any, all, or a number of its members")
        if not self.names.issuperset(members):
            raise MalformedPolicyError("a member is not named before")
        if len(set(members)) < len(members) or not self.members.isdisjoint(members):
            raise MalformedPolicyError("a member belongs to one group, once")
        self.members.update(members)
        self.groups.append(Group(self._fresh(name), threshold, tuple(members)))

    def _quorum(self, name: str) -> None:
        if self.quorum:
            raise MalformedPolicyError("a second quorum")
        if name not in self.names | {NONE}:
            raise MalformedPolicyError("the quorum is not named before")
        self.quorum = name

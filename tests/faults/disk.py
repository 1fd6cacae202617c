"""What a disk may hold after a power cut, by the journal of the preloaded library.

What was synced is there. Of each file's other writes any part may have reached the disk, whole or in sectors of
512 bytes. Of what was created, renamed and removed in a folder since its last sync, the first few are there, in
order: none, some or all. A sync of a file that failed has lost its data for good: a later one does not bring it back.
"""

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
_HEAD = struct.Struct("=IIIIQQ")


@dataclass(slots=True)
class Call:
    """One line of the journal."""

    what: str
    number: int  # of the inode
    offset: int
    one: str
    data: bytes
    two: str


def journal(path: Path) -> Iterator[Call]:
    """Yield the calls; a line that was being written at the end does not count."""
    data, at = path.read_bytes(), 0
    while at + _HEAD.size <= len(data):
        kind, first, second, _, number, offset = _HEAD.unpack_from(data, at)
        start = at + _HEAD.size
        at = start + first + second
        if at > len(data):
            return
        one, two = data[start : start + first], data[start + first : at]
        text = "" if chr(kind) == "W" else one.decode()
        yield Call(chr(kind), number, offset, text, one, two.decode())


@dataclass(slots=True)
class _File:
    durable: bytearray
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)  # (offset, data); None: its end

    def sync(self) -> None:
        for offset, data in self.pending:
            self._write(offset, data)
        self.pending.clear()

    def lose(self, dice: random.Random) -> None:
        mood = dice.choice(["none", "all", "some", "some"])
        for offset, data in self.pending:
            fate = mood if mood != "some" else dice.choice(["none", "all", "torn"])
            if fate == "all" or (fate == "torn" and data is None):
                self._write(offset, data)
            elif fate == "torn" and data is not None:
                for at, part in _sectors(offset, data):
                    if dice.random() < 0.5:
                        self._write(at, part)
        self.pending.clear()

    def _write(self, offset: int, data: bytes | None) -> None:
        if len(self.durable) < offset:
            self.durable.extend(bytes(offset - len(self.durable)))
        if data is None:
            del self.durable[offset:]
        else:
            self.durable[offset : offset + len(data)] = data


_Names = dict[str, "_File | _Folder"]


@dataclass(slots=True)
class _Folder:
    durable: _Names = field(default_factory=dict)
    pending: list[tuple[_Names, list[str]]] = field(
        default_factory=list
    )  # names that came and that went, at once

    def sync(self) -> None:
        self._apply(len(self.pending))

    def lose(self, dice: random.Random) -> None:
        self._apply(dice.choice([0, len(self.pending), dice.randint(0, len(self.pending))]))

    def _apply(self, count: int) -> None:
        for came, went in self.pending[:count]:
            for name in went:
                self.durable.pop(name, None)
            self.durable.update(came)
        self.pending.clear()


class Disk:
    """A folder as it is now, with all that is in it durable; then call after call from a journal."""

    def __init__(self, folder: Path, dice: random.Random) -> None:
        self.root, self.dice = str(folder), dice
        self.seen: _Names = {}  # by path, as the program sees it
        self.numbers: dict[int, _File | _Folder] = {}
        for path in [folder, *sorted(folder.rglob("*"))]:
            made = _Folder() if path.is_dir() else _File(bytearray(path.read_bytes()))
            self.seen[str(path)] = self.numbers[path.stat().st_ino] = made
            if path != folder:
                self._parent(str(path)).durable[path.name] = made

    def run(self, calls: Iterator[Call]) -> "Disk":
        """Let the calls happen."""
        for call in calls:
            match call.what:
                case "W" | "T":
                    self._write(call)
                case "S" | "F":
                    self._sync(call)
                case "C" | "D":
                    self._make(call)
                case _:
                    self._name(call)
        return self

    def cut(self) -> dict[str, bytes | None]:
        """Cut the power; return what is there afterwards, by path: bytes of files, None for folders."""
        left: dict[str, bytes | None] = {}
        self._collect(self.root, self.seen[self.root], left)
        return left

    def _write(self, call: Call) -> None:
        file = self.numbers.get(call.number)
        if isinstance(file, _File):
            file.pending.append((call.offset, call.data if call.what == "W" else None))

    def _sync(self, call: Call) -> None:
        what = self.numbers.get(call.number)
        if what is not None and call.what == "S":
            what.sync()
        elif isinstance(what, _File):  # names wait in the file system's own journal for the next sync
            what.lose(self.dice)

    def _make(self, call: Call) -> None:
        made = _File(bytearray()) if call.what == "C" else _Folder()
        self.seen[call.one] = self.numbers[call.number] = made
        self._parent(call.one).pending.append(({_name(call.one): made}, []))

    def _name(self, call: Call) -> None:
        """Rename, or remove."""
        what = self.seen.pop(call.one)
        if call.what != "R":
            self._parent(call.one).pending.append(({}, [_name(call.one)]))
            return
        self.seen[call.two] = what
        if self._parent(call.one) is self._parent(call.two):
            self._parent(call.one).pending.append(({_name(call.two): what}, [_name(call.one)]))
        else:
            self._parent(call.two).pending.append(({_name(call.two): what}, []))
            self._parent(call.one).pending.append(({}, [_name(call.one)]))

    def _collect(self, path: str, what: _File | _Folder, left: dict[str, bytes | None]) -> None:
        what.lose(self.dice)
        if isinstance(what, _File):
            left[path] = bytes(what.durable)
            return
        left[path] = None
        for name, child in what.durable.items():
            self._collect(f"{path}/{name}", child, left)

    def _parent(self, path: str) -> _Folder:
        found = self.seen[path.rpartition("/")[0]]
        assert isinstance(found, _Folder)
        return found


def lay(left: dict[str, bytes | None]) -> None:
    """Write what is left into an empty place."""
    for path, data in left.items():
        if data is None:
            Path(path).mkdir(parents=True)
        else:
            Path(path).write_bytes(data)


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _sectors(offset: int, data: bytes) -> Iterator[tuple[int, bytes]]:
    at = offset
    while at < offset + len(data):
        end = min(offset + len(data), (at // SECTOR + 1) * SECTOR)
        yield at, data[at - offset : end - offset]
        at = end

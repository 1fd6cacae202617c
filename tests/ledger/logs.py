"""A log that lies in memory, whole until somebody damages a file of it."""

import contextlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from congvu.ledger.store import Folder
from congvu.standards import tiles

Content = bytes | OSError | None  # None: the file is missing


@dataclass(slots=True)
class Shelf:
    """The files of a log by name."""

    size: int
    root: bytes
    files: dict[str, Content]

    def read(self, name: str) -> bytes:
        content = self.files.get(name)
        if isinstance(content, OSError):
            raise content
        if content is None:
            raise FileNotFoundError(name)
        return content

    def entry(self, index: int) -> bytes:
        return tiles.entry(index, self.size, self.read)

    @contextlib.contextmanager
    def changed(self, other: Mapping[str, Content]) -> Iterator[None]:
        before = {name: self.files.get(name) for name in other}
        self.files.update(other)
        try:
            yield
        finally:
            self.files.update(before)

    def flipped(self, name: str, bit: int) -> contextlib.AbstractContextManager[None]:
        return self.changed({name: flipped(self.read(name), bit)})

    def on_disk(self, place: Path) -> Folder:
        folder = Folder(public=place, entries=place, key=place / "signer.key", copy=place / "copy")
        for name, content in self.files.items():
            path = folder.path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content or b"")
        return folder


def grown(size: int, *, octets: int, seed: int = 1) -> Shelf:
    """Return a log of entries of this length, its dropped partial tiles gone."""
    dice = random.Random(seed)  # noqa: S311 -- dice, not keys
    growth = tiles.EMPTY.append([dice.randbytes(octets) for _ in range(size)])
    return Shelf(size, growth.edge.root(), dict(growth.files))


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)

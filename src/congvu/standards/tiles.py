"""Tiled logs of C2SP (c2sp.org/tlog-tiles): which files hold a tree, its growth, and proofs read from them.

Pure: files are reached through a `read(path) -> bytes` callable that raises FileNotFoundError for an absent
one. Paths are relative to the log's prefix. Tiles are 256 hashes of 32 bytes wide.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from congvu.standards import merkle

Read = Callable[[str], bytes]

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
LARGEST_ENTRY: Final = 2**16 - 1
PATH: Final = re.compile(
    r"tile/(entries|0|[1-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})"
    r"(?:\.p/([1-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5]))?"
)


class BrokenTileError(ValueError):
    """A tile or an entry bundle does not have the length that its path promises."""


class EntryTooLargeError(ValueError):
    """An entry is longer than the 65,535 bytes that its length prefix can say."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One file of a log: a tile of hashes at a level, or an entry bundle (level None).

    `width` is 256 for a full one, 1 to 255 for a partial one.
    """

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Return the path below the log's prefix, such as tile/0/x001/234.p/17."""
        level = "entries" if self.level is None else self.level
        tail = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{_digits(self.index)}{tail}"


def parse_path(path: str) -> Tile | None:
    """Return the tile that a path names, or None when it names none or spells it differently."""
    match = PATH.fullmatch(path)
    if match is None:
        return None
    level, digits, width = match.groups()
    tile = Tile(
        level=None if level == "entries" else int(level),
        index=int(digits.replace("x", "").replace("/", "")),
        width=int(width or WIDTH),
    )
    return tile if tile.path == path else None


def hash_tiles(size: int) -> Iterator[Tile]:
    """Yield every tile of hashes that a tree of this size consists of, lowest level first."""
    level, count = 0, size
    while count:
        yield from _row(level, count)
        level, count = level + 1, count >> HEIGHT


def bundles(size: int) -> Iterator[Tile]:
    """Yield every entry bundle of a log of this size."""
    yield from _row(None, size)


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a log: all that its growth needs.

    `rows[level]` are the hashes of the partial tile at that level (none when it is empty), `entries` the
    bytes of the partial entry bundle. An edge never changes; `append` returns the next one.
    """

    size: int
    rows: tuple[tuple[bytes, ...], ...]
    entries: bytes

    def append(self, entries: Sequence[bytes]) -> "Growth":
        """Return the files that the log with these entries appended consists of, and its new edge.

        Every file is complete; files of the old tree that stay as they are, are not in it.
        Raises EntryTooLargeError.
        """
        files, tail = _grow_bundles(self.size, self.entries, entries)
        rows: list[tuple[bytes, ...]] = []
        fresh = [merkle.leaf_hash(entry) for entry in entries]
        level = 0
        while fresh or level < len(self.rows):
            before = self.rows[level] if level < len(self.rows) else ()
            first = self.size >> (HEIGHT * (level + 1))
            row, fresh = _grow_row(level, first, before, fresh, files)
            rows.append(row)
            level += 1
        edge = Edge(size=self.size + len(entries), rows=tuple(rows), entries=tail)
        return Growth(edge=edge, files=files)

    def root(self) -> bytes:
        """Return the tree hash, from the right edge alone."""
        peaks = [peak for row in reversed(self.rows) for peak in _peaks(row)]
        if not peaks:
            return merkle.EMPTY_ROOT
        above = peaks.pop()
        while peaks:
            above = merkle.node_hash(peaks.pop(), above)
        return above


@dataclass(frozen=True, slots=True)
class Growth:
    """What appending brought: the new edge, and the files (path: bytes) to be written before it is signed."""

    edge: Edge
    files: dict[str, bytes]

    def spent(self) -> list[str]:
        """Return the folders of partial tiles that may go once the files, their full tiles, are durable."""
        return [f"{path}.p" for path in self.files if ".p/" not in path]


EMPTY: Final = Edge(size=0, rows=(), entries=b"")


def edge(size: int, read: Read) -> Edge:
    """Read the right edge of a tree of this size: one partial tile a level and one bundle."""
    rows, level, count = [], 0, size
    while count:
        width = count % WIDTH
        data = read_tile(Tile(level, count >> HEIGHT, width), read) if width else b""
        rows.append(tuple(_cut(data)))
        level, count = level + 1, count >> HEIGHT
    width = size % WIDTH
    tail = encode_entries(read_entries(Tile(None, size >> HEIGHT, width), read)) if width else b""
    return Edge(size=size, rows=tuple(rows), entries=tail)


def reader(size: int, read: Read) -> merkle.Subtree:
    """Return the Subtree over the tiles of a tree of this size; each tile is read once."""
    tiles: dict[Tile, list[bytes]] = {}

    def subtree(level: int, index: int) -> bytes:
        row, inside = divmod(level, HEIGHT)
        start = index << inside
        count = size >> (HEIGHT * row)
        number = start >> HEIGHT
        tile = Tile(row, number, min(WIDTH, count - (number << HEIGHT)))
        if tile not in tiles:
            tiles[tile] = _cut(read_tile(tile, read))
        start %= WIDTH
        return _peak(tiles[tile][start : start + (1 << inside)])

    return subtree


def root(size: int, read: Read) -> bytes:
    """Return the tree hash of a tree of this size, read from its tiles."""
    return merkle.span_root(0, size, reader(size, read))


def inclusion_proof(index: int, size: int, read: Read) -> list[bytes]:
    """Return the audit path of a leaf in a tree of this size, read from its tiles."""
    return merkle.inclusion_proof(index, size, reader(size, read))


def consistency_proof(old: int, new: int, read: Read) -> list[bytes]:
    """Return the proof that a tree of size old is a prefix of that of size new, read from its tiles."""
    return merkle.consistency_proof(old, new, reader(new, read))


def entry(index: int, size: int, read: Read) -> bytes:
    """Return the bytes of one entry of a log of this size, read from its bundle."""
    if not 0 <= index < size:
        raise IndexError(f"no entry {index} in a log of {size}")
    number = index >> HEIGHT
    tile = Tile(None, number, min(WIDTH, size - (number << HEIGHT)))
    return read_entries(tile, read)[index % WIDTH]


def encode_entries(entries: Iterable[bytes]) -> bytes:
    """Return an entry bundle: each entry behind its length as a big-endian uint16."""
    try:
        return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])
    except OverflowError as error:
        raise EntryTooLargeError(f"an entry is longer than {LARGEST_ENTRY} bytes") from error


def decode_entries(bundle: bytes) -> list[bytes]:
    """Return the entries of a bundle; raise BrokenTileError when it is cut off."""
    entries, rest = _split_entries(bundle)
    if rest:
        raise BrokenTileError("the entry bundle is cut off")
    return entries


def salvage_entries(bundle: bytes) -> list[bytes]:
    """Return the entries of a bundle as far as they can be told apart; what is left over comes last, as it is."""
    entries, rest = _split_entries(bundle)
    return [*entries, rest] if rest else entries


def leaf_hashes(bundle: bytes) -> list[bytes]:
    """Return the leaf hashes of a bundle's entries; the hot loop of the full check. Raises BrokenTileError."""
    hashes: list[bytes] = []
    at, length, begun = 0, len(bundle), sha256(b"\x00").copy
    add = hashes.append
    while at + 1 < length:
        start = at + 2
        at = start + (bundle[at] << 8 | bundle[at + 1])
        hashed = begun()
        hashed.update(bundle[start:at])
        add(hashed.digest())
    if at != length:
        raise BrokenTileError("the entry bundle is cut off")
    return hashes


def _split_entries(bundle: bytes) -> tuple[list[bytes], bytes]:
    """Return the whole entries of a bundle, and what is left over."""
    entries, at = [], 0
    while at + 2 <= len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if end > len(bundle):
            break
        entries.append(bundle[at + 2 : end])
        at = end
    return entries, bundle[at:]


def _digits(index: int) -> str:
    """Spell an index in groups of three digits, all but the last after an x."""
    text = f"{index % 1000:03}"
    while index := index // 1000:
        text = f"x{index % 1000:03}/{text}"
    return text


def _row(level: int | None, count: int) -> Iterator[Tile]:
    full, width = divmod(count, WIDTH)
    yield from (Tile(level, index) for index in range(full))
    if width:
        yield Tile(level, full, width)


def _grow_row(
    level: int, first: int, before: tuple[bytes, ...], fresh: list[bytes], files: dict[str, bytes]
) -> tuple[tuple[bytes, ...], list[bytes]]:
    """Add a level's changed tiles to files; return its new partial row and the hashes of the tiles filled."""
    if not fresh:
        return before, []
    hashes = [*before, *fresh]
    filled = []
    for number, start in enumerate(range(0, len(hashes), WIDTH), first):
        row = hashes[start : start + WIDTH]
        files[Tile(level, number, len(row)).path] = b"".join(row)
        if len(row) == WIDTH:
            filled.append(_peak(row))
    return tuple(hashes[len(hashes) - len(hashes) % WIDTH :]), filled


def _grow_bundles(size: int, tail: bytes, entries: Sequence[bytes]) -> tuple[dict[str, bytes], bytes]:
    """Return the changed entry bundles and the bytes of the new partial one."""
    files: dict[str, bytes] = {}
    at = 0
    while at < len(entries):
        number, used = divmod(size + at, WIDTH)
        part = entries[at : at + WIDTH - used]
        tail += encode_entries(part)
        files[Tile(None, number, used + len(part)).path] = tail
        at += len(part)
        if used + len(part) == WIDTH:
            tail = b""
    return files, tail


def _peak(hashes: Sequence[bytes]) -> bytes:
    """Return the hash over a power of two of neighbors."""
    while len(hashes) > 1:
        hashes = merkle.parents(hashes)
    return hashes[0]


def _peaks(row: Sequence[bytes]) -> list[bytes]:
    """Return the hashes of the perfect subtrees that a partial row consists of, the largest first."""
    peaks, start = [], 0
    while start < len(row):
        width = 1 << ((len(row) - start).bit_length() - 1)
        peaks.append(_peak(row[start : start + width]))
        start += width
    return peaks


def read_hashes(tile: Tile, read: Read) -> list[bytes]:
    """Return the hashes of a tile; raise FileNotFoundError or BrokenTileError."""
    return _cut(read_tile(tile, read))


def read_tile(tile: Tile, read: Read) -> bytes:
    """Read a tile's bytes; a partial one that went for its full one is cut from that (Partial Tiles)."""
    length = tile.width * merkle.HASH
    try:
        data = read(tile.path)
    except FileNotFoundError:
        if tile.width == WIDTH:
            raise
        data = read(Tile(tile.level, tile.index).path)[:length]
    if len(data) != length:
        raise BrokenTileError(f"{tile.path} holds {len(data)} bytes, not {length}")
    return data


def read_bundle(tile: Tile, read: Read) -> bytes:
    """Read a bundle's bytes; a partial one that went for its full one is cut from that."""
    try:
        return read(tile.path)
    except FileNotFoundError:
        if tile.width == WIDTH:
            raise
    return encode_entries(decode_entries(read(Tile(None, tile.index).path))[: tile.width])


def read_entries(tile: Tile, read: Read) -> list[bytes]:
    """Read the entries of a bundle; raise FileNotFoundError or BrokenTileError."""
    entries = decode_entries(read_bundle(tile, read))
    if len(entries) != tile.width:
        raise BrokenTileError(f"{tile.path} holds {len(entries)} entries")
    return entries


def _cut(data: bytes) -> list[bytes]:
    return [data[at : at + merkle.HASH] for at in range(0, len(data), merkle.HASH)]

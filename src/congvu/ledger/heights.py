"""What stands above a log's lowest tiles, and how much of it the signed root proves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from congvu.standards import merkle, tiles

WRONG: Final = (OSError, tiles.BrokenTileError)
Row = list[bytes] | str


def hashes_or_word(tile: tiles.Tile, read: tiles.Read) -> Row:
    """Return a tile's hashes, or what is wrong with it: missing, unreadable, cut."""
    try:
        return tiles.read_hashes(tile, read)
    except WRONG as error:
        return word(error)


def word(error: Exception) -> str:
    """Return what is wrong with a file that could not be read: missing, unreadable, cut."""
    if isinstance(error, OSError):
        return "missing" if isinstance(error, FileNotFoundError) else "unreadable"
    return "cut"


def start(tile: tiles.Tile) -> int:
    """Return the first entry below a tile or in a bundle."""
    return tile.index << (tiles.HEIGHT * ((tile.level or 0) + 1))


def edge_tiles(size: int) -> list[tiles.Tile]:
    """Return the partial tiles at the right edge, lowest first: they alone give the root."""
    return [tile for tile in tiles.hash_tiles(size) if tile.width < tiles.WIDTH]


def edge_root(size: int, rows: Sequence[tuple[tiles.Tile, Sequence[bytes]]]) -> bytes:
    """Return the root that the rows of the partial tiles give."""
    found = {tile.level or 0: tuple(row) for tile, row in rows}
    height = max(found, default=-1) + 1
    whole = tuple(found.get(level, ()) for level in range(height))
    return tiles.Edge(size=size, rows=whole, entries=b"").root()


@dataclass(slots=True)
class Heights:
    """The tiles above level 0 and the right edge, as they lie; `proven` are those that the root vouches for."""

    size: int
    root: bytes | None  # None: whatever the edge gives is taken for the root
    rows: dict[tiles.Tile, Row] = field(default_factory=dict)
    proven: set[tiles.Tile] = field(default_factory=set)
    is_signed: bool = True

    @classmethod
    def read_from(cls, read: tiles.Read, size: int, root: bytes | None) -> Self:
        """Read all of them and find out what is proven; damaged tiles are told by `faults`."""
        made = cls(size, root)
        for tile in tiles.hash_tiles(size):
            if tile.level or tile.width < tiles.WIDTH:
                made.rows[tile] = hashes_or_word(tile, read)
        made.prove()
        return made

    def prove(self) -> None:
        """Find out anew what the root vouches for."""
        edge = edge_tiles(self.size)
        self.is_signed = self._gives_root({})
        self.proven = set(edge) if self.is_signed else set()
        for tile in reversed(self.rows):  # highest first
            if tile.width == tiles.WIDTH and self.parent(tile) in self.proven:
                row = self.rows[tile]
                if not isinstance(row, str) and merkle.root(row) == self.above(tile):
                    self.proven.add(tile)

    def lowest(self, number: int) -> tuple[tiles.Tile, tiles.Tile]:
        """Return the hash tile and the bundle of this number."""
        width = min(tiles.WIDTH, self.size - number * tiles.WIDTH)
        return tiles.Tile(0, number, width), tiles.Tile(None, number, width)

    def parent(self, tile: tiles.Tile) -> tiles.Tile | None:
        """Return the tile that holds the hash of a full one; None for a partial one."""
        if tile.width < tiles.WIDTH:
            return None
        level = (tile.level or 0) + 1
        number = tile.index // tiles.WIDTH
        count = self.size >> (tiles.HEIGHT * (level + 1))
        width = tiles.WIDTH if number < count else (self.size >> (tiles.HEIGHT * level)) % tiles.WIDTH
        return tiles.Tile(level, number, width)

    def above(self, tile: tiles.Tile) -> bytes | None:
        """Return the hash that stands for a full tile in the one above it; None when that is not to be had."""
        parent = self.parent(tile)
        row = self.rows[parent] if parent is not None else "none"
        return None if isinstance(row, str) else row[tile.index % tiles.WIDTH]

    def allows(self, tile: tiles.Tile, row: Sequence[bytes]) -> bool:
        """Return whether these may be a tile's hashes, by what stands above it or by the signed root."""
        if tile.width == tiles.WIDTH:
            return merkle.root(row) == self.above(tile)
        return self._gives_root({tile: row})

    def faults(self, blamed: set[tiles.Tile]) -> Iterator[tuple[tiles.Tile, str]]:
        """Yield the tiles above level 0 that are wrong and were not blamed yet, lowest first."""
        told = set(blamed)
        for tile, row in self.rows.items():
            if isinstance(row, str):
                if tile.level and tile not in told:
                    yield tile, row
                    told.add(tile)
                continue
            parent, above = self.parent(tile), self.above(tile)
            if parent is None or above is None or merkle.root(row) == above:
                continue
            wrong = tile if parent in self.proven or tile in told else parent
            if wrong not in told:
                yield wrong, "hashes"
                told.add(wrong)

    def _gives_root(self, instead: dict[tiles.Tile, Sequence[bytes]]) -> bool:
        edge = edge_tiles(self.size)
        told = ((tile, instead.get(tile, self.rows[tile])) for tile in edge)
        rows = [(tile, row) for tile, row in told if not isinstance(row, str)]
        if len(rows) < len(edge):
            return False
        if self.root is None:
            return all(self.rows[tile] == list(row) for tile, row in instead.items())
        return edge_root(self.size, rows) == self.root

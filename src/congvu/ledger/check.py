"""The full check of a log: every bundle hashed again, every tile compared with the one above it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from congvu.ledger.store import Folder
from congvu.standards import merkle, tiles

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Damage:
    """Where a log is not what it was: the file, the first entry that it concerns, and what is wrong.

    `what`: missing, cut, entries (they do not give the tile's hashes), hashes (they do not give the tile above).
    """

    file: str
    index: int
    what: str


def damages(folder: Folder, size: int, progress: Progress | None = None) -> Iterator[Damage]:
    """Yield what is missing, cut or changed in a log of this size; `progress` hears (entries done, all)."""
    for bundle in tiles.bundles(size):
        yield from _bundle(folder, bundle)
        if progress:
            progress(bundle.index * tiles.WIDTH + bundle.width, size)
    for tile in tiles.hash_tiles(size):
        if tile.level:
            yield from _upper(folder, tile)


def first_damage(folder: Folder, size: int) -> Damage | None:
    """Return the first damage, or None when the log is whole."""
    return next(damages(folder, size), None)


def _bundle(folder: Folder, bundle: tiles.Tile) -> Iterator[Damage]:
    start = bundle.index * tiles.WIDTH
    try:
        entries = tiles.read_entries(bundle, folder.read)
    except FileNotFoundError:
        yield Damage(bundle.path, start, "missing")
        return
    except tiles.BrokenTileError:
        yield Damage(bundle.path, start, "cut")
        return
    tile = tiles.Tile(0, bundle.index, bundle.width)
    row = _row(folder, tile)
    if isinstance(row, str):
        yield Damage(tile.path, start, row)
        return
    for offset, entry in enumerate(entries):
        if merkle.leaf_hash(entry) != row[offset]:
            yield Damage(bundle.path, start + offset, "entries")


def _upper(folder: Folder, tile: tiles.Tile) -> Iterator[Damage]:
    level = tile.level or 0
    span = tiles.WIDTH**level
    row = _row(folder, tile)
    if isinstance(row, str):
        yield Damage(tile.path, tile.index * tiles.WIDTH * span, row)
        return
    for offset, expected in enumerate(row):
        child = tiles.Tile(level - 1, tile.index * tiles.WIDTH + offset)
        below = _row(folder, child)
        if isinstance(below, str):
            if level > 1:  # a missing tile at level 0 was told with its bundle
                yield Damage(child.path, child.index * span, below)
        elif merkle.root(below) != expected:
            yield Damage(child.path, child.index * span, "hashes")


def _row(folder: Folder, tile: tiles.Tile) -> list[bytes] | str:
    try:
        return tiles.read_hashes(tile, folder.read)
    except FileNotFoundError:
        return "missing"
    except tiles.BrokenTileError:
        return "cut"

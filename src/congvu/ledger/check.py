"""The full check of a log: every entry hashed again, up to the root that was signed.

A quick pass compares bundles, tiles and what stands above them as they lie; only where they disagree is asked
which of them is wrong. What the root proves is trusted from above, what the entries give from below.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from congvu.ledger.heights import WRONG, Heights, hashes_or_word, start, word
from congvu.ledger.store import Folder
from congvu.standards import merkle, tiles

Progress = Callable[[int, int], None]
CHUNK = tiles.WIDTH  # bundles that are looked at together: what one tile of level 1 stands for
_WORTH_PROCESSES = 4 * CHUNK  # bundles: below, starting processes takes longer than the check


@dataclass(frozen=True, slots=True)
class Damage:
    """Where a log is not what it was: the file, the first entry that it concerns, and what is wrong.

    `what`: missing, unreadable, cut (not as long as it must be), entries (they are not those that were signed),
    hashes (they are not those that were signed), root (all files agree, but not with the signed root).
    """

    file: str
    index: int
    what: str


def damages(
    folder: Folder,
    size: int,
    *,
    root: bytes | None = None,
    processes: int = 1,
    progress: Progress | None = None,
) -> Iterator[Damage]:
    """Yield what is missing, cut or changed in a log of this size; with the signed root, against that.

    `progress` hears (entries done, all). Only a program without threads may ask for several processes: they are forked.
    """
    heights = Heights.read_from(folder.read, size, root)
    blamed: set[tiles.Tile] = set()
    for number in suspects(folder, size, processes=processes, progress=progress):
        yield from piece(number, folder.read, heights, blamed)
    for tile, what in heights.faults(blamed):
        blamed.add(tile)
        yield Damage(tile.path, start(tile), what)
    if not blamed and not heights.is_signed:
        yield Damage("checkpoint", 0, "root")


def first_damage(folder: Folder, size: int, *, root: bytes | None = None) -> Damage | None:
    """Return the first damage, or None when the log is whole."""
    return next(damages(folder, size, root=root), None)


def suspects(
    folder: Folder, size: int, *, processes: int = 1, progress: Progress | None = None
) -> Iterator[int]:
    """Yield the numbers of the bundles that disagree with their hash tile or it with what stands above it."""
    count = -(-size // tiles.WIDTH)
    chunks = range(0, count, CHUNK)
    if processes > 1 and count >= _WORTH_PROCESSES:
        with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
            yield from _told(pool.map(_Glance(folder, size), chunks), size, progress)
    else:
        yield from _told(map(_Glance(folder, size), chunks), size, progress)


def _told(found: Iterator[list[int]], size: int, progress: Progress | None) -> Iterator[int]:
    for turn, numbers in enumerate(found, 1):
        yield from numbers
        if progress:
            progress(min(size, turn * CHUNK * tiles.WIDTH), size)


@dataclass(frozen=True, slots=True)
class _Glance:
    """Looks at what lies below one tile of level 1; it can be sent to another process."""

    folder: Folder
    size: int

    def __call__(self, first: int) -> list[int]:
        read, size = self.folder.read, self.size
        last = min(first + CHUNK, -(-size // tiles.WIDTH))
        full = min(last, size // tiles.WIDTH) - first
        above = hashes_or_word(tiles.Tile(1, first // CHUNK, full), read) if full else []
        known = [] if isinstance(above, str) else above
        return [
            number
            for number in range(first, last)
            if not _agrees(number, size, read, known[number - first : number - first + 1])
        ]


def _agrees(number: int, size: int, read: tiles.Read, above: Sequence[bytes]) -> bool:
    """Return whether a bundle gives its hash tile, and this one the hash above it; the right edge has none."""
    width = min(tiles.WIDTH, size - number * tiles.WIDTH)
    try:
        tile = tiles.read_tile(tiles.Tile(0, number, width), read)
        row = tiles.leaf_hashes(tiles.read_bundle(tiles.Tile(None, number, width), read))
    except WRONG:
        return False
    if b"".join(row) != tile:
        return False
    return width < tiles.WIDTH or (len(above) == 1 and merkle.root(row) == above[0])


def piece(
    number: int, read: tiles.Read, heights: Heights, blamed: set[tiles.Tile] | None = None
) -> Iterator[Damage]:
    """Yield what is wrong with one bundle, its hash tile, or the hash above both: the files of one path."""
    tile, bundle = heights.lowest(number)
    row = hashes_or_word(tile, read)
    entries = entries_or_word(bundle, read)
    for file, index, what in _judge(tile, bundle, row, entries, heights):
        if blamed is not None:
            blamed.add(file)
        yield Damage(file.path, index, what)


def changed(entries: Sequence[bytes], row: Sequence[bytes]) -> list[int]:
    """Return the places at which an entry does not give its hash; what is missing counts."""
    found = [
        at for at, (one, two) in enumerate(zip(entries, row, strict=False)) if merkle.leaf_hash(one) != two
    ]
    return found + list(range(len(entries), len(row)))


def entries_or_word(bundle: tiles.Tile, read: tiles.Read) -> list[bytes] | str:
    """Return the entries of a bundle as far as they can be told apart, or why there are none."""
    try:
        data = tiles.read_bundle(bundle, read)
    except WRONG as error:
        return word(error)
    return tiles.salvage_entries(data)


_Found = tuple[tiles.Tile, int, str]


def _judge(
    tile: tiles.Tile, bundle: tiles.Tile, row: list[bytes] | str, entries: list[bytes] | str, heights: Heights
) -> Iterator[_Found]:
    """Say which of bundle, tile and the tile above it is wrong, when they disagree."""
    first = start(bundle)
    derived = [] if isinstance(entries, str) else [merkle.leaf_hash(one) for one in entries]
    is_derived = len(derived) == tile.width and heights.allows(tile, derived)
    if isinstance(entries, str):
        yield bundle, first, entries
    if isinstance(row, str):
        yield tile, first, row
        if not isinstance(entries, str) and not is_derived:
            yield bundle, first, "entries"
        return
    if row != derived:
        yield from _judge_different(tile, bundle, row, entries, is_derived=is_derived, heights=heights)
    elif not is_derived:
        yield from _judge_above(tile, bundle, heights)


def _judge_different(
    tile: tiles.Tile,
    bundle: tiles.Tile,
    row: list[bytes],
    entries: list[bytes] | str,
    *,
    is_derived: bool,
    heights: Heights,
) -> Iterator[_Found]:
    first = start(bundle)
    told = [] if isinstance(entries, str) else entries
    places = changed(told, row) or [tile.width - 1]  # more than there should be: behind the last
    if not isinstance(entries, str) and not is_derived:
        what = "cut" if len(told) != tile.width else "entries"
        yield from ((bundle, first + at, what) for at in (places[:1] if what == "cut" else places))
    if is_derived or not heights.allows(tile, row):
        yield tile, first + (places[0] if places and not isinstance(entries, str) else 0), "hashes"


def _judge_above(tile: tiles.Tile, bundle: tiles.Tile, heights: Heights) -> Iterator[_Found]:
    """Entries and tile agree with each other, and not with what stands above."""
    above = heights.parent(tile)
    if above is None:
        return  # the right edge, with a root that does not fit: told when all else is known
    if above in heights.proven:
        yield bundle, start(bundle), "entries"
        yield tile, start(tile), "hashes"
    elif not isinstance(heights.rows[above], str):
        yield above, start(tile), "hashes"

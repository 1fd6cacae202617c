"""Every bit of a log of 10,000 entries, flipped: the check of that file's own bundle and path finds and locates it."""

import bisect
import itertools
import os
import random
from pathlib import Path

import pytest

from congvu.ledger import check, log_keys, memories
from congvu.ledger.heights import Heights, start
from congvu.standards import checkpoints, tiles
from tests.ledger.logs import Shelf, flipped, grown
from tests.torture.proof import tell

pytestmark = pytest.mark.torture
SIZE = 10_000
OCTETS = 190  # an entry without disclosures
LARGE = 1_000_000
SAMPLES = int(os.environ.get("CONGVU_TORTURE_SAMPLES", "2000"))
TOGETHER = 100  # flips, each on a path of its own, that one whole check must locate
EVERY = 997  # of these bits one goes through reading, cutting and comparing the whole bundle, too
WHOLE = 30_011  # of the bits of hash tiles one goes through the whole check, too
ORIGIN = "congvu.example/log/phuong/2026"


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return grown(SIZE, octets=OCTETS)


def bits_of(data: bytes) -> range:
    return range(len(data) * 8)


def starts(bundle: bytes) -> list[int]:
    """Return where each entry of a bundle begins, its length before it."""
    lengths = [len(entry) + 2 for entry in tiles.decode_entries(bundle)]
    return list(itertools.accumulate(lengths, initial=0))[:-1]


def test_every_bit_of_every_entry(shelf):
    heights, found = Heights.read_from(shelf.read, shelf.size, shelf.root), 0
    for bundle in tiles.bundles(shelf.size):
        data = shelf.read(bundle.path)
        row = tiles.read_hashes(tiles.Tile(0, bundle.index, bundle.width), shelf.read)
        for at, (begin, entry) in enumerate(zip(starts(data), tiles.decode_entries(data), strict=True)):
            here = bundle.index * tiles.WIDTH + at
            for bit in range(begin * 8, begin * 8 + 16):
                with shelf.flipped(bundle.path, bit):
                    first = next(check.piece(bundle.index, shelf.read, heights))
                assert (first.file, first.index) == (bundle.path, here), bit
            for bit in bits_of(entry):
                changed = flipped(entry, bit)
                assert check.changed([changed], row[at : at + 1]) == [0], (here, bit)
                if (found + bit) % EVERY == 0:
                    with shelf.flipped(bundle.path, (begin + 2) * 8 + bit):
                        told = list(check.piece(bundle.index, shelf.read, heights))
                    assert told == [check.Damage(bundle.path, here, "entries")]
            found += 16 + len(entry) * 8
    tell("bits of bundles", flipped=found, found=found, entries=shelf.size)


def test_every_bit_of_every_hash(shelf):
    found = 0
    for tile in tiles.hash_tiles(shelf.size):
        data = shelf.read(tile.path)
        entries = (
            [] if tile.level else tiles.read_entries(tiles.Tile(None, tile.index, tile.width), shelf.read)
        )
        for bit in bits_of(data):
            at = bit // 256
            if tile.level:
                with shelf.flipped(tile.path, bit):
                    assert not Heights.read_from(shelf.read, shelf.size, shelf.root).is_signed
            else:
                digest = flipped(data[at * 32 : at * 32 + 32], bit % 256)
                assert check.changed(entries[at : at + 1], [digest]) == [0], (tile.path, bit)
            if bit % WHOLE == 0:
                with shelf.flipped(tile.path, bit):
                    told = list(check.damages(shelf, shelf.size, root=shelf.root))
                place = at << (tiles.HEIGHT * (tile.level or 0))
                assert told == [check.Damage(tile.path, start(tile) + place, "hashes")]
            found += 1
    tell("bits of hash tiles", flipped=found, found=found)


def test_every_bit_of_keys_checkpoint_and_copy(shelf, tmp_path):
    folder = shelf.on_disk(tmp_path)
    log_keys.make(ORIGIN, folder)
    log_keys.publish(ORIGIN, folder)
    head = checkpoints.Checkpoint(ORIGIN, shelf.size, shelf.root)
    folder.publish(checkpoints.sign(head, log_keys.signer(ORIGIN, folder)))
    assert list(memories.faults(ORIGIN, folder)) == []
    found = 0
    for path in (folder.public / "checkpoint", folder.copy, folder.key, folder.public_key):
        found += _every_bit(path, folder)
    tell("bits of keys and checkpoints", flipped=found, found=found)


def _every_bit(path: Path, folder: object) -> int:
    genuine = path.read_bytes()
    for bit in bits_of(genuine):
        path.write_bytes(flipped(genuine, bit))
        assert str(path) in {damage.file for damage in memories.faults(ORIGIN, folder)}, bit
    path.write_bytes(genuine)
    return len(genuine) * 8


def test_samples_against_the_whole_check_of_a_large_log(seed):
    dice = random.Random(seed)  # noqa: S311 -- dice, not keys
    shelf, found = grown(LARGE, octets=60, seed=seed), 0
    while found < SAMPLES:
        known = [
            _sample(shelf, number, dice) for number in dice.sample(range(LARGE // tiles.WIDTH), TOGETHER)
        ]
        before = {name: shelf.files[name] for name, _, _ in known}
        for name, bit, _ in known:
            shelf.files[name] = flipped(shelf.read(name), bit)
        told = {(damage.file, damage.index) for damage in check.damages(shelf, LARGE, root=shelf.root)}
        shelf.files.update(before)
        wanted = {(name, index) for name, _, index in known}
        assert {name for name, _ in told} == {name for name, _ in wanted}
        assert wanted <= told  # what follows a changed length in its bundle may be told, too
        found += len(known)
    tell("samples of a large log", seed=seed, entries=LARGE, flipped=found, found=found)


def _sample(shelf: Shelf, number: int, dice: random.Random) -> tuple[str, int, int]:
    """Return a bundle or a tile, a bit of it, and the entry that it belongs to."""
    level = dice.choice([None, 0])
    tile = tiles.Tile(level, number)
    bit = dice.randrange(len(shelf.read(tile.path)) * 8)
    at = bit // 256 if level == 0 else bisect.bisect_right(starts(shelf.read(tile.path)), bit // 8) - 1
    return tile.path, bit, number * tiles.WIDTH + at

"""Every changed bit of a log is found, and where."""

import dataclasses
import random

import pytest

from congvu.ledger import check, memories, sequencer
from congvu.ledger.models import Log
from congvu.ledger.store import Folder
from congvu.standards import notes
from tests.ledger.conftest import mend
from tests.ledger.logs import Shelf, flipped, grown

SIZE = 600


@pytest.fixture
def whole(ledger) -> tuple[Folder, Log]:
    mend(ledger, SIZE)
    sequencer.settle()
    log = Log.objects.get(agency=ledger.agency)
    return Folder.of(ledger.slug, log.year), log


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """A log in memory, tall enough for three levels of tiles."""
    return grown(SIZE + 66_000, octets=20)


def found(shelf: Shelf) -> list[check.Damage]:
    return list(check.damages(shelf, shelf.size, root=shelf.root))


def test_a_whole_log_has_no_damage(whole):
    folder, log = whole
    assert list(check.damages(folder, log.size, root=notes.decode_base64(log.root))) == []
    assert list(memories.faults(log.origin, folder)) == []


def test_every_flipped_bit_of_any_file_is_found_and_located(shelf):
    assert found(shelf) == []
    dice = random.Random(1)  # noqa: S311 -- dice, not keys
    upper = ["tile/2/000.p/1", "tile/1/000", "tile/1/001.p/4", "tile/0/260.p/40", "tile/entries/260.p/40"]
    lower = ["tile/0/000", "tile/0/255", "tile/0/256", "tile/entries/000", "tile/entries/256"]
    assert {*upper, *lower} <= set(shelf.files)
    for name in upper + lower:
        bit = dice.randrange(len(shelf.files[name]) * 8)
        with shelf.flipped(name, bit):
            files = {damage.file for damage in found(shelf)}
        assert files == {name}, bit


def test_a_changed_entry_is_located_to_the_entry(shelf):
    name, entry = "tile/entries/017", 17 * 256 + 99
    place = shelf.files[name].index(shelf.entry(entry))
    with shelf.flipped(name, 8 * place + 13):
        assert found(shelf) == [check.Damage(name, entry, "entries")]


def test_a_changed_hash_is_located_to_the_entry_that_it_is_of(shelf):
    with shelf.flipped("tile/0/017", 8 * 32 * 99 + 5):
        assert found(shelf) == [check.Damage("tile/0/017", 17 * 256 + 99, "hashes")]


def test_a_changed_length_is_located_to_its_entry(shelf):
    name, entry = "tile/entries/017", 17 * 256 + 99
    place = shelf.files[name].index(shelf.entry(entry))
    with shelf.flipped(name, 8 * (place - 1) + 1):
        (damage,) = found(shelf)
    assert (damage.file, damage.index) == (name, entry)


def test_a_bundle_that_was_changed_with_all_its_hashes_is_found_by_the_root(shelf):
    other = grown(shelf.size, octets=20, seed=2)
    with shelf.changed({name: other.files[name] for name in ("tile/entries/003", "tile/0/003")}):
        assert {damage.file for damage in found(shelf)} == {"tile/entries/003", "tile/0/003"}
    with shelf.changed(other.files):
        assert found(shelf) == [check.Damage("checkpoint", 0, "root")]
        assert list(check.damages(shelf, shelf.size)) == []


def test_two_damages_on_one_path_are_both_told(shelf):
    with shelf.flipped("tile/entries/010", 99), shelf.flipped("tile/1/000", 8 * 32 * 40):
        assert found(shelf) == [
            check.Damage("tile/entries/010", 10 * 256, "entries"),
            check.Damage("tile/1/000", 40 * 256, "hashes"),
        ]


@pytest.mark.parametrize("name", ["tile/entries/001", "tile/0/001", "tile/1/000", "tile/1/001.p/4"])
def test_a_missing_an_unreadable_and_a_cut_file_are_told_apart(shelf, name):
    first = 65_536 if name == "tile/1/001.p/4" else 0 if name == "tile/1/000" else 256
    with shelf.changed({name: None}):
        assert found(shelf) == [check.Damage(name, first, "missing")]
    with shelf.changed({name: OSError(5, "Input/output error")}):
        assert found(shelf) == [check.Damage(name, first, "unreadable")]
    with shelf.changed({name: shelf.files[name][:-3]}):
        (damage,) = found(shelf)
    assert damage == (
        check.Damage(name, 511, "entries") if "entries" in name else check.Damage(name, first, "cut")
    )


def test_what_stands_behind_the_last_entry_is_told(shelf):
    for more in (b"\0", b"\0\0", b"\0\x05extra"):
        with shelf.changed({"tile/entries/001": shelf.files["tile/entries/001"] + more}):
            assert found(shelf) == [check.Damage("tile/entries/001", 511, "cut")]


def test_several_processes_find_what_one_finds(shelf, tmp_path, monkeypatch):
    monkeypatch.setattr(check, "_WORTH_PROCESSES", 1)
    folder = shelf.on_disk(tmp_path)
    damaged = folder.path("tile/entries/257")
    damaged.write_bytes(flipped(damaged.read_bytes(), 77))
    heard: list[tuple[int, int]] = []
    one = list(check.damages(folder, shelf.size, root=shelf.root))
    two = list(
        check.damages(
            folder, shelf.size, root=shelf.root, processes=2, progress=lambda *told: heard.append(told)
        )
    )
    assert one == two
    assert [(damage.file, damage.index // 256) for damage in one] == [("tile/entries/257", 257)]
    assert heard[-1] == (shelf.size, shelf.size)


def test_every_flipped_bit_of_keys_and_checkpoints_is_found(whole):
    folder, log = whole
    dice = random.Random(2)  # noqa: S311 -- dice, not keys
    for path in (folder.public / "checkpoint", folder.copy, folder.key, folder.public_key):
        genuine = path.read_bytes()
        bits = [*dice.sample(range(len(genuine) * 8), 60), *range(len(genuine) * 8 - 8, len(genuine) * 8)]
        for bit in bits:
            path.write_bytes(flipped(genuine, bit))
            assert str(path) in {damage.file for damage in memories.faults(log.origin, folder)}, bit
        path.write_bytes(genuine)


def test_a_missing_copy_is_told_with_its_place(whole, tmp_path):
    folder, log = whole
    elsewhere = dataclasses.replace(folder, copy=tmp_path / "gone")
    assert list(memories.faults(log.origin, elsewhere)) == [
        check.Damage(str(tmp_path / "gone"), 0, "missing")
    ]

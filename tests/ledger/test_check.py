"""Every changed byte of a log is found, and where."""

import random

import pytest

from congvu.ledger import check, sequencer
from congvu.ledger.models import Log
from congvu.ledger.store import Folder
from tests.ledger.conftest import mend


@pytest.fixture
def whole(ledger) -> tuple[Folder, int]:
    mend(ledger, 600)
    sequencer.settle()
    log = Log.objects.get(agency=ledger.agency)
    return Folder.of(ledger.slug, log.year), log.size


def test_a_whole_log_has_no_damage(whole):
    assert list(check.damages(*whole)) == []


def test_every_flipped_bit_is_found(whole):
    folder, size = whole
    dice = random.Random(1)  # noqa: S311 -- dice, not keys
    files = [
        *(folder.path(f"tile/entries/{name}") for name in ("000", "001", "002.p/89")),
        *(folder.path(f"tile/{name}") for name in ("0/000", "0/001", "0/002.p/89", "1/000.p/2")),
    ]
    for path in files:
        whole_bytes = path.read_bytes()
        for _ in range(40):
            data = bytearray(whole_bytes)
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
            path.write_bytes(data)
            assert check.first_damage(folder, size) is not None, path
        path.write_bytes(whole_bytes)
    assert check.first_damage(folder, size) is None


def test_a_changed_entry_is_located(whole):
    folder, size = whole
    path = folder.path("tile/entries/001")
    data = path.read_bytes()
    place = data.index(b"test.lamp.mended", len(data) // 2)
    path.write_bytes(data[:place] + b"T" + data[place + 1 :])
    (found,) = check.damages(folder, size)
    assert (found.file, found.what) == ("tile/entries/001", "entries")
    assert 256 + 100 < found.index < 512


def test_a_missing_bundle_is_located(whole):
    folder, size = whole
    folder.path("tile/entries/001").unlink()
    assert list(check.damages(folder, size)) == [check.Damage("tile/entries/001", 256, "missing")]


def test_a_cut_bundle_is_located(whole):
    folder, size = whole
    path = folder.path("tile/entries/000")
    path.write_bytes(path.read_bytes()[:-3])
    assert list(check.damages(folder, size)) == [check.Damage("tile/entries/000", 0, "cut")]

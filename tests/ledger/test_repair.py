"""A damaged log is restored from what its signed root vouches for, and from nothing else."""

import itertools
import random
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from congvu.base import clock
from congvu.ledger import check, gate, log_keys, memories, queries, repair, sequencer, sources
from congvu.ledger.gate import Head
from congvu.ledger.models import Ledger, Log
from congvu.ledger.store import Folder
from congvu.standards import checkpoints, tiles
from tests.ledger.conftest import mend
from tests.ledger.logs import Shelf, flipped, grown

SIZE = 700


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return grown(66_000, octets=12)


def restored(shelf: Shelf, folder: Folder, *others: sources.Source) -> repair.Outcome:
    return repair.repair(folder, Head(shelf.size, shelf.root), others, aside=folder.public / "aside")


def content(folder: Folder, shelf: Shelf) -> dict[str, bytes]:
    return {name: folder.read(name) for name in shelf.files}


def damage(folder: Folder, *names: str) -> None:
    for name in names:
        path = folder.path(name)
        path.write_bytes(flipped(path.read_bytes(), 99))


def test_every_hash_tile_comes_back_from_the_entries(shelf, tmp_path):
    folder = shelf.on_disk(tmp_path / "log")
    names = {name for name in shelf.files if "entries" not in name}
    for name in names:
        folder.path(name).unlink()
    done = restored(shelf, folder)
    assert (set(done.restored), done.lost) == (names, [])
    assert content(folder, shelf) == shelf.files


def test_damaged_tiles_are_restored_and_kept_aside_and_good_ones_not_touched(shelf, tmp_path):
    folder = shelf.on_disk(tmp_path / "log")
    names = ["tile/2/000.p/1", "tile/1/000", "tile/0/007", "tile/0/257.p/208", "tile/entries/009"]
    damage(folder, *names)
    before = {name: folder.path(name).stat().st_mtime_ns for name in shelf.files}
    done = restored(shelf, folder, sources.Mirror(shelf.read))
    assert (sorted(done.restored), done.lost) == (sorted(names), [])
    assert content(folder, shelf) == shelf.files
    after = {name: folder.path(name).stat().st_mtime_ns for name in shelf.files}
    assert {name for name in before if before[name] != after[name]} == set(names)
    for name in names:
        assert (folder.public / "aside" / f"{name}.1").read_bytes() == flipped(shelf.files[name], 99)


def test_a_lost_bundle_without_a_copy_stays_lost_and_is_named(shelf, tmp_path):
    folder = shelf.on_disk(tmp_path / "log")
    damage(folder, "tile/entries/003")
    damaged = folder.read("tile/entries/003")
    done = restored(shelf, folder)
    assert [(one.file, one.index // 256, one.what) for one in done.lost] == [
        ("tile/entries/003", 3, "entries")
    ]
    assert done.restored == []
    assert folder.read("tile/entries/003") == damaged


def test_a_copy_that_lies_gives_nothing(shelf, tmp_path):
    folder, liar = shelf.on_disk(tmp_path / "log"), grown(shelf.size, octets=12, seed=9)
    damage(folder, "tile/entries/003", "tile/0/004", "tile/1/000")
    done = restored(shelf, folder, sources.Mirror(liar.read))
    assert sorted(done.restored) == ["tile/0/004", "tile/1/000"]
    assert [one.file for one in done.lost] == ["tile/entries/003"]


def test_two_halves_of_copies_make_one_whole(shelf, tmp_path):
    folder = shelf.on_disk(tmp_path / "log")
    one, two = dict(shelf.files), dict(shelf.files)
    name = "tile/entries/003"
    entries = tiles.decode_entries(shelf.files[name])
    one[name] = tiles.encode_entries([*entries[:100], *(b"lie" for _ in entries[100:])])
    two[name] = tiles.encode_entries([*(b"lie" for _ in entries[:90]), *entries[90:]])
    folder.path(name).unlink()
    halves = [Shelf(shelf.size, shelf.root, files) for files in (one, two)]
    done = restored(shelf, folder, *(sources.Mirror(half.read) for half in halves))
    assert (done.restored, done.lost) == ([name], [])
    assert folder.read(name) == shelf.files[name]


def test_any_single_file_lost_comes_back_from_a_copy(tmp_path):
    shelf = grown(SIZE, octets=12)
    for number, (name, harm) in enumerate(itertools.product(sorted(shelf.files), ("gone", "cut", "noise"))):
        folder = shelf.on_disk(tmp_path / str(number))
        dice = random.Random(number)  # noqa: S311 -- dice, not keys
        harmed = {"gone": b"", "cut": shelf.files[name][:7], "noise": dice.randbytes(99)}[harm]
        folder.path(name).write_bytes(harmed)
        done = restored(shelf, folder, sources.Mirror(shelf.read))
        assert (done.restored, done.lost) == ([name], [])
        assert content(folder, shelf) == shelf.files


def test_without_any_edge_nothing_is_believed(tmp_path):
    shelf, liar = grown(SIZE, octets=12), grown(SIZE, octets=12, seed=9)
    folder = liar.on_disk(tmp_path)
    done = restored(shelf, folder, sources.Mirror(liar.read))
    assert (done.restored, done.lost) == ([], [check.Damage("checkpoint", 0, "root")])
    assert content(folder, liar) == liar.files


@pytest.fixture
def kept(ledger) -> tuple[Ledger, Log, Folder, list[str]]:
    made = mend(ledger, 300)
    sequencer.settle()
    log = Log.objects.get(agency=ledger.agency)
    return ledger, log, Folder.of(ledger.slug, log.year), made


def test_receipts_restore_a_bundle_and_its_tile(kept, tmp_path):
    ledger, log, folder, made = kept
    names = [f"tile/entries/001.p/{log.size - 256}", f"tile/0/001.p/{log.size - 256}"]
    before = {name: folder.read(name) for name in names}
    for number, entry in enumerate(made[254:]):
        (tmp_path / f"{number}.congvu.json").write_bytes(queries.prove(entry, agency=ledger.agency))
    for name in names:
        folder.path(name).unlink()
    key = log_keys.verifier(log.origin, folder)
    (tmp_path / "45.congvu.json").unlink()
    found = sources.opened([str(tmp_path)], slug=ledger.slug, name=log.name, key=key)
    head, _ = repair.head_of(log.origin, folder, log.checkpoint, found)
    done = repair.repair(folder, head, found, aside=tmp_path / "aside")
    assert [one.index for one in done.lost] == [log.size - 1]  # its hash is known from its neighbor's path
    assert done.restored == [names[1]]
    folder.path(names[1]).unlink()
    (tmp_path / "45.congvu.json").write_bytes(prove_from(before, folder, log, made[-1], ledger))
    found = sources.opened([str(tmp_path)], slug=ledger.slug, name=log.name, key=key)
    done = repair.repair(folder, head, found, aside=tmp_path / "aside")
    assert (sorted(done.restored), done.lost) == (sorted(names), [])
    assert {name: folder.read(name) for name in names} == before


def prove_from(before: dict[str, bytes], folder: Folder, log: Log, entry: str, ledger: Ledger) -> bytes:
    folder.write(before)
    receipt = queries.prove(entry, agency=ledger.agency)
    for name in before:
        folder.path(name).unlink()
    return receipt


def test_a_receipt_of_another_log_or_with_a_changed_bit_restores_nothing(kept, tmp_path):
    ledger, log, folder, made = kept
    key = log_keys.verifier(log.origin, folder)
    receipt = queries.prove(made[0], agency=ledger.agency)
    known = sources.Receipts()
    assert known.add(receipt, key)
    assert list(known.leaves) == [1]
    place = receipt.index(b'"entry":"') + 40
    for wrong in (flipped(receipt, place * 8), receipt[:-40], b"{}", b"[]", b"", b"\xff\x00"):
        with pytest.raises(sources.BadSourceError):
            known.add(wrong, key)
    other = log_keys.notes.generate(log.origin).verifier
    assert not known.add(receipt, other)


def test_a_served_copy_is_read_over_http(kept, tmp_path):
    ledger, log, folder, _ = kept
    whole = {name: folder.read(name) for name in ("tile/0/000", "tile/1/000.p/1")}
    mirror = tmp_path / "mirror"
    folder.public.rename(mirror)
    handler = partial(_Quiet, directory=str(mirror))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        address = f"http://127.0.0.1:{server.server_port}"
        key = log_keys.signer(log.origin, folder).verifier
        found = sources.opened([address], slug=ledger.slug, name=log.name, key=key)
        head, note = repair.head_of(log.origin, folder, "", found)
        done = repair.repair(folder, head, found, aside=tmp_path / "aside")
        remembered = repair.restore_memories(log.origin, folder, note)
        server.shutdown()
    assert done.lost == []
    assert {name: folder.read(name) for name in whole} == whole
    assert remembered.restored == [str(folder.public / "checkpoint"), str(folder.public_key)]
    assert list(memories.faults(log.origin, folder)) == []
    assert gate.inspect(log, folder) == ""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_a_copy_of_another_history_stops_the_repair(kept):
    _, log, folder, _ = kept
    other = grown(log.size + 5, octets=12)
    signer = log_keys.signer(log.origin, folder)
    forked = checkpoints.sign(checkpoints.Checkpoint(log.origin, other.size, other.root), signer)
    other.files["checkpoint"] = forked.encode()
    with pytest.raises(repair.ForkedError):
        repair.head_of(log.origin, folder, log.checkpoint, [sources.Mirror(other.read)])


def test_a_copy_that_has_more_of_our_history_brings_it_back(kept, tmp_path):
    ledger, log, folder, _ = kept
    old = {
        path: path.read_bytes()
        for root in (folder.public, folder.entries)
        for path in root.rglob("*")
        if path.is_file()
    }
    old[folder.copy] = folder.copy.read_bytes()
    mend(ledger, 500)
    sequencer.settle()
    mirror = tmp_path / "mirror"
    for root in (folder.public, folder.entries):
        for path in [one for one in root.rglob("*") if one.is_file()]:
            place = mirror / path.relative_to(root)
            place.parent.mkdir(parents=True, exist_ok=True)
            path.rename(place)
    for path, data in old.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    key = log_keys.verifier(log.origin, folder)
    found = sources.opened([str(mirror)], slug=ledger.slug, name=log.name, key=key)
    head, note = repair.head_of(log.origin, folder, "", found)
    assert head.size == log.size + 500
    assert repair.repair(folder, head, found, aside=tmp_path / "aside").lost == []
    repair.restore_memories(log.origin, folder, note)
    assert gate.inspect(Log.objects.get(pk=log.pk), folder) == ""


def test_a_repair_is_evidence_and_lifts_the_seal(kept, tmp_path):
    ledger, log, folder, _ = kept
    lost = folder.path("tile/1/000.p/1")
    data = lost.read_bytes()
    lost.write_bytes(flipped(data, 8))
    Ledger.objects.filter(pk=ledger.pk).update(sealed=gate.inspect(log, folder))
    assert Ledger.objects.get(pk=ledger.pk).sealed == gate.DAMAGED
    head, _ = repair.head_of(log.origin, folder, log.checkpoint, [])
    done = repair.repair(folder, head, [], aside=tmp_path)
    assert done.restored == ["tile/1/000.p/1"]
    assert lost.read_bytes() == data
    assert repair.conclude(ledger, log, done, clock.now()) == ""
    assert sequencer.settle() == 1
    (entry,) = queries.entries_of(ledger.agency, log.year, range(log.size, log.size + 1))
    assert (entry.kind, entry.attributes) == (
        "ledger.log.repaired",
        {"year": log.year, "files": 1, "lost": 0},
    )


def test_without_any_genuine_checkpoint_nothing_is_repaired(kept):
    _, log, folder, _ = kept
    for path in (folder.copy, folder.public / "checkpoint"):
        path.write_bytes(flipped(path.read_bytes(), 700))
    with pytest.raises(repair.NoHeadError):
        repair.head_of(log.origin, folder, "", [])


def test_what_is_neither_folder_nor_address_nor_receipt_is_refused(kept, tmp_path):
    ledger, log, folder, _ = kept
    key = log_keys.verifier(log.origin, folder)
    rubbish = tmp_path / "rubbish"
    rubbish.write_bytes(b"\0" * 100)
    for place in (str(tmp_path / "nothing"), str(rubbish), "ftp://example/"):
        with pytest.raises(sources.BadSourceError):
            sources.opened([place], slug=ledger.slug, name=log.name, key=key)


def test_an_address_where_nobody_answers_is_said(kept):
    ledger, log, folder, _ = kept
    key = log_keys.verifier(log.origin, folder)
    for address in ("http://127.0.0.1:1/", "http://[bad/"):
        with pytest.raises(sources.UnreachableSourceError):
            sources.opened([address], slug=ledger.slug, name=log.name, key=key)

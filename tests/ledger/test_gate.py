"""A restored backup never forks the log."""

import shutil

import pytest

from congvu.base import clock
from congvu.ledger import gate, log_keys, queries, rebuild, sequencer
from congvu.ledger.actions import ReadOnlyError
from congvu.ledger.models import Entry, Ledger, Log, Outbox
from congvu.ledger.sequencer import Sequencer
from congvu.ledger.store import Folder
from tests.ledger.conftest import mend


@pytest.fixture
def log(ledger) -> Log:
    mend(ledger, 300)
    sequencer.settle()
    return Log.objects.get(agency=ledger.agency)


def folder(ledger: Ledger, log: Log) -> Folder:
    return Folder.of(ledger.slug, log.year)


def seal(ledger: Ledger) -> str:
    mend(ledger)
    sequencer.settle()
    ledger.refresh_from_db()
    return ledger.sealed


def test_a_whole_log_passes(ledger, log):
    assert gate.inspect(log, folder(ledger, log)) == ""
    assert seal(ledger) == ""


def test_an_older_database_is_found_and_rebuilt(ledger, log):
    kept = {"size": log.size, "root": log.root, "signed_size": log.signed_size, "checkpoint": log.checkpoint}
    made = mend(ledger, 20)
    waiting = list(Outbox.objects.order_by("id").values("agency", "entry", "leaf"))
    sequencer.settle()
    Log.objects.filter(pk=log.pk).update(**kept)
    Entry.objects.filter(log=log, index__gte=kept["size"]).delete()
    Outbox.objects.bulk_create(Outbox(**one) for one in waiting)  # the backup still held them as waiting
    sequencer.settle()
    ledger.refresh_from_db()
    assert ledger.sealed == gate.DATABASE_BEHIND
    done = rebuild.rebuild(ledger, log.year, now=clock.now())
    assert done.size == 321
    assert Outbox.objects.count() == 0
    assert [one.id for one in queries.entries_from(ledger.agency, log.year, 301, 99)] == made
    assert seal(Ledger.objects.get(pk=ledger.pk)) == ""


def test_older_tiles_are_found(ledger, log):
    shutil.rmtree(folder(ledger, log).public / "tile" / "0")
    assert seal(ledger) == gate.TILES_BEHIND


def test_a_whole_older_backup_is_found_by_the_copy_kept_elsewhere(ledger, log):
    place = folder(ledger, log)
    kept = {"size": log.size, "root": log.root, "signed_size": log.signed_size, "checkpoint": log.checkpoint}
    shutil.copytree(place.public, place.public.with_suffix(".backup"))
    mend(ledger, 20)
    sequencer.settle()
    shutil.rmtree(place.public)
    place.public.with_suffix(".backup").rename(place.public)
    Log.objects.filter(pk=log.pk).update(**kept)
    Entry.objects.filter(log=log, index__gte=kept["size"]).delete()
    assert seal(ledger) == gate.TILES_BEHIND


def test_another_history_of_the_same_size_is_found(ledger, log):
    Log.objects.filter(pk=log.pk).update(root="A" * 43 + "=")
    assert seal(ledger) == gate.FORKED


def test_a_changed_tile_is_damage(ledger, log):
    path = folder(ledger, log).path("tile/0/000")
    data = bytearray(path.read_bytes())
    data[77] ^= 1
    path.write_bytes(data)
    assert gate.inspect(log, folder(ledger, log)) == ""  # the root of 301 leaves does not need that hash...
    path = folder(ledger, log).path(f"tile/0/001.p/{log.size - 256}")
    data = bytearray(path.read_bytes())
    data[5] ^= 1
    path.write_bytes(data)
    assert gate.inspect(log, folder(ledger, log)) == gate.DAMAGED  # ... this one it does


def test_a_missing_key_is_told(ledger, log):
    folder(ledger, log).key.unlink()
    assert gate.inspect(log, folder(ledger, log)) == gate.KEY_MISSING


@pytest.mark.parametrize("note", ["", "nonsense", "x\n1\nAAAA\n\n— x AAAA\n"])
def test_an_unreadable_checkpoint_is_told(ledger, log, note):
    (folder(ledger, log).public / "checkpoint").write_text(note)
    assert gate.inspect(log, folder(ledger, log)) == ("" if not note else gate.UNREADABLE)


def test_a_sealed_ledger_keeps_what_waits(ledger, log):
    mend(ledger, 4)
    Ledger.objects.filter(pk=ledger.pk).update(sealed=gate.FORKED)
    assert sequencer.settle() == 0
    assert Outbox.objects.filter(agency=ledger.agency).count() == 4


def test_the_gate_stands_before_the_first_act(ledger, log):
    """A restored backup is found at the start, before anything new is recorded or acknowledged."""
    shutil.rmtree(folder(ledger, log).public / "tile" / "0")
    with Sequencer() as fenced:
        fenced.pass_gates(clock.now())
    with pytest.raises(ReadOnlyError, match=gate.TILES_BEHIND):
        mend(ledger)


def test_a_public_key_that_went_missing_is_published_again(ledger, log):
    folder(ledger, log).public_key.unlink()
    with Sequencer() as fenced:
        fenced.pass_gates(clock.now())
    assert log_keys.verifier(log.origin, folder(ledger, log)).name == log.origin

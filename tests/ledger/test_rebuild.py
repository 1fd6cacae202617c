"""The database is a cache of the log."""

import pytest

from congvu.base import clock
from congvu.ledger import rebuild, sequencer
from congvu.ledger.disposal.actions import holding
from congvu.ledger.disposal.models import Hold
from congvu.ledger.disposal.removing import remove
from congvu.ledger.models import Disclosure, Entry, Ledger, Log
from congvu.ledger.store import Folder
from tests.ledger.conftest import mend


def cache(ledger: Ledger) -> list[object]:
    entries = Entry.objects.filter(agency=ledger.agency).order_by("index").values_list("index", "entry")
    logs = Log.objects.filter(agency=ledger.agency).values_list(
        "name", "origin", "size", "root", "signed_size"
    )
    return [*entries, *logs]


def test_the_cache_is_rebuilt_to_the_same_bytes(ledger):
    made = mend(ledger, 300)
    sequencer.settle()
    remove([made[7]], agency=ledger.agency)
    sequencer.settle()
    before = cache(ledger)
    Entry.objects.all().delete()
    Log.objects.all().delete()
    assert cache(ledger) == []
    (name,) = rebuild.names(ledger)
    heard: list[tuple[int, int]] = []
    rebuild.rebuild(ledger, name, lambda done, whole: heard.append((done, whole)), now=clock.now())
    assert cache(ledger) == before
    assert heard[-1] == (301, 301)
    assert Disclosure.objects.filter(entry=made[7]).count() == 0


def test_a_damaged_log_rebuilds_nothing(ledger):
    mend(ledger, 10)
    sequencer.settle()
    log = Log.objects.get(agency=ledger.agency)
    path = Folder.of(ledger.slug, log.year).path("tile/entries/000.p/11")
    path.write_bytes(path.read_bytes().replace(b"mended", b"broken", 1))
    before = cache(ledger)
    with pytest.raises(rebuild.DamagedLogError):
        rebuild.rebuild(ledger, log.year, now=clock.now())
    assert cache(ledger) == before


@pytest.mark.parametrize("place", ["public", "copy"])
def test_a_damaged_memory_of_the_head_is_no_hindrance(ledger, place):
    mend(ledger)
    sequencer.settle()
    folder = Folder.of_log(Log.objects.get(agency=ledger.agency))
    damaged = {"public": folder.public / "checkpoint", "copy": folder.copy}[place]
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:-9] + b"\xff" * 9)
    before = cache(ledger)
    (name,) = rebuild.names(ledger)
    rebuild.rebuild(ledger, name, now=clock.now())
    assert (cache(ledger), damaged.read_bytes()) == (before, whole)


def test_a_log_without_checkpoint_is_not_rebuilt(ledger):
    mend(ledger)
    sequencer.settle()
    log = Log.objects.get(agency=ledger.agency)
    folder = Folder.of(ledger.slug, log.year)
    (folder.public / "checkpoint").unlink()
    folder.copy.unlink()
    with pytest.raises(rebuild.NothingToRebuildError):
        rebuild.rebuild(ledger, log.year, now=clock.now())


def test_holds_that_a_restored_database_has_forgotten_become_one_on_everything(ledger):
    mend(ledger, 3)
    known = holding.place(agency=ledger.agency, by="a" * 26, basis="Case 1", kinds=["a.b"], at=clock.now())
    forgotten = holding.place(agency=ledger.agency, by="a" * 26, basis="Case 2", at=clock.now())
    sequencer.settle()
    Hold.objects.filter(pk=forgotten.pk).delete()
    (name,) = rebuild.names(ledger)
    assert rebuild.rebuild(ledger, name, now=clock.now()).unknown_holds == 1
    (made,) = Hold.objects.exclude(pk=known.pk)
    assert (made.placed_by, made.kinds, made.begins_at, made.ends_at) == ("", [], None, None)
    sequencer.settle()
    assert rebuild.rebuild(ledger, name, now=clock.now()).unknown_holds == 0

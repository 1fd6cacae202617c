"""What is restored after a closing neither forgets it nor writes on the closed log."""

import shutil

import pytest

from congvu.cli.__main__ import main
from congvu.ledger import gate, sequencer
from congvu.ledger.models import Entry, Ledger, Log
from congvu.standards import closings
from tests.ledger.closing.test_drill import NEXT, close, folder_of, ledger, log_of, mend_and_settle

__all__ = ["ledger"]


def test_a_database_of_before_the_closing_is_stopped_and_rebuilt(ledger, capsys, settings):
    before = log_of(ledger)
    rows = list(Entry.objects.filter(agency=ledger.agency))
    assert close(ledger) == 0
    after = Log.objects.order_by("name").values_list("name", "size", "root", "closing")
    wanted = list(after)
    Entry.objects.all().delete()
    Log.objects.all().delete()
    before.save(force_insert=True)
    Entry.objects.bulk_create(rows)
    (folder_of(ledger).public / "closing").unlink()  # the files are of before, too; the copy elsewhere is not
    assert mend_and_settle(ledger)
    assert Ledger.objects.get(pk=ledger.pk).sealed == gate.DATABASE_BEHIND
    assert main(["ledger", "rebuild", "--agency", ledger.slug]) == 0
    assert list(after.all()) == wanted
    assert main(["ledger", "repair", "--agency", ledger.slug]) == 0
    assert folder_of(ledger).closing() == wanted[0][3]
    sequencer.settle()
    assert main(["ledger", "check", "--agency", ledger.slug]) == 0
    capsys.readouterr()


@pytest.mark.parametrize("lost", ["tile", "checkpoint"])
def test_on_a_closed_log_nothing_is_written_though_the_next_cannot_be_rebuilt(ledger, capsys, lost):
    assert close(ledger) == 0
    size = log_of(ledger).size
    Entry.objects.all().delete()
    Log.objects.all().delete()
    following = folder_of(ledger, NEXT)
    if lost == "tile":
        shutil.rmtree(following.entries)
    else:
        (following.public / "checkpoint").unlink()
        following.copy.unlink()
    assert main(["ledger", "rebuild", "--agency", ledger.slug]) == (1 if lost == "tile" else 0)
    mend_and_settle(ledger)
    assert (log_of(ledger).size, folder_of(ledger).checkpoint()) == (size, log_of(ledger).checkpoint)
    is_sealed = Ledger.objects.get(pk=ledger.pk).sealed == gate.DATABASE_BEHIND
    assert is_sealed == (lost == "tile")
    capsys.readouterr()


@pytest.mark.parametrize("data", [b"nonsense", b"\xff"])
def test_of_a_closing_that_cannot_be_read_nothing_is_rebuilt(ledger, capsys, data):
    assert close(ledger) == 0
    before = list(Log.objects.order_by("name").values())
    folder = folder_of(ledger)
    (folder.public / "closing").write_bytes(data)
    assert closings.read(folder.closing()).next.name == before[1]["origin"]  # of the copy elsewhere
    assert main(["ledger", "check", "--agency", ledger.slug]) == 1
    assert "closing: this is not what" in capsys.readouterr().out
    folder.copy.with_suffix(".closing").write_bytes(data)
    assert main(["ledger", "rebuild", "--agency", ledger.slug]) == 1
    assert (
        "closing: this is not what the log's key has signed; nothing was rebuilt" in capsys.readouterr().out
    )
    assert list(Log.objects.order_by("name").values()) == before
    assert main(["ledger", "check", "--agency", ledger.slug]) == 1
    assert "closing: this is not what" in capsys.readouterr().out
    assert main(["ledger", "repair", "--agency", ledger.slug]) == 0
    assert folder_of(ledger).closing() == log_of(ledger).closing
    capsys.readouterr()

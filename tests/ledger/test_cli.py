"""What the operator reads about a damaged log, and what repairing it says."""

import argparse

import pytest

from congvu.cli.__main__ import main
from congvu.ledger import cli, full_checks, gate, sequencer
from congvu.ledger.models import Entry, Ledger, Log
from congvu.ledger.sequencer import Sequencer
from congvu.ledger.store import Folder
from tests.ledger.conftest import mend
from tests.ledger.logs import flipped


@pytest.fixture
def kept(ledger) -> tuple[Ledger, Log, Folder]:
    mend(ledger, 300)
    sequencer.settle()
    log = Log.objects.get(agency=ledger.agency)
    return ledger, log, Folder.of(ledger.slug, log.year)


def said(verb: str, ledger: Ledger, capsys, *places: str) -> tuple[int, list[str]]:
    run = {"check": cli.run_check, "repair": cli.run_repair, "rebuild": cli.run_rebuild}[verb]
    capsys.readouterr()
    status = run(
        argparse.Namespace(agency=ledger.slug, places=list(places), year=None, gently=False, under=None)
    )
    return status, [line for line in capsys.readouterr().out.splitlines() if line]


def test_a_whole_log_is_said_to_be_whole(kept, capsys):
    ledger, log, _ = kept
    assert said("check", ledger, capsys) == (0, [f"{log.origin}: 301 entries, whole"])
    assert said("repair", ledger, capsys) == (0, [f"{log.origin}: 0 files restored, 0 pieces lost"])


def test_what_there_is_not_is_never_said_to_be_whole(kept, capsys, tmp_path):
    for words in (
        ("ledger", "check", "--agency", "nowhere"),
        ("ledger", "rebuild", "--agency", "nowhere"),
        ("stamps", "check", "--agency", "nowhere"),
        ("readers", "rewind", "--agency", "nowhere"),
    ):
        assert (main(words), capsys.readouterr()) == (1, ("", "congvu: there is no agency nowhere\n"))
    assert main(["ledger", "check", "--year", "1999"]) == 1
    assert capsys.readouterr() == ("", "congvu: there is no log 1999; nothing was checked\n")
    assert main(["stamps", "check"]) == 0
    assert capsys.readouterr() == ("", "congvu: there is no stamp yet; nothing was checked\n")


def test_a_receipt_is_asked_for_in_vain_in_one_sentence(kept, capsys, tmp_path):
    entry = Entry.objects.order_by("index").last().entry
    capsys.readouterr()
    assert main(["ledger", "prove", entry, "--disclose", "moon"]) == 1
    assert capsys.readouterr() == ("", "congvu: the entry discloses no moon\n")
    assert main(["ledger", "prove", entry, "--output", str(tmp_path)]) == 1
    assert capsys.readouterr() == ("", f"congvu: Is a directory: {tmp_path}\n")


def test_damage_is_named_with_file_entry_and_what_to_do(kept, capsys):
    ledger, log, folder = kept
    path = folder.path("tile/entries/000")
    place = path.read_bytes().index(b"test.lamp.mended")
    path.write_bytes(flipped(path.read_bytes(), place * 8))
    assert said("check", ledger, capsys) == (
        1,
        [
            f"{log.origin}: tile/entries/000, entry 1: this entry is not the one that was signed",
            f"{log.origin}: 301 entries, DAMAGED",
            f"{log.origin}: run congvu ledger repair, with --from and another copy if you have one",
        ],
    )
    assert said("repair", ledger, capsys) == (
        1,
        [
            f"{log.origin}: tile/entries/000, entry 1: still lost: this entry is not the one that was signed",
            f"{log.origin}: 0 files restored, 1 pieces lost",
        ],
    )


def test_a_page_keeps_what_a_check_found_and_not_the_steps_that_it_printed(kept, capsys, monkeypatch):
    ledger, log, _ = kept
    monkeypatch.setattr(cli, "_disagreement", lambda *_: gate.DATABASE_BEHIND)
    status, lines = said("check", ledger, capsys)
    sentence = "The database is older than the log on disk: an old database was restored."
    assert (status, lines[0].startswith(f"{log.origin}: {sentence} Change nothing")) == (1, True)
    assert full_checks.found_damage(full_checks.last(ledger.agency)[log.name]) == sentence


def test_a_repair_from_a_copy_makes_it_whole_and_says_so_in_evidence(kept, capsys, tmp_path):
    ledger, log, folder = kept
    for name in ("tile/entries/000", "tile/0/001.p/45"):
        copy = tmp_path / name
        copy.parent.mkdir(parents=True)
        copy.write_bytes(folder.read(name))
        folder.path(name).write_bytes(b"noise")
    status, lines = said("repair", ledger, capsys, str(tmp_path))
    assert (status, lines[-1]) == (0, f"{log.origin}: 2 files restored, 0 pieces lost")
    assert sequencer.settle() == 1
    assert said("check", ledger, capsys) == (0, [f"{log.origin}: 302 entries, whole"])


def test_a_damaged_key_is_told_and_cannot_be_restored(kept, capsys):
    ledger, log, folder = kept
    folder.key.write_bytes(flipped(folder.key.read_bytes(), 300))
    why, steps = cli._reason(gate.KEY_MISSING)
    status, lines = said("repair", ledger, capsys)
    assert (status, lines) == (
        1,
        [
            f"{log.origin}: {folder.key}: still lost: this is not the log's key",
            f"{log.origin}: 0 files restored, 1 pieces lost",
            f"{log.origin}: {why} {' '.join(steps)}",
        ],
    )


def test_a_place_that_is_no_copy_is_refused(kept, capsys):
    ledger, log, _ = kept
    assert said("repair", ledger, capsys, "/nowhere") == (
        1,
        [f"{log.origin}: nothing was changed: /nowhere is no copy of a log and no receipt"],
    )


def test_an_address_where_nobody_answers_is_said(kept, capsys):
    ledger, log, _ = kept
    assert said("repair", ledger, capsys, "http://127.0.0.1:1/") == (
        1,
        [f"{log.origin}: nothing was changed: nobody answers at http://127.0.0.1:1/ (unreachable)"],
    )


def test_nothing_is_repaired_beside_a_running_clerk(kept, capsys):
    ledger, _, _ = kept
    with Sequencer():
        assert cli.run_repair(argparse.Namespace(agency=ledger.slug, places=[])) == 1
    assert "a clerk is running" in capsys.readouterr().err

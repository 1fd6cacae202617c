"""A key is stolen, or all of a log is lost: the drill, from the theft to the next January."""

import io
import json
import shutil
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import congvu_verify
from congvu.base import clock
from congvu.cli.__main__ import main
from congvu.ledger import log_keys, queries, sequencer
from congvu.ledger.closing import cli
from congvu.ledger.models import Entry, Ledger, Log, Outbox, Position
from congvu.ledger.store import Folder
from congvu.ledger.witnesses import recall
from congvu.standards import checkpoints, closings, merkle, notes, proofs, receipts, tiles, witnessing
from congvu.standards.checkpoints import Checkpoint
from tests.ledger.conftest import found, mend
from tests.ledger.witnesses.conftest import adopt, attend, witnesses

__all__ = ["witnesses"]
NAME = str(clock.now().year)
NEXT = f"{NAME}-2"


@pytest.fixture
def ledger(transactional_db, data_folder) -> Ledger:
    made = found()
    mend(made, 30)
    sequencer.settle()
    return made


def log_of(ledger: Ledger, name: str = NAME) -> Log:
    return Log.objects.get(agency=ledger.agency, name=name)


def folder_of(ledger: Ledger, name: str = NAME) -> Folder:
    return Folder.of(ledger.slug, name)


def close(ledger: Ledger, because: str = "stolen", **more) -> int:
    asked = {"head": None, "key": None, "yes": True, "by": "An", "approved_by": "Chi", "log": NAME}
    return cli.run_close(Namespace(agency=ledger.slug, because=because, **(asked | more)))


class Thief:
    """Holds a copy of the log's key and of its entries, and signs what it likes."""

    def __init__(self, ledger: Ledger) -> None:
        log, folder = log_of(ledger), folder_of(ledger)
        self.signer = log_keys.signer(log.origin, folder)
        self.leaves = [tiles.entry(index, log.size, folder.read) for index in range(log.size)]

    def append(self, count: int, *, instead_of: int = 0) -> None:
        del self.leaves[len(self.leaves) - instead_of :]
        model = json.loads(self.leaves[-1])
        forged = [{**model, "id": f"forged{number:020}"} for number in range(count)]
        self.leaves += [json.dumps(one, sort_keys=True, separators=(",", ":")).encode() for one in forged]

    @property
    def hashes(self) -> list[bytes]:
        return [merkle.leaf_hash(leaf) for leaf in self.leaves]

    def subtree(self, level: int, index: int) -> bytes:
        return merkle.root(self.hashes[index << level : (index + 1) << level])

    def head(self) -> str:
        root = merkle.root(self.hashes)
        return checkpoints.sign(Checkpoint(self.signer.name, len(self.leaves), root), self.signer)

    def receipt(self, index: int) -> bytes:
        path = merkle.inclusion_proof(index, len(self.leaves), self.subtree)
        proof = proofs.Proof(index=index, path=tuple(path), checkpoint=self.head())
        key = self.signer.verifier.text
        return receipts.build(key=key, leaf=self.leaves[index], disclosures=[], proof=proof.format())

    def question(self, old: int) -> bytes:
        path = merkle.consistency_proof(old, len(self.leaves), self.subtree)
        return witnessing.Question(old=old, proof=tuple(path), note=self.head()).format()


def test_the_drill_of_a_stolen_key(ledger, witnesses, capsys):
    archive = witnesses("archive")
    adopt(ledger, archive)
    attend(archive)
    (old_entry,) = mend(ledger)
    sequencer.settle()
    attend(archive)
    old_receipt = queries.prove(old_entry, agency=ledger.agency)
    size = log_of(ledger).size

    thief = Thief(ledger)
    thief.append(3)  # a longer history, of which no witness can see that a thief signed it
    later = mend(ledger, 5)
    sequencer.settle()
    archive.answer(thief.question(size))
    assert attend(archive) == [0]
    lost_receipt = queries.prove(later[2], agency=ledger.agency)

    assert close(ledger) == 0
    said = capsys.readouterr().out
    assert f"will be closed at {size} entries, witnessed by 1" in said
    assert "5 entries behind that head will be entered in the new log" in said

    old, new = log_of(ledger), log_of(ledger, NEXT)
    assert (old.size, old.signed_size, new.size, new.signed_size) == (size, size, 6, 6)
    closing = folder_of(ledger).closing()
    assert closing == old.closing
    assert closings.read(closing).head == checkpoints.verify(old.checkpoint, key=thief.signer.verifier)

    first, *carried = queries.entries_of(ledger.agency, NEXT, range(10))
    assert (first.kind, first.disclosures) == ("ledger.log.closed", {"closed_by": "An", "approved_by": "Chi"})
    assert first.attributes == {
        "reason": "stolen",
        "key": thief.signer.verifier.text,
        "size": size,
        "root": old.root,
        "kept": size,
        "carried": 5,
    }
    assert [one.id for one in carried] == later

    for receipt in (old_receipt, queries.prove(old_entry, agency=ledger.agency)):
        verdict = congvu_verify.verify(receipt, closing=closing)
        assert (verdict.reasons, verdict.facts.closing) == ((), "within")
    for receipt in (lost_receipt, thief.receipt(size + 1)):
        assert congvu_verify.verify(receipt, closing=closing).reasons == ("closed",)
    for entry in [*later, *mend_and_settle(ledger)]:
        verdict = congvu_verify.verify(queries.prove(entry, agency=ledger.agency), closing=closing)
        assert (verdict.reasons, verdict.facts.origin, verdict.facts.closing) == ((), new.origin, "next")
    assert main(["ledger", "check", "--agency", ledger.slug]) == 0
    said = capsys.readouterr().out
    assert f"closed (stolen) at {size} entries; it goes on in {new.origin}" in said
    assert f"{new.origin}: 7 entries, whole" in said


def mend_and_settle(ledger: Ledger) -> list[str]:
    made = mend(ledger)
    sequencer.settle()
    return made


def test_a_fork_of_the_thief_proves_nothing_at_whatever_size(ledger, witnesses):
    archive = witnesses("archive")
    adopt(ledger, archive)
    attend(archive)
    thief = Thief(ledger)
    assert close(ledger) == 0
    closing = folder_of(ledger).closing()
    size = log_of(ledger).size
    thief.append(3, instead_of=3)
    assert len(thief.leaves) == size
    assert (
        congvu_verify.verify(thief.receipt(size - 1)).reasons == ()
    )  # who does not know of the theft believes it
    assert congvu_verify.verify(thief.receipt(size - 1), closing=closing).reasons == ("closed_history",)
    thief.append(0, instead_of=1)
    assert congvu_verify.verify(thief.receipt(size - 2), closing=closing).reasons == ("closed_unwitnessed",)
    thief.append(9)
    assert congvu_verify.verify(thief.receipt(size), closing=closing).reasons == ("closed",)
    other = notes.generate(thief.signer.name)
    thief.signer = other
    assert "other_key" in congvu_verify.verify(thief.receipt(5), closing=closing).reasons


def test_in_january_the_new_log_goes_on_and_the_stolen_key_vouches_for_nobody(ledger):
    assert close(ledger) == 0
    mend(ledger)
    january = datetime(int(NAME) + 1, 1, 2, tzinfo=UTC)
    with sequencer.Sequencer() as fenced:
        fenced.step(january)
    first = queries.entries_of(ledger.agency, january.year, range(1))[0]
    middle = log_of(ledger, NEXT)
    assert (first.kind, first.attributes["origin"]) == ("ledger.log.continued", middle.origin)
    assert first.attributes["size"] == middle.size
    succession = (folder_of(ledger, str(january.year)).public / "succession").read_text()
    assert [line.name for line in notes.parse(succession).signatures] == [middle.origin]
    assert not (folder_of(ledger, NEXT).public / "succession").exists()


def test_readers_that_were_past_the_last_head_go_on_where_they_were(ledger, witnesses):
    archive = witnesses("archive")
    adopt(ledger, archive)
    attend(archive)
    kept = log_of(ledger).size
    archive.stop()
    later = mend(ledger, 5)
    sequencer.settle()
    Position.objects.create(agency=ledger.agency, reader="there", log=NAME, index=kept + 3)
    Position.objects.create(agency=ledger.agency, reader="before", log=NAME, index=2)
    assert close(ledger) == 0
    places = {one.reader: (one.log, one.index) for one in Position.objects.filter(agency=ledger.agency)}
    assert places == {"there": (NEXT, 4), "before": (NAME, 2)}
    assert [one.id for one in queries.entries_from(ledger.agency, NEXT, 4, 2)] == later[3:]


def test_readers_of_a_log_of_which_nothing_is_left_miss_nothing_of_the_next(ledger, settings):
    head = settings.CONGVU_DATA / "head"
    head.write_text(log_of(ledger).checkpoint)
    key = log_keys.verifier(log_of(ledger).origin, folder_of(ledger)).text
    Position.objects.create(agency=ledger.agency, reader="there", log=NAME, index=log_of(ledger).size)
    shutil.rmtree(settings.CONGVU_DATA / "ledger")
    assert close(ledger, "lost", head=head, key=key) == 0
    (made,) = mend_and_settle(ledger)
    place = Position.objects.get(agency=ledger.agency)
    assert [one.id for one in queries.entries_from(ledger.agency, place.log, place.index, 9)] == [made]


def test_a_sealed_ledger_is_open_again(ledger, witnesses, capsys):
    archive = witnesses("archive")
    adopt(ledger, archive)
    attend(archive)
    thief = Thief(ledger)
    size = len(thief.leaves)
    thief.append(3)
    archive.answer(thief.question(size))
    mend(ledger)
    assert sequencer.settle() == 0  # after a start the witnesses are asked: the thief's head seals the ledger
    assert Ledger.objects.get(pk=ledger.pk).sealed in {recall.AHEAD, recall.FORKED}
    assert close(ledger) == 0
    assert Ledger.objects.get(pk=ledger.pk).sealed == ""
    assert len(mend_and_settle(ledger)) == 1
    capsys.readouterr()


def test_the_drill_of_a_total_loss(ledger, witnesses, capsys, settings, tmp_path):
    archive = witnesses("archive")
    adopt(ledger, archive)
    attend(archive)
    backup = log_of(ledger)
    (lost,) = mend_and_settle(ledger)
    attend(archive)
    receipt = queries.prove(lost, agency=ledger.agency)
    key = log_keys.verifier(backup.origin, folder_of(ledger)).text
    size = log_of(ledger).size

    for tree in (settings.CONGVU_DATA / "ledger" / "public", settings.CONGVU_DATA / "ledger" / "entries"):
        shutil.rmtree(tree)
    folder_of(ledger).key.unlink()
    folder_of(ledger).copy.unlink()
    backup.save()  # the database of an older backup
    Entry.objects.filter(entry=lost).delete()

    assert close(ledger, "lost") == 1
    assert "name it with --key, or name a receipt with --head" in capsys.readouterr().err
    assert close(ledger, "lost", key=key) == 0
    said = capsys.readouterr().out
    assert f"{size} of them are not here any more" in said
    assert notes.parse_verifier_key(key).fingerprint in said
    first = queries.entries_of(ledger.agency, NEXT, range(1))[0]
    assert (first.attributes["reason"], first.attributes["size"], first.attributes["kept"]) == (
        "lost",
        size,
        0,
    )
    closing = folder_of(ledger).closing()
    verdict = congvu_verify.verify(receipt, closing=closing)
    assert (verdict.ok, verdict.facts.closing) == (True, "within")
    assert mend_and_settle(ledger)
    assert main(["ledger", "check", "--agency", ledger.slug]) == 0
    assert f"at {size} entries, of which {size} are not here any more" in capsys.readouterr().out


def test_of_an_older_backup_the_entries_that_are_there_stay(ledger, witnesses, tmp_path, settings, capsys):
    archive = witnesses("archive")
    adopt(ledger, archive)
    attend(archive)
    (kept,) = mend_and_settle(ledger)
    attend(archive)
    copy, database = tmp_path / "backup", log_of(ledger)
    shutil.copytree(settings.CONGVU_DATA / "ledger", copy)
    rows = list(Entry.objects.filter(agency=ledger.agency))
    mend_and_settle(ledger)
    attend(archive)
    size = log_of(ledger).size
    shutil.rmtree(settings.CONGVU_DATA / "ledger")
    shutil.copytree(copy, settings.CONGVU_DATA / "ledger")
    folder_of(ledger).copy.unlink()
    database.save()
    Entry.objects.exclude(pk__in=[one.pk for one in rows]).delete()
    assert sequencer.settle() == 0

    assert close(ledger, "lost") == 0
    assert "1 of them are not here any more" in capsys.readouterr().out
    old = log_of(ledger)
    assert (old.size, closings.read(old.closing).size) == (size - 1, size)
    verdict = congvu_verify.verify(queries.prove(kept, agency=ledger.agency), closing=old.closing)
    assert (verdict.reasons, verdict.facts.closing) == ((), "within")
    assert main(["ledger", "check", "--agency", ledger.slug]) == 0


def test_with_an_empty_database_a_receipt_tells_where_the_log_ended(ledger, tmp_path, settings, capsys):
    entry = mend_and_settle(ledger)[0]
    receipt = tmp_path / "receipt.json"
    receipt.write_bytes(queries.prove(entry, agency=ledger.agency))
    size = log_of(ledger).size
    shutil.rmtree(settings.CONGVU_DATA / "ledger")
    Entry.objects.all().delete()
    Log.objects.all().delete()
    assert close(ledger, "lost", head=receipt) == 0
    first = queries.entries_of(ledger.agency, NEXT, range(1))[0]
    assert (first.attributes["size"], first.attributes["kept"]) == (size, 0)
    verdict = congvu_verify.verify(receipt.read_bytes(), closing=log_of(ledger).closing)
    assert verdict.facts.closing == "within"
    assert main(["ledger", "check", "--agency", ledger.slug]) == 0
    capsys.readouterr()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"log": "1999"}, "has no log 1999"),
        ({"log": "../2026", "because": "lost"}, "has no log ../2026"),
        ({"because": "lost"}, "nothing of this log is lost"),
        ({"approved_by": " an "}, "who closes a log and who approves that are two people"),
        ({"by": ""}, "who closes a log and who approves that are two people"),
        ({"key": "nonsense"}, "this is not a log's verifier key"),
        ({"key": notes.generate("other.example/log/a/2026").verifier.text}, "this is the key of another log"),
        ({"head": Path("/nowhere/head")}, "No such file or directory: /nowhere/head. Nothing was changed"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_changed(ledger, capsys, wrong, sentence):
    assert close(ledger, **wrong) == 1
    assert sentence in capsys.readouterr().err
    assert log_of(ledger).closing == ""
    assert Log.objects.count() == 1


def test_a_namesake_that_a_new_database_began_gives_up_its_entries(ledger, tmp_path, settings, capsys):
    entry = mend_and_settle(ledger)[0]
    receipt, true = tmp_path / "receipt.json", log_keys.verifier(log_of(ledger).origin, folder_of(ledger))
    receipt.write_bytes(queries.prove(entry, agency=ledger.agency))
    shutil.rmtree(settings.CONGVU_DATA / "ledger")
    shutil.rmtree(settings.CONGVU_CHECKPOINT_COPY)
    Entry.objects.all().delete()
    Log.objects.all().delete()
    fresh = [made for _ in range(40) for made in mend(ledger)]
    sequencer.settle()
    assert log_of(ledger).size > 40
    assert close(ledger, "lost", head=receipt) == 0
    carried = [one.id for one in queries.entries_of(ledger.agency, NEXT, range(99))]
    assert (carried[-40:], log_of(ledger).size) == (fresh, 0)
    assert log_keys.verifier(true.name, folder_of(ledger)) == true
    assert not folder_of(ledger).key.exists()
    assert not (folder_of(ledger).public / "checkpoint").exists()
    for verb in ("rebuild", "repair", "check"):
        assert main(["ledger", verb, "--agency", ledger.slug]) == 0
    assert [one.id for one in queries.entries_of(ledger.agency, NEXT, range(99))] == carried
    capsys.readouterr()


def test_a_key_that_is_gone_and_that_nobody_has_ends_its_log_too(ledger, capsys):
    size = log_of(ledger).size
    entry = queries.entries_of(ledger.agency, NAME, range(3, 4))[0].id
    folder_of(ledger).key.unlink()
    assert close(ledger, "lost") == 0
    assert "not here any more" not in capsys.readouterr().out
    assert (log_of(ledger).size, log_of(ledger, NEXT).size) == (size, 1)
    receipt = queries.prove(entry, agency=ledger.agency)
    assert congvu_verify.verify(receipt, closing=log_of(ledger).closing).facts.closing == "within"
    with pytest.raises(log_keys.KeyMissingError):
        queries.prove_by_cose(entry, agency=ledger.agency)


def test_a_log_that_is_closed_after_its_year_goes_on_in_it_before_the_next_begins(ledger, monkeypatch):
    january = datetime(int(NAME) + 1, 1, 1, 3, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: january)
    assert close(ledger) == 0
    mend_and_settle(ledger)
    logs = Log.objects.filter(agency=ledger.agency).order_by("name")
    assert [(one.name, one.size) for one in logs] == [(NAME, 31), (NEXT, 1), (str(january.year), 2)]


def test_a_head_that_is_none_of_ours_is_refused(ledger, tmp_path, capsys):
    file, thief = tmp_path / "head", Thief(ledger)
    thief.append(1)
    forged = checkpoints.sign(
        checkpoints.parse(notes.parse(thief.head()).text), notes.generate(thief.signer.name)
    )
    for note, sentence in [
        (thief.head().encode(), "of more entries than the log here has"),
        (b"\xff\xfe", "neither a checkpoint nor a receipt"),
        (b"", "neither a checkpoint nor a receipt"),
        (b'{"key": 1}', "neither a checkpoint nor a receipt"),
        (forged.encode(), "neither a checkpoint nor a receipt"),
    ]:
        file.write_bytes(note)
        assert close(ledger, head=file) == 1
        assert sentence in capsys.readouterr().err
    thief.append(0, instead_of=2)
    thief.append(1)
    thief.append(0, instead_of=1)
    thief.append(1, instead_of=1)
    file.write_bytes(thief.head().encode())
    assert close(ledger, head=file) == 1
    assert "of another history than the log here" in capsys.readouterr().err
    assert (Log.objects.count(), Outbox.objects.count()) == (1, 0)


def test_entries_behind_the_head_that_cannot_be_read_stop_the_closing(ledger, tmp_path, capsys):
    file = tmp_path / "head"
    file.write_text(log_of(ledger).checkpoint)
    mend_and_settle(ledger)
    for path in folder_of(ledger).entries.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-1])
    assert close(ledger, head=file) == 1
    assert (
        "Files of the log are missing or older than what was signed. Nothing was changed."
        in capsys.readouterr().err
    )
    assert (Log.objects.count(), Outbox.objects.count(), log_of(ledger).closing) == (1, 0, "")


def test_a_disk_that_fails_after_the_closing_undoes_nothing(ledger, monkeypatch, capsys):
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "write", _fail)
        assert close(ledger) == 0
    said = capsys.readouterr()
    assert "Nothing was changed" not in said.err
    assert f"{log_of(ledger).origin}: closed" in said.out
    assert close(ledger, log=NEXT) == 1  # no head of it was signed yet
    assert "no witness shows a head of this log" in capsys.readouterr().err
    sequencer.settle()
    assert log_of(ledger, NEXT).signed_size == 1


def _fail(*_) -> None:
    raise OSError(28, "No space left on device")


def test_nothing_is_closed_twice(ledger, capsys):
    assert close(ledger) == 0
    assert close(ledger) == 1
    assert "closed already" in capsys.readouterr().err
    for number in range(2, 9):
        assert close(ledger, log=f"{NAME}-{number}") == 0
    assert close(ledger, log=f"{NAME}-9") == 1
    assert "a year has at most nine logs" in capsys.readouterr().err


def test_who_does_not_type_the_name_changes_nothing(ledger, monkeypatch, capsys):
    for typed in ("", "yes\n"):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        assert close(ledger, yes=False) == 1
        assert "nothing was changed" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{NAME}\n"))
    assert close(ledger, yes=False) == 0


def test_beside_a_running_clerk_nothing_is_closed(ledger, capsys):
    with sequencer.Sequencer():
        assert close(ledger) == 1
    assert "a clerk is running" in capsys.readouterr().err


def test_the_closing_is_public_and_the_pages_say_so(ledger, client):
    assert close(ledger) == 0
    answer = client.get(f"/log/{ledger.slug}/{NAME}/closing")
    assert b"".join(answer.streaming_content).decode() == log_of(ledger).closing
    assert client.get(f"/log/{ledger.slug}/{NEXT}/closing").status_code == 404
    page = client.get("/logs/", headers={"Accept-Language": "en"}).content.decode()
    assert "This log was closed because its key was stolen." in page
    assert f"/log/{ledger.slug}/{NEXT}/checkpoint" in page


def test_the_program_is_told_of_a_closing_by_a_file(ledger, tmp_path, capsys):
    thief = Thief(ledger)
    thief.append(2)
    assert close(ledger) == 0
    receipt, closing = tmp_path / "receipt", folder_of(ledger).public / "closing"
    receipt.write_bytes(thief.receipt(len(thief.leaves) - 1))
    asked = [str(receipt), "--lang", "en"]
    assert congvu_verify.main(asked) == 0
    assert congvu_verify.main([*asked, "--closing", str(closing)]) == 1
    assert "The key of this log was stolen" in capsys.readouterr().out
    assert congvu_verify.main([*asked, "--closing", str(receipt)]) == 2
    assert "The closing is malformed" in capsys.readouterr().out

"""A witness cosigns a closed log no more, whoever signs for it, and goes on with the log in its place."""

import argparse

import pytest

from congvu.base import clock
from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.ledger.neighbors import actions, following, queries
from congvu.ledger.neighbors.models import Neighbor
from congvu.ledger.witnessing import cli
from congvu.standards import checkpoints, closings, merkle, notes, witnessing
from congvu.standards.checkpoints import Checkpoint
from congvu.standards.closings import Closing
from tests.ledger.conftest import found

OLD = notes.SignerKey(name="lamson.example/log/ubnd/2026", seed=bytes(range(32)))
NEXT = notes.SignerKey(name="lamson.example/log/ubnd/2026-2", seed=bytes(32))
HASHES = [merkle.leaf_hash(b"%d" % number) for number in range(9)]


def question(size: int, old: int = 0, *, signer: notes.SignerKey = OLD) -> witnessing.Question:
    head = Checkpoint(signer.name, size, merkle.root(HASHES[:size]))
    path = merkle.consistency_proof(old, size, merkle.in_memory(HASHES[:size]))
    return witnessing.Question(old=old, proof=tuple(path), note=checkpoints.sign(head, signer))


def closing(size: int = 5, root: bytes | None = None, *, closed: notes.VerifierKey = OLD.verifier) -> str:
    root = merkle.root(HASHES[:size]) if root is None else root
    return closings.sign(
        Closing(reason="stolen", closed=closed, next=NEXT.verifier, size=size, root=root), NEXT
    )


@pytest.fixture
def witness(transactional_db, data_folder):
    """This installation witnesses the log, and has cosigned five entries."""
    own = found()
    actions.open_witness(name="archive.example", now=clock.now())
    actions.add_neighbor(OLD.verifier.text, url="https://lamson.example/log/ubnd/2026", now=clock.now())
    actions.cosign(question(5), now=clock.now())
    return own


def close(tmp_path, note: str | bytes) -> int:
    file = tmp_path / "closing"
    file.write_bytes(note if isinstance(note, bytes) else note.encode())
    return cli.run_close(argparse.Namespace(file=file))


def test_the_thiefs_head_is_refused_and_the_next_log_is_cosigned(witness, tmp_path, capsys):
    actions.cosign(question(6, 5), now=clock.now())  # the thief, before anybody knew
    assert close(tmp_path, closing()) == 0
    said = capsys.readouterr().out
    assert f"{OLD.name}: cosigned no more; it ends at 5 entries (stolen)" in said
    assert NEXT.verifier.fingerprint in said
    for one in (question(7, 6), question(6, 6)):
        with pytest.raises(witnessing.RefusalError) as refusal:
            actions.cosign(one, now=clock.now())
        assert (refusal.value.status, refusal.value.said) == (403, "this log was closed by its agency\n")
    assert actions.cosign(question(3, signer=NEXT), now=clock.now())
    assert [(one.origin, one.url) for one in queries.neighbors()] == [
        (OLD.name, "https://lamson.example/log/ubnd/2026"),
        (NEXT.name, "https://lamson.example/log/ubnd/2026-2"),
    ]
    sequencer.settle()
    kinds = [one.kind for one in ledger.entries_from(witness.agency, 0, 0, 99)]
    assert kinds[-2:] == ["ledger.neighbor.closed", "ledger.neighbor.added"]
    assert cli.run_list(argparse.Namespace()) == 0
    assert "CLOSED" in capsys.readouterr().out.splitlines()[0]


def test_the_stolen_key_vouches_for_no_next_year(witness, tmp_path):
    assert close(tmp_path, closing()) == 0
    Neighbor.objects.filter(origin=NEXT.name).update(url="")
    later = clock.now().replace(year=2027, month=2, day=1)
    assert following.follow(later) == []  # nothing was even asked: no address but the closed log's is known


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        (b"\xff", "this is not a closing"),
        (b"", "this is not a closing"),
        (closing()[:-9], "this is not a closing"),
        (closing(root=bytes(32)), "another head than the one of that size that we have cosigned"),
        (closing(closed=notes.generate(OLD.name).verifier), "another key than we witness its log"),
    ],
)
def test_what_is_no_closing_of_ours_changes_nothing(witness, tmp_path, capsys, note, sentence):
    assert close(tmp_path, note) == 1
    assert sentence in capsys.readouterr().err
    assert actions.cosign(question(6, 5), now=clock.now())


def test_a_next_log_that_is_known_under_another_key_is_not_taken_for_it(witness, tmp_path, capsys):
    actions.add_neighbor(notes.generate(NEXT.name).verifier.text, url="", now=clock.now())
    assert close(tmp_path, closing()) == 1
    assert "or the next, under" in capsys.readouterr().err
    assert actions.cosign(question(6, 5), now=clock.now())


def test_a_log_is_closed_once_and_must_be_known(witness, tmp_path, capsys):
    assert close(tmp_path, closing()) == 0
    assert close(tmp_path, closing()) == 1
    assert "closed already" in capsys.readouterr().err
    actions.remove_neighbor(OLD.name, now=clock.now())
    assert close(tmp_path, closing()) == 1
    assert "no log of this origin is witnessed here" in capsys.readouterr().err
    assert cli.run_close(argparse.Namespace(file=tmp_path / "nowhere")) == 1
    assert "No such file" in capsys.readouterr().err

"""congvu witness: every verb, and what it says when it refuses."""

import argparse

import pytest

from congvu.base import clock
from congvu.ledger.gossip import actions as gossip
from congvu.ledger.neighbors import witness_keys
from congvu.ledger.witnesses import policy as policies
from congvu.ledger.witnessing import cli
from congvu.standards import checkpoints, conflicts, cosignatures, notes
from congvu.standards.checkpoints import Checkpoint
from tests.ledger.conftest import found

LOG = notes.SignerKey(name="lamson.example/log/ubnd/2026", seed=bytes(range(32)))


@pytest.fixture
def run(transactional_db, data_folder, capsys):
    """`run("witness words")` -> (status, what it printed, what it complained)."""

    def said(*words: str) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser()
        cli.register(parser.add_subparsers())
        arguments = parser.parse_args(["witness", *words])
        status = arguments.run(arguments)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return said


def test_a_witness_is_made_once_and_again_only_when_asked(run):
    status, out, _ = run("make", "--name", "luutru.example/witness")
    assert (status, out.splitlines()) == (0, [key.text for key in witness_keys.verifiers()])
    assert run("key")[1] == out
    assert run("make")[0::2] == (
        1,
        "congvu: this installation has keys of a witness; --replace makes new ones in their place\n",
    )
    assert run("make", "--replace")[1] != out
    assert run("make", "--replace", "--name", "a b")[0] == 1


def test_where_nothing_is_yet_it_is_said_and_what_to_do(run):
    assert run("key") == (1, "", "congvu: this installation is no witness yet: congvu witness make\n")
    assert run("list") == (0, "", "congvu: no log is witnessed here: congvu witness add\n")
    assert run("conflicts") == (0, "", "congvu: nothing is proven against any log\n")
    assert run("compare") == (0, "", "congvu: the policy names no witness to compare with\n")
    assert run("status")[2].startswith("congvu: no policy names a witness")
    assert run("make", "--name", "a b") == (
        1,
        "",
        "congvu: the name of a witness holds neither spaces nor +\n",
    )


def test_a_file_that_is_no_key_is_named_so(run, tmp_path):
    file = tmp_path / "key"
    file.write_bytes(b"\x7fELF\xd0")
    assert run("add", str(file))[0::2] == (
        1,
        "congvu: this is not a log's verifier key: <origin>+<id>+<base64>\n",
    )


def test_a_neighbor_is_added_listed_and_removed(run, tmp_path):
    file = tmp_path / "key"
    file.write_text(f"{LOG.verifier.text}\n")
    assert run("add", str(file), "--url", "https://lamson.example/log/ubnd/2026")[0] == 0
    assert run("list")[1] == f"{LOG.name}  0 entries  never asked\n"
    assert run("add", LOG.verifier.text)[2] == "congvu: this log is witnessed already; remove it first\n"
    assert run("remove", LOG.name)[0] == 0
    assert run("remove", LOG.name)[2] == "congvu: no log of this origin is witnessed here\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nonsense",), "this is not a log's verifier key"),
        ((LOG.text,), "this is not a log's verifier key"),
        ((LOG.verifier.text, "--url", "lamson.example"), "begins with https://"),
        ((LOG.verifier.text, "--url", "file:///etc/passwd"), "begins with https://"),
    ],
)
def test_what_is_no_key_and_no_address_is_refused(run, words, said):
    status, _, err = run("add", *words)
    assert (status, said in err) == (1, True)
    assert run("list")[1] == ""


def test_a_policy_is_put_in_force_and_shown(run, tmp_path):
    found()
    key = cosignatures.generate("archive.example", cosignatures.ED25519).key
    file = tmp_path / "policy"
    file.write_text(f"# ours\nwitness archive {key.text} https://archive.example/witness/\nquorum archive\n")
    assert run("policy", str(file))[0] == 0
    assert run("policy")[1] == policies.current().format()
    assert "quorum archive" in run("policy")[1]
    status, out, _ = run("status")
    assert (status, out) == (0, "")  # no log yet, so nothing that could be late


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("quorum nobody\n", "line 1: the quorum is not named before"),
        ("", "no line says the quorum"),
        ("witness w {key} ftp://w.example/\nquorum w\n", "the quorum cannot be met"),
        ("witness w {key}\nquorum w\n", "the quorum cannot be met"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(run, tmp_path, text, said):
    key = cosignatures.generate("archive.example", cosignatures.ED25519).key
    file = tmp_path / "policy"
    file.write_text(text.replace("{key}", key.text))
    status, _, err = run("policy", str(file))
    assert (status, said in err) == (1, True)
    assert policies.current() == policies.NOBODY
    assert "No such file" in run("policy", str(tmp_path / "gone"))[2]


def test_proofs_are_listed_and_written(run, tmp_path):
    heads = [Checkpoint(LOG.name, 9, bytes([number]) * 32) for number in range(2)]
    one, other = (checkpoints.sign(head, LOG) for head in heads)
    proof = conflicts.build(conflicts.Evidence(b"", ()), key=LOG.verifier, one=one, other=other)
    assert gossip.keep_conflict(proof, told_by="archive", now=clock.now())
    listed = run("conflicts")[1].split()
    assert listed[1:3] == [LOG.name, "same_size"]
    assert run("conflicts", listed[0], "--output", str(tmp_path / "proof"))[0] == 0
    assert (tmp_path / "proof").read_bytes() == proof
    assert run("conflicts", "nothing")[2] == "congvu: there is no proof nothing\n"

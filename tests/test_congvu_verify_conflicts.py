"""A proof that a log misbehaved convinces whoever runs the one file, in four languages; nothing else does."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import congvu_verify
from congvu.standards import checkpoints, conflicts, cosignatures, merkle
from tests.standards.test_conflicts import LOG, ONE, TWO, WITNESSES, proof

LATTICE = cosignatures.CosignerSecret("lattice.example", cosignatures.ML_DSA_44, bytes(32))


def proven(data: bytes) -> tuple[str, ...]:
    return congvu_verify.convict(data).reasons


@settings(max_examples=40)
@given(st.integers(18, 300), st.integers(18, 300))
def test_every_proof_that_we_make_is_believed(one, other):
    tree = ONE if one >= other else TWO
    said = congvu_verify.convict(proof(ONE.head(one), TWO.head(other), tree), key=LOG.verifier.text)
    assert (said.reasons, said.compared) == ((), True)


@settings(max_examples=60)
@given(st.data())
def test_every_changed_bit_is_noticed(data):
    whole = proof(ONE.head(50), TWO.head(90), TWO, by=(WITNESSES[:1], WITNESSES[:2]))
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    changed = bytearray(whole)
    changed[bit // 8] ^= 1 << bit % 8
    assert proven(bytes(changed)) != ()


@settings(max_examples=60)
@given(st.integers(0, 300), st.integers(0, 300), st.data())
def test_the_one_file_and_the_product_judge_alike(one, other, data):
    """Whatever prefix and path somebody makes up for two genuine heads, of one history or of two."""
    heads = [ONE.head(one), data.draw(st.sampled_from([ONE, TWO])).head(other)]
    first, second = sorted(heads, key=lambda head: (head.size, head.root))
    hashes = data.draw(st.sampled_from([ONE, TWO])).hashes
    path = merkle.consistency_proof(first.size, second.size, merkle.in_memory(hashes[: second.size]))
    prefix = data.draw(st.sampled_from([b"", merkle.root(hashes[: first.size]), bytes(32)]))
    told = [checkpoints.sign(head, LOG) for head in (first, second)]
    made = conflicts.build(
        conflicts.Evidence(prefix, tuple(path)), key=LOG.verifier, one=told[0], other=told[1]
    )
    try:
        conflicts.verify(made)
    except conflicts.NoConflictError:
        assert proven(made) != ()
    else:
        assert proven(made) == ()


def test_witnesses_that_cosigned_both_are_named_of_both_types():
    one, other = ONE.head(50), TWO.head(50)
    signers = [WITNESSES[0], LATTICE]
    told = [
        checkpoints.sign(head, LOG) + "".join(w.cosign(head.format(), at=9) for w in signers)
        for head in (one, other)
    ]
    known = [witness.key for witness in signers]
    made = conflicts.build(
        conflicts.Evidence(b"", ()), key=LOG.verifier, one=told[0], other=told[1], witnesses=known
    )
    said = congvu_verify.convict(made)
    assert (said.reasons, set(said.both)) == ((), {"w0.example", "lattice.example"})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ((b"conflict/1", b"conflict/2"), None),
        ((b'"path":[]', b'"path":7'), "not_conflict"),
        ((b'"witnesses":[]', b'"witnesses":["x"]'), "policy"),
        ((b'"prefix":""', b'"prefix":"AAAA"'), "no_conflict"),
        ((b'","witnesses"', b'", "witnesses"'), "not_canonical"),
    ],
)
def test_what_is_not_such_a_proof_says_why(change, reason):
    data = proof(ONE.head(50), TWO.head(50), ONE).replace(*change)
    assert congvu_verify.is_conflict(data) is (reason is not None)
    if reason:
        assert proven(data) == (reason,)


def test_the_key_is_compared_when_it_is_given():
    data = proof(ONE.head(50), TWO.head(50), ONE)
    assert congvu_verify.convict(data, key=LOG.verifier.text).reasons == ()
    assert congvu_verify.convict(data, key="x").reasons == ("given_key",)
    stranger = congvu_verify.convict(data, key=type(LOG)(name=LOG.name, seed=bytes(32)).verifier.text)
    assert stranger.reasons == ("other_key",)


@pytest.mark.parametrize("language", congvu_verify.LANGUAGES)
def test_the_answer_stands_in_four_languages(tmp_path, language):
    file = tmp_path / "x.congvu-conflict.json"
    file.write_bytes(proof(ONE.head(50), TWO.head(90), TWO, by=(WITNESSES[:1], WITNESSES[:1])))
    command = [sys.executable, congvu_verify.__file__, str(file), "--lang", language]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    told = " ".join(done.stdout.split())
    for code in ("conflict.proven", "conflict.other_prefix", "conflict.who", "conflict.advice"):
        assert congvu_verify.SENTENCES[code][congvu_verify.LANGUAGES.index(language)] in told
    assert re.search(r"\b50\b.*\b90\b.*w0\.example", told)


def test_a_proof_that_holds_nothing_says_so(tmp_path):
    file = tmp_path / "x.json"
    file.write_bytes(proof(ONE.head(50), TWO.head(50), ONE).replace(b'"prefix":""', b'"prefix":"AAAA"'))
    done = subprocess.run(
        [sys.executable, congvu_verify.__file__, str(file), "--lang", "en"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "does not prove that the log misbehaved" in done.stdout


def test_the_reference_names_every_reason():
    page = Path(__file__).parent.parent / "docs/reference/receipts.md"
    table = page.read_text().split("## Reasons of a refusal")[1]
    named = {
        word
        for line in table.split("\n")
        if line.startswith("| `")
        for word in line.split("|")[1].split("`")[1::2]
    }
    because = {
        code.removeprefix("because.") for code in congvu_verify.SENTENCES if code.startswith("because.")
    }
    assert named == because

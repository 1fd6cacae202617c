"""Signed notes, checkpoints and tlog-proofs of C2SP."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.standards import checkpoints, notes, proofs
from congvu.standards.checkpoints import Checkpoint

PETER = notes.parse_verifier_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
PETERS = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
SIGNER = notes.SignerKey(name="mail.example.vn/log/so-noi-vu/2026", seed=bytes(range(32)))
HEAD = Checkpoint(origin=SIGNER.name, size=20_852_163, root=bytes(range(32)))


def test_the_note_of_the_go_documentation_is_verified() -> None:
    assert notes.verify(PETERS, known=[PETER]).text == PETERS.split("\n\n", maxsplit=1)[0] + "\n"


def test_keys_are_read_back_in_their_one_form() -> None:
    assert notes.parse_verifier_key(SIGNER.verifier.text) == SIGNER.verifier
    assert notes.parse_signer_key(SIGNER.text) == SIGNER
    assert SIGNER.text not in repr(SIGNER)
    assert repr(SIGNER.seed) not in repr(SIGNER)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a+b",
        PETER.text.upper(),
        PETER.text + "\n",
        PETER.text.replace("c74f20a3", "c74f20a4"),
        PETER.text.replace("Peter", "Peter "),
        PETER.text.replace("ARpc", "AhpC"),
        PETER.text[:-1] + "=",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "name+00000000+AQ==",
        SIGNER.text,
    ],
)
def test_another_form_of_a_key_is_refused(text: str) -> None:
    with pytest.raises(notes.MalformedKeyError):
        notes.parse_verifier_key(text)
    with pytest.raises(notes.MalformedKeyError):
        notes.parse_signer_key(text.removeprefix(notes.PRIVATE))


@pytest.mark.parametrize("name", ["", "two words", "plus+plus", "line\nbreak", "no\u00a0break", "bell\x07"])
def test_a_name_that_could_not_be_read_back_is_refused(name: str) -> None:
    with pytest.raises(notes.MalformedKeyError):
        notes.generate(name)


LETTERS = st.characters(exclude_categories=["Cs", "Cc"])


@given(st.text(LETTERS | st.just("\n")))
def test_any_text_without_control_characters_is_signed_and_verified(text: str) -> None:
    note = notes.sign(f"{text}\n", SIGNER)
    assert notes.verify(note, known=[SIGNER.verifier]).text == f"{text}\n"


@pytest.mark.parametrize(
    "text", ["no end", "tab\t\n", "return\r\n", "null\x00\n", "\ud800\n", "x" * 1_000_000 + "\n"]
)
def test_a_text_that_is_no_note_is_not_signed(text: str) -> None:
    with pytest.raises(notes.MalformedNoteError):
        notes.sign(text, SIGNER)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\nnot a signature\n",
        PETERS[:-1],
        PETERS + "\n",
        PETERS.replace("— ", "- "),
        PETERS.replace("— ", "—  "),
        PETERS.replace("—", "–"),
        PETERS.replace("AM=\n", "AM\n"),
        PETERS.replace("AM=\n", "AN=\n"),
        PETERS.replace("— PeterNeumann x", "— Peter+Neumann x"),
        PETERS.replace("— PeterNeumann x", "—  x"),
        "text\n\n— name AAAAAA==\n",
        "text\n\n" + PETERS.split("\n\n")[1] * 101,
        "x" * 1_000_001,
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(notes.MalformedNoteError):
        notes.verify(note, known=[PETER])


def test_a_note_of_unknown_keys_only_is_unverified() -> None:
    with pytest.raises(notes.UnverifiedNoteError):
        notes.verify(PETERS, known=[SIGNER.verifier])


def test_unknown_signatures_beside_a_known_one_are_ignored() -> None:
    note = notes.sign("text\n", notes.generate("witness.example"), SIGNER, notes.generate(SIGNER.name))
    assert len(notes.verify(note, known=[SIGNER.verifier]).signatures) == 3


def test_a_known_key_with_a_wrong_signature_spoils_the_note() -> None:
    note = notes.sign("text\n", SIGNER, notes.generate("witness.example")).replace("text", "test")
    with pytest.raises(notes.InvalidSignatureError):
        notes.verify(note, known=[SIGNER.verifier])


def test_a_public_key_that_is_no_point_accepts_nothing() -> None:
    assert not notes.VerifierKey(name="name", public=b"\xff" * 32).accepts(bytes(64), "text\n")


def test_a_checkpoint_is_signed_and_read_back() -> None:
    assert checkpoints.verify(checkpoints.sign(HEAD, SIGNER), key=SIGNER.verifier) == HEAD
    extended = Checkpoint(origin=SIGNER.name, size=0, root=bytes(32), extensions=("one", "two"))
    assert checkpoints.parse(extended.format()) == extended


def test_a_checkpoint_of_another_log_is_refused_although_signed() -> None:
    other = Checkpoint(origin="mail.example.vn/log/so-khac/2026", size=1, root=bytes(32))
    with pytest.raises(checkpoints.MalformedCheckpointError):
        checkpoints.verify(checkpoints.sign(other, SIGNER), key=SIGNER.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "origin\n1\n",
        HEAD.format()[:-1],
        HEAD.format() + "\n",
        HEAD.format().replace("20852163", "020852163"),
        HEAD.format().replace("20852163", "-1"),
        HEAD.format().replace("20852163", "٢"),
        HEAD.format().replace("20852163", "1 "),
        HEAD.format().replace("=", ""),
        "origin\n1\nAAAA\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(checkpoints.MalformedCheckpointError):
        checkpoints.parse(text)


def test_a_checkpoint_with_a_line_break_in_a_line_is_not_written() -> None:
    with pytest.raises(checkpoints.MalformedCheckpointError):
        Checkpoint(origin="one\ntwo", size=1, root=bytes(32)).format()


HASH = st.binary(min_size=32, max_size=32)
PROOFS = st.builds(
    proofs.Proof,
    index=st.integers(0, 2**60),
    path=st.lists(HASH, max_size=63).map(tuple),
    checkpoint=st.just(checkpoints.sign(HEAD, SIGNER)),
    extra=st.none() | st.binary(),
)


@given(PROOFS)
def test_a_proof_is_read_back(proof: proofs.Proof) -> None:
    assert proofs.parse(proof.format()) == proof


PROOF = proofs.Proof(index=7, path=(bytes(32),), checkpoint="checkpoint\n").format()


@pytest.mark.parametrize(
    "text",
    [
        "",
        PROOF.replace("@v1", "@v2"),
        PROOF.replace("index 7", "index 07"),
        PROOF.replace("index 7\n", ""),
        PROOF.replace("index 7", "extra !\nindex 7"),
        PROOF.replace("index 7", "extra "),
        PROOF.replace("AAA=", "AAB="),
        PROOF.replace("AAA=", "AA"),
        PROOF.replace("\n\n", "\n"),
        "c2sp.org/tlog-proof@v1\n\n",
        proofs.Proof(index=7, path=(bytes(32),) * 64, checkpoint="").format(),
    ],
)
def test_what_is_no_proof_is_refused(text: str) -> None:
    with pytest.raises(proofs.MalformedProofError):
        proofs.parse(text)

"""The question of a log to a witness: the specification's own example, every refusal in its order, hostile bodies."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.standards import checkpoints, cosignatures, merkle, notes, witnessing
from congvu.standards.witnessing import NOTHING, Head, Question, RefusalError

LOG = notes.SignerKey(name="mail.example.vn/log/so-noi-vu/2026", seed=bytes(range(32)))
OTHER = notes.SignerKey(name="mail.example.vn/log/so-noi-vu/2026", seed=bytes(32))
WITNESS = cosignatures.CosignerSecret("archive.example/witness", cosignatures.ED25519, bytes(range(32)))
LEAVES = [merkle.leaf_hash(b"%d" % number) for number in range(40)]
FORKED = [*LEAVES[:17], *(merkle.leaf_hash(b"other %d" % number) for number in range(23))]
# c2sp.org/tlog-witness, the example of a request
EXAMPLE = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""


def head(size: int, leaves: list[bytes] = LEAVES) -> Head:
    return Head(size, merkle.root(leaves[:size]))


def ask(old: int, new: int, *, leaves: list[bytes] = LEAVES, signer=LOG) -> Question:
    proof = merkle.consistency_proof(old, new, merkle.in_memory(leaves[:new])) if old <= new else []
    signed = checkpoints.sign(checkpoints.Checkpoint(LOG.name, *head(new, leaves)), signer)
    return Question(old=old, proof=tuple(proof), note=signed)


def answer(question: Question, seen: Head = NOTHING, keys=(LOG.verifier,)) -> tuple[int, str, str]:
    try:
        judged = witnessing.judge(question, keys=keys, seen=seen)
    except RefusalError as error:
        return int(error.status), error.kind, error.said
    return 200, "", str(judged.size)


def test_the_specifications_example_is_read_and_spelled_alike():
    question = witnessing.parse(EXAMPLE.encode())
    assert (question.old, len(question.proof), witnessing.origin(question)) == (
        20852014,
        4,
        "example.com/behind-the-sofa",
    )
    assert question.format() == EXAMPLE.encode()


@given(st.integers(0, 40), st.integers(0, 40))
def test_every_growth_of_one_history_is_cosigned(old, new):
    old, new = sorted((old, new))
    assert answer(ask(old, new), head(old)) == (200, "", str(new))


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_another_size_than_the_remembered_one_is_answered_with_that_size(seen, old, new):
    old, new = sorted((old, new))
    expected = (200, "", str(new)) if seen == old else (409, "text/x.tlog.size", f"{seen}\n")
    assert answer(ask(old, new), head(seen)) == expected


@given(st.integers(18, 40), st.integers(18, 40))
def test_another_history_is_never_cosigned(old, new):
    old, new = sorted((old, new))
    status = answer(ask(old, new, leaves=FORKED), head(old))[0]
    assert status == (409 if old == new else 422)


@pytest.mark.parametrize(
    ("question", "seen", "status"),
    [
        (ask(5, 9, signer=OTHER), head(5), 403),
        (Question(old=10, proof=(), note=ask(5, 9).note), head(10), 400),
        (Question(old=5, proof=(), note=ask(5, 9).note), head(5), 422),
        (Question(old=0, proof=(bytes(32),), note=ask(0, 9).note), NOTHING, 422),
        (Question(old=9, proof=(bytes(32),), note=ask(0, 9).note), head(9), 422),
        (Question(old=5, proof=(*ask(5, 9).proof, bytes(32)), note=ask(5, 9).note), head(5), 422),
        (Question(old=5, proof=ask(5, 9).proof[::-1], note=ask(5, 9).note), head(5), 422),
    ],
)
def test_every_refusal_has_its_status(question, seen, status):
    assert answer(question, seen)[0] == status


def test_a_log_that_is_not_known_is_not_found_before_its_signature_is_looked_at():
    assert answer(ask(5, 9, signer=OTHER), head(5), keys=())[0] == 404
    assert answer(ask(5, 9), head(5), keys=[notes.generate("another.example/log").verifier])[0] == 404


def test_a_known_key_that_did_not_sign_this_is_forbidden_although_another_known_key_did():
    note = ask(5, 9).note + ask(5, 9, signer=OTHER).note.rpartition("\n\n")[2].replace("A", "B", 1)
    assert answer(Question(5, ask(5, 9).proof, note), head(5), keys=[LOG.verifier, OTHER.verifier])[0] in {
        400,
        403,
    }


@given(st.integers(0, len(ask(5, 33).format()) * 8 - 1))
def test_no_changed_bit_of_a_question_is_cosigned_as_another_head(bit):
    """A changed question is refused, or it says the same (a bit in a line that nobody knows)."""
    data = bytearray(ask(5, 33).format())
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises(RefusalError) as refused:
        witnessing.judge(witnessing.parse(bytes(data)), keys=[LOG.verifier], seen=head(5))
    assert refused.value.status in {400, 403, 404, 409, 422}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 5",
        b"old 05\n\nx",
        b"old -1\n\nx",
        b"old 5 \n\nx",
        b"OLD 5\n\nx",
        b"\xff\xfe\n\n",
        b"old 5\n" + b"AAAA\n" * 3 + b"\nx",
        b"old 5\n" + b"A" * 43 + b"=\n" * 64 + b"\nx",
        b"old 5\r\n\r\n" + ask(5, 9).note.encode(),
        b"old 99999999999999999999\n\n" + ask(5, 9).note.encode(),
        b"old " + "٥".encode() + b"\n\n" + ask(5, 9).note.encode(),
        b"old 5\n\n" + b"\n" * 100_000,
        b"old 5\n\n" + ask(5, 9).note.encode()[:-1],
        b"old 5\n\nx\n1\nAAAA\n\n\xe2\x80\x94 x AAAA\n",
    ],
)
def test_hostile_bodies_are_bad_requests(body):
    with pytest.raises(RefusalError) as refused:
        witnessing.judge(witnessing.parse(body), keys=[LOG.verifier], seen=head(5))
    assert refused.value.status == 400


@given(st.binary(max_size=400))
def test_no_body_is_too_strange(body):
    with pytest.raises(RefusalError):
        witnessing.judge(witnessing.parse(body), keys=[LOG.verifier], seen=head(5))


def read(status: int, body: bytes, kind: str = "text/plain") -> list[cosignatures.Cosignature]:
    return witnessing.read(status, {"Content-Type": kind}, body, note=ask(0, 9).note, keys=[WITNESS.key])


def test_an_answer_gives_the_cosignatures_of_agreed_keys_alone():
    text = checkpoints.Checkpoint(LOG.name, *head(9)).format()
    stranger = cosignatures.generate("stranger", cosignatures.ED25519)
    body = stranger.cosign(text, at=7) + WITNESS.cosign(text, at=8)
    assert [(one.key, one.at) for one in read(200, body.encode())] == [(WITNESS.key, 8)]


def test_a_witness_that_knows_another_size_says_which():
    for body, kind in [(b"0\n", "text/x.tlog.size"), (b"12\n", "Text/X.tlog.size; charset=utf-8")]:
        with pytest.raises(witnessing.StaleError, match=f"^{int(body)}$"):
            read(409, body, kind)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (409, b"012\n", "text/x.tlog.size"),
        (409, b"12", "text/x.tlog.size"),
        (409, b"", "text/x.tlog.size"),
        (200, b"", "text/plain"),
        (200, b"\xff", "text/plain"),
        (
            200,
            cosignatures.generate("s", 4).cosign(ask(0, 9).note.split("\n\n")[0] + "\n", at=1).encode(),
            "",
        ),
        (200, WITNESS.cosign(checkpoints.Checkpoint(LOG.name, *head(8)).format(), at=1).encode(), ""),
        (999, b"", ""),
    ],
)
def test_an_answer_that_is_none_is_told_apart(status, body, kind):
    with pytest.raises(witnessing.MalformedAnswerError):
        read(status, body, kind)


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 429, 500, 503])
def test_a_refusal_keeps_its_status(status):
    with pytest.raises(RefusalError) as refused:
        read(status, b"12\n")
    assert refused.value.status == status


def test_refusals_say_why_in_words():
    assert re.fullmatch(r"[a-z].*\n", answer(ask(5, 9, signer=OTHER), head(5))[2])

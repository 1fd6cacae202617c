"""Cosignatures as the specification says them, for both types of key; every changed octet is noticed."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa
from hypothesis import given
from hypothesis import strategies as st

from congvu.standards import checkpoints, cosignatures, notes
from congvu.standards.cosignatures import ED25519, LATEST, ML_DSA_44, CosignerKey, CosignerSecret

SORTS = [ED25519, ML_DSA_44]
VECTORS = Path(__file__).parent / "vectors"
LOG = notes.SignerKey(name="mail.example.vn/log/so-noi-vu/2026", seed=bytes(range(32)))
HEAD = checkpoints.Checkpoint(origin=LOG.name, size=20852163, root=bytes(range(32)))
SECRETS = {sort: CosignerSecret("archive.example/witness", sort, bytes([sort]) * 32) for sort in SORTS}
# Keys that other people's programs publish (transparency-dev/formats, note_cosigv1_test.go).
FOREIGN = ["remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"]
# The example of c2sp.org/tlog-cosignature: the line of witness.example.com/w1, whose key is not given.
EXAMPLE = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZ"
    "qhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)


def said(line: str, text: str, key: CosignerKey) -> int:
    return cosignatures.cosigned(f"{text}\n{line}", known=[key])[0].at


@pytest.mark.parametrize("text", FOREIGN)
def test_keys_of_others_are_read_and_spelled_alike(text):
    assert cosignatures.parse_key(text).text == text


def test_the_timestamp_of_the_specifications_example_is_read():
    value = notes.parse(EXAMPLE).signatures[0].value
    assert (len(value), int.from_bytes(value[:8], "big")) == (72, 1679315147)


@pytest.mark.parametrize("sort", SORTS)
def test_what_is_signed_is_what_the_specification_says(sort):
    """The message is written out here by hand, and the bare signature checked by the library alone."""
    secret, text, at = SECRETS[sort], HEAD.format(), 1679315147
    line = secret.cosign(text, at=at)
    value = notes.parse(f"{text}\n{line}").signatures[0].value
    if sort == ED25519:
        message = b"cosignature/v1\ntime 1679315147\n" + text.encode()
        public = ed25519.Ed25519PublicKey.from_public_bytes(secret.key.public)
    else:
        origin = LOG.name.encode()
        message = b"".join(
            [
                *(b"subtree/v1\n\0", bytes([23]), b"archive.example/witness", at.to_bytes(8, "big")),
                *(bytes([len(origin)]), origin, bytes(8), (20852163).to_bytes(8, "big"), bytes(range(32))),
            ]
        )
        public = mldsa.MLDSA44PublicKey.from_public_bytes(secret.key.public)
    assert value[:8] == at.to_bytes(8, "big")
    public.verify(value[8:], message)


@pytest.mark.parametrize("sort", SORTS)
@given(at=st.integers(1, LATEST), size=st.integers(0, 10**18), root=st.binary(min_size=32, max_size=32))
def test_a_cosignature_is_read_back_by_its_key(sort, at, size, root):
    text = checkpoints.Checkpoint(origin=LOG.name, size=size, root=root).format()
    assert said(SECRETS[sort].cosign(text, at=at), text, SECRETS[sort].key) == at


@pytest.mark.parametrize("sort", SORTS)
@given(data=st.data())
def test_every_changed_bit_is_noticed(sort, data):
    secret, text = SECRETS[sort], HEAD.format()
    line = secret.cosign(text, at=1_800_000_000)
    parsed = notes.parse(f"{text}\n{line}").signatures[0]
    bit = data.draw(st.integers(0, len(parsed.value) * 8 - 1))
    value = bytearray(parsed.value)
    value[bit // 8] ^= 1 << bit % 8
    with pytest.raises(notes.InvalidSignatureError):
        secret.key.said_at(bytes(value), text)
    place = data.draw(st.integers(0, len(text) - 2))
    changed = text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]
    with pytest.raises(notes.InvalidSignatureError):
        secret.key.said_at(parsed.value, changed)


@given(st.sampled_from(SORTS), st.data())
def test_a_key_has_one_spelling(sort, data):
    text = SECRETS[sort].key.text
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda one: one != text[place]))
    changed = text[:place] + other + text[place + 1 :]
    with pytest.raises(notes.MalformedKeyError):
        cosignatures.parse_key(changed)


@pytest.mark.parametrize("sort", SORTS)
def test_a_secret_is_read_back_and_does_not_show_itself(sort):
    secret = cosignatures.generate("w", sort)
    assert cosignatures.parse_secret(secret.text) == secret
    assert repr(secret.seed) not in repr(secret)
    with pytest.raises(notes.MalformedKeyError):
        cosignatures.parse_secret(secret.key.text)
    with pytest.raises(notes.MalformedKeyError):
        cosignatures.parse_secret(secret.text.replace(secret.key.id.hex(), "00000000"))


def test_keys_of_a_log_and_of_a_witness_are_never_taken_for_each_other():
    with pytest.raises(notes.MalformedKeyError):
        cosignatures.parse_key(LOG.verifier.text)
    with pytest.raises(notes.MalformedKeyError):
        notes.parse_verifier_key(SECRETS[ED25519].key.text)


def test_ed25519_covers_further_lines_and_ml_dsa_refuses_them():
    text = HEAD.format() + "more\n"
    line = SECRETS[ED25519].cosign(text, at=1)
    assert said(line, text, SECRETS[ED25519].key) == 1
    with pytest.raises(notes.InvalidSignatureError):
        said(line, text.replace("more", "less"), SECRETS[ED25519].key)
    with pytest.raises(cosignatures.UnsignableError):
        SECRETS[ML_DSA_44].cosign(text, at=1)
    bare = SECRETS[ML_DSA_44].cosign(HEAD.format(), at=1)
    with pytest.raises(notes.InvalidSignatureError):
        said(bare, text, SECRETS[ML_DSA_44].key)


@pytest.mark.parametrize("at", [0, -1, LATEST + 1])
@pytest.mark.parametrize("sort", SORTS)
def test_a_cosignature_always_says_when(sort, at):
    with pytest.raises(cosignatures.UnsignableError):
        SECRETS[sort].cosign(HEAD.format(), at=at)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\tb", "a\nb", "x" * 256, "ế" * 86, "a\u00a0b", "a\0b"])
def test_a_name_that_cannot_stand_in_a_note_is_refused(name):
    with pytest.raises(notes.MalformedKeyError):
        CosignerKey(name, ED25519, bytes(32))


def test_only_known_witnesses_are_heard_and_each_once():
    text = HEAD.format()
    lines = [SECRETS[sort].cosign(text, at=5 + sort) for sort in SORTS]
    stranger = cosignatures.generate("stranger", ED25519).cosign(text, at=3)
    note = checkpoints.sign(HEAD, LOG) + stranger + lines[0] + lines[0] + lines[1]
    found = cosignatures.cosigned(note, known=[SECRETS[sort].key for sort in SORTS])
    assert [(one.key.sort, one.at, one.line) for one in found] == [
        (ED25519, 9, lines[0]),
        (ML_DSA_44, 11, lines[1]),
    ]
    assert checkpoints.verify(note, key=LOG.verifier) == HEAD


def test_a_known_witness_that_does_not_fit_makes_the_whole_unbelievable():
    key = SECRETS[ED25519].key
    line = SECRETS[ED25519].cosign(HEAD.format().replace("20852163", "20852164"), at=5)
    with pytest.raises(notes.InvalidSignatureError):
        cosignatures.cosigned(checkpoints.sign(HEAD, LOG) + line, known=[key])


def test_the_ml_dsa_signature_of_another_program_is_believed_and_changed_it_is_not():
    """From litewitness (filippo.io/torchwood v0.10.0): a log that signs as type 0x06 and says no time."""
    key = cosignatures.parse_key((VECTORS / "litewitness-mldsa.key").read_text().strip())
    note = (VECTORS / "litewitness-mldsa.note").read_text()
    assert [(one.key, one.at) for one in cosignatures.cosigned(note, known=[key])] == [(key, 0)]
    for changed in (note.replace("\n1\n", "\n2\n", 1), note.replace("mldsa-log\n", "mldsa-lob\n", 1)):
        with pytest.raises(notes.InvalidSignatureError):
            cosignatures.cosigned(changed, known=[key])

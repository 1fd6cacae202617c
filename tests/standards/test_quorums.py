"""Policies of trust: the specification's example, 3 of 5 with one that is independent, and every malformed line."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.standards import cosignatures, notes, quorums
from congvu.standards.cosignatures import ED25519, ML_DSA_44, CosignerSecret
from congvu.standards.quorums import MalformedPolicyError

LOG = notes.SignerKey(name="log.example/2026", seed=bytes(32)).verifier.text
NAMES = ["X1", "X2", "X3", "Y1", "Y2", "Y3"]
KEYS = {name: CosignerSecret(f"{name}.example", ED25519, name.encode() * 16).key for name in NAMES}
EXAMPLE = f"""log {LOG}

witness X1 {KEYS["X1"].text}
witness X2 {KEYS["X2"].text}
witness X3 {KEYS["X3"].text}
group X-witnesses 2 X1 X2 X3

witness Y1 {KEYS["Y1"].text}
witness Y2 {KEYS["Y2"].text}
witness Y3 {KEYS["Y3"].text}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""
W1 = f"witness w1 {KEYS['X1'].text}\n"
W2 = f"witness w2 {KEYS['X2'].text}\n"


def test_the_specifications_example_asks_two_of_x_and_one_of_y():
    policy = quorums.parse(EXAMPLE)
    for size in range(7):
        for names in itertools.combinations(NAMES, size):
            enough = sum(name[0] == "X" for name in names) >= 2 and any(name[0] == "Y" for name in names)
            assert policy.is_met([KEYS[name] for name in names]) is enough


def test_three_of_five_with_one_of_inspectorate_archive_and_press():
    """Five of whom three are independent: three of five always hold one of these, and the form cannot say it twice."""
    five = ["inspectorate", "archive", "press", "ward", "district"]
    keys = {name: CosignerSecret(name, ED25519, name.encode().ljust(32)).key for name in five}
    text = "".join(f"witness {name} {keys[name].text}\n" for name in five)
    policy = quorums.parse(f"{text}group five 3 {' '.join(five)}\nquorum five\n")
    for size in range(6):
        for names in itertools.combinations(five, size):
            assert policy.is_met([keys[name] for name in names]) is (size >= 3)
            assert size < 3 or set(names) & {"inspectorate", "archive", "press"}


def test_a_quorum_of_none_is_met_by_nobody_and_a_single_witness_by_itself():
    assert quorums.parse("quorum none\n").is_met([])
    assert quorums.parse(W1 + "quorum w1\n").is_met([KEYS["X1"]])
    assert not quorums.parse(W1 + "quorum w1\n").is_met([KEYS["X2"]])


def test_comments_blanks_tabs_and_other_encodings_are_borne():
    text = f"\n# a comment\n\t # another\n\twitness \t ward\u1ebft  {KEYS['X1'].text}   https://w.example/  \n\n  quorum\tward\u1ebft"
    policy = quorums.parse(text)
    assert [(one.name, one.url) for one in policy.witnesses] == [("wardết", "https://w.example/")]
    octets = text.encode("utf-8").replace("ế".encode(), b"\x80\xff")
    assert quorums.parse_octets(octets).is_met([KEYS["X1"]])


def test_words_other_than_none_are_names():
    text = W1.replace("w1", "all") + W2.replace("w2", "any") + "group group 2 all any\nquorum group\n"
    assert quorums.parse(text).is_met([KEYS["X1"], KEYS["X2"]])


def test_a_witness_with_a_post_quantum_key_stands_beside():
    key = CosignerSecret("w", ML_DSA_44, bytes(32)).key
    assert quorums.parse(f"witness pq {key.text}\nquorum pq\n").cosigners() == [key]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("quorum none\n\x01", 2),
        ("quorum none\r\n", 1),
        ("quibble w1\nquorum none\n", 1),
        (W1.replace("\n", " https://w.example/ # comment\n") + "quorum w1\n", 1),
        ("log\nquorum none\n", 1),
        ("log garbage\nquorum none\n", 1),
        (f"log {KEYS['X1'].text}\nquorum none\n", 1),
        (f"log {LOG}\nlog {LOG} https://log.example/\nquorum none\n", 2),
        ("witness w1\nquorum w1\n", 1),
        (f"witness w1 {LOG}\nquorum w1\n", 1),
        (W1.replace("w1", "none") + "quorum none\n", 1),
        (W1 + W2.replace("w2", "w1") + "quorum w1\n", 2),
        (W1 + "group w1 any w1\nquorum w1\n", 2),
        (W1 + "group g1 1\nquorum w1\n", 2),
        (W1 + "group none any w1\nquorum none\n", 2),
        (W1 + "group g1 0 w1\nquorum g1\n", 2),
        (W1 + "group g1 -1 w1\nquorum g1\n", 2),
        (W1 + "group g1 01 w1\nquorum g1\n", 2),
        (W1 + "group g1 2 w1\nquorum g1\n", 2),
        (W1 + "group g1 any w2\nquorum g1\n", 2),
        ("group g1 any w1\n" + W1 + "quorum g1\n", 1),
        (W1 + "group g1 any none w1\nquorum g1\n", 2),
        (W1 + "group g1 all w1 w1\nquorum g1\n", 2),
        (W1 + W2 + "group g1 any w1 w2\ngroup g2 any w1\nquorum g1\n", 4),
        (W1, 0),
        (W1 + "quorum w1\nquorum w1\n", 3),
        ("quorum unknown\n", 1),
        ("quorum w1\n" + W1, 1),
        ("quorum\n", 1),
        (W1 + W1.replace("w1 X1.example", "w2 X1.example") + "quorum w1\n", 2),
        (
            W1
            + f"witness w2 {cosignatures.CosignerKey('other', ED25519, KEYS['X1'].public).text}\nquorum w1\n",
            2,
        ),
        ("#" + "x" * 300_000 + "\nquorum none\n", 0),
    ],
)
def test_a_malformed_policy_is_refused_with_its_line(text, line):
    with pytest.raises(MalformedPolicyError) as refused:
        quorums.parse(text)
    assert refused.value.line == line


def test_at_most_a_hundred_of_a_sort():
    lines = [
        f"witness w{number} {CosignerSecret('w', ED25519, number.to_bytes(32, 'big')).key.text}\n"
        for number in range(101)
    ]
    assert len(quorums.parse("".join(lines[:100]) + "quorum none\n").witnesses) == 100
    with pytest.raises(MalformedPolicyError):
        quorums.parse("".join(lines) + "quorum none\n")


@given(st.lists(st.sampled_from(NAMES), unique=True, min_size=1), st.data())
def test_a_policy_is_spelled_and_read_back(names, data):
    lines = [f"witness {name} {KEYS[name].text} https://{name}.example/" for name in names]
    cut = data.draw(st.integers(0, len(names)))
    parts = [part for part in (names[:cut], names[cut:]) if part]
    for number, part in enumerate(parts):
        lines.append(f"group g{number} {data.draw(st.integers(1, len(part)))} {' '.join(part)}")
    policy = quorums.parse("\n".join([*lines, "quorum g0"]))
    assert quorums.parse(policy.format()) == policy


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text):
    with pytest.raises(MalformedPolicyError):
        quorums.parse(text)

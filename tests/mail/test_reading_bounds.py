"""Letters that would take minutes to read are read in a moment, and what is left out of them is said."""

import base64
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from congvu.mail import mime
from congvu.mail.addresses import lenient
from congvu.mail.charsets import composed
from congvu.mail.door import inspection
from congvu.mail.headers import Allowance
from congvu.mail.html import plain
from congvu.mail.messages import read, reading
from tests.bounds import soon_done
from tests.mail.bent_letters import bent, made

MIXED = b"Content-Type: multipart/mixed; boundary=b\n\n"
MANY_NESTED = b"".join(
    b"Content-Type: multipart/mixed; boundary=%s\n\n--%s\n" % (b"b" * n, b"b" * n) for n in range(1, 30)
)
HOSTILE = {
    "marks over one letter": (b"Content-Type: text/plain; charset=utf-8\n\na" + "\u0301\u0323".encode() * 500_000, "long_text"),
    "marks by reference": (b"Content-Type: text/html\n\na" + b"&#769;&#803;" * 30_000, ""),
    "parts full of fields": (MIXED + (b"--b\n" + b"X: y\n" * 1_000 + b"\nx\n") * 1_000 + b"--b--", "too_many_parts"),
    "parts full of parameters": (MIXED + (b"--b\nContent-Type: a/b" + b"; n=v" * 500 + b"\n\nx\n") * 1_000 + b"--b--", "too_many_parts"),
    "enclosed subjects": (MIXED + (b"--b\nContent-Type: message/rfc822\n\nSubject: " + b"=?utf-8?q?a?= " * 1_000 + b"\n\nx\n") * 900, "too_many_parts"),
    "lookalikes in depth": (MANY_NESTED + b"--bx\n" * 2_000_000, "too_many_parts"),
    "lists of people": ((b"To: " + b"=?utf-8?b?4buH?= <a@b.ex>," * 2_300 + b"\r\n") * 16 + b"\r\n", "too_many_addresses"),
    "signatures in pieces": (MIXED + (b"--b\nContent-Type: application/pkcs7-mime\n\n" + b"0\x80" * 4 + b"\x04\x01a" * 10_000 + b"\n") * 300, "large_signed"),
    "a folded megabyte": (b"Subject: a\n" + b" \n" * 500_000 + b"\nx", "long_header"),
    "references without end": (b"Content-Type: text/html\n\n" + b"&notanentityabcdefghijklmnopqrstuvwxyz" * 400_000, "long_text"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_letter_is_read_in_a_moment_and_what_is_cut_is_said(name):
    raw, defect = HOSTILE[name]
    with soon_done():
        tree = mime.take_apart(raw)
        inspection.secrecy_mark(tree)
        found = reading(tree)
    assert found.is_cut == bool(defect)
    assert {defect} - set(found.defects) <= {""}


def test_a_letter_that_is_whole_says_so():
    assert [read(raw).is_cut for raw in made()] == [False] * len(made())


def test_a_reference_of_five_thousand_digits_does_not_raise():
    assert read(b"Content-Type: text/html\n\na&#" + b"1" * 5_000 + b";b").text.startswith("a&#1111111")


def test_words_that_a_page_names_are_read():
    assert (
        plain("a&nbspb &amp; c&lt;d &#7897; &#x1ED9; &nothing; &NotEqualTilde;") == "a b & c<d ộ ộ ¬hing; ≂̸"
    )


def test_a_text_is_closed_up_whatever_its_blanks():
    assert plain("<p> a\u00a0 b\r\n\t\n\u2028 c<br><br>d\x85</p>\n") == "a b\nc\nd"


def test_a_charset_is_guessed_from_where_its_letters_are():
    text = "<!-- " + "x" * 30_000 + " --><p>" + "Приказ об отпуске "
    assert "Приказ об отпуске" in read(b"Content-Type: text/html\n\n" + text.encode("cp1251")).text


def test_a_label_is_believed_though_a_letter_is_broken():
    letters = "我知道你需要更多機會".encode("big5")
    found = read(b"Content-Type: text/plain; charset=big5\n\n" + letters + b"\xa4 " + letters)
    assert (found.text[:10], "charset" in found.defects) == ("我知道你需要更多機會", True)


def test_no_letter_carries_more_than_thirty_marks():
    assert composed("a" + "\u0323" * 100 + "b") == "ạ" + "\u0323" * 29 + "b"
    assert composed("a" + "\u0f73" * 100).count("\u0f71") == 30


def test_an_address_without_end_is_looked_at_once():
    with soon_done():
        assert [box.address for box in lenient(",".join(["a" * 2_000, "a@" * 1_000, "x@y.example"]))][
            -1
        ] == "x@y.example"


def test_letters_that_share_an_allowance_leave_the_rest_undone():
    allowance = Allowance(5)
    mime.take_apart(made()[2], allowance=allowance)
    tree = mime.take_apart(made()[2], allowance=allowance)
    assert ("too_many_parts" in tree.defects, tree.leaves) == (True, [])


def test_the_size_of_a_large_file_is_told_without_decoding_it():
    for length in (1_000_000, 1_000_001, 3_000_002):
        for line_end in (b"\n", b"\r\n"):
            raw = b"Content-Type: a/b\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(
                bytes(length)
            ).replace(b"\n", line_end)
            assert read(raw).attachments[0].size == length


@settings(max_examples=300)
@given(st.integers(0, 2**40))
def test_bent_letters_are_read_and_always_alike(number):
    raw = bent(made(), random.Random(number))  # noqa: S311 -- a dice that can be thrown again
    first = read(raw)
    first.text.encode()
    assert read(raw) == first
    inspection.secrecy_mark(mime.take_apart(raw))

"""SD-JWT disclosures, and the bundle of a receipt that carries them."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.standards import disclosures, receipts

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def test_the_digest_of_the_standard() -> None:
    text = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    assert disclosures.digest(text) == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"
    assert disclosures.parse(text) == ("_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius")


@given(TEXT, TEXT)
def test_a_disclosure_is_read_back(name: str, value: str) -> None:
    made = disclosures.make(name, value)
    said = disclosures.parse(made.text)
    assert (said.name, said.value) == (name, value)
    assert len(disclosures.decode_base64url(said.salt)) == 16
    assert disclosures.digest(made.text) == made.digest
    assert json.loads(base64.urlsafe_b64decode(made.text + "==")) == list(said)


def test_no_two_disclosures_of_one_fact_are_alike() -> None:
    assert len({disclosures.make("actor", "An").digest for _ in range(1000)}) == 1000


def encoded(text: str) -> str:
    return disclosures.base64url(text.encode())


SALT = "A" * 22


@pytest.mark.parametrize(
    "text",
    [
        "",
        "W10=",
        "W10 ",
        "W1",
        "ạ",
        "++//",
        encoded("[" * 50_000),
        encoded("{}"),
        encoded(f'["{SALT}","name"]'),
        encoded(f'["{SALT}","name","value",1]'),
        encoded(f'["{SALT}","name",1]'),
        encoded('["short","name","value"]'),
    ],
)
def test_what_is_no_disclosure_is_refused(text: str) -> None:
    with pytest.raises(disclosures.MalformedDisclosureError):
        disclosures.parse(text)


@given(st.binary())
def test_base64url_is_read_back(data: bytes) -> None:
    text = disclosures.base64url(data)
    assert text == base64.urlsafe_b64encode(data).decode().rstrip("=")
    assert disclosures.decode_base64url(text) == data


def test_a_bundle_is_written_in_its_one_form() -> None:
    bundle = receipts.build(key="key", leaf=b"{}", disclosures=["b", "a"], proof="proof\n")
    assert bundle == (
        b'{"congvu":"receipt/1","disclosures":["a","b"],"entry":"e30=","key":"key","proof":"proof\\n"}\n'
    )


def test_a_bundle_ends_at_64_kilobytes() -> None:
    rest = len(receipts.build(key="", leaf=b"", disclosures=[], proof=""))
    assert len(receipts.build(key="", leaf=b"", disclosures=[], proof="x" * (65_536 - rest))) == 65_536
    with pytest.raises(receipts.ReceiptTooLargeError):
        receipts.build(key="", leaf=b"", disclosures=[], proof="x" * (65_537 - rest))

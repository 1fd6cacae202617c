"""Our CBOR is the deterministic one, as another implementation writes and reads it."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.standards import cbor

NUMBERS = st.integers(min_value=-(2**64), max_value=2**64 - 1)
VALUES = st.recursive(
    st.none() | NUMBERS | st.binary() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(NUMBERS | st.text("aạк"), inner),
)


def sorted_bytewise(value: object) -> object:
    """Give maps the order of RFC 8949, section 4.2.1, where the other implementation keeps that of insertion."""
    if isinstance(value, dict):
        pairs = sorted(value.items(), key=lambda pair: cbor2.dumps(pair[0]))
        return {name: sorted_bytewise(item) for name, item in pairs}
    return [sorted_bytewise(item) for item in value] if isinstance(value, list) else value


@given(VALUES)
def test_another_implementation_writes_and_reads_the_same(value: object) -> None:
    assert cbor.encode(value) == cbor2.dumps(sorted_bytewise(value))
    assert cbor2.loads(cbor.encode(value)) == value


@pytest.mark.parametrize(
    ("value", "octets"),
    [
        (0, "00"),
        (23, "17"),
        (24, "1818"),
        (256, "190100"),
        (65536, "1a00010000"),
        (2**32, "1b0000000100000000"),
        (-1, "20"),
        (-500, "3901f3"),
        (b"\x01\x02", "420102"),
        ("ü", "62c3bc"),
        ([1, [2, 3]], "8201820203"),
        ({10: 1, -1: 2, "a": 3, 100: 4}, "a40a01186404200261 6103".replace(" ", "")),
        (cbor.Tagged(18, []), "d280"),
        (None, "f6"),
    ],
)
def test_values_are_written_as_the_standard_says(value: object, octets: str) -> None:
    """RFC 8949, appendix A and section 4.2.1."""
    assert cbor.encode(value).hex() == octets


@pytest.mark.parametrize("value", [True, 1.5, 2**64, -(2**64) - 1, {1}, object(), [False]])
def test_what_receipts_do_not_hold_is_refused(value: object) -> None:
    with pytest.raises(cbor.UnencodableError):
        cbor.encode(value)

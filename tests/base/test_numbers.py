"""Numbers out of addresses and forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.base.numbers import small_number


@given(st.integers(0, 999_999_999))
def test_a_small_number_is_read_as_it_was_written(number):
    assert small_number(str(number)) == number


@given(st.text(max_size=12))
def test_any_text_is_read_or_nothing_and_never_an_error(text):
    found = small_number(text)
    assert (found is not None) == (0 < len(text) < 10 and set(text) <= set("0123456789"))


@pytest.mark.parametrize("text", [None, "", "-1", "+1", " 1", "1_0", "²", "٣", "1" * 10, "9" * 5_000])
def test_what_is_no_small_number_is_none(text):
    assert small_number(text) is None

"""RFC 8785: one value, one spelling."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.standards import jcs

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner))


def naive(value: object) -> str:
    """Spell a value after the letter of RFC 8785, section 3.2, for comparison."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{naive(name)}:{naive(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(naive, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


@given(VALUES)
def test_values_are_spelled_as_the_standard_says_and_read_back(value: object) -> None:
    assert jcs.encode(value) == naive(value).encode()
    assert jcs.decode(jcs.encode(value)) == value


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        ({"peach": 1, "péché": 2, "pêche": 3, "sin": 4}, '{"peach":1,"péché":2,"pêche":3,"sin":4}'),
        (
            {
                "1": {"f": {"f": "hi", "F": 5}, "\n": 56.0},
                "10": {},
                "": "empty",
                "a": {},
                "111": [{}],
                "A": {},
            },
            '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{}],"A":{},"a":{}}',
        ),
        ("\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/", '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
        ("\b\t\n\f\r\u0000\u001f\u007f\u2028", '"\\b\\t\\n\\f\\r\\u0000\\u001f\u007f\u2028"'),
        (-0.0, "0"),
        (2**53 - 1, "9007199254740991"),
        ([True, False, None, -1], "[true,false,null,-1]"),
    ],
)
def test_the_vectors_of_the_standard(value: object, spelled: str) -> None:
    assert jcs.encode(value) == spelled.encode()


def test_names_are_ordered_by_utf_16_code_units() -> None:
    value = {"\u20ac": 1, "1": 2, "\u0080": 3, "\U0001f602": 4, "\u00f6": 5, "\ufb33": 6, "</script>": 7}
    assert list(json.loads(jcs.encode(value))) == [
        "1",
        "</script>",
        "\u0080",
        "\u00f6",
        "\u20ac",
        "\U0001f602",
        "\ufb33",
    ]


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        float("inf"),
        2**53,
        -(2**53),
        "\ud800",
        {"\udfff": 1},
        {1: 1},
        {None: 1},
        (1,),
        b"",
        {1, 2},
    ],
)
def test_what_readers_would_understand_differently_is_refused(value: object) -> None:
    with pytest.raises(jcs.UnencodableError):
        jcs.encode(value)


def test_a_bottomless_value_is_refused() -> None:
    value: list[object] = []
    value.append(value)
    with pytest.raises(jcs.UnencodableError):
        jcs.encode(value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b'"\\u0061"',
        b'"\\/"',
        b'"\\ud800"',
        b"1.0",
        b"1.5",
        b"-0",
        b"1e3",
        b"NaN",
        b"9007199254740992",
        b"9" * 5000,
        b"1\n",
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_another_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(jcs.NotCanonicalError):
        jcs.decode(data)

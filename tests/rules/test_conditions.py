"""Match tables: the compiled predicate against a plain reading."""

from hypothesis import given
from hypothesis import strategies as st

from congvu.rules.book import Condition, Match
from congvu.rules.conditions import compile_condition

NAMES = ("direction", "box", "depth", "automatic")
VALUES = st.sampled_from(["in", "out", "personal", True, False]) | st.integers(-2, 3)
NUMBERS = st.integers(-2, 3)
TESTS = st.one_of(
    st.builds(
        lambda name, operator, values: Match(attribute=name, operator=operator, values=tuple(values)),
        st.sampled_from(NAMES),
        st.sampled_from(["in", "not"]),
        st.lists(VALUES, max_size=3),
    ),
    st.builds(
        lambda name, value: Match(attribute=name, operator="is", values=(value,)),
        st.sampled_from(NAMES),
        VALUES,
    ),
    st.builds(
        lambda name, operator, value: Match(attribute=name, operator=operator, values=(value,)),
        st.sampled_from(NAMES),
        st.sampled_from(["at_least", "at_most"]),
        NUMBERS,
    ),
)
ATTRIBUTES = st.dictionaries(st.sampled_from(NAMES), VALUES)


def is_number(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def same(one, other) -> bool:
    return type(one) is type(other) and one == other


def naive(condition, attributes) -> bool:
    for test in condition.tests:
        value = attributes.get(test.attribute)
        among = any(same(value, one) for one in test.values)
        if test.operator in {"is", "in"} and not among:
            return False
        if test.operator == "not" and among:
            return False
        if test.operator == "at_least" and not (is_number(value) and value >= test.values[0]):
            return False
        if test.operator == "at_most" and not (is_number(value) and value <= test.values[0]):
            return False
    return True


@given(st.lists(TESTS, max_size=4), ATTRIBUTES)
def test_the_compiled_condition_agrees_with_the_plain_reading(tests, attributes):
    condition = Condition(kind="mail.message.delivered", tests=tuple(tests))
    assert compile_condition(condition)(attributes) == naive(condition, attributes)

"""Match tables: the compiled predicate against a plain reading."""

from hypothesis import given, settings
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


@settings(max_examples=1000)
@given(st.lists(TESTS, max_size=4), ATTRIBUTES)
def test_the_compiled_condition_agrees_with_the_plain_reading(tests, attributes):
    condition = Condition(kind="mail.message.delivered", tests=tuple(tests))
    assert compile_condition(condition)(attributes) == naive(condition, attributes)


def test_a_truth_value_is_no_number_and_a_text_has_no_order():
    for operator, bound, met in (
        ("at_least", 1, [1, 2]),
        ("at_least", 2, [2]),
        ("at_most", 0, [-1, 0]),
        ("at_most", -1, [-1]),
    ):
        test = Match(attribute="depth", operator=operator, values=(bound,))
        holds = compile_condition(Condition(kind="mail.message.delivered", tests=(test,)))
        assert [value for value in (True, False, "in", "", -1, 0, 1, 2) if holds({"depth": value})] == met
        assert holds({}) is False

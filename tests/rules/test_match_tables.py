"""The algebra of match tables agrees with looking at every event there is."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from congvu.rules import vocabulary
from congvu.rules.book import Condition, Match
from congvu.rules.conditions import compile_condition
from congvu.rules.match_tables import allowed, contains, is_possible, overlap

RATED, PARAMETER = "staff.rating.given", "rules.parameter.decided"
NUMBERS, TEXTS = range(-2, 6), ("a", "b", "c", "d")


def universe(kind: str) -> list[dict]:
    """Return every event of a kind; numbers and texts as far as the tests below name them, and one beyond."""
    ranges = {
        name: words if isinstance(words, tuple) else {bool: (True, False), int: NUMBERS, str: TEXTS}[words]
        for name, words in vocabulary.KINDS[kind].attributes.items()
        if name in {"level", "manager", "value", "book"}
    }
    return [dict(zip(ranges, values, strict=True)) for values in product(*ranges.values())]


EVENTS = {kind: universe(kind) for kind in (RATED, PARAMETER)}


def matches(name: str, values: list) -> st.SearchStrategy[Match]:
    listed = st.builds(
        lambda operator, chosen: Match(attribute=name, operator=operator, values=tuple(chosen)),
        st.sampled_from(["in", "not"]),
        st.lists(st.sampled_from(values), unique=True, max_size=4),
    )
    if not isinstance(values[0], int) or isinstance(values[0], bool):
        return listed
    bound = st.builds(
        lambda operator, value: Match(attribute=name, operator=operator, values=(value,)),
        st.sampled_from(["at_least", "at_most"]),
        st.sampled_from(values),
    )
    return listed | bound


def tables(kind: str, **values: list) -> st.SearchStrategy[Condition]:
    chosen = st.fixed_dictionaries(
        {}, optional={name: matches(name, found) for name, found in values.items()}
    )
    return chosen.map(lambda tests: Condition(kind=kind, tests=tuple(tests.values())))


LEVELS = list(vocabulary.KINDS[RATED].attributes["level"])
pairs = st.one_of(
    *(
        st.tuples(one, one)
        for one in (
            tables(RATED, level=LEVELS, manager=[True, False]),
            tables(PARAMETER, value=[0, 1, 2, 3], book=["a", "b", "c"]),
        )
    )
)


@settings(max_examples=600)
@given(pairs)
def test_the_algebra_agrees_with_every_event(pair: tuple[Condition, Condition]) -> None:
    one, other = pair
    holds = [compile_condition(condition) for condition in pair]
    met = [{number for number, event in enumerate(EVENTS[one.kind]) if hold(event)} for hold in holds]
    assert is_possible(one) == bool(met[0])
    assert overlap(one, other) == bool(met[0] & met[1])
    assert contains(one, other) == (met[1] <= met[0])


def test_events_of_two_kinds_have_nothing_in_common() -> None:
    one, other = Condition(kind=RATED), Condition(kind=PARAMETER)
    assert not overlap(one, other)
    assert not contains(one, other)


def test_what_a_test_names_one_by_one() -> None:
    refused = Match(attribute="level", operator="not", values=("good",))
    assert allowed(Condition(kind=RATED, tests=(refused,)), "level") == (
        "excellent",
        "completed",
        "not_completed",
    )
    unnamed = Match(attribute="value", operator="not", values=(1,))
    assert allowed(Condition(kind=PARAMETER, tests=(unnamed,)), "value") is None
    assert allowed(Condition(kind=PARAMETER), "value") is None

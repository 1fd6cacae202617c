"""The algebra of match tables, decided exactly: can one hold, can two hold together, does one contain the other.

Events carry every attribute of their kind, so an attribute is one of its words, true or false, a number or a text.
Over numbers and texts the tests can only change at the values that they name, so those and their neighbors suffice.
"""

from collections.abc import Iterable, Iterator

from congvu.rules import vocabulary
from congvu.rules.book import Condition, Match, Value
from congvu.rules.shape import Range

OTHER = "\0any other text"


def is_possible(condition: Condition) -> bool:
    """Say whether some event can meet a condition."""
    return all(
        any(holds(test, value) for value in _points(condition, test.attribute, (test,)))
        for test in condition.tests
    )


def overlap(one: Condition, other: Condition) -> bool:
    """Say whether one event can meet both conditions."""
    if one.kind != other.kind:
        return False
    return all(
        any(all(holds(test, value) for test in tests) for value in _points(one, name, tests))
        for name, tests in _by_attribute(one, other)
    )


def contains(outer: Condition, inner: Condition) -> bool:
    """Say whether every event that meets `inner` meets `outer`."""
    if outer.kind != inner.kind:
        return False
    if not is_possible(inner):
        return True
    asked = {test.attribute: test for test in outer.tests}
    known = {test.attribute: test for test in inner.tests}
    for name, test in asked.items():
        tests = (known[name], test) if name in known else (test,)
        met = [
            value for value in _points(inner, name, tests) if name not in known or holds(known[name], value)
        ]
        if not all(holds(test, value) for value in met):
            return False
    return True


def holds(test: Match, value: Value) -> bool:
    """Say whether a value meets a test, as `conditions` compiles it."""
    if test.operator in {"at_least", "at_most"}:
        bound = test.values[0]
        if type(value) is not int or type(bound) is not int:
            return False
        return value >= bound if test.operator == "at_least" else value <= bound
    found = any(type(value) is type(one) and value == one for one in test.values)
    return not found if test.operator == "not" else found


def allowed(condition: Condition, attribute: str) -> tuple[Value, ...] | None:
    """Return the values that a test names one by one, None where it does not."""
    test = next((one for one in condition.tests if one.attribute == attribute), None)
    if test is None:
        return None
    if test.operator in {"is", "in"}:
        return test.values
    universe = _range(condition.kind, attribute)
    words = universe if isinstance(universe, tuple) else (True, False) if universe is bool else None
    return None if words is None else tuple(word for word in words if holds(test, word))


def _by_attribute(one: Condition, other: Condition) -> Iterator[tuple[str, tuple[Match, ...]]]:
    first = {test.attribute: test for test in one.tests}
    second = {test.attribute: test for test in other.tests}
    for name in sorted(first.keys() | second.keys()):
        yield name, tuple(test for test in (first.get(name), second.get(name)) if test)


def _points(condition: Condition, attribute: str, tests: Iterable[Match]) -> Iterable[Value]:
    """Return values of an attribute of which one meets the tests when any value does."""
    universe = _range(condition.kind, attribute)
    if isinstance(universe, tuple):
        return universe
    if universe is bool:
        return (True, False)
    named = [value for test in tests for value in test.values]
    if universe is int:
        return sorted({0} | {one + step for one in named if type(one) is int for step in (-1, 0, 1)})
    return [*named, OTHER]


def _range(kind: str, attribute: str) -> Range:
    shape = vocabulary.KINDS.get(kind)
    return shape.attributes.get(attribute, str) if shape else str

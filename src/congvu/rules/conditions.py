"""Match tables become predicates: small closed operators over the coarse attributes of one event."""

from collections.abc import Callable, Mapping

from congvu.rules.book import Condition, Match, Value

Predicate = Callable[[Mapping[str, Value]], bool]
OPERATORS = ("is", "in", "not", "at_least", "at_most")


def compile_condition(condition: Condition) -> Predicate:
    """Return the predicate of a condition over an event's attributes; its kind is looked up beforehand.

    An attribute that the event lacks meets no test but `not`.
    """
    checks = [_compile(test) for test in condition.tests]
    if not checks:
        return lambda _: True
    if len(checks) == 1:
        return checks[0]
    return lambda attributes: all(check(attributes) for check in checks)


def _compile(test: Match) -> Predicate:
    name, values = test.attribute, test.values
    if test.operator in {"is", "in"}:
        allowed = {(type(value), value) for value in values}
        return lambda attributes: (type(found := attributes.get(name)), found) in allowed
    if test.operator == "not":
        refused = {(type(value), value) for value in values}
        return lambda attributes: (type(found := attributes.get(name)), found) not in refused
    bound = values[0]
    if not isinstance(bound, int):
        raise TypeError(test.operator)
    if test.operator == "at_least":
        return lambda attributes: _number(attributes, name, bound - 1) >= bound
    return lambda attributes: _number(attributes, name, bound + 1) <= bound


def _number(attributes: Mapping[str, Value], name: str, missing: int) -> int:
    value = attributes.get(name, missing)
    return value if type(value) is int else missing

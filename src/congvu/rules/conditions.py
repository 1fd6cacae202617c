"""Match tables become predicates: small closed operators over the coarse attributes of one event."""

from collections.abc import Callable, Mapping

from congvu.rules.book import Condition, Match, Value

Predicate = Callable[[Mapping[str, Value]], bool]
OPERATORS = ("is", "in", "not", "at_least", "at_most")
COMPARED = {"at_least": ">=", "at_most": "<="}


def compile_condition(condition: Condition) -> Predicate:
    """Return the predicate of a condition over an event's attributes; its kind is looked up beforehand.

    An attribute that the event lacks meets no test but `not`. The table becomes one Python function, made of nothing
    but literals of its names and values; it asks in the faster way for attributes, and for those that are lacking or
    that have no order in the other.
    """
    if not condition.tests:
        return lambda _: True
    quick = " and ".join(_source(test, f"a[{_literal(test.attribute)}]") for test in condition.tests)
    careful = " and ".join(
        _source(test, f"a.get({_literal(test.attribute)})", is_typed=True) for test in condition.tests
    )
    text = (  # `if`, for Python compares faster where it jumps
        f"def holds(a):\n try:\n  if {quick}:\n   return True\n  return False\n"
        f" except (KeyError, TypeError):\n  return {careful}\n"
    )
    made: dict[str, Predicate] = {}
    exec(text, {}, made)  # noqa: S102 -- literals only, see _source
    return made["holds"]


def _source(test: Match, found: str, *, is_typed: bool = False) -> str:
    """Return a test as an expression. True is no 1 here: values are equal when their types are too.

    Types are looked at where a truth value could pass for a number, and where they are asked for.
    """
    if test.operator in COMPARED:
        bound = test.values[0]
        if not isinstance(bound, int):
            raise TypeError(test.operator)
        compared = f"{COMPARED[test.operator]} {_literal(bound)}"
        could_pass = bound <= 1 if test.operator == "at_least" else bound >= 0
        return (
            f"(type(v := {found}) is int and v {compared})"
            if is_typed or could_pass
            else f"{found} {compared}"
        )
    numbers = [_literal(value) for value in test.values if type(value) is int and value in {0, 1}]
    others = [_literal(value) for value in test.values if value not in {0, 1}]
    tests = [f"{found} is {_literal(value)}" for value in test.values if isinstance(value, bool)]
    if others:
        tests.append(f"{found} in {{{', '.join(others)}}}" if others[1:] else f"{found} == {others[0]}")
    if numbers:
        tests.append(f"(type(v := {found}) is int and v in {{{', '.join(numbers)}}})")
    is_one = f"({' or '.join(tests) or False})"
    return f"(not {is_one})" if test.operator == "not" else is_one


def _literal(value: Value) -> str:
    """Return the literal of a text, number or truth value; raises TypeError for anything else."""
    if type(value) not in {str, int, bool}:
        raise TypeError(value)
    return repr(value)

"""Match tables become predicates: small closed operators over the coarse attributes of one event."""

from collections.abc import Callable, Mapping

from congvu.rules.book import Condition, Match, Value

Predicate = Callable[[Mapping[str, Value]], bool]
OPERATORS = ("is", "in", "not", "at_least", "at_most")
COMPARED = {"at_least": ">=", "at_most": "<="}


def compile_condition(condition: Condition) -> Predicate:
    """Return the predicate of a condition over an event's attributes; its kind is looked up beforehand.

    An attribute that the event lacks meets no test but `not`. The table becomes one Python expression, made of
    nothing but literals of its names and values.
    """
    tests = " and ".join(_source(test) for test in condition.tests) or "True"
    made: Predicate = eval(f"lambda a: {tests}")  # noqa: S307 -- literals only, see _source
    return made


def _source(test: Match) -> str:
    """Return a test as an expression over `a`. True is no 1 here: values are equal when their types are too."""
    found = f"a.get({_literal(test.attribute)})"
    if test.operator in COMPARED:
        bound = test.values[0]
        if not isinstance(bound, int):
            raise TypeError(test.operator)
        return f"(type(v := {found}) is int and v {COMPARED[test.operator]} {_literal(bound)})"
    texts = [value for value in test.values if isinstance(value, str)]
    flags = [value for value in test.values if isinstance(value, bool)]
    numbers = [value for value in test.values if type(value) is int]
    tests = [f"{found} is {_literal(value)}" for value in flags]
    if texts:
        tests.append(
            f"{found} in {{{', '.join(_literal(one) for one in texts)}}}"
            if texts[1:]
            else f"{found} == {_literal(texts[0])}"
        )
    if numbers:
        tests.append(f"(type(v := {found}) is int and v in {{{', '.join(map(_literal, numbers))}}})")
    is_one = "(" + (" or ".join(tests) or "False") + ")"
    return f"(not {is_one})" if test.operator == "not" else is_one


def _literal(value: Value) -> str:
    """Return the literal of a text, number or truth value; raises TypeError for anything else."""
    if type(value) not in {str, int, bool}:
        raise TypeError(value)
    return repr(value)

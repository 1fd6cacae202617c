"""Norms that put one bearer under one duty with two deadlines, and none of which prevails."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from congvu.rules.book import Condition
from congvu.rules.checking.places import covers
from congvu.rules.checking.telling import Placed, at, place
from congvu.rules.checking.versions import meet
from congvu.rules.match_tables import allowed
from congvu.rules.precedence import is_resolved, rivals
from congvu.rules.sentences import sentence as _
from congvu.rules.source import Problem

FEW = 16  # norms that are compared each with each


def problems(norms: Iterable[Placed]) -> Iterator[Problem]:
    """Yield one conflict of each norm that conflicts with an earlier one, in order."""
    for group in _groups(norms):
        told: set[tuple[str, int]] = set()
        for cluster in _clusters(group, _attributes(group)):
            yield from _within(cluster, told)


def _within(cluster: Sequence[Placed], told: set[tuple[str, int]]) -> Iterator[Problem]:
    for place_of, one in enumerate(cluster):
        key = (one.book.file, one.norm.line)
        if key in told:
            continue
        other = next((two for two in cluster[:place_of] if conflict(two, one)), None)
        if other is not None:
            told.add(key)
            what = _(
                "it and %(other)s (%(file)s:%(line)s) put the same bearer under the same duty with different "
                "deadlines, and neither prevails.",
                other=place(other.norm),
                file=other.book.file,
                line=other.norm.line,
            )
            mend = _("Declare `exception_to` or `overrides`, or keep their conditions apart.")
            yield at(one.book, one.norm, (what, mend))


def conflict(one: Placed, other: Placed) -> bool:
    """Say whether two norms can bind together, and no rule says which of them prevails."""
    if one.norm.deadline == other.norm.deadline or not rivals(one.pair, other.pair):
        return False
    if one.book is not other.book:
        places = one.book.jurisdiction, other.book.jurisdiction
        if one.book.id == other.book.id or not meet(one.book, other.book):
            return False
        if not (covers(*places) or covers(*reversed(places))):
            return False
    return not is_resolved(one.pair, other.pair)


def _groups(norms: Iterable[Placed]) -> Iterator[list[Placed]]:
    """Yield the norms that one kind of event sets off and one kind meets; equal ones of a book but once."""
    groups: dict[Hashable, dict[Hashable, Placed]] = {}
    for one in norms:
        norm = one.norm
        if norm.when and norm.fulfil and not norm.is_opinion:
            same = groups.setdefault((norm.when.kind, norm.fulfil.kind, norm.fulfil.same), {})
            relations = (norm.exception_to, norm.overrides)
            key = (one.book.file, norm.bearer, norm.when, norm.fulfil, norm.deadline, relations)
            same.setdefault(key, one)
    yield from (list(same.values()) for same in groups.values())


def _attributes(group: Sequence[Placed]) -> list[tuple[Callable[[Placed], Condition], str]]:
    found: dict[tuple[bool, str], None] = {}
    for one in group:
        for is_trigger, condition in ((True, one.norm.when), (False, one.norm.fulfil)):
            for test in condition.tests if condition else ():
                found[is_trigger, test.attribute] = None
    return [(_trigger if is_trigger else _fulfilment, name) for is_trigger, name in found]


def _trigger(one: Placed) -> Condition:
    return one.norm.when or Condition(kind="")


def _fulfilment(one: Placed) -> Condition:
    return one.norm.fulfil or Condition(kind="")


def _clusters(
    group: Sequence[Placed], attributes: Sequence[tuple[Callable[[Placed], Condition], str]]
) -> Iterator[Sequence[Placed]]:
    """Yield sets of norms that share a value of every attribute by which they can be told apart."""
    if len(group) <= FEW or not attributes:
        yield group
        return
    (of, name), rest = attributes[0], attributes[1:]
    named = [(one, allowed(of(one), name)) for one in group]
    values = {(type(value), value): None for _, words in named if words is not None for value in words}
    if not values:
        yield from _clusters(group, rest)
        return
    by_value: dict[Hashable, list[int]] = {key: [] for key in values}
    for place_of, (_one, words) in enumerate(named):
        for value in words or ():
            by_value[type(value), value].append(place_of)
    unnamed = [place_of for place_of, (_, words) in enumerate(named) if words is None]
    for found in by_value.values():
        yield from _clusters([group[place_of] for place_of in sorted({*unnamed, *found})], rest)

"""Exceptions and overrides: they name what exists, have competence, run in no circle and leave no dead norm."""

from collections.abc import Iterable, Iterator, Mapping

from congvu.rules.book import Book
from congvu.rules.checking.places import covers
from congvu.rules.checking.telling import Fault, Placed, at
from congvu.rules.checking.versions import end, meet
from congvu.rules.match_tables import contains
from congvu.rules.precedence import reference
from congvu.rules.sentences import sentence as _
from congvu.rules.source import Problem

Shelved = Mapping[tuple[str, str], list[Placed]]


def problems(norms: Iterable[Placed], shelved: Shelved, books: Iterable[str]) -> Iterator[Problem]:
    """Yield what is wrong with the exceptions and overrides that norms declare."""
    known = set(books)
    for one in norms:
        for text in one.norm.exception_to:
            yield from (at(one.book, one.norm, fault) for fault in _exception(one, text, shelved))
        if one.norm.overrides:
            yield from (at(one.book, one.norm, fault) for fault in _override(one, shelved, known))


def _exception(one: Placed, text: str, shelved: Shelved) -> Iterator[Fault]:
    name = reference(one.book, text)
    rules = [rule for rule in shelved.get(name, ()) if rule.name == one.name or meet(rule.book, one.book)]
    if not rules:
        yield (
            _("`exception_to` names `%(norm)s`, which is no norm in force with it.", norm=text),
            _("Name a norm, or `book/norm`."),
        )
    elif name == one.name:
        yield _("it is an exception to itself."), _("Name another norm.")
    for rule in rules:
        if name != one.name and one.name in {reference(rule.book, back) for back in rule.norm.exception_to}:
            yield _("it and %(rule)s are exceptions to each other.", rule=rule), _("Keep one of the two.")
        elif name != one.name and _always_excepts(one, rule):
            yield (
                _("%(rule)s can never apply: this exception to it holds whenever it does.", rule=rule),
                _("Narrow the exception, or drop the rule."),
            )


def _override(one: Placed, shelved: Shelved, books: set[str]) -> Iterator[Fault]:
    declared = one.norm.overrides
    if declared is None:
        return
    name = (declared.book, declared.norm)
    said = f"{declared.book}/{declared.norm}"
    if not declared.competence:
        yield (
            _("it overrides %(norm)s without competence.", norm=said),
            _("Name the book and article that give the power in `competence`."),
        )
    if declared.book not in books:
        yield (
            _("it overrides a norm of `%(book)s`, which is no book.", book=declared.book),
            _("Name a book of the rulebook."),
        )
        return
    rules = [rule for rule in shelved.get(name, ()) if rule.name == one.name or meet(rule.book, one.book)]
    if not rules:
        yield (
            _("it overrides %(norm)s, which is no norm in force with it.", norm=said),
            _("Name a norm of that book."),
        )
    if name == one.name:
        yield _("it overrides itself."), _("Name another norm.")
        return
    for rule in rules:
        back = rule.norm.overrides
        if back and (back.book, back.norm) == one.name:
            yield _("it and %(rule)s override each other.", rule=rule), _("Keep one of the two.")
        elif not _same_place(one.book, rule.book):
            yield (
                _(
                    "it overrides %(norm)s of `%(place)s`, where it does not hold.",
                    norm=said,
                    place=rule.book.jurisdiction,
                ),
                _("Override what holds at its own place."),
            )
        elif declared.competence and _always(one.book, rule.book):
            yield (
                _(
                    "%(rule)s can never apply: it is overridden wherever and whenever it is in force.",
                    rule=rule,
                ),
                _("Drop the overridden norm, or narrow the override's place or days."),
            )


def _always_excepts(one: Placed, rule: Placed) -> bool:
    """Say whether an exception leaves nothing of its rule."""
    if one.norm.unless or not (one.norm.when and rule.norm.when) or one.norm.is_opinion:
        return False
    return _always(one.book, rule.book) and contains(one.norm.when, rule.norm.when)


def _always(outer: Book, inner: Book) -> bool:
    days = outer.in_force_from <= inner.in_force_from and end(inner) <= end(outer)
    return days and covers(outer.jurisdiction, inner.jurisdiction)


def _same_place(one: Book, other: Book) -> bool:
    return covers(one.jurisdiction, other.jurisdiction) or covers(other.jurisdiction, one.jurisdiction)

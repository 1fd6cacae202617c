"""Which of two norms prevails (docs/decisions/0207-which-norm-prevails.md).

Two norms rival when they put the same bearer, on one event, under the same duty with different deadlines. Then

1. the exception beats its rule,
2. what overrides another norm with competence beats it,
3. between books of one level the later issued beats the earlier,
4. between levels the higher beats the lower.

Exception and override are declared, so they also beat a norm that is no rival. What none of this resolves is an error
of the rulebook, told with both articles before anything is judged.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, TypeAlias

from congvu.rules.book import Book, Level, Norm
from congvu.rules.kept import Kept
from congvu.rules.law import Law, Rule
from congvu.rules.match_tables import overlap

Placed: TypeAlias = tuple[Book, Norm]
Verdicts: TypeAlias = dict[tuple[str, int, str, str, int, str], bool]
Reason = Literal["exception", "override", "later", "higher"]
HEIGHT: dict[Level, int] = {"nation": 3, "ministry": 2, "city": 1, "agency": 0}


def prevailing(law: Law, rules: Sequence[Rule]) -> list[Rule]:
    """Return which of the binding rules that one event sets off remain, in their order.

    What is beaten itself beats nothing: the exception to an exception lets the rule stand.
    """
    if len(rules) < 2:  # noqa: PLR2004 -- one rule has no rival
        return list(rules)
    verdicts = VERDICTS.of(law.books)
    beaten: dict[int, list[int]] = {place: [] for place in range(len(rules))}
    for place, rule in enumerate(rules):
        for other, rival in enumerate(rules):
            if place != other and _beats(verdicts, rival, rule):
                beaten[place].append(other)
    return [rule for place, rule in enumerate(rules) if _stands(beaten, place, frozenset())]


def _beats(verdicts: Verdicts, one: Rule, other: Rule) -> bool:
    key = (one.book.id, one.book.version, one.norm.id, other.book.id, other.book.version, other.norm.id)
    known = verdicts.get(key)
    if known is None:
        known = verdicts[key] = reason((one.book, one.norm), (other.book, other.norm)) is not None
    return known


def _stands(beaten: Mapping[int, Sequence[int]], place: int, seen: frozenset[int]) -> bool:
    """Say whether nothing that stands itself beats a rule; a circle, refused by the checks, ends."""
    return not any(other not in seen and _stands(beaten, other, seen | {place}) for other in beaten[place])


def reason(one: Placed, other: Placed) -> Reason | None:
    """Return why one norm beats another that binds too, None when it does not."""
    if excepts(one, other):
        return "exception"
    if excepts(other, one):
        return None
    if overrides(one, other):
        return "override"
    if overrides(other, one) or not rivals(one, other):
        return None
    heights = height(one[0]), height(other[0])
    if heights[0] == heights[1]:
        return "later" if _issued(one[0]) > _issued(other[0]) else None
    return "higher" if heights[0] > heights[1] else None


def is_resolved(one: Placed, other: Placed) -> bool:
    """Say whether one of two norms beats the other."""
    return bool(reason(one, other) or reason(other, one))


def height(book: Book) -> int:
    """Return how high a book's level is; an unknown one, refused when it was read, is the lowest."""
    return HEIGHT.get(book.level, 0)


def excepts(one: Placed, other: Placed) -> bool:
    """Say whether one norm is declared an exception to another."""
    return named(other) in (reference(one[0], text) for text in one[1].exception_to)


def overrides(one: Placed, other: Placed) -> bool:
    """Say whether one norm overrides another and declares its competence."""
    declared = one[1].overrides
    return bool(declared and declared.competence and (declared.book, declared.norm) == named(other))


def rivals(one: Placed, other: Placed) -> bool:
    """Say whether two norms put the same bearer, on one event, under the same duty with different deadlines."""
    first, second = one[1], other[1]
    if not (first.when and second.when and first.fulfil and second.fulfil):
        return False
    return (
        first.deadline != second.deadline
        and bool(set(first.bearer) & set(second.bearer))
        and first.fulfil.same == second.fulfil.same
        and overlap(first.when, second.when)
        and overlap(first.fulfil, second.fulfil)
    )


def reference(book: Book, text: str) -> tuple[str, str]:
    """Return the book and the norm that `norm`, or `book/norm`, names in a book."""
    head, _, tail = text.rpartition("/")
    return head or book.id, tail


def named(placed: Placed) -> tuple[str, str]:
    """Return the name of a norm: its book and its id."""
    return placed[0].id, placed[1].id


def _issued(book: Book) -> tuple[date, date]:
    return book.source.signed, book.in_force_from


def _no_verdict(books: Sequence[Book]) -> Verdicts:
    del books
    return {}


VERDICTS = Kept(_no_verdict)

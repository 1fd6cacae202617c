"""What binds on a day as known by a place of the log, and which of two norms prevails, by trying everything.

Written from docs/reference/rulebook.md ("What binds") and decisions 206 to 208.
"""

from itertools import product

from tests.rules.oracle_time import box, day, number

EVENTS = [{"level": level, "written": written} for level, written in product((0, 1, 2, 3, 4), (True, False))]
HEIGHT = ("agency", "city", "ministry", "nation")
DUTIES = {"obligation", "prohibition"}


def meets(condition, kind: str, attributes) -> bool:
    """Say whether an event meets a match table; the books of the traces use two operators."""
    return (
        condition is not None
        and condition.kind == kind
        and all(holds(one, attributes) for one in condition.tests)
    )


def holds(test, attributes) -> bool:
    value = attributes.get(test.attribute)
    if test.operator == "at_least":
        return value is not None and value >= test.values[0]
    assert test.operator == "is"
    return value == test.values[0]


def in_force(book, one: int) -> bool:
    return number(book.in_force_from) <= one and (book.in_force_to is None or one < number(book.in_force_to))


def bound(books, told, name: str, at: int, one: int, seen=()) -> bool:
    """Say whether these entries bind the agency to a book: it adopted it, or a book that brings it into force."""
    if any(
        entry.kind == "rules.book.adopted"
        and entry.attributes["book"] == name
        and box(entry.at) <= at
        and entry.attributes["valid_from"] <= day(one).isoformat()
        for entry in told
    ):
        return True
    return any(
        name in book.adopts
        and book.id not in seen
        and in_force(book, one)
        and bound(books, told, book.id, at, one, (*seen, name))
        for book in books
    )


def binds(books, told, book, norm, at: int, one: int, *, covered, seen=()) -> bool:
    """Say whether a norm binds: its book does, and no norm that overrides it with competence binds itself."""
    if norm.is_opinion or not in_force(book, one) or not bound(books, told, book.id, at, one):
        return False
    is_direct = any(
        entry.attributes.get("book") == book.id for entry in told if entry.kind == "rules.book.adopted"
    )
    covered["bound along the chain"] += not is_direct
    is_overridden = any(
        overrides((other, each), (book, norm))
        and (other.id, each.id) not in seen
        and binds(books, told, other, each, at, one, covered=covered, seen=(*seen, (book.id, norm.id)))
        for other in books
        for each in other.norms
    )
    covered["overridden"] += is_overridden
    return not is_overridden


def overrides(one, other) -> bool:
    declared = one[1].overrides
    return bool(declared and declared.competence) and (declared.book, declared.norm) == (
        other[0].id,
        other[1].id,
    )


def excepts(one, other) -> bool:
    named = [name if "/" in name else f"{one[0].id}/{name}" for name in one[1].exception_to]
    return f"{other[0].id}/{other[1].id}" in named


def why(one, other) -> str:
    """Return why one norm beats another, empty when it does not."""
    if excepts(one, other):
        return "exception"
    if overrides(one, other):
        return "override"
    if excepts(other, one) or overrides(other, one) or not rivals(one[1], other[1]):
        return ""
    first, second = HEIGHT.index(one[0].level), HEIGHT.index(other[0].level)
    if first != second:
        return "higher" if first > second else ""
    return "later" if issued(one[0]) > issued(other[0]) else ""


def issued(book):
    return book.source.signed, book.in_force_from


def rivals(one, other) -> bool:
    """Say whether two norms put one bearer under one duty with different deadlines, on an event that meets both."""
    return (
        one.fulfil is not None
        and other.fulfil is not None
        and one.deadline != other.deadline
        and any(name in other.bearer for name in one.bearer)
        and one.fulfil.same == other.fulfil.same
        and together(one.when, other.when)
        and together(one.fulfil, other.fulfil)
    )


def together(one, other) -> bool:
    return bool(one and other) and any(
        meets(one, other.kind, each) and meets(other, other.kind, each) for each in EVENTS
    )


def prevailing(placed, covered) -> list:
    """Return the norms that nothing beats which stands itself."""

    def stands(one, seen) -> bool:
        beaters = [(other, why(other, one)) for other in placed if other is not one and other not in seen]
        beaten = [reason for other, reason in beaters if reason and stands(other, (*seen, one))]
        covered.update(f"prevails: {reason}" for reason in beaten[:1])
        return not beaten

    return [one for one in placed if stands(one, ())]

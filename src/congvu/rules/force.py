"""What binds an agency on a day, as known then: which version of which book, and which of its norms.

A version binds on the days of its `in_force`. A book binds an agency when the agency adopted it, or adopted a book
whose version in force on that day brings it into force (`adopts`), over as many steps as it takes. An agency has no
place of its own in the directory, so adoption alone decides; that a book adopts only what holds at its own place is
checked when the rulebook is read. A norm that another one overrides with competence does not bind while the other one
does. A norm on what people think and say never binds here (docs/decisions/0206-opinion-is-never-judged.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from congvu.rules.book import Book, Norm
from congvu.rules.facts import Facts
from congvu.rules.kept import Kept
from congvu.rules.law import Law

FIRST, LAST = date.min, date.max


@dataclass(frozen=True, slots=True)
class Source:
    """An adopted `book` is one reason for another book to bind, on the days from `first` until before `end`."""

    book: str
    first: date
    end: date


@dataclass(frozen=True, slots=True)
class Chains:
    """Of every book what can bring it into force; of every norm (book, id) the norms that override it."""

    sources: Mapping[str, tuple[Source, ...]]
    overriders: Mapping[tuple[str, str], tuple[tuple[Book, Norm], ...]]


def binding(law: Law, facts: Facts, book: Book, norm: Norm, at: datetime, day: date) -> bool:
    """Say whether a norm of a version of a book binds the agency for what is recorded `at` on the legal `day`."""
    if norm.is_opinion or not book.is_in_force(day):
        return False
    chains = CHAINS.of(law.books)
    if not _adopted(chains, facts, book.id, at, day):
        return False
    if (book.id, norm.id) not in chains.overriders:
        return True
    return not _overridden(chains, facts, (book.id, norm.id), at, day, frozenset())


def bound(law: Law, facts: Facts, book: Book, at: datetime, day: date) -> bool:
    """Say whether a version of a book binds the agency, whichever of its norms."""
    return book.is_in_force(day) and _adopted(CHAINS.of(law.books), facts, book.id, at, day)


def bound_books(law: Law, facts: Facts, at: datetime, day: date) -> tuple[Book, ...]:
    """Return the versions that bind the agency on a day."""
    return tuple(book for book in law.books if bound(law, facts, book, at, day))


def reachable(law: Law, facts: Facts) -> frozenset[str]:
    """Return the ids of the books that the agency has adopted or that these may bring into force, on whatever day."""
    sources = CHAINS.of(law.books).sources
    return frozenset(
        book for book, found in sources.items() if any(one.book in facts.adopted for one in found)
    )


def version_on(books: Iterable[Book], book: str, day: date) -> Book | None:
    """Return the version of a book that judges what happens on a day."""
    return next((one for one in books if one.id == book and one.is_in_force(day)), None)


def brought_by(law: Law, facts: Facts, book: str, at: datetime, day: date) -> str:
    """Return the adopted book by which another binds (itself when adopted directly), empty when none."""
    sources = CHAINS.of(law.books).sources.get(book, (Source(book, FIRST, LAST),))
    met = (one.book for one in sources if one.first <= day < one.end and facts.binds(one.book, at, day))
    return next(met, "")


def _adopted(chains: Chains, facts: Facts, book: str, at: datetime, day: date) -> bool:
    if facts.binds(book, at, day):
        return True
    sources = chains.sources.get(book, ())
    return any(one.first <= day < one.end and facts.binds(one.book, at, day) for one in sources)


def _overridden(
    chains: Chains,
    facts: Facts,
    norm: tuple[str, str],
    at: datetime,
    day: date,
    seen: frozenset[tuple[str, str]],
) -> bool:
    """Say whether a norm in force overrides this one; a circle of overrides, refused by the checks, overrides none."""
    for book, other in chains.overriders.get(norm, ()):
        name = (book.id, other.id)
        if (
            name not in seen
            and book.is_in_force(day)
            and _adopted(chains, facts, book.id, at, day)
            and not _overridden(chains, facts, name, at, day, seen | {norm})
        ):
            return True
    return False


def _reckon(books: Sequence[Book]) -> Chains:
    adopters: dict[str, list[Book]] = {}
    overriders: dict[tuple[str, str], list[tuple[Book, Norm]]] = {}
    for book in books:
        for name in book.adopts:
            adopters.setdefault(name, []).append(book)
        for norm in book.norms:
            declared = norm.overrides
            if declared and declared.competence and not norm.is_opinion:
                overriders.setdefault((declared.book, declared.norm), []).append((book, norm))
    return Chains(
        sources={book.id: _sources(book.id, adopters) for book in books},
        overriders={name: tuple(found) for name, found in overriders.items()},
    )


def _sources(book: str, adopters: Mapping[str, Sequence[Book]]) -> tuple[Source, ...]:
    """Return every book that brings one into force, with the days; each source once, so that circles end."""
    found = [Source(book, FIRST, LAST)]
    for reached in found:  # grows while it is read
        for adopter in adopters.get(reached.book, ()):
            first = max(reached.first, adopter.in_force_from)
            end = min(reached.end, adopter.in_force_to or LAST)
            made = Source(adopter.id, first, end)
            known = any(one.book == made.book and one.first <= first and end <= one.end for one in found)
            if first < end and not known:
                found.append(made)
    return tuple(found)


CHAINS = Kept(_reckon)

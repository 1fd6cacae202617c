"""Versions of one book: one after another in number and in time, without overlap and without gap."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations, pairwise

from congvu.rules.book import Book
from congvu.rules.checking.telling import of
from congvu.rules.sentences import sentence as _
from congvu.rules.source import Problem

FOREVER = date.max


def problems(books: Sequence[Book]) -> Iterator[Problem]:
    """Yield what is wrong with the versions of every book."""
    versions: dict[str, list[Book]] = {}
    for book in books:
        if book.in_force_to is not None and book.in_force_to <= book.in_force_from:
            fault = (_("the version ends before it begins."), _("`to` is its first day out of force."))
            yield of(book, fault, where="in_force")
        versions.setdefault(book.id, []).append(book)
    for found in versions.values():
        yield from _overlaps(found)
        yield from _rows(sorted(found, key=lambda one: (one.in_force_from, one.version)))


def meet(one: Book, other: Book) -> bool:
    """Say whether two versions are in force on a common day."""
    return one is other or (one.in_force_from < end(other) and other.in_force_from < end(one))


def end(book: Book) -> date:
    """Return the first day out of force, or the last day there is."""
    return book.in_force_to or FOREVER


def _overlaps(versions: Sequence[Book]) -> Iterator[Problem]:
    for one, other in combinations(versions, 2):
        if one.version == other.version:
            what = _(
                "%(file)s is version %(version)s of this book already.", file=one.file, version=one.version
            )
            yield of(other, (what, _("Count on.")))
        if meet(one, other):
            what = _(
                "versions %(one)s (%(file)s) and %(other)s are in force at the same time.",
                one=one.version,
                file=one.file,
                other=other.version,
            )
            mend = _("End the earlier one with `to:` on the first day of the later one.")
            yield of(other, (what, mend), where="in_force")


def _rows(versions: Sequence[Book]) -> Iterator[Problem]:
    for one, other in pairwise(versions):
        if one.version > other.version:
            what = _(
                "version %(other)s follows version %(one)s (%(file)s) in time.",
                other=other.version,
                one=one.version,
                file=one.file,
            )
            yield of(other, (what, _("Number versions in the order of their days.")), where="version")
        if one.in_force_to is not None and one.in_force_to < other.in_force_from:
            what = _(
                "no version is in force from %(first)s (%(file)s) until before %(last)s.",
                first=one.in_force_to,
                file=one.file,
                last=other.in_force_from,
            )
            mend = _("Let the later one begin on the day on which the earlier one ends.")
            yield of(other, (what, mend), where="in_force")

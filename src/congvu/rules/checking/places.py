"""Adoption between books: known, at its own place, down the levels, and never in a circle."""

from collections.abc import Iterator, Sequence

from congvu.rules.book import Book
from congvu.rules.checking.telling import Fault, of
from congvu.rules.precedence import height
from congvu.rules.sentences import sentence as _
from congvu.rules.source import Problem


def problems(books: Sequence[Book]) -> Iterator[Problem]:
    """Yield what is wrong with what books adopt."""
    known: dict[str, list[Book]] = {}
    for book in books:
        known.setdefault(book.id, []).append(book)
    for book in books:
        for name in dict.fromkeys(book.adopts):
            for fault in _faults(book, name, known):
                yield of(book, fault, where="adopts")
        if (circle := _circle(book, known)) is not None:
            what = _("adoption runs in a circle: %(circle)s.", circle=" → ".join(circle))
            yield of(book, (what, _("Drop one of these adoptions.")), where="adopts")


def covers(outer: str, inner: str) -> bool:
    """Say whether one jurisdiction is another, or lies around it: `vn` covers `vn/binh-duong`."""
    return inner == outer or inner.startswith(f"{outer}/")


def _faults(book: Book, name: str, known: dict[str, list[Book]]) -> Iterator[Fault]:
    if name not in known:
        yield (
            _("it adopts `%(book)s`, which is no book.", book=name),
            _("Known are: %(known)s.", known=", ".join(sorted(known))),
        )
        return
    if name == book.id:
        return  # told as a circle
    if not any(covers(one.jurisdiction, book.jurisdiction) for one in known[name]):
        place = known[name][0].jurisdiction
        yield (
            _(
                "it adopts `%(book)s` of `%(place)s`, which does not hold in `%(here)s`.",
                book=name,
                place=place,
                here=book.jurisdiction,
            ),
            _("Adopt what holds at its own place."),
        )
    if all(height(one) < height(book) for one in known[name]):
        yield (
            _(
                "a book of the level `%(level)s` adopts one of a lower level, `%(book)s`.",
                level=book.level,
                book=name,
            ),
            _("Let the lower book adopt the higher one."),
        )


def _circle(book: Book, known: dict[str, list[Book]]) -> list[str] | None:
    """Return the shortest way from a book back to itself."""
    ways: list[list[str]] = [[book.id, name] for name in dict.fromkeys(book.adopts)]
    seen: set[str] = set()
    for way in ways:  # grows while it is read
        last = way[-1]
        if last == book.id:
            return way
        if last not in seen:
            seen.add(last)
            ways += [[*way, name] for one in known.get(last, ()) for name in one.adopts]
    return None

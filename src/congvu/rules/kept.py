"""What is reckoned once for one sequence of books, and kept while it is asked for."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from congvu.rules.book import Book

Made = TypeVar("Made")
PLACES = 8  # the installation's rulebook, and the drafts that are replayed against it


class Kept(Generic[Made]):
    """Remembers by identity: the books themselves are held, so that no other sequence can take their place."""

    def __init__(self, make: Callable[[Sequence[Book]], Made]) -> None:
        self._make = make
        self._places: dict[int, tuple[Sequence[Book], Made]] = {}

    def of(self, books: Sequence[Book]) -> Made:
        """Return what belongs to these books, made at the first call."""
        found = self._places.get(id(books))
        if found is None or found[0] is not books:
            while len(self._places) >= PLACES:
                self._places.pop(next(iter(self._places)), None)
            found = (books, self._make(books))
            self._places[id(books)] = found
        return found[1]

"""What is wrong with a draft, line by line, and what its examples give. Never raises for its content."""

from dataclasses import dataclass

from django.conf import settings

from congvu.rules import examples, shelf
from congvu.rules.book import Book
from congvu.rules.examples import Run
from congvu.rules.loader import read_book
from congvu.rules.source import Problem

NAME = "draft.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """A draft looked at: its book as far as it could be read, its problems, and its examples as they ran.

    Examples run only when nothing else is wrong, each by the version of the book that is in force on its day.
    """

    book: Book | None
    problems: tuple[Problem, ...] = ()
    runs: tuple[Run, ...] = ()

    @property
    def failures(self) -> tuple[Problem, ...]:
        """Return what is wrong with the examples that do not give what they say."""
        return tuple(one.problem for one in self.runs if one.problem)

    @property
    def by_this(self) -> tuple[Run, ...]:
        """Return the examples that this version judged."""
        return tuple(one for one in self.runs if self.book and one.version == self.book.version)

    @property
    def by_others(self) -> tuple[Run, ...]:
        """Return the examples of days on which another version was in force, or none."""
        return tuple(one for one in self.runs if self.book and one.version != self.book.version)

    @property
    def is_sound(self) -> bool:
        """Say whether the draft could be published as it stands."""
        return self.book is not None and not self.problems and not self.failures


def examine(text: str) -> Examination:
    """Look at a draft as part of the rulebook: alone, beside all other books, and by its own examples."""
    loaded = read_book(text.encode("utf-8", "surrogatepass"), name=NAME)
    if loaded.problems or loaded.book is None:
        return Examination(book=loaded.book, problems=loaded.problems)
    found = shelf.shelve(
        settings.CONGVU_RULEBOOK, published=shelf.published_folder(), draft=loaded, with_examples=False
    )
    problems = tuple(sorted(found.problems, key=lambda one: (one.file != NAME, one.line)))
    if problems:
        return Examination(book=loaded.book, problems=problems)
    return Examination(book=loaded.book, runs=tuple(examples.runs(loaded.book, found.calendars, found.books)))

"""What is wrong with a draft, line by line, and what its examples give. Never raises for its content."""

from dataclasses import dataclass

from django.conf import settings

from congvu.rules import examples, shelf
from congvu.rules.book import Book
from congvu.rules.loader import read_book
from congvu.rules.source import Problem

NAME = "draft.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """A draft looked at: its book as far as it could be read, its problems, and the examples that failed.

    Examples run only when nothing else is wrong.
    """

    book: Book | None
    problems: tuple[Problem, ...]
    failures: tuple[Problem, ...]

    @property
    def is_sound(self) -> bool:
        """Say whether the draft could be published as it stands."""
        return self.book is not None and not self.problems and not self.failures


def examine(text: str) -> Examination:
    """Look at a draft as part of the rulebook: alone, beside all other books, and by its own examples."""
    loaded = read_book(text.encode("utf-8", "surrogatepass"), name=NAME)
    if loaded.problems or loaded.book is None:
        return Examination(book=loaded.book, problems=loaded.problems, failures=())
    found = shelf.shelve(
        settings.CONGVU_RULEBOOK, published=shelf.published_folder(), draft=loaded, with_examples=False
    )
    problems = tuple(sorted(found.problems, key=lambda one: (one.file != NAME, one.line)))
    if problems:
        return Examination(book=loaded.book, problems=problems, failures=())
    failures = tuple(examples.failures(loaded.book, found.calendars, found.books))
    return Examination(book=loaded.book, problems=(), failures=failures)

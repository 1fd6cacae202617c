"""What is wrong with a draft, line by line, and what its examples give. Never raises for its content."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from congvu.rules import examples, shelf
from congvu.rules.book import Book
from congvu.rules.examples import Run
from congvu.rules.loader import read_book
from congvu.rules.sentences import sentence as _
from congvu.rules.source import Problem

NAME = "draft.yaml"
PLACE = re.compile(r'"<[^<>"]+>"')  # as the pattern of a new book has them


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


def _unfilled(text: str) -> Iterator[Problem]:
    """Yield a problem for each line on which the pattern of a new book still stands."""
    for number, line in enumerate(text.splitlines(), 1):
        if (found := PLACE.search(line)) and not line.lstrip().startswith("#"):
            yield Problem(
                file=NAME,
                line=number,
                where="",
                what=_("%(place)s stands for something that is still to be written.", place=found[0]),
                mend=_("Write it in place of the angle brackets."),
            )


def examine(text: str) -> Examination:
    """Look at a draft as part of the rulebook: alone, beside all other books, and by its own examples."""
    loaded = read_book(text.encode("utf-8", "surrogatepass"), name=NAME)
    unread = (*loaded.problems, *_unfilled(text))
    if unread or loaded.book is None:
        return Examination(book=loaded.book, problems=tuple(sorted(unread, key=lambda one: one.line)))
    found = shelf.shelve(
        settings.CONGVU_RULEBOOK, published=shelf.published_folder(), draft=loaded, with_examples=False
    )
    problems = tuple(sorted(found.problems, key=lambda one: (one.file != NAME, one.line)))
    if problems:
        return Examination(book=loaded.book, problems=problems)
    return Examination(book=loaded.book, runs=tuple(examples.runs(loaded.book, found.calendars, found.books)))

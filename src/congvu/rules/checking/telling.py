"""How a fault is told: file, line, norm and article, what is wrong, how it is mended."""

from dataclasses import dataclass
from typing import TypeAlias

from congvu.rules.book import Book, Norm
from congvu.rules.norm_loader import NOT_ESTABLISHED
from congvu.rules.sentences import Sentence
from congvu.rules.source import Problem

Fault: TypeAlias = tuple[Sentence, Sentence]  # what, mend


@dataclass(frozen=True, slots=True)
class Placed:
    """A norm in its book."""

    book: Book
    norm: Norm

    @property
    def name(self) -> tuple[str, str]:
        """Return the book's and the norm's id."""
        return self.book.id, self.norm.id

    @property
    def pair(self) -> tuple[Book, Norm]:
        """Return book and norm as `precedence` takes them."""
        return self.book, self.norm

    def __str__(self) -> str:
        return f"{self.book.file}:{self.norm.line} {place(self.norm)}"


def place(norm: Norm) -> str:
    """Return a norm's id, with its article where one is established."""
    if norm.cite.article in {"", NOT_ESTABLISHED}:
        return norm.id
    return f"{norm.id} ({norm.cite.article})"


def at(book: Book, norm: Norm, fault: Fault) -> Problem:
    """Return a fault of a norm."""
    return Problem(file=book.file, line=norm.line, where=place(norm), what=fault[0], mend=fault[1])


def of(book: Book, fault: Fault, *, where: Sentence | str = "", line: int = 1) -> Problem:
    """Return a fault of a whole book, or of one of its other parts."""
    return Problem(file=book.file, line=line, where=where, what=fault[0], mend=fault[1])

"""Examples that can be run: of a norm that is there, at times that can be read, over a span that ends."""

from collections.abc import Iterator
from datetime import datetime

from congvu.rules.book import Book, Example
from congvu.rules.checking.telling import Fault
from congvu.rules.sentences import sentence as _

YEARS = range(1900, 2201)
LONG = 50  # years; a term of retention and of its transfer fit


def faults(book: Book, example: Example) -> Iterator[Fault]:
    """Yield why an example of a book cannot be run."""
    if book.norm(example.norm) is None:
        yield _("it names no norm of the book."), _("Use a norm's id.")
    times = [_read(text) for text in (example.as_of, *(one.at for one in example.given))]
    known = [one.year for one in times if one is not None and one.year in YEARS]
    if len(known) < len(times):
        yield _("a time or day cannot be read."), _("Write it as `2026-03-02 08:10`.")
    elif max(known) - min(known) > LONG:
        yield _("it runs over more than %(years)s years.", years=LONG), _("Look at it sooner.")


def _read(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None

"""What books must hold to beyond their shape, alone and together; docs/reference/rulebook.md lists the checks."""

from collections.abc import Iterator, Mapping, Sequence

from congvu.rules.book import Book
from congvu.rules.calendars import NationalCalendar
from congvu.rules.checking import conflicts, deadlines, duties, evidence, places, relations, versions, wording
from congvu.rules.checking.telling import Placed, at, of
from congvu.rules.sentences import sentence as _
from congvu.rules.source import Problem


def problems(books: Sequence[Book], calendars: Mapping[str, NationalCalendar]) -> list[Problem]:
    """Return what is wrong within books and between them; nothing in a book makes it raise."""
    found = [problem for book in books for problem in _alone(book, calendars)]
    norms = [Placed(book, norm) for book in books for norm in book.norms]
    shelved: dict[tuple[str, str], list[Placed]] = {}
    for one in norms:
        shelved.setdefault(one.name, []).append(one)
    found += versions.problems(books)
    found += places.problems(books)
    found += relations.problems(norms, shelved, [book.id for book in books])
    found += conflicts.problems(norms)
    return found


def _alone(book: Book, calendars: Mapping[str, NationalCalendar]) -> Iterator[Problem]:
    calendar = calendars.get(book.calendar)
    if calendar is None:
        known = ", ".join(sorted(calendars)) or _("none")
        what = _("there is no calendar `%(calendar)s`.", calendar=book.calendar)
        yield of(book, (what, _("Known are: %(known)s.", known=known)))
    else:
        yield from (of(book, fault, where="calendar") for fault in deadlines.years(book, calendar))
    yield from wording.book(book)
    seen: set[str] = set()
    for norm in book.norms:
        if norm.id in seen:
            yield at(book, norm, (_("another norm has this id."), _("Give each norm its own.")))
        seen.add(norm.id)
        for check in (duties.faults, evidence.faults):
            yield from (at(book, norm, fault) for fault in check(norm))
        for looked in (deadlines.faults, wording.norm):
            yield from (at(book, norm, fault) for fault in looked(book, norm))
        if calendar is not None and norm.windows:
            found = deadlines.windows(norm, calendar, book.in_force_from)
            yield from (at(book, norm, fault) for fault in found)

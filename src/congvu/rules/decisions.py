"""Reads of what an agency decided: books, parameters, days."""

from dataclasses import dataclass
from datetime import date, datetime

from congvu.base.texts import Texts
from congvu.directory.models import Agency
from congvu.rules import force, shelf, words
from congvu.rules.book import Book, Parameter
from congvu.rules.calendars import NationalCalendar
from congvu.rules.models import Adoption, Closure, ParameterDecision, Standing
from congvu.rules.standing import calendar_of, facts_of, law_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionShown:
    """One decision about a parameter, in words."""

    row: ParameterDecision
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterShown:
    """What a book leaves open, its bounds, and the decisions about it, the latest first."""

    name: str
    title: Texts
    bounds: Parameter
    least: str
    most: str
    history: tuple[DecisionShown, ...]


def adoptions(agency: Agency) -> dict[str, Adoption]:
    """Return what an agency adopted, by book."""
    rows = Adoption.objects.filter(agency=agency).select_related("decided_by")
    return {row.book: row for row in rows}


def brought(agency: Agency, at: datetime, day: date) -> dict[str, Book]:
    """Return the books that bind an agency without its own adoption, each with the adopted one that brings it."""
    standing = Standing.objects.filter(agency=agency).defer("facts").first()
    law, facts = law_of(agency), facts_of(agency, standing)
    found: dict[str, Book] = {}
    for book in force.bound_books(law, facts, at, day):
        name = force.brought_by(law, facts, book.id, at, day)
        bringer = force.version_on(law.books, name, day)
        if bringer is not None and name != book.id:
            found[book.id] = bringer
    return found


def parameters(agency: Agency, book: str) -> tuple[ParameterShown, ...]:
    """Return what the newest version of a book leaves open, and how the agency decided."""
    versions = shelf.versions(book)
    made = ParameterDecision.objects.filter(agency=agency, book=book).select_related("decided_by")
    history: dict[str, list[DecisionShown]] = {}
    for row in made.order_by("-valid_from", "-decided_at", "-id"):
        shown = DecisionShown(row=row, amount=words.amount(row.value, row.unit))
        history.setdefault(row.parameter, []).append(shown)
    return tuple(
        ParameterShown(
            name=name,
            title=bounds.title,
            bounds=bounds,
            least=words.amount(bounds.at_least, bounds.unit),
            most=words.amount(bounds.at_most, bounds.unit),
            history=tuple(history.get(name, ())),
        )
        for name, bounds in (versions[-1].parameters.items() if versions else ())
    )


def closures(agency: Agency) -> list[Closure]:
    """Return the days that an agency changed, the latest day and its latest word first."""
    rows = Closure.objects.filter(agency=agency).select_related("decided_by")
    return list(rows.order_by("-day", "-decided_at", "-id"))


def national(agency: Agency) -> NationalCalendar:
    """Return the calendar that the agency's own days change."""
    return calendar_of(agency)

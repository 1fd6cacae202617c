"""Books of any size and any malice: checked in seconds, told in words."""

from dataclasses import replace
from datetime import date

import pytest

from congvu.rules import checks
from congvu.rules.book import Book
from congvu.rules.calendars import NationalCalendar
from congvu.rules.checking import conflicts
from congvu.rules.checking.telling import Placed
from congvu.rules.loader import read_book
from tests.bounds import soon_done
from tests.rules import statutes

CALENDARS = statutes.calendars()
MANY = 10_000


def loaded(text: str, name: str = "book.yaml") -> Book:
    found = read_book(text.encode(), name=name)
    assert found.problems == ()
    assert found.book is not None
    return found.book


def told(*books: Book, calendars: dict[str, NationalCalendar] = CALENDARS) -> list[str]:
    return [f"{one.file} {one.where}: {one.what}" for one in checks.problems(books, calendars)]


def many(count: int) -> Book:
    """Return a book of so many norms, made of a short one: reading is measured apart."""
    short = loaded(statutes.long_book(1))
    (norm,) = short.norms
    assert norm.when is not None
    value, book = norm.when.tests
    norms = [
        replace(
            norm,
            id=f"norm-{number}",
            line=number + 1,
            when=replace(norm.when, tests=(replace(value, values=(number,)), book)),
            deadline=replace(norm.deadline, amount=number % 9 + 1) if norm.deadline else None,
        )
        for number in range(count)
    ]
    return replace(short, norms=tuple(norms))


def test_ten_thousand_norms_are_checked_in_seconds() -> None:
    book = many(MANY)
    with soon_done():
        assert told(book) == []


def test_ten_thousand_norms_in_conflict_are_told_in_seconds() -> None:
    book = many(MANY)
    same = [replace(norm, when=book.norms[0].when, deadline=replace(norm.deadline, amount=number % 500 + 1)) for number, norm in enumerate(book.norms) if norm.deadline]  # fmt: skip
    with soon_done():
        found = told(replace(book, norms=tuple(same)))
    assert len(found) == 499


def test_a_book_of_a_thousand_norms_is_read_in_seconds() -> None:
    text = statutes.long_book(1000)
    with soon_done():
        assert len(loaded(text).norms) == 1000


@pytest.mark.torture
def test_a_book_of_ten_thousand_norms_is_read() -> None:
    assert len(loaded(statutes.long_book(MANY)).norms) == MANY


def test_clustering_misses_no_conflict() -> None:
    book = many(60)
    norms = [
        replace(
            norm,
            when=replace(norm.when, tests=norm.when.tests[: number % 3]),
            deadline=replace(norm.deadline, amount=number + 1),
        )
        for number, norm in enumerate(book.norms)
        if norm.when and norm.deadline
    ]
    placed = [Placed(book, norm) for norm in norms]
    naive = {
        two.norm.id
        for place, two in enumerate(placed)
        if any(conflicts.conflict(one, two) for one in placed[:place])
    }
    found = {problem.where.split(" ")[0] for problem in conflicts.problems(placed)}
    assert len(naive) > 30
    assert naive == found


def test_a_circle_of_adoption_is_told_once_for_each_of_its_books() -> None:
    books = statutes.books(
        **{"law.yaml": statutes.STATUTES["law.yaml"].replace("norms:", "adopts: [vn.agency]\nnorms:", 1)}
    )
    circles = [one for one in told(*books) if "circle" in one]
    assert circles == [
        "law.yaml adopts: adoption runs in a circle: vn.law → vn.agency → vn.city → vn.law.",
        "city-1.yaml adopts: adoption runs in a circle: vn.city → vn.law → vn.agency → vn.city.",
        "city-2.yaml adopts: adoption runs in a circle: vn.city → vn.law → vn.agency → vn.city.",
        "agency.yaml adopts: adoption runs in a circle: vn.agency → vn.city → vn.law → vn.agency.",
    ]


def test_overlapping_versions_are_told_with_both_files() -> None:
    books = statutes.books(
        **{"city-1.yaml": statutes.STATUTES["city-1.yaml"].replace("to: 2024-01-01", "to: 2024-01-02")}
    )
    assert told(*books) == [
        "city-2.yaml in_force: versions 1 (city-1.yaml) and 2 are in force at the same time."
    ]


def test_a_calendar_that_lacks_a_year_is_told() -> None:
    vn = CALENDARS["vn"]
    short = replace(vn, calendar=replace(vn.calendar, years=range(2021, 2026)))
    book = replace(loaded(statutes.STATUTES["law.yaml"]), in_force_to=date(2028, 1, 1))
    found = told(book, calendars={"vn": short})
    assert found == ["book.yaml calendar: calendar `vn` lacks 2019 to 2027, when the book is in force."]


def test_every_fault_of_a_norm_names_its_article() -> None:
    text = statutes.STATUTES["agency.yaml"].replace("bearer: agency", "bearer: official")
    (found,) = checks.problems(statutes.books(**{"agency.yaml": text}), CALENDARS)
    assert found.where == "open (Điều 1)"
    assert text.splitlines()[found.line - 1].strip() == "- id: open"


def test_the_last_day_of_all_time_is_no_trouble() -> None:
    text = statutes.STATUTES["law.yaml"].replace("from: 2019-01-01", "from: 9999-12-31")
    assert told(loaded(text)) == ["book.yaml calendar: calendar `vn` lacks 9999, when the book is in force."]

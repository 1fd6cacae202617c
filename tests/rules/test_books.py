"""The books that ship: every norm of the survey of the law stands in exactly one of them, with its mark."""

from pathlib import Path

import pytest

from congvu.rules import examples, shelf
from congvu.rules.book import Book
from tests.rules.worlds import RULEBOOK
from tools import reference

IDS = Path(__file__).with_name("norm_ids.txt")
SHELF = shelf.shelve(RULEBOOK, with_examples=False)
NAMED = [f"{book.id}-{book.version}" for book in SHELF.books]


def surveyed() -> list[str]:
    """Return the lines of the list: id, book, treatment, and what the text was compared with."""
    return [line for line in IDS.read_text().splitlines() if line and not line.startswith("#")]


def test_every_norm_of_the_survey_is_in_its_book_with_its_treatment_and_mark():
    found = {
        f"{norm.code} {book.id} {norm.treatment} {norm.cite.checked}"
        for book in SHELF.books
        for norm in book.norms
    }
    assert sorted(found) == sorted(surveyed())


def test_no_norm_is_in_two_books():
    places = {(norm.code, book.id) for book in SHELF.books for norm in book.norms}
    assert sorted(code for code, _ in places) == sorted({code for code, _ in places})


@pytest.mark.parametrize("book", SHELF.books, ids=NAMED)
def test_the_examples_of_a_book_hold(book: Book):
    assert list(examples.failures(book, SHELF.calendars, SHELF.books)) == []


@pytest.mark.parametrize("book", SHELF.books, ids=NAMED)
def test_every_encoded_norm_has_an_example(book: Book):
    shown = {one.norm for one in book.examples}
    assert [norm.id for norm in book.norms if norm.treatment == "encoded" and norm.id not in shown] == []


@pytest.mark.parametrize("book", SHELF.books, ids=NAMED)
def test_every_deadline_is_shown_met_and_missed(book: Book):
    statuses = {
        norm.id: {
            one.get("status") for shown in book.examples if shown.norm == norm.id for one in shown.expect
        }
        for norm in book.norms
        if norm.fulfil and norm.kind == "obligation"
    }
    missing = [
        name for name, seen in statuses.items() if not ("fulfilled" in seen and seen & {"late", "breached"})
    ]
    assert missing == []


@pytest.mark.parametrize("book", SHELF.books, ids=NAMED)
def test_what_binds_and_is_not_encoded_asks_people_or_says_why_not(book: Book):
    binding = [norm for norm in book.norms if norm.kind in {"obligation", "prohibition"}]
    left = [norm for norm in binding if norm.treatment != "encoded"]
    assert [norm.id for norm in left if not (norm.checklist or norm.not_applicable or norm.decided_by)] == []


@pytest.mark.parametrize("book", SHELF.books, ids=NAMED)
def test_a_deadline_that_the_text_leaves_open_has_no_value(book: Book):
    used = {norm.deadline.parameter for norm in book.norms if norm.deadline and norm.deadline.parameter}
    assert set(book.parameters) == used


def test_the_reference_counts_what_the_books_hold():
    assert reference.BOOKS.read_text() == reference.books_page(reference.books()), "run `make reference`"

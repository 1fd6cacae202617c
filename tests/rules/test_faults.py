"""Planted faults: every one is told with its file and its place, and clean books raise no alarm."""

import pytest

from congvu.rules import checks
from congvu.rules.book import Book
from congvu.rules.loader import read_book
from congvu.rules.source import Problem
from tests.rules import statutes
from tests.rules.planted import FAULTS, Data, Fault, Site, lines_of, plain, planting, written

ALL = 500
SHIPPED = {path.name: path.read_text() for path in sorted(statutes.CALENDAR_FOLDER.parent.glob("*.yaml"))}
TEXTS = statutes.STATUTES | SHIPPED
CALENDARS = statutes.calendars()


@pytest.fixture(scope="module")
def data() -> dict[str, Data]:
    return {name: plain(text) for name, text in TEXTS.items()}


@pytest.fixture(scope="module")
def clean() -> dict[str, Book]:
    loaded = {name: read_book(text.encode(), name=name) for name, text in TEXTS.items()}
    assert [problem for one in loaded.values() for problem in one.problems] == []
    return {name: one.book for name, one in loaded.items() if one.book}


def told(name: str, site: Site, clean: dict[str, Book]) -> list[Problem]:
    """Return every problem of the rulebook with the fault in it."""
    files = {name: written(site.book)} | ({"second.yaml": written(site.second)} if site.second else {})
    loaded = [read_book(text.encode(), name=file) for file, text in files.items()]
    others = [book for file, book in clean.items() if file != name]
    found = [problem for one in loaded for problem in one.problems]
    return found + checks.problems([*others, *(one.book for one in loaded if one.book)], CALENDARS)


def is_found(fault: Fault, name: str, site: Site, problems: list[Problem]) -> bool:
    """Say whether a fault is told in its file, at its norm, with a mend."""
    file = "second.yaml" if fault.at == "second" else name
    named = [one for one in problems if one.file == file and fault.told in str(one.what) and one.mend]
    if fault.at not in {"norm", "twin"}:
        return bool(named)
    norm = "planted-twin" if fault.at == "twin" else site.norm["id"]
    lines = lines_of(written(site.book), norm)
    return any(one.line in lines and str(one.where).split(" (")[0] == norm for one in named)


def missed(count: int, data: dict[str, Data], clean: dict[str, Book]) -> list[str]:
    return [
        f"{fault.name} in {name} {site.norm['id']}"
        for fault, name, site in planting(count, data)
        if not is_found(fault, name, site, told(name, site, clean))
    ]


def test_clean_books_raise_no_alarm(clean: dict[str, Book]) -> None:
    assert checks.problems(list(clean.values()), CALENDARS) == []


def test_every_kind_of_fault_is_found_where_it_stands(data: dict[str, Data], clean: dict[str, Book]) -> None:
    invented = {name: data[name] for name in statutes.STATUTES}  # short, so that reading them again is quick
    assert missed(len(FAULTS), invented, clean) == []


@pytest.mark.torture
def test_five_hundred_faults_are_all_found(data: dict[str, Data], clean: dict[str, Book]) -> None:
    assert missed(ALL, data, clean) == []

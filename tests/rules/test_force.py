"""What binds an agency on a day: versions by date, books by adoption, norms unless another overrides them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from congvu.rules import feeding, force
from congvu.rules.book import Book
from congvu.rules.facts import Adopted, Facts
from congvu.rules.law import Law
from tests.rules import statutes, worlds

CALENDAR = statutes.calendars()["vn"].calendar
BOOKS = statutes.books()
AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)


def law(*books: Book) -> Law:
    return Law(books or tuple(BOOKS), CALENDAR)


def book(name: str, version: int = 1, among: list[Book] | None = None) -> Book:
    return next(one for one in among or BOOKS if (one.id, one.version) == (name, version))


def adopting(name: str, *, at: datetime = AT, valid_from: date = DAY) -> Facts:
    facts = Facts()
    facts.adopted[name] = Adopted(book=name, at=at, valid_from=valid_from, entry="e")
    return facts


def binds(
    name: str, norm: str, facts: Facts, *, version: int = 1, at: datetime = AT, day: date = DAY
) -> bool:
    one = book(name, version)
    found = one.norm(norm)
    assert found is not None
    return force.binding(law(), facts, one, found, at, day)


def test_nothing_binds_who_adopted_nothing() -> None:
    assert not binds("vn.law", "settle", Facts())


def test_an_adopted_book_binds_from_its_day_and_never_for_what_was_recorded_before() -> None:
    facts = adopting("vn.law")
    assert binds("vn.law", "settle", facts)
    assert not binds("vn.law", "settle", facts, day=date(2026, 3, 1))
    assert not binds("vn.law", "settle", facts, at=datetime(2026, 3, 2, 2, 59, tzinfo=UTC))


def test_adoption_reaches_up_through_agency_and_city_to_the_nation() -> None:
    facts = adopting("vn.agency")
    assert binds("vn.agency", "open", facts)
    assert binds("vn.city", "answer-here", facts, version=2)
    assert binds("vn.law", "settle", facts)
    assert [one.id for one in force.bound_books(law(), facts, AT, DAY)] == ["vn.law", "vn.city", "vn.agency"]
    assert force.brought_by(law(), facts, "vn.law", AT, DAY) == "vn.agency"
    assert force.brought_by(law(), Facts(), "vn.law", AT, DAY) == ""


def test_adoption_does_not_reach_down() -> None:
    facts = adopting("vn.law")
    assert not binds("vn.city", "answer-here", facts, version=2)


def test_a_chain_holds_only_while_its_link_is_in_force() -> None:
    facts = adopting("vn.agency", at=datetime(2020, 1, 1, tzinfo=UTC), valid_from=date(2020, 1, 1))
    assert not binds("vn.law", "settle", facts, day=date(2020, 12, 31))  # the agency's book begins in 2021
    assert binds("vn.law", "settle", facts, day=date(2021, 1, 1))


def test_the_old_time_is_judged_by_the_old_version() -> None:
    facts = adopting("vn.city", at=datetime(2020, 1, 1, tzinfo=UTC), valid_from=date(2020, 1, 1))
    last, first = date(2023, 12, 31), date(2024, 1, 1)
    assert [binds("vn.city", "answer-here", facts, version=one, day=last) for one in (1, 2)] == [True, False]
    assert [binds("vn.city", "answer-here", facts, version=one, day=first) for one in (1, 2)] == [False, True]
    found = force.version_on(BOOKS, "vn.city", last)
    assert found is not None
    assert found.version == 1
    assert force.version_on(BOOKS, "vn.city", date(2019, 12, 31)) is None


def test_an_overridden_norm_binds_where_the_overriding_book_does_not() -> None:
    assert binds("vn.law", "answer", adopting("vn.law"))
    assert not binds("vn.law", "answer", adopting("vn.city"))
    assert binds("vn.city", "answer-here", adopting("vn.city"), version=2)


def test_an_override_without_competence_overrides_nothing() -> None:
    text = statutes.STATUTES["city-2.yaml"].replace(', competence: "vn.law Điều 1"', "")
    books = statutes.books(**{"city-1.yaml": "", "city-2.yaml": text})
    norm = book("vn.law", among=books).norm("answer")
    assert norm is not None
    assert force.binding(law(*books), adopting("vn.city"), book("vn.law", among=books), norm, AT, DAY)


def test_what_overrides_an_overriding_norm_lets_the_first_one_stand() -> None:
    own = statutes.AGENCY_NORMS[0]
    third = (
        "answer-again",
        "obligation",
        statutes.CITY_NORMS[0][2].replace("vn.law, norm: answer,", "vn.city, norm: answer-here,"),
    )
    text = statutes.head("vn.agency", place="vn/city", level="agency", start="2021-01-01")
    books = statutes.books(**{"agency.yaml": f"{text}adopts: [vn.city]\n{statutes.norms([own, third])}"})
    facts = adopting("vn.agency")
    stands = {
        name: force.binding(law(*books), facts, one, norm, AT, DAY)
        for one in books
        if one.is_in_force(DAY)
        for norm in one.norms
        if (name := norm.id).startswith("answer")
    }
    assert stands == {"answer": True, "answer-complex": True, "answer-here": False, "answer-again": True}


def test_an_opinion_never_binds() -> None:
    assert not binds("vn.law", "speech", adopting("vn.law"))


def test_circles_of_adoption_and_of_overrides_end() -> None:
    circle = [replace(one, adopts=("vn.agency",)) if one.id == "vn.law" else one for one in BOOKS]
    facts = adopting("vn.law")
    assert force.bound(law(*circle), facts, book("vn.agency", among=circle), AT, DAY)
    assert force.bound(law(*circle), facts, book("vn.city", 2, among=circle), AT, DAY)
    rule = book("vn.law").norm("answer")
    over = book("vn.city", 2).norm("answer-here")
    assert rule is not None
    assert over is not None
    assert over.overrides is not None
    back = replace(rule, overrides=replace(over.overrides, book="vn.city", norm="answer-here"))
    norms = tuple(back if one is rule else one for one in book("vn.law").norms)
    books = tuple(replace(one, norms=norms) if one.id == "vn.law" else one for one in BOOKS)
    assert isinstance(force.binding(law(*books), adopting("vn.city"), books[0], back, AT, DAY), bool)


def test_a_thousand_books_in_one_chain_are_reckoned() -> None:
    first = book("vn.law")
    chain = tuple(replace(first, id=f"b{one}", adopts=(f"b{one + 1}",)) for one in range(300))
    facts = adopting("b0")
    assert force.bound(law(*chain), facts, chain[-1], AT, DAY)


@pytest.mark.parametrize("times", [20_000])
def test_asking_is_cheap_enough_for_every_entry(times: int) -> None:
    one, facts, whole = book("vn.law"), adopting("vn.agency"), law()
    norm = one.norms[2]
    began = datetime.now(tz=UTC)
    assert all(force.binding(whole, facts, one, norm, AT, DAY) for _ in range(times))
    assert (datetime.now(tz=UTC) - began).total_seconds() < 2  # a tenth of this where nothing else runs


def test_nothing_is_owed_live_that_no_evidence_could_show_as_met():
    shipped = worlds.SHELF.books
    live, whole = Law(shipped, worlds.CALENDAR, is_live=True), Law(shipped, worlds.CALENDAR)
    waiting = {key for key, norm in whole.norms.items() if feeding.waits(norm)}
    assert ("vn.nd335-2025", 1, "rate-each-year") in waiting
    assert whole.rules.keys() - live.rules.keys() == waiting
    periodic = {(book.id, book.version, norm.id) for book, norm in live.periodic}
    assert ("vn.binh-duong.mail-2009", 1, "check-mailbox") in periodic
    assert waiting.isdisjoint(periodic)

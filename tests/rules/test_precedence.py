"""Which of two norms prevails: exception, override, the later, the higher; and what nothing resolves."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from congvu.rules import checks, precedence
from congvu.rules.book import Book, Level, Norm
from congvu.rules.law import Law, Rule
from congvu.rules.loader import read_book
from tests.rules import statutes

CALENDARS = statutes.calendars()
BOOKS = statutes.books()
DAY = date(2026, 3, 2)
PLAIN = {"sort": "report", "complexity": "plain"}
COMPLEX = {"sort": "report", "complexity": "complex"}


def met(books: Sequence[Book], event: dict, kind: str = "petitions.petition.received") -> list[str]:
    law = Law(tuple(books), CALENDARS["vn"].calendar)
    rules = [rule for rule in law.listening("when", kind, event) if rule.book.is_in_force(DAY)]
    return [rule.norm.id for rule in precedence.prevailing(law, rules)]


def law_alone() -> Book:
    return BOOKS[0]


def norm(book: Book, name: str) -> Norm:
    found = book.norm(name)
    assert found is not None
    return found


def alike(level: Level, *, signed: str = "2020-01-01", name: str = "other") -> tuple[Book, Norm]:
    """Return a book with the rule `settle` under another deadline."""
    rule = norm(law_alone(), "settle")
    assert rule.deadline is not None
    other = replace(rule, deadline=replace(rule.deadline, parameter="", amount=3, unit="day"))
    source = replace(law_alone().source, signed=date.fromisoformat(signed))
    return replace(law_alone(), id=name, level=level, source=source, norms=(other,), adopts=()), other


def test_the_exception_beats_its_rule_and_only_where_it_holds() -> None:
    assert met([law_alone()], PLAIN) == ["answer"]
    assert met([law_alone()], COMPLEX) == ["answer-complex"]


def test_an_override_with_competence_beats_what_it_names() -> None:
    assert met(BOOKS, PLAIN) == ["answer-here"]


def test_the_later_of_one_level_beats_the_earlier() -> None:
    early, late = (
        alike("nation", signed="2010-01-01", name="a"),
        alike("nation", signed="2020-06-01", name="b"),
    )
    rule = (law_alone(), norm(law_alone(), "settle"))
    assert law_alone().source.signed == date(2018, 12, 1)
    assert (precedence.reason(late, rule), precedence.reason(rule, late)) == ("later", None)
    assert (precedence.reason(early, rule), precedence.reason(rule, early)) == (None, "later")


def test_the_higher_level_beats_the_lower_whatever_was_issued_later() -> None:
    rule = (law_alone(), norm(law_alone(), "settle"))
    levels: list[Level] = ["ministry", "city", "agency"]
    for level in levels:
        lower = alike(level, signed="2025-01-01")
        assert (precedence.reason(rule, lower), precedence.reason(lower, rule)) == ("higher", None)


def test_an_exception_goes_before_the_higher_level() -> None:
    book, rule = alike("agency")
    exception = replace(rule, exception_to=("vn.law/settle",))
    assert precedence.reason((book, exception), (law_alone(), norm(law_alone(), "settle"))) == "exception"


def test_the_exception_to_an_exception_lets_the_rule_stand() -> None:
    again = replace(norm(law_alone(), "answer-complex"), id="again", exception_to=("answer-complex",))
    book = replace(law_alone(), norms=(*law_alone().norms, again))
    assert met([book], COMPLEX) == ["answer", "again"]


def test_duties_that_differ_in_bearer_or_fulfilment_stand_side_by_side() -> None:
    rule = (law_alone(), norm(law_alone(), "settle"))
    book, other = alike("agency")
    assert precedence.reason(rule, (book, other)) == "higher"
    assert precedence.reason(rule, (book, replace(other, bearer=("recipient",)))) is None
    assert other.fulfil is not None
    refusal = replace(other.fulfil, kind="petitions.petition.refused")
    assert precedence.reason(rule, (book, replace(other, fulfil=refusal))) is None
    assert precedence.reason(rule, (book, replace(other, deadline=rule[1].deadline))) is None


def test_circles_of_exceptions_end() -> None:
    law = Law(tuple(BOOKS), CALENDARS["vn"].calendar)
    rule = next(one for one in law.listening("when", "petitions.petition.received", PLAIN))
    twins = [
        Rule(
            rule.book,
            replace(rule.norm, id=one, exception_to=(other,)),
            rule.condition,
            rule.holds,
            *rest(rule),
        )
        for one, other in (("a", "b"), ("b", "a"))
    ]
    assert isinstance(precedence.prevailing(law, twins), list)


def rest(rule: Rule) -> list:
    return [getattr(rule, name) for name in Rule.__slots__[4:]]


def test_what_no_rule_resolves_names_both_articles_with_file_and_line() -> None:
    twin = statutes.LAW_NORMS[2][2].replace("after: settle_within", "within: {day: 20}")
    rows = [*statutes.LAW_NORMS, ("settle-too", "obligation", twin)]
    text = statutes.head("vn.law", start="2019-01-01") + statutes.PARAMETERS + statutes.norms(rows)
    book = read_book(text.encode(), name="law.yaml").book
    assert book is not None
    lines = {one.id: one.line for one in book.norms}
    assert [str(one) for one in checks.problems([book], CALENDARS)] == [
        (
            f"law.yaml:{lines['settle-too']}: settle-too (Điều 17): it and settle (Điều 3) "
            f"(law.yaml:{lines['settle']}) put the same bearer under the same duty with different deadlines, and neither "
            "prevails. Declare `exception_to` or `overrides`, or keep their conditions apart."
        )
    ]

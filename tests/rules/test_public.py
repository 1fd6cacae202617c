"""The books in reading form."""

import dataclasses

import pytest
from django.utils import translation

from congvu.rules import public
from tests.rules.worlds import BOOK


def test_a_citizen_reads_every_norm_with_article_duty_deadline_and_what_feeds_it():
    with translation.override("en"):
        book = public.book(BOOK, language="en")
    shown = {one.id: one for one in book.norms}
    assert (book.number, book.checked, book.issuer.text) == (
        "82/2009/QĐ-UBND",
        "secondary",
        "People's Committee of Bình Dương province",
    )
    assert shown["check-mailbox"].deadline == "every working day: 08:00-09:00, 14:00-15:00"
    assert (
        shown["acknowledge"].deadline
        == "as the agency decides, from 5 working minutes to 480 working minutes"
    )
    assert [one.feed for one in book.norms] == [
        "evidence",
        "evidence",
        "evidence",
        "report",
        "count",
        "count",
        "count",
        "report",
        "people",
    ]
    assert {one.article for one in book.norms} == {""}


@pytest.mark.parametrize(("language", "used", "fallback"), [("vi", "vi", False), ("en-gb", "en", False), ("kk", "en", True)])  # fmt: skip
def test_a_missing_language_is_stood_in_for_visibly(language, used, fallback):
    book = public.book(BOOK, language=language)
    assert (book.title.language, book.title.is_fallback) == (used, fallback)
    assert {(one.duty.language, one.duty.is_fallback) for one in book.norms} == {(used, fallback)}


def test_the_portal_cannot_change_what_it_is_shown():
    book = public.books(language="vi")[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        book.number = "1"
    assert public.book("vn.nowhere", language="vi") is None
    assert public.book(BOOK, language="vi", version=1).version == 1
    assert public.book(BOOK, language="vi", version=9) is None


def test_six_and_twelve_months_are_said_in_words():
    with translation.override("en"):
        book = public.book("vn.mic.mail-2016", language="en")
    assert [one.deadline for one in book.norms] == ["within 6 months", "within 12 months"]

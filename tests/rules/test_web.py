"""The pages on which an agency decides."""

import pytest

from congvu.rules.models import Adoption, Closure, ParameterDecision
from tests.rules.worlds import BOOK

pytestmark = pytest.mark.usefixtures("data_folder", "told_time", "transactional_db")


@pytest.fixture
def english(client_of):
    def signed_in(seat):
        client = client_of(seat)
        client.cookies["django_language"] = "en"
        return client

    return signed_in


def test_the_legal_officer_adopts_and_decides_in_the_browser(english, chi):
    client = english(chi)
    assert b"does not bind the agency" in client.get(f"/rules/books/{BOOK}/").content
    sent = client.post(
        f"/rules/books/{BOOK}/adopt/", {"valid_from": "2026-03-02", "number": "12/QĐ-VP"}, follow=True
    )
    assert "12/QĐ-VP" in sent.content.decode()
    sent = client.post(
        f"/rules/books/{BOOK}/acknowledge_within/",
        {"value": "30", "valid_from": "2026-03-02", "number": ""},
        follow=True,
    )
    assert "30 working minutes" in sent.content.decode()
    assert "Decided by Lê Kim Chi" in sent.content.decode()
    assert (Adoption.objects.count(), ParameterDecision.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            {"value": "4", "valid_from": "2026-03-02"},
            "The book allows from 5 working minutes to 480 working minutes.",
        ),
        ({"value": "x", "valid_from": "2026-03-02"}, "Enter a whole number."),
        ({"value": "30", "valid_from": "2026-03-01"}, "This day is over."),
        ({"value": "30", "valid_from": "yesterday"}, "Enter a valid date."),
    ],
)
def test_what_cannot_be_decided_is_said_beside_the_field(english, chi, said, sentence):
    client = english(chi)
    client.post(f"/rules/books/{BOOK}/adopt/", {"valid_from": "2026-03-02"})
    page = client.post(f"/rules/books/{BOOK}/acknowledge_within/", said)
    assert (page.status_code, ParameterDecision.objects.count()) == (422, 0)
    assert sentence in page.content.decode()


def test_an_official_reads_the_books_and_is_offered_no_decision(english, binh):
    client = english(binh)
    page = client.get(f"/rules/books/{BOOK}/").content.decode()
    assert "Check the mailbox" in page
    assert "Adopt this book" not in page
    sent = client.post(f"/rules/books/{BOOK}/adopt/", {"valid_from": "2026-03-02"})
    assert (sent.status_code, Adoption.objects.count()) == (422, 0)
    assert (
        client.post("/rules/days/", {"day": "2026-03-02", "is_closed": "closed", "reason": "x"}).status_code
        == 422
    )


def test_what_is_in_no_book_is_not_found(english, chi):
    client = english(chi)
    for path in ("books/vn.nowhere/", "books/vn.nowhere/adopt/", f"books/{BOOK}/answer_within/"):
        assert client.get(f"/rules/{path}").status_code == 404


def test_an_administrator_closes_a_day(english, ngoc):
    client = english(ngoc)
    said = {"day": "2026-03-10", "is_closed": "closed", "reason": "Mất điện toàn thành phố", "number": ""}
    page = client.post("/rules/days/", said, follow=True).content.decode()
    assert "Mất điện toàn thành phố" in page
    assert [(row.is_closed, row.day.isoformat()) for row in Closure.objects.all()] == [(True, "2026-03-10")]


def test_the_reading_form_shows_what_nothing_feeds(english, chi):
    reader = english(chi)
    page = reader.get(f"/rules/books/{BOOK}/").content.decode()
    assert page.count("nothing feeds it yet") == 0
    assert page.count("not established") == 9
    page = reader.get("/rules/books/vn.binh-duong.1022-2019/").content.decode()
    assert page.count("nothing feeds it yet") == 1


def test_a_reader_of_another_language_sees_the_fallback(client_of, chi):
    client = client_of(chi)
    client.cookies["django_language"] = "kk"
    assert 'lang="en"' in client.get(f"/rules/books/{BOOK}/").content.decode()


def test_a_stranger_is_sent_to_the_door(client):
    assert client.get("/rules/").status_code == 302

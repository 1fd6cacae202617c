import pytest
from django.test import Client
from django.urls import reverse

from congvu.base import clock
from congvu.ledger import public as ledger
from congvu.ledger.store import Folder
from congvu.rules.actions import adopt, decide_parameter

BOOK = "vn.binh-duong.mail-2009"


def page(name, *args, language="en"):
    answer = Client().get(reverse(name, args=args), HTTP_ACCEPT_LANGUAGE=language)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(
    "name", ["portal:home", "portal:about", "portal:books", "portal:verify", "portal:logs"]
)
def test_the_public_needs_no_account(db, data_folder, name):
    assert page(name)[0] == 200
    assert page(name, language="vi")[0] == 200


def test_the_public_reads_the_rule_book(db, data_folder):
    status, text = page("portal:book", BOOK)
    assert status == 200
    assert "82/2009/QĐ-UBND" in text
    assert text.count("Article not established") == 9
    assert text.count('class="cv-card cv-norm" id="') == 9


def test_a_text_that_is_not_in_the_readers_language_says_so(db, data_folder):
    _, text = page("portal:book", BOOK, language="kk")
    assert '<abbr class="cv-lang"' in text
    _, text = page("portal:book", BOOK, language="vi")
    assert '<abbr class="cv-lang"' not in text


def test_there_is_no_page_for_a_book_that_does_not_exist(db, data_folder):
    assert page("portal:book", "vn.nowhere")[0] == 404
    assert Client().get(reverse("portal:book", args=[BOOK]) + "?version=99").status_code == 404
    assert Client().get(reverse("portal:book", args=[BOOK]) + "?version=²").status_code == 200
    assert Client().get(reverse("portal:book", args=[BOOK]) + f"?version={'9' * 5_000}").status_code == 200


def test_the_book_says_who_decided_what_it_leaves_open(data_folder, agency, chi):
    now = clock.now()
    day = chi.on
    adopt(by=chi, book=BOOK, valid_from=day, number="", at=now)
    assert "not decided" in page("portal:book", BOOK)[1]
    decide_parameter(
        by=chi, book=BOOK, parameter="acknowledge_within", value=30, valid_from=day, number="7/QĐ-VP", at=now
    )
    _, text = page("portal:book", BOOK)
    assert ("30 working minutes" in text, chi.person.full_name in text, "(7/QĐ-VP)" in text) == (True,) * 3


def test_the_public_finds_the_key_of_every_log(receipt):
    (log,) = ledger.logs()
    status, text = page("portal:logs")
    assert status == 200
    assert all(word in text for word in (log.origin, log.vkey, log.fingerprint))
    assert "Nobody cosigns this log" in text
    Folder.of(log.agency, log.name).state("a policy\n")
    assert f"/log/{log.path}/policy" in page("portal:logs")[1]


def test_crawlers_stay_out_of_the_rooms_of_officials(db, data_folder):
    status, text = page("portal:robots")
    assert (status, "Disallow: /mail/" in text) == (200, True)


def test_the_public_learns_no_name_of_an_official(receipt, binh):
    for name in ("portal:home", "portal:logs", "portal:books"):
        assert binh.person.full_name not in page(name)[1]

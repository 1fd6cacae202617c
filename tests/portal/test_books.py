"""The shelf, and a book as text, calendar, table, versions and documents for machines."""

import csv
import io
import json
import shutil
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from django.test import Client

from congvu.base import clock
from congvu.rules.actions import adopt, close_day
from tests.rules.worlds import RULEBOOK

ALMANAC, MAIL = "vn.test.almanac-2020", "vn.binh-duong.mail-2009"
LRML = "{http://docs.oasis-open.org/legalruleml/ns/v1.0/}"
HERE = Path(__file__).parent

pytestmark = pytest.mark.usefixtures("db", "data_folder", "almanac")


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory) -> Path:
    """A rulebook with two versions of a book that asks for days in every way; it is read once."""
    folder = Path(shutil.copytree(RULEBOOK, tmp_path_factory.mktemp("almanac") / "rulebook"))
    for name in ("almanac.yaml", "almanac-2.yaml"):
        shutil.copy(HERE / name, folder)
    return folder


@pytest.fixture
def almanac(rulebook, settings):
    settings.CONGVU_RULEBOOK = rulebook


def get(path, language="en", **headers):
    return Client().get(path, HTTP_ACCEPT_LANGUAGE=language, **headers)


def text(path, language="en"):
    answer = get(path, language)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(answer):
    return list(csv.reader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))


def test_the_shelf_is_grouped_by_country_and_level_and_searched():
    page = text("/books/?q=1/2020/TT-BTN")
    assert page.index("Viet Nam</h2>") < page.index("<h3>Ministry") < page.index(ALMANAC)
    found = text("/books/?q=đieu+thu+nghiem+quy+đinh") + text("/books/?q=DAYS+test")
    assert (found.count(f'/books/{ALMANAC}/"'), found.count(f'/books/{MAIL}/"')) == (1, 0)
    assert ALMANAC in text("/books/?level=ministry&q=thu+nghiem")
    assert ALMANAC not in text("/books/?level=nation&q=thu+nghiem")
    assert "No book is like this" in text("/books/?q=" + "x" * 5000)


@pytest.mark.parametrize("query", ["page=0", "page=99999999999999999999", "level=%00", "country='", "q=%ff"])
def test_the_shelf_bears_with_what_nobody_would_ask(query):
    assert get(f"/books/?{query}").status_code == 200


def test_each_norm_says_how_it_is_treated_and_how_well_it_is_checked():
    page = text(f"/books/{ALMANAC}/?version=1")
    assert '<blockquote class="cv-inset" lang="vi"><p>Chậm nhất là' in page
    assert ("Article from memory" in page, "Were there words without respect?" in page) == (True, True)
    assert "No agency abroad uses this." in page
    assert page.count("nothing feeds it yet") == 2
    assert ("by 15/12 each year" in page, "every quarter" in page) == (True, True)


def test_a_reader_of_kazakh_reads_what_is_translated_and_the_rest_in_its_own_language():
    page = text(f"/books/{ALMANAC}/", "kk")
    assert "Жылдық жоспар" in page
    assert '<span lang="en">Quarterly report</span>' in page


def test_the_calendar_shows_dates_periods_and_windows_by_the_version_in_force():
    december = text(f"/books/{ALMANAC}/calendar/?month=2026-12")
    assert december.count('class="cv-month__by"') == 1
    assert december.count('class="cv-month__period"') == 1
    september, october, november = (
        text(f"/books/{ALMANAC}/calendar/?month=2026-{month}").count("cv-month__period")
        for month in ("09", "10", "11")
    )
    assert (september, october, november) == (1, 0, 1)
    march = text(f"/books/{MAIL}/calendar/?month=2026-03")
    assert march.count('class="cv-month__window"') == 44
    assert "Nothing falls on a day" in text(f"/books/{ALMANAC}/calendar/?month=2019-12")
    assert "The calendar knows days off until" in text(f"/books/{MAIL}/calendar/?month=2099-01")


@pytest.mark.parametrize("month", ["2026-13", "x", "0001-01", "9999-12", "2026-1", "२०२६-०१"])
def test_a_month_that_is_none_is_not_found(month):
    assert get(f"/books/{MAIL}/calendar/?month={month}").status_code == 404


def test_an_agencys_calendar_has_its_days_off_and_a_stranger_to_the_book_has_none(agency, chi):
    now, day = clock.now(), chi.on
    adopt(by=chi, book=MAIL, valid_from=day, number="", at=now)
    closed = date(day.year + 1, 3, 3)
    close_day(by=chi, day=closed, reason="x", number="", at=now)
    path = f"/books/{MAIL}/calendar/?month={closed:%Y-%m}"
    assert "closed by the agency" in text(f"{path}&agency={agency.slug}")
    assert "closed by the agency" not in text(path)
    assert "closed by the agency" not in text(f"{path}&agency=nobody")


def test_the_table_is_sorted_by_links_and_filtered():
    def order(query):
        return [row[0] for row in rows(get(f"/books/{ALMANAC}/table.csv?version=1&{query}"))[1:]]

    assert order("sort=code") == ["TEST-1", "TEST-2", "TEST-9", "TEST-10"]
    assert order("sort=-article") == ["TEST-10", "TEST-9", "TEST-2", "TEST-1"]
    assert order("kind=prohibition") == ["TEST-2"]
    assert order("treatment=not_applicable") == ["TEST-1"]
    assert order("feed=evidence&kind=x") == []
    assert order("sort=norms;drop") == ["TEST-10", "TEST-9", "TEST-2", "TEST-1"]
    assert 'aria-sort="ascending"' in text(f"/books/{ALMANAC}/table/?sort=code")
    assert "No rule is like this" in text(f"/books/{ALMANAC}/table/?kind=x")


def test_no_cell_of_the_sheet_is_taken_for_a_formula():
    sheet = get(f"/books/{ALMANAC}/table.csv?version=1")
    assert sheet.content.startswith(b"\xef\xbb\xbf")
    assert rows(sheet)[1][2] == "'=Yearly plan"


def test_two_versions_are_laid_beside_each_other():
    page = text(f"/books/{ALMANAC}/changes/")
    assert [page.count(f">{word}<") for word in ("added", "removed", "changed")] == [1, 1, 1]
    assert ("every quarter" in page, "every month" in page) == (True, True)
    assert "Both versions hold the same rules." in text(f"/books/{ALMANAC}/changes/?from=2&to=2")
    assert get(f"/books/{ALMANAC}/changes/?from=7&to=1").status_code == 404
    assert "nothing has changed yet" in text(f"/books/{MAIL}/changes/")


@pytest.mark.parametrize("view", ["", "calendar/", "table/", "table.csv", "changes/"])
def test_there_is_no_page_of_a_book_that_does_not_exist(view):
    assert get(f"/books/vn.nowhere/{view}").status_code == 404


def test_machines_read_the_same_book_as_people():
    answer = get(f"/rulebook/{ALMANAC}/v1.json")
    book = json.loads(answer.content)
    assert (book["congvu"], book["id"], book["version"], book["in_force_from"]) == (
        "rulebook/1",
        ALMANAC,
        1,
        "2020-01-01",
    )
    assert [(one["code"], one["treatment"]) for one in book["norms"]] == [
        ("TEST-10", "encoded"),
        ("TEST-9", "encoded"),
        ("TEST-2", "human"),
        ("TEST-1", "not_applicable"),
    ]
    root = fromstring(get(f"/rulebook/{ALMANAC}/v1.legalruleml").content)  # noqa: S314 -- our own document
    assert len(root.findall(f".//{LRML}PrescriptiveStatement")) == 4


@pytest.mark.parametrize("form", ["json", "legalruleml"])
def test_caches_keep_a_version_until_it_changes(form):
    path = f"/rulebook/{MAIL}/v1.{form}"
    first = get(path)
    assert first["Cache-Control"] == "public, max-age=3600"
    assert get(path, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    assert get(f"/rulebook/{MAIL}/v9.{form}").status_code == 404
    assert get(f"/rulebook/{MAIL}/v{'9' * 5000}.{form}").status_code == 404
    assert Client().post(path).status_code == 405

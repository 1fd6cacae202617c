"""T110: a new agency: the administrator appoints, the legal officer adopts the book and decides what it leaves open.

Plays "the agency sets the parameters that the book leaves open, and the page says who decided and when", and that
until the agency decides there is no breach. Book: Decision 82/2009/QĐ-UBND, articles not established.
"""

import re

import pytest

from tests.journeys.installation import letter

pytestmark = pytest.mark.browser

OWN = "mây trắng trên đồi xanh"
BOOK = "Regulation on the use of e-mail in the work of state agencies in Bình Dương province"


@pytest.fixture(scope="module")
def agency_of_two(empty, chromium):
    """A new agency with its administrator, who appoints a legal officer in the browser; returns their sign-ins."""
    said = empty.congvu(
        *("init", "--agency", "Sở Thử nghiệm", "--slug", "so", "--domain", "so.example"),
        *("--administrator", "Phạm Minh Ngọc"),
    )
    username, password = re.search(
        r"^Sign in as (\S+) with the one-time password (\S+)$", said.stdout, re.MULTILINE
    ).groups()
    empty.start()
    return empty, username, password


@pytest.fixture(scope="module")
def sign_ins():
    """Who may sign in so far: filled as the story goes on."""
    return {}


def test_the_administrator_makes_a_post_and_appoints_somebody(agency_of_two, visitor, sign_ins):
    at, username, password = agency_of_two
    ngoc = visitor(at)
    ngoc.signs_in(username, password)
    _chooses_a_password(ngoc)
    ngoc.goes_to("Directory")
    ngoc.follows("Units")
    ngoc.follows(re.compile("^Sở Thử nghiệm"))
    ngoc.follows("Create a post")
    ngoc.writes("Title of the post (in Vietnamese)", "Chuyên viên pháp chế")
    ngoc.writes("Title of the post (in English)", "Legal officer")
    ngoc.page.get_by_role("checkbox", name="Legal officer").check()
    ngoc.presses("Create the post")
    ngoc.follows(re.compile("^Appoint somebody"))
    ngoc.writes("Or the full name of somebody new", "Lê Kim Chi")
    ngoc.presses("Continue")
    ngoc.presses("Continue")
    ngoc.writes("Address, before the @", "chi")
    ngoc.presses("Continue")
    ngoc.sees("chi@so.example")
    ngoc.presses("Appoint", exact=True)
    ngoc.sees("Shown only now")
    sign_ins["chi"] = (ngoc.page.locator("#username").inner_text(), ngoc.page.locator("#secret").inner_text())


def test_before_the_decision_nothing_is_owed(agency_of_two, visitor, sign_ins):
    at, _, _ = agency_of_two
    chi = visitor(at)
    chi.signs_in(*sign_ins["chi"])
    _chooses_a_password(chi)
    chi.sees("Nothing is due")
    chi.goes_to("Rules")
    chi.follows(BOOK)
    chi.sees("It does not bind the agency")


def test_the_legal_officer_adopts_the_book(agency_of_two, visitor, sign_ins):
    chi = _signed_in(agency_of_two, visitor, sign_ins)
    chi.goes_to("Rules")
    chi.follows(BOOK)
    chi.follows("Adopt this book")
    chi.writes("Number of the deciding document", "12/QĐ-STN")
    chi.presses("Adopt this book")
    chi.sees("It binds the agency since")
    chi.sees(re.compile(r"Decided by Lê Kim Chi on \d+ \w+ \d{4} \(12/QĐ-STN\)"))
    chi.sees("Not decided. Until then there is no due time and no breach.")


def test_until_the_agency_decides_immediately_cannot_be_late(agency_of_two, visitor, sign_ins):
    at = agency_of_two[0]
    at.receive(letter("dung@nhadan.example", "chi@so.example", "Trước quyết định"))
    chi = _signed_in(agency_of_two, visitor, sign_ins)
    at.wait_until(lambda: chi.opens("/desk/") and chi.main.get_by_text("Without a due time").count() == 1)
    chi.sees("It cannot be late.")
    chi.goes_to("Mail")
    row = chi.main.get_by_role("listitem").filter(has_text="Trước quyết định").first
    assert "left" not in row.inner_text()


def test_the_decision_stands_on_the_page_with_who_and_when_and_counts_from_then_on(
    agency_of_two, visitor, sign_ins
):
    at = agency_of_two[0]
    chi = _signed_in(agency_of_two, visitor, sign_ins)
    chi.goes_to("Rules")
    chi.follows(BOOK)
    chi.follows(re.compile("^Decide.*Time to acknowledge mail"))
    chi.writes("Value", "4000")
    chi.writes("Number of the deciding document", "13/QĐ-STN")
    chi.presses("Decide", exact=True)
    chi.sees("There is a problem")
    chi.writes("Value", "45")
    chi.presses("Decide", exact=True)
    chi.sees("45 working minutes")
    chi.sees(re.compile(r"Decided by Lê Kim Chi on \d+ \w+ \d{4} \(13/QĐ-STN\)"))
    at.receive(letter("dung@nhadan.example", "chi@so.example", "Sau quyết định"))
    at.wait_until(lambda: _due(chi).filter(has_text="Sau quyết định").count() == 1)
    assert _due(chi).filter(has_text="Trước quyết định").count() == 0

    stranger = visitor(at)
    stranger.opens("/books/vn.binh-duong.mail-2009/")
    stranger.sees("45 working minutes")
    stranger.sees("13/QĐ-STN")


def _due(somebody):
    somebody.opens("/desk/")
    due = somebody.page.get_by_role("region", name=re.compile("^Due"))
    return due.locator("ul").first.get_by_role("listitem")


def _chooses_a_password(somebody):
    somebody.writes("Password", OWN)
    somebody.writes("Password (again)", OWN)
    somebody.presses("Keep this password")
    somebody.sees("Good day")


def _signed_in(agency_of_two, visitor, sign_ins):
    somebody = visitor(agency_of_two[0])
    somebody.signs_in(sign_ins["chi"][0], OWN)
    somebody.sees("Good day")
    return somebody

"""T020: `make run` gives a working agency with two lived weeks behind it, and stops cleanly.

It prints addresses and sign-ins, and no screen is empty.
"""

import re

import pytest

from tests.journeys.conftest import PASSWORD

pytestmark = pytest.mark.browser


def test_it_becomes_ready_and_prints_where_it_is_and_who_may_sign_in(lived):
    said = "".join(lived[1]["said"])
    assert re.search(r"^Ready after [0-9.]+ seconds\.$", said, re.MULTILINE)
    assert re.search(r"^  Web +http://localhost:\d+/$", said, re.MULTILINE)
    assert re.search(r"^  Mail in +smtp://localhost:\d+$", said, re.MULTILINE)
    assert re.search(r"^  Submission +smtp://localhost:\d+ ", said, re.MULTILINE)
    assert f"Sign in (password {PASSWORD}):" in said
    names = re.findall(r"^    (\w+)@binhminh\.example  +\S.*, (.+)$", said, re.MULTILINE)
    assert {"an": "registry clerk", "binh": "official", "chi": "chairwoman"}.items() <= dict(names).items()


def test_it_stops_cleanly_when_asked(lived):
    assert lived[1]["status"] == 0
    assert lived[1]["said"][-1] == "Stopped. Nothing that was acknowledged is lost.\n"
    assert [line for line in lived[1]["said"] if "Traceback" in line or "started again" in line] == []


def test_it_starts_again_on_what_it_lived_through(looked_at):
    assert not any(line.startswith("Making the demonstration") for line in looked_at.said)


@pytest.mark.parametrize(
    ("who", "pages"),
    [
        ("binh", ["/desk/", "/mail/", "/mail/sent/", "/directory/"]),
        ("an", ["/desk/", "/mail/", "/mail/sent/"]),
        ("chi", ["/desk/unit/", "/conduct/findings/", "/rules/"]),
        ("tuan", ["/desk/evidence/"]),
    ],
)
def test_no_screen_is_empty(looked_at, visitor, who, pages):
    somebody = visitor(looked_at, who)
    for page in pages:
        assert somebody.opens(page).status == 200
        assert somebody.main.locator("li, tbody tr").count() >= 3, page
        assert somebody.page.get_by_text(re.compile("fictional|hư cấu")).count() >= 1, page


def test_every_page_says_that_it_is_a_demonstration(looked_at, visitor):
    stranger = visitor(looked_at)
    for page in ("/", "/logs/", "/account/login/"):
        stranger.opens(page)
        assert stranger.page.get_by_text(re.compile("demonstration", re.IGNORECASE)).count() >= 1, page

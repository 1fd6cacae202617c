"""T150: every page, for everybody: in Vietnamese and English, on a telephone and on a desk, for axe and for the eye.

Plays that Vietnamese and English are complete, WCAG 2.2 AA with axe, 1.4.10 (reflow at 320 pixels), and writes how
heavy each page is on first view into a table in the folder for temporary files.
"""

import re
import tempfile
from pathlib import Path

import pytest

from tests.journeys.invitation import AUTHOR, invitation
from tests.journeys.pages import PAGES, PUBLIC, english, found, is_too_wide, violations

pytestmark = pytest.mark.browser

WEIGHTS = Path(tempfile.gettempdir()) / "congvu-page-weights.tsv"
HEAVIEST = 300_000  # bytes of any page on first view, with its letters and scripts


@pytest.mark.parametrize(
    "who",
    [pytest.param(who, marks=pytest.mark.torture if who else ()) for who in PAGES],  # the public's are quick
)
@pytest.mark.parametrize(
    "wide", [pytest.param(False, id="narrow"), pytest.param(True, id="wide", marks=pytest.mark.torture)]
)
def test_every_page_is_accessible_fits_and_speaks_vietnamese(looked_at, visitor, who, wide):
    somebody = visitor(looked_at, who, language="en")
    page = somebody.page
    page.context.add_cookies([{"name": "django_language", "value": "vi", "url": looked_at.url}])
    session = page.context.new_cdp_session(page)
    weight = _weighed(session)
    problems = []
    for way in PAGES[who]:
        page.set_viewport_size({"width": 1280, "height": 900})
        address = found(page, looked_at.url, way)
        weight.clear()
        page.goto(address)
        page.wait_for_load_state("load")
        _note(who, address.removeprefix(looked_at.url), weight)
        here = violations(page, session) if wide else []
        here += [f"English: {line}" for line in english(page)]
        if page.locator("html").get_attribute("lang") != "vi":
            here.append("lang is not vi")
        page.set_viewport_size({"width": 360, "height": 800})
        here += [f"at 360: {one}" for one in violations(page, session)]
        for width in (360, 320):
            page.set_viewport_size({"width": width, "height": 800})
            here += [f"scrolls sideways at {width}"] if is_too_wide(page) else []
        problems += [f"{way}: {one}" for one in dict.fromkeys(here)]
    assert "\n".join(problems) == ""


def test_what_is_wrong_would_be_found(looked_at, visitor):
    stranger = visitor(looked_at)
    stranger.opens("/about/")
    assert english(stranger.page) != []
    assert not is_too_wide(stranger.page)
    stranger.page.evaluate(
        """() => {
            const picture = new Image();
            picture.src = "/static/ui/favicon.svg";
            Object.assign(picture.style, {width: "5000px", height: "9px", maxWidth: "none", display: "block"});
            document.querySelector("main").append(picture);
        }"""
    )
    assert is_too_wide(stranger.page)
    session = stranger.page.context.new_cdp_session(stranger.page)
    assert [one.split(":")[0] for one in violations(stranger.page, session)] == ["image-alt"]


@pytest.mark.parametrize(
    ("who", "path"), [("", PUBLIC[0]), ("binh", "/desk/"), ("binh", "/mail/"), ("chi", "/desk/unit/")]
)
def test_the_language_is_switched_by_one_press_and_stays(looked_at, visitor, who, path):
    somebody = visitor(looked_at, who)
    somebody.opens(path)
    before = somebody.main.inner_text()
    if who:
        somebody.page.get_by_role("contentinfo").get_by_role("button", name="Tiếng Việt").click()
    else:
        somebody.page.get_by_role("banner").get_by_role("group").locator("summary").click()
        somebody.page.get_by_role("banner").get_by_role("button", name="Tiếng Việt").click()
    somebody.page.wait_for_load_state()
    assert somebody.page.locator("html").get_attribute("lang") == "vi"
    assert somebody.page.url == looked_at.url + path
    assert somebody.main.inner_text() != before
    somebody.opens(path)
    assert somebody.page.locator("html").get_attribute("lang") == "vi"


def test_no_page_is_heavy(looked_at):
    rows = [line.split("\t") for line in WEIGHTS.read_text().splitlines()]
    assert [row for row in rows if int(row[0]) > HEAVIEST] == []


def _weighed(session) -> list[int]:
    """Count the bytes that each page loads while nothing is kept from page to page."""
    weight: list[int] = []
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on("Network.loadingFinished", lambda one: weight.append(int(one["encodedDataLength"])))
    return weight


def _note(who, address, weight):
    with WEIGHTS.open("a") as table:
        table.write(f"{sum(weight)}\t{who or 'public'}\t{re.sub('[a-z2-7]{26}', '…', address)}\n")


@pytest.fixture(scope="module", autouse=True)
def _a_signed_invitation(looked_at, tmp_path_factory):
    """What the demonstration has not: a letter with a signature that is believed, a meeting and files."""
    to = "minh@binhminh.example"
    raw, root = invitation(to, tmp_path_factory.mktemp("pki"))
    assert looked_at.congvu("trust", "add", str(root)).returncode == 0
    with looked_at.incoming() as door:
        door.sendmail(AUTHOR, [to], raw)


@pytest.fixture(scope="module", autouse=True)
def _a_new_table():
    WEIGHTS.write_text("")

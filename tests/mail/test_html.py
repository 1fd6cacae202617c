"""HTML from strangers: nothing of it runs, nothing of it reaches out, and it is quick to clean."""

import pytest
from playwright.sync_api import sync_playwright

from congvu.mail import html
from tests import requires
from tests.bounds import soon_done
from tests.mail.hostile import HOST, samples

PICTURE = "data:image/png;base64,iVBORw0KGgo="


def clean(page, **options):
    return html.sanitize(page, **options).html


def test_ordinary_mail_keeps_its_form():
    page = '<p style="color: red; position: fixed">xin <b>chào</b></p><ul><li>một<li>hai</ul><table border=1><tr><td colspan=2>x</table>'
    assert clean(page) == (
        '<p style="color:red">xin <b>chào</b></p><ul><li>một</li><li>hai</li></ul>'
        '<table border="1"><tbody><tr><td colspan="2">x</td></tr></tbody></table>'
    )


def test_misnested_and_unclosed_tags_are_mended():
    assert clean("<b><i>x</b>y</i><p>z<div>w") == "<b><i>x</i></b>y<p>z</p><div>w</div>"


def test_a_lone_bracket_is_shown():
    assert clean("1 < 2 & 3 > 2 <3") == "1 &lt; 2 &amp; 3 &gt; 2 &lt;3"


def test_links_open_elsewhere_and_tell_nothing():
    assert clean('<a href="https://a.example/?b=1&c" class=x>y</a>') == (
        '<a href="https://a.example/?b=1&amp;c" target="_blank" rel="noopener noreferrer">y</a>'
    )


@pytest.mark.parametrize(
    "address",
    [
        "javascript:x",
        "/desk",
        "x",
        "//a.example",
        "data:text/html,x",
        "#top",
        "\x01https://a.example",
        "ftp://a.example",
    ],
)
def test_other_addresses_are_taken_off_links(address):
    assert "href" not in clean(f'<a href="{address}">y</a>')


def test_remote_pictures_are_held_back_and_counted():
    page = '<img src="https://a.example/1.png"><img src="//a.example/2.png"><img src="cid:x"><img srcset="https://a.example/3.png 1x">'
    held = html.sanitize(page)
    assert (held.blocked_remote, HOST in held.html, "src=" in held.html) == (2, False, False)
    shown = html.sanitize(page, remote=True)
    assert (shown.blocked_remote, shown.html.count('src="')) == (0, 2)


def test_enclosed_pictures_are_shown_as_data():
    cid = {"a@b": PICTURE, "evil": "https://a.example/x.png", "svg": "data:image/svg+xml;base64,PHN2Zy8+"}
    assert clean('<img src="cid:a@b">', cid=cid) == f'<img src="{PICTURE}" referrerpolicy="no-referrer">'
    assert [clean(f'<img src="cid:{name}">', cid=cid) for name in ("evil", "svg", "none")] == [
        '<img referrerpolicy="no-referrer">'
    ] * 3


@pytest.mark.parametrize(
    "word",
    [
        "<script",
        "<svg",
        "<math",
        "<style",
        "<iframe",
        "<object",
        "<form",
        "<input",
        "<base",
        "<meta",
        "<link",
        "javascript:",
        "srcset",
        "url(",
        HOST + "/i.png",
    ],
)
def test_no_sample_keeps_what_is_dangerous(word):
    assert [sample for sample in samples() if word in clean(sample).replace("&lt;", "").lower()] == []


def test_cleaning_twice_changes_nothing():
    for sample in samples():
        once = clean(sample)
        assert sorted(clean(once)) == sorted(once)  # attributes may change places


@pytest.mark.parametrize(
    "piece",
    ["<div>", "<b>", "<b><i><u><p>", "<table><tr><td>", "<a href=http://x>", "<font color=red><p></font>", "<", "</", "<!--", "<!x ", '<a b="', "<a b=\"'", "<script>",
     "<li>", "&lt;", "<p a", " a=1", "<svg>", "<select><option>", "<table>x<b>"],
)  # fmt: skip
def test_no_page_makes_the_cleaner_slow(piece):
    page = "<p" * (piece == " a=1") + piece * (400_000 // len(piece))
    with soon_done():
        html.document(html.sanitize(page), language="vi")
        html.plain(page)


def test_a_page_that_is_too_long_is_shown_as_text():
    page = "<p>một</p>" * 200_000
    assert clean(page).startswith("<pre>một\nmột\n")


def test_the_document_names_its_policy_and_language():
    page = html.document(html.sanitize("<p>x"), language='vi"><script>')
    assert page.startswith('<!doctype html><html lang="vi&quot;&gt;&lt;script&gt;"><head>')
    assert 'img-src data:"' in page
    assert 'img-src data: https: http:"' in html.document(html.sanitize("<p>x", remote=True), language="vi")


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=requires.browser(),
            args=[
                "--no-sandbox",
                "--disable-quic",
                "--disable-background-networking",
                "--no-first-run",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield started
        started.close()


class Visit:
    """A page that counts what runs and what reaches out; only `pages` exist."""

    def __init__(self, browser):
        self.hits, self.requests, self.pages = [], [], {}
        self.page = browser.new_page()
        self.page.expose_function("hit", lambda *_args: self.hits.append(self.page.url))
        self.page.on("dialog", self._dialog)
        self.page.route("**/*", self._serve)

    def _dialog(self, dialog):
        self.hits.append("dialog")
        dialog.dismiss()

    def _serve(self, route):
        body, policy = self.pages.get(route.request.url, (None, ""))
        if body is None:
            self.requests.append(route.request.url)
            route.abort()
            return
        headers = {"Content-Type": "text/html; charset=utf-8"} | (
            {"Content-Security-Policy": policy} if policy else {}
        )
        route.fulfill(body=body, headers=headers)

    def show(self, body, *, policy=""):
        self.pages["http://frame.test/"] = (body, policy)
        self.page.goto("http://frame.test/")

    def poke(self):
        """Point at everything, press everything but links, and look at where links lead."""
        self.page.evaluate(
            """() => document.querySelectorAll("*").forEach(e => {
                for (const t of ["mouseover", "pointerover", "focus", "click"])
                    if (e.tagName !== "A" || t !== "click") e.dispatchEvent(new Event(t, {bubbles: true}));
                if (e.protocol === "javascript:") hit(1);
            })"""
        )
        self.page.wait_for_timeout(150)


HEAD = "<!doctype html><meta charset=utf-8><link rel=icon href=data:,><body>"


@pytest.mark.browser
def test_in_a_real_browser_nothing_runs_and_nothing_reaches_out(browser):
    """The cleaner alone must hold, without policy and without sandbox."""
    every, visit = list(samples()), Visit(browser)
    for start in range(0, len(every), 100):
        visit.show(
            HEAD + "".join(f"<section>{clean(sample)}</section>" for sample in every[start : start + 100])
        )
        visit.poke()
    assert (len(every) > 2000, visit.hits, visit.requests) == (True, [], [])


@pytest.mark.browser
def test_the_counters_of_the_browser_do_count(browser):
    visit = Visit(browser)
    visit.show(f"{HEAD}<img src={HOST}/control.png><p onmouseover=hit(1)>x")
    visit.poke()
    assert (len(visit.hits), visit.requests) == (1, [f"{HOST}/control.png"])


@pytest.mark.browser
def test_the_frame_alone_stops_scripts_and_fetches(browser):
    """Were the cleaner ever to fail, the policy of the frame holds what it can."""
    visit = Visit(browser)
    for sample in [
        "<script>hit(1)</script>",
        "<img src=x onerror=hit(1)>",
        f"<img src={HOST}/i.png>",
        f"<style>@import '{HOST}/x'</style>",
    ]:
        visit.show(HEAD + sample, policy=html.FRAME_CSP)
        visit.page.wait_for_timeout(50)
    assert (visit.hits, visit.requests) == ([], [])


@pytest.mark.browser
def test_the_frame_shows_colors_and_enclosed_pictures(browser):
    dot = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    visit = Visit(browser)
    page = '<p style="color: rgb(1, 2, 3)">x</p><img src="cid:a">'
    visit.show(html.document(html.sanitize(page, cid={"a": dot}), language="vi"), policy=html.FRAME_CSP)
    assert visit.page.evaluate(
        "[getComputedStyle(document.querySelector('p')).color, document.querySelector('img').naturalWidth]"
    ) == ["rgb(1, 2, 3)", 1]
    assert visit.requests == []


@pytest.mark.parametrize("sign", ["<b>", "<", "&amp;", "<!-- -->", "<td x><p>"])
def test_what_follows_very_many_tags_is_shown_as_plain_text(sign):
    shown = html.sanitize(sign * 11_000 + f"<i>end</i><img src={HOST}/x><script>hit(1)</script>").html
    assert (shown.endswith("</pre>"), "<script" in shown, HOST in shown) == (True, False, False)
    assert "end" in shown


@pytest.mark.parametrize(
    "tag", ["<a href='https://{}'>x</a>", '<img alt=x src="http://{}/p.png">', "<a href=http://{}>x</a>"]
)
def test_an_address_without_end_is_left_out_soon(tag):
    with soon_done():
        shown = html.sanitize(tag.replace("{}", "é®º" * 160_000), remote=True).html
    assert ("http" in shown, "x" in shown) == (False, True)


def test_a_picture_that_stands_in_the_page_may_be_long():
    assert html.sanitize(f"<img src='data:image/png;base64,{'iVBO' * 5_000}'>").html.count("iVBO") == 5_000


@pytest.mark.parametrize("page", ["{}", "<table><tr>{}", "<table>{}<tr>", "<p title='{}'>x</p>", "<b>{}"])
@pytest.mark.parametrize("text", ["\xa0", "é®º", "a&nbsp;bc", "&#160;" + "a" * 30])
def test_long_texts_and_values_are_cleaned_soon(page, text):
    with soon_done():
        html.sanitize(page.replace("{}", text * (480_000 // len(text))))


def test_a_long_text_stays_as_it_is():
    text = "Kính gửi đồng chí &amp; các đơn vị. " * 200
    assert html.sanitize(text).html == text
    assert html.sanitize("ê&nbsp;" * 900).html == "ê&nbsp;" * 900

"""T100: a hostile letter is read without anything of it running or reaching out.

HTML is sanitised and shown in a sandboxed frame, remote content is blocked until somebody asks; the browser's
own network is watched, not the program's promises.
"""

import re

import pytest

from tests.journeys.installation import letter

pytestmark = pytest.mark.browser

HOSTILE = """<html><head><base href="http://reu.example/"><meta http-equiv="refresh" content="0;url=http://reu.example/go">
<link rel="stylesheet" href="http://reu.example/look.css"><style>@import url(http://reu.example/look.css);</style></head>
<body onload="fetch('http://reu.example/loaded')"><h1>Giấy mời họp</h1>
<script>console.log('RAN'); fetch('http://reu.example/script'); top.document.title = 'RAN'</script>
<img src="http://reu.example/pixel.png" onerror="console.log('RAN')" alt="Ảnh thứ nhất">
<img src="x" onerror="console.log('RAN')"><svg onload="console.log('RAN')"><image href="http://reu.example/svg.png"/></svg>
<iframe src="http://reu.example/frame"></iframe><object data="http://reu.example/object"></object>
<video poster="http://reu.example/poster.png" autoplay><source src="http://reu.example/film.mp4"></video>
<p style="background: url(http://reu.example/background.png)">Kính mời.</p>
<form action="http://reu.example/form"><input name="matkhau" autofocus onfocus="console.log('RAN')"></form>
<a href="javascript:console.log('RAN')">Xem thêm</a> <a href="http://reu.example/link" ping="http://reu.example/ping">Trang</a>
<math><mi xlink:href="javascript:console.log('RAN')">x</mi></math></body></html>"""


@pytest.fixture(scope="module")
def received(agency):
    message = letter("la@noikhac.example", "binh@binhminh.example", "Giấy mời họp", "Kính mời.")
    message.add_alternative(HOSTILE, subtype="html")
    agency.receive(message)
    return agency


@pytest.fixture
def reader(received, visitor):
    """Bình at the letter, with everything that the browser asked for elsewhere and everything that ran."""
    binh = visitor(received, "binh")
    asked, said = [], []
    binh.page.context.route(lambda url: not url.startswith((binh.site, "data:")), _refuse(asked))
    binh.page.on("console", lambda message: said.append(message.text))
    binh.goes_to("Mail")
    binh.follows(re.compile("Giấy mời họp"))
    binh.page.frame_locator("iframe").get_by_role("heading", name="Giấy mời họp").wait_for()
    binh.page.wait_for_timeout(1000)  # whatever wants to run has its chance
    yield binh, asked, said
    binh.trouble.clear()  # that the browser refused something is the point here


def _refuse(asked):
    def refuse(route):
        asked.append(route.request.url)
        route.abort()

    return refuse


def test_nothing_of_the_letter_runs_and_nothing_leaves_the_browser(reader):
    binh, asked, said = reader
    assert asked == []
    assert [one for one in said if "RAN" in one] == []
    assert "RAN" not in binh.page.title()


def test_the_words_of_the_letter_can_be_read(reader):
    binh, _, _ = reader
    frame = binh.page.frame_locator("iframe")
    assert "Kính mời." in frame.locator("body").inner_text()
    assert (
        frame.locator("script, iframe, object, form, input, svg, math, video, base, link, [onerror]").count()
        == 0
    )
    assert frame.get_by_role("link", name="Xem thêm").count() == 0


def test_a_press_inside_the_letter_runs_nothing(reader):
    binh, _, said = reader
    binh.page.frame_locator("iframe").get_by_text("Xem thêm").dispatch_event("click")
    binh.page.wait_for_timeout(500)
    assert [one for one in said if "RAN" in one] == []


def test_pictures_from_elsewhere_load_only_when_asked_and_only_once(reader):
    binh, asked, _ = reader
    binh.sees("not loaded, so that the sender does not learn when you read")
    binh.presses("Load them this once")
    binh.page.frame_locator("iframe").get_by_role("heading", name="Giấy mời họp").wait_for()
    binh.page.wait_for_timeout(1000)
    assert set(asked) == {"http://reu.example/pixel.png"}
    asked.clear()
    binh.goes_to("Mail")
    binh.follows(re.compile("Giấy mời họp"))
    binh.page.frame_locator("iframe").get_by_role("heading", name="Giấy mời họp").wait_for()
    assert asked == []


def test_the_plain_text_is_there_for_who_wants_no_frame(reader):
    binh, _, _ = reader
    binh.follows("Show as plain text")
    binh.sees("Kính mời.")
    assert binh.page.locator("iframe").count() == 0

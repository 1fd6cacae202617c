"""What the public forms do in a real browser, under the product's own content security policy."""

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from playwright.sync_api import expect, sync_playwright

from congvu.petitions.guarding import proof
from congvu.petitions.media import redacting
from congvu.petitions.media.redacting import Box
from tests import requires
from tests.petitions.photos import halves, saved
from tests.ui.conftest import ARGUMENTS

pytestmark = pytest.mark.torture
HOST = "https://agency.test"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Form</title>
<link rel="stylesheet" href="/static/ui/css/tokens.css"><link rel="stylesheet" href="/static/ui/css/base.css">
<link rel="stylesheet" href="/static/ui/css/components.css"><link rel="stylesheet" href="/static/ui/css/forms.css">
<link rel="stylesheet" href="/static/petitions/redact.css"><script type="module" src="/static/petitions/{script}"></script>
<form method="post" action="/sent">{body}<button type="submit" class="cv-button">Send</button></form>"""
KEY = b"k" * 32


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=requires.browser(), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def form(browser):
    """Open a form with a part of ours in it: `form(script, body)` -> page; `page.sent` is what comes of it."""
    contexts = []

    def opened(script, body, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.sent, page.trouble = [], []
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.on("console", lambda said: said.type in {"error", "warning"} and page.trouble.append(said.text))
        page.route("**/*", lambda route: answer(page, route, PAGE.format(script=script, body=body)))
        page.goto(f"{HOST}/form")
        return page

    yield opened
    for context in contexts:
        context.close()


def answer(page, route, html):
    path = route.request.url.removeprefix(HOST)
    if path == "/sent":
        page.sent.append(parse_qs(route.request.post_data or "", keep_blank_values=True))
        route.fulfill(body="<title>Sent</title>", content_type="text/html")
    elif path == "/photo":
        route.fulfill(body=saved(halves(size=(400, 200)), "PNG"), content_type="image/png")
    elif path == "/form":
        route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": POLICY})
    elif path.startswith("/static/") and (found := finders.find(path.removeprefix("/static/"))):
        route.fulfill(path=Path(found), headers={"Content-Security-Policy": POLICY})
    else:
        route.fulfill(status=404)


def challenge():
    return json.dumps(proof.issue(key=KEY, agency="a", at=datetime.now(UTC)))


def is_proof(text):
    return proof.verify(text, key=KEY, agency="a", at=datetime.now(UTC)).expires_at > datetime.now(UTC)


def test_work_is_proven_while_the_citizen_reads(form):
    page = form("proof.js", render_to_string("petitions/_proof.html", {"challenge": challenge()}))
    expect(page.locator("[name=altcha]")).not_to_have_value("", timeout=60_000)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url(f"{HOST}/sent")
    assert is_proof(page.sent[0]["altcha"][0])
    assert page.trouble == []


def test_who_sends_before_it_is_done_waits_and_is_told(form, monkeypatch):
    monkeypatch.setattr(proof, "COST", 4 * proof.COST)
    page = form("proof.js", render_to_string("petitions/_proof.html", {"challenge": challenge()}))
    page.get_by_role("button", name="Send").click()
    assert "sends by itself" in page.get_by_role("status").inner_text()
    assert page.get_by_role("progressbar").is_visible()
    page.wait_for_url(f"{HOST}/sent", timeout=60_000)
    assert [is_proof(sent["altcha"][0]) for sent in page.sent] == [True]


@pytest.mark.parametrize("options", [{"java_script_enabled": False}, {}], ids=["no script", "no worker"])
def test_a_browser_that_cannot_sends_the_form_all_the_same(form, options):
    page = form(
        "proof.js", render_to_string("petitions/_proof.html", {"challenge": "{no challenge"}), **options
    )
    page.get_by_role("button", name="Send").click()
    page.wait_for_url(f"{HOST}/sent", timeout=60_000)
    assert page.sent == [{"altcha": [""]}]


def redaction():
    return render_to_string("petitions/_redact.html", {"picture": "/photo", "name": "A street lamp"})


def boxes(page):
    page.get_by_role("button", name="Send").click()
    page.wait_for_url(f"{HOST}/sent")
    sent = page.sent[-1]
    return redacting.read(lambda name: sent.get(name, []))


def test_a_face_is_covered_by_mouse(form):
    page = form("redact.js", redaction())
    frame = page.locator(".cv-redact__picture").bounding_box()

    def drag(start, end):
        for index, (x, y) in enumerate((start, end)):
            page.mouse.move(frame["x"] + frame["width"] * x, frame["y"] + frame["height"] * y, steps=5)
            (page.mouse.up if index else page.mouse.down)()

    drag((0.5, 0.5), (0.25, 0.25))
    drag((0.3, 0.3), (0.5, 0.4))
    page.mouse.click(frame["x"] + 5, frame["y"] + 5)
    (found,) = boxes(page)
    wanted = Box(left=0.45, top=0.35, width=0.25, height=0.25)
    assert all(abs(getattr(found, side) - getattr(wanted, side)) < 0.01 for side in redacting.FIELDS)
    assert page.trouble == []


def test_a_face_is_covered_by_keys(form):
    page = form("redact.js", redaction())
    for _ in range(2):
        page.get_by_role("button", name="Add a box").press("Enter")
    assert "Box 2 added" in page.get_by_role("status").inner_text()
    for key in ("ArrowLeft", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    page.get_by_role("button", name="Box 1").focus()
    page.keyboard.press("Delete")
    assert "Box 1 removed" in page.get_by_role("status").inner_text()
    assert boxes(page) == [Box(left=0.39, top=0.4, width=0.21, height=0.21)]


def test_a_face_is_covered_by_numbers_without_javascript(form):
    page = form("redact.js", redaction(), java_script_enabled=False)
    group = page.get_by_role("group", name="Box 2")
    for name, value in (
        ("From the left", "10"),
        ("From the top", "20.5"),
        ("Width", "5"),
        ("Height", "79.5"),
    ):
        group.get_by_label(name).fill(value)
    assert boxes(page) == [Box(left=0.1, top=0.205, width=0.05, height=0.795)]


def test_boxes_reach_the_edges_and_no_further(form):
    page = form("redact.js", redaction(), viewport={"width": 360, "height": 700}, has_touch=True)
    page.get_by_role("button", name="Add a box").press("Enter")
    for _ in range(60):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Shift+ArrowUp")
    assert boxes(page) == [Box(left=0.8, top=0.4, width=0.2, height=0.005)]

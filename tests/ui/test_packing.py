"""Text goes packed; letters go as they are, and so do the pages of whoever has a session."""

import gzip

import pytest
from django.test import Client

CSS = "/static/ui/css/base.css"
LETTERS = "/static/ui/fonts/noto-sans-latin.woff2"


@pytest.fixture
def browser() -> Client:
    """A browser that unpacks."""
    return Client(headers={"accept-encoding": "gzip"})


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("address", [CSS, "/static/ui/icons.svg", "/static/ui/js/page.js", "/about/"])
def test_text_is_packed_for_whoever_unpacks(browser, address):
    plain, packed = body(Client().get(address)), browser.get(address)
    assert packed["Content-Encoding"] == "gzip"
    unpacked = gzip.decompress(body(packed))
    assert len(unpacked) > 200
    if address.startswith("/static/"):
        assert unpacked == plain


@pytest.mark.django_db
def test_what_is_packed_already_parts_of_files_and_pages_of_a_session_are_not(browser):
    part = browser.get(CSS, headers={"range": "bytes=0-9"})
    assert (part.status_code, "Content-Encoding" in part) == (206, False)
    assert "Content-Encoding" not in browser.get(LETTERS)
    browser.cookies["sessionid"] = "x"
    assert "Content-Encoding" not in browser.get("/about/")
    assert browser.get(CSS)["Content-Encoding"] == "gzip"

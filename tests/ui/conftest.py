"""A real browser, without network beyond this machine."""

import os

import pytest
from playwright.sync_api import sync_playwright

from tests import requires

ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser():
    """Chromium, once a file: its event loop must not outlive the tests that need it."""
    program = requires.browser()
    with sync_playwright() as playwright:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
            "1"  # the loop is playwright's; Django is only called beside it
        )
        started = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield started
        started.close()
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def opened(browser, live_server, settings):
    """Open a page: `opened("/ui/gallery", language="vi", width=360)` -> Page, whose `trouble` must stay empty."""
    settings.DEBUG = True  # the gallery opens in development only
    contexts = []

    def page_at(path, *, language="en", width=1280, height=900, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        page = context.new_page()
        page.trouble = []
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.on(
            "console",
            lambda message: message.type in ("error", "warning") and page.trouble.append(message.text),
        )
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")
        return page

    yield page_at
    for context in contexts:
        context.close()

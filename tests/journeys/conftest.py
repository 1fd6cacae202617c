"""Running agencies and people at browsers.

The demonstration is lived through once a test run; every story that changes something gets a copy of its own, and
those that only look share one.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import requires
from tests.journeys.installation import Installation, free_ports
from tests.journeys.relay import Relay, listening
from tests.journeys.visitor import Visitor
from tests.ui.conftest import ARGUMENTS

PASSWORD = "binh-minh-2026"
DOMAIN = "binhminh.example"


@pytest.fixture(scope="session")
def lived(tmp_path_factory) -> tuple[Installation, dict]:
    """Return the demonstration after its two weeks, stopped again, and what was seen of its start and stop."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent  # the workers share one
    folder = root / "lived"
    folder.mkdir(exist_ok=True)
    seen = folder / "seen.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = Installation(folder)
        if not seen.exists():
            made.start("--demonstration")
            status = made.stop()
            seen.write_text(json.dumps({"said": made.said, "status": status}))
    return made, json.loads(seen.read_text())


@pytest.fixture(scope="session")
def looked_at(lived, tmp_path_factory) -> Iterator[Installation]:
    """Give a running demonstration in which nothing may be changed."""
    yield from _running(lived[0].copy_to(tmp_path_factory.mktemp("looked_at")), "--demonstration")


@pytest.fixture(scope="module")
def agency(lived, tmp_path_factory) -> Iterator[Installation]:
    """Give a running demonstration of the story's own."""
    yield from _running(lived[0].copy_to(tmp_path_factory.mktemp("agency")), "--demonstration")


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Iterator[Installation]:
    """Give a folder in which nothing was made yet."""
    installation = Installation(tmp_path_factory.mktemp("empty"))
    yield installation
    installation.stop_if_running()


@pytest.fixture(scope="module")
def relay() -> Iterator[Relay]:
    """Run the relay through which the agency's mail to others goes."""
    with listening(free_ports()[0]) as started:
        yield started


@pytest.fixture(scope="module")
def agency_with_relay(lived, relay, tmp_path_factory) -> Iterator[Installation]:
    """Give a running demonstration of the story's own, whose mail to others goes to the relay."""
    installation = lived[0].copy_to(tmp_path_factory.mktemp("with_relay"))
    installation.settings |= {
        "CONGVU_RELAY_HOST": "127.0.0.1",
        "CONGVU_RELAY_PORT": str(relay.port),
        "CONGVU_RELAY_STARTTLS": "0",
    }
    yield from _running(installation, "--demonstration")


def _running(installation: Installation, *arguments: str) -> Iterator[Installation]:
    installation.start(*arguments)
    yield installation
    assert installation.stop() == 0


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start the browser once a story: its event loop must not outlive the tests that need it."""
    program = requires.browser()
    with sync_playwright() as playwright:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the loop is playwright's
        started = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield started
        started.close()
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visitor(chromium) -> Iterator[Callable[..., Visitor]]:
    """Let somebody come: `visitor(agency)`, or `visitor(agency, "an")` for one of the cast, signed in.

    Whoever comes again in a later test is still signed in; a second browser at the same time signs in by itself.
    """
    contexts, everybody, signed_in = [], [], []

    def come(
        at: Installation, who: str = "", *, language: str = "en", width: int = 1280, **options
    ) -> Visitor:
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": at.url}])
        page = context.new_page()
        come_in = Visitor(page, at.url, _watched(page))
        everybody.append((come_in, at))
        if who:
            _comes_to_the_desk(come_in, at.sessions.pop(who, None), f"{who}@{DOMAIN}")
            signed_in.append((at, who, context))
        return come_in

    yield come
    for at, who, context in signed_in:
        at.sessions.update((who, one) for one in context.cookies() if one["name"] == "sessionid")
    trouble = [one for somebody, _ in everybody for one in somebody.trouble]
    for context in contexts:
        context.close()
    assert trouble == [], "".join(line for _, at in everybody for line in at.said[-60:])


def _comes_to_the_desk(somebody: Visitor, session: dict | None, username: str) -> None:
    """Go on with a session that was left open, or sign in where there is none or it has ended."""
    if session:
        somebody.page.context.add_cookies([session])
        somebody.opens("/desk/")
    if somebody.page.url != f"{somebody.site}/desk/":
        somebody.signs_in(username, PASSWORD)
        somebody.page.wait_for_url("**/desk/")


def _watched(page) -> list[str]:
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on(
        "console",
        lambda message: trouble.append(message.text) if "Content Security Policy" in message.text else None,
    )
    page.on(
        "response",
        lambda answer: trouble.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None,
    )
    return trouble


@pytest.fixture
def downloads(tmp_path) -> Callable[[Visitor, Callable[[], None]], Path]:
    """Keep what a press or a link downloads: `downloads(visitor, lambda: visitor.follows(...))`."""

    def kept(somebody: Visitor, act: Callable[[], None]) -> Path:
        with somebody.page.expect_download() as download:
            act()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        return path

    return kept

"""Opening letters in the real page of a message, in a real Chromium whose whole world is one counting server."""

import contextlib
import http.server
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Frame, Page, sync_playwright

from tests import requires

ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run", "--disable-component-update", "--disable-sync"]  # fmt: skip
OWN = {
    "update.googleapis.com",
    "clients2.google.com",
    "accounts.google.com",
    "www.google.com",
}  # the browser's own
POKE = """() => document.querySelectorAll("*").forEach(e => {
  for (const t of ["mouseover", "pointerover", "pointerenter", "focus", "error", "load", "toggle", "begin"])
    e.dispatchEvent(new Event(t, {bubbles: true}));
  if (e.tagName !== "A") e.dispatchEvent(new Event("click", {bubbles: true}));
  if (e.protocol === "javascript:") document.title = "hit";
}) || [location.href, document.title]"""
IFRAME = re.compile(r'<iframe class="cv-message__frame"[^>]*></iframe>')


PATIENCE = 300_000  # milliseconds: other work on the machine is no fault of a letter
POLICIES = {"content-security-policy", "referrer-policy", "cross-origin-opener-policy", "permissions-policy"}


@dataclass(slots=True)
class World:
    """All that is outside: what was fetched from it, and with which Referer."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    referrers: list[str] = field(default_factory=list)


@contextlib.contextmanager
def world() -> Iterator[World]:
    """Serve everything that is not the agency."""
    found = World()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.headers["Host"] not in OWN:
                found.asked.append(f"{self.headers['Host']}{self.path}")
            referrer = self.headers["Referer"] or ""
            if referrer and "reached.out.test" not in referrer:  # a page outside may name itself
                found.referrers.append(referrer)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_HEAD = do_GET  # noqa: N815 -- the library's names

        def log_message(self, *_args: Any) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def chromium(outside: World) -> Iterator[Browser]:
    """Start a browser for which every name but this machine's is the counting server."""
    rules = f"MAP * 127.0.0.1:{outside.port}, EXCLUDE localhost, EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=requires.browser(),
            args=[*ARGUMENTS, f"--host-resolver-rules={rules}"],
        )
        yield browser
        browser.close()


@dataclass(slots=True)
class Reader:
    """Bình at his letters: what ran, where the page went, what opened."""

    page: Page
    site: str
    ran: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Count what runs, in whatever frame."""
        self.page.context.expose_binding("hit", lambda source, *_args: self.ran.append(source["frame"].url))
        self.page.on("dialog", lambda dialog: self._dialog(dialog))  # noqa: PLW0108 -- Playwright marks methods; slots take none
        self.page.on("popup", lambda page: self.opened.append(page.url))

    def _dialog(self, dialog: Any) -> None:
        self.ran.append("dialog")
        dialog.dismiss()

    def reads(self, path: str) -> None:
        """Open a message's page, touch everything in its frame, and see that both are where they were."""
        self.page.goto(f"{self.site}{path}", wait_until="load", timeout=PATIENCE)
        self._touch(self.page.frames[1:])
        if len(self.page.frames) > 2 or self.page.url != f"{self.site}{path}":
            self.left.append(f"{path}: {[one.url for one in self.page.frames]}")

    def reads_together(self, model: str, paths: Sequence[str]) -> None:
        """Show many letters at once: the frame of a model's page, again for each, under that page's own policies."""
        place = f"{self.site}/together/"
        answer = self.page.request.get(f"{self.site}{model}")
        frame = IFRAME.search(answer.text())
        assert frame, model
        body = "<!doctype html>" + "".join(frame[0].replace(model, one) for one in paths)
        policies = {name: value for name, value in answer.headers.items() if name in POLICIES}
        headers = {"content-type": "text/html", **policies}
        self.page.route(place, lambda route: route.fulfill(body=body, headers=headers))
        self.page.goto(place, wait_until="load", timeout=PATIENCE)
        frames = self.page.frames[1:]
        self._touch(frames)
        shown = sorted(one.url for one in frames)
        if shown != sorted(f"{self.site}{one}html/" for one in paths) or self.page.url != place:
            self.left.append(f"{paths}: {self.page.url} {shown}")
        self.page.unroute(place)

    def _touch(self, frames: Sequence[Frame]) -> None:
        for frame in frames:
            place, title = frame.evaluate(POKE)
            if place != frame.url or not place.startswith(self.site) or title == "hit":
                self.left.append(f"frame at {place}")

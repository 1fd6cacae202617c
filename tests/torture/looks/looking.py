"""What axe, pa11y and Lighthouse find on kept pages, and what can be said of a page without them."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.urls import resolve
from playwright.sync_api import Browser, Page

from tests import requires
from tests.journeys.pages import AXE as PROGRAM
from tests.journeys.pages import FOUND, RULES, english, is_too_wide
from tests.torture.looks.shelf import Shelf

WIDTHS = (320, 360, 1280)
TALL = 900
DRIVER = Path(__file__).with_name("tools.mjs")
OURS, AXE, PA11Y, LIGHTHOUSE = "ours", "axe", "pa11y", "lighthouse"
FOLDED = "document.querySelectorAll('main details').forEach((one) => { one.open = true; })"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a tool finds on a page; without a rule: that it has looked."""

    tool: str
    page: int
    rule: str = ""
    what: str = ""


def by_axe(browser: Browser, shelf: Shelf, language: str, shots: Path | None = None) -> Iterator[Finding]:
    """Look at each page at three widths and on paper, with everything unfolded."""
    context = browser.new_context()
    for number in _different(shelf):
        kept, page = shelf.pages[number], context.new_page()
        trouble = _heard(page)
        page.goto(shelf.address(number))
        page.evaluate(FOLDED)
        yield Finding(tool=AXE, page=number)
        yield Finding(tool=OURS, page=number)
        yield from (Finding(tool=OURS, page=number, rule="console", what=one) for one in trouble)
        if language != "en":
            yield from (Finding(tool=OURS, page=number, rule="english", what=one) for one in english(page))
        yield from _at_widths(page, number)
        if shots:
            _shoot(page, shots / f"{language}-{number:03}-{kept.who or 'public'}")
        page.close()
    context.close()


def _heard(page: Page) -> list[str]:
    """Return where the browser's complaints about a page gather."""
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda line: trouble.append(line.text) if line.type == "error" else None)
    return trouble


def _at_widths(page: Page, number: int) -> Iterator[Finding]:
    # Through the debugger: a script tag would need a hole in the page's own policy.
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": PROGRAM})
    for medium, width in (*(("screen", one) for one in WIDTHS), ("print", WIDTHS[-1])):
        page.emulate_media(media=medium)  # type: ignore[arg-type]  # one of two words
        page.set_viewport_size({"width": width, "height": TALL})
        for found in page.evaluate(FOUND, RULES):
            rule, _, what = found.partition(": ")
            if (rule, medium) == ("target-size", "print"):  # nobody presses paper
                continue
            yield Finding(tool=AXE, page=number, rule=f"{rule} at {width}, {medium}", what=what)
        if is_too_wide(page):
            yield Finding(tool=OURS, page=number, rule=f"scrolls sideways at {width}, {medium}")


def _shoot(page: Page, name: Path) -> None:
    page.emulate_media(media="screen")
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": TALL})
        page.screenshot(path=f"{name}-{width}.png", full_page=True)


def modules() -> Path | None:
    """Return the folder of pa11y and Lighthouse, None where the machine has not both."""
    found = [shutil.which(name) for name in (PA11Y, LIGHTHOUSE, "node")]
    return Path(str(found[0])).resolve().parents[2] if all(found) else None


def by_others(shelf: Shelf, folder: Path) -> Iterator[Finding]:
    """Look at each page with pa11y, and with Lighthouse at one of each kind."""
    asked = {
        "browser": requires.browser(),
        "modules": str(folder),
        "pages": [
            {"number": one, "address": shelf.address(one), "tools": tools}
            for one, tools in _shared_out(shelf)
        ],
    }
    with subprocess.Popen(
        [requires.program("node", package="nodejs"), DRIVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as driver:
        assert driver.stdin is not None
        assert driver.stdout is not None
        driver.stdin.write(json.dumps(asked))
        driver.stdin.close()
        for line in driver.stdout:
            said = json.loads(line)
            yield Finding(
                tool=said["tool"],
                page=said["number"],
                rule=said.get("rule", ""),
                what=f"{said.get('what', '')} {said.get('node', '')}".strip(),
            )
    assert driver.returncode == 0


def routes(shelf: Shelf) -> list[str]:
    """Return the name of each page's route."""
    return [resolve(one.path.partition("?")[0]).view_name for one in shelf.pages]


def _different(shelf: Shelf) -> dict[int, tuple[str, str]]:
    """Return a page of each kind and state, for everybody who sees it, with its kind: its route, and the act there."""
    seen, found = set(), {}
    for number, (route, kept) in enumerate(zip(routes(shelf), shelf.pages, strict=True)):
        kind = (route, kept.path.partition("/acts/")[2].partition("?")[0])
        if (kind, kept.name, kept.who) not in seen:
            found[number] = kind
        seen.add((kind, kept.name, kept.who))
    return found


def _shared_out(shelf: Shelf) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield pages with the tools that look at each; Lighthouse sees one of each kind."""
    kinds = set()
    for number, kind in _different(shelf).items():
        yield number, (PA11Y,) if kind in kinds else (PA11Y, LIGHTHOUSE)
        kinds.add(kind)

"""Every page of the product by who sees it, and what can be said of a page without knowing what it is for."""

import re
from pathlib import Path

from playwright.sync_api import CDPSession, Page

AXE = (Path(__file__).parents[1] / "ui" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FOUND = """async (rules) => {
  const found = await axe.run(document, {runOnly: rules});
  return found.violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
}"""
# Text that a person reads, without what says itself that it is in another language, and without code.
READ = """() => {
  const copy = document.querySelector("main").cloneNode(true);
  copy.querySelectorAll("[lang], code, pre, script, option, .cv-visually-hidden[lang]").forEach((one) => one.remove());
  const named = [...document.querySelectorAll("main [aria-label], main [placeholder], main [title]")]
    .filter((one) => !one.closest("[lang]:not(html)"))
    .map((one) => one.getAttribute("aria-label") ?? one.getAttribute("placeholder") ?? one.title);
  return [document.title, copy.textContent, ...named];
}"""
ENGLISH = re.compile(r"\b(?:the|of|and|with|your|you|this|that|which|from|are|was|were)\b")
# Each is a path, or `path > text or selector of links` for a page that hangs behind another one.
PUBLIC = (
    *(
        "/",
        "/about/",
        "/books/",
        "/books/vn.binh-duong.mail-2009/",
        "/books/vn.binh-duong.mail-2009/calendar/",
        "/books/vn.binh-duong.mail-2009/table/?sort=title",
        "/books/vn.binh-duong.mail-2009/changes/",
        "/books/?q=nowhere",
        "/books/vn.mic.mail-2016/",
        "/verify/",
        "/logs/",
        "/1022/phuong-binh-minh/",
        "/1022/phuong-binh-minh/new/complaint/what/",
        "/1022/phuong-binh-minh/follow/",
        "/requests/",
        "/requests/ > .cv-list__title",
        "/requests/ > .cv-tabs li:nth-child(2) a",
        "/requests/ > .cv-tabs li:nth-child(3) a",
    ),
    *("/account/login/", "/account/signup/", "/account/password/reset/", "/nowhere/"),
)
OWN = (
    *("/desk/", "/directory/settings/", "/directory/application-passwords/", "/account/2fa/"),
    *("/account/password/change/", "/account/sessions/", "/account/logout/", "/account/reauthenticate/"),
)
MAIL = (
    *("/mail/", "/mail/sent/", "/mail/drafts/", "/mail/filed/", "/mail/address-book/", "/mail/compose/"),
    "/mail/meetings/",
    *("/mail/search/", "/mail/search/?q=hop", "/mail/ > .cv-mail-row__subject a"),
    *(
        "/mail/ > .cv-mail-row__subject a > a[href$='/receipts/']",
        "/mail/ > .cv-mail-row__subject a > a[href$='/reply/']",
    ),
)
PAGES: dict[str, tuple[str, ...]] = {
    "": PUBLIC,
    "binh": (*OWN, *MAIL, "/conduct/counts/", "/conduct/reports/", "/conduct/reports/new/", "/directory/"),
    "an": (
        *("/desk/", "/desk/disposal/", "/desk/disposal/new/"),
        "/mail/ > nav a[href*='/mail/box/']",
        "/mail/ > nav a[href*='/mail/box/'] > a[href$='/sent/']",
        *("/petitions/", "/petitions/new/", "/petitions/?tab=all > th a"),
    ),
    "chi": (
        *("/desk/unit/", "/desk/unit/ > a[href*='/conduct/duty/']", "/conduct/findings/", "/conduct/counts/"),
        *(
            "/conduct/counts/ > td a, th a",
            "/rules/",
            "/rules/days/",
            "/rules/drafts/",
            "/rules/ > a[href*='/rules/books/']",
        ),
        *("/rules/books/vn.binh-duong.mail-2009/ > a[href$='/acknowledge_within/']", "/conduct/reports/"),
        *("/desk/disposal/", "/desk/disposal/holds/new/"),
    ),
    "ngoc": (
        *("/desk/watch/", "/petitions/services/"),
        *("/directory/", "/directory/ > th a", "/directory/units/", "/directory/units/ > li a"),
        *("/directory/ > td a", "/directory/ > td a > a[href$='/post/']", "/directory/import/"),
        *("/directory/ > td a > a[href$='/open/']", "/directory/ > td a > a[href$='/functions/']"),
        *(
            "/directory/appoint/who/",
            "/directory/appoint/post/",
            "/directory/appoint/day/",
            "/directory/addresses/",
        ),
        *(
            "/directory/addresses/ > a[href$='/withdraw/']",
            "/directory/ > th a > a[href$='/end/']",
            "/rules/",
        ),
        *("/directory/ > th a > a[href$='/rename/']", "/directory/ > th a > a[href$='/password/']"),
    ),
    # The newest letter is a signed invitation with files, which came for this.
    "minh": (
        *("/mail/ > .cv-mail-row__subject a", "/mail/ > .cv-mail-row__subject a > a[href$='/signature/']"),
        "/mail/ > .cv-mail-row__subject a > a[href$='/preview/']",
        "/mail/ > .cv-mail-row__subject a > a[href$='/preview/'] >> nth=1",
    ),
    "tuan": (
        "/desk/watch/",
        "/desk/evidence/",
        "/desk/evidence/?page=2",
        "/conduct/findings/",
        "/conduct/reports/",
    ),
}


def found(page: Page, site: str, way: str) -> str:
    """Return the address at the end of a way, going from link to link."""
    here, *links = (part.strip() for part in way.split(" > "))
    here = site + here
    for link in links:
        page.goto(here)
        here = site + str(page.locator("main").locator(link).first.get_attribute("href"))
    return here


def violations(page: Page, session: CDPSession) -> list[str]:
    """Return what axe finds; it comes in by the debugger, as the page's own policy lets no script in."""
    session.send("Runtime.evaluate", {"expression": AXE})
    broken: list[str] = page.evaluate(FOUND, RULES)
    return broken


def english(page: Page) -> list[str]:
    """Return the lines of a page in another language that are English."""
    texts: list[str] = page.evaluate(READ)
    lines = [" ".join(line.split()) for text in texts for line in re.split(r"\n\s*\n|\n", text)]
    return [line for line in lines if ENGLISH.search(line)]


def is_too_wide(page: Page) -> bool:
    """Tell whether the page scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))

"""Somebody who goes through the pages without a script, and keeps each as it came."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Page, Response

from tests.torture.looks.shelf import Kept, Shelf

PATIENCE = 20_000  # milliseconds
PASSWORD = "binh-minh-2026"
Field = str | bool


class Walker:
    """One of the cast, or a citizen (`who` is empty)."""

    def __init__(self, page: Page, shelf: Shelf, who: str) -> None:
        self.page, self.shelf, self.who = page, shelf, who

    def opens(self, path: str, name: str = "") -> str:
        """Open a page and keep it; return its address after all ways that it leads."""
        self._keep(self.page.goto(self.shelf.site + path), name)
        return self.path

    def sends(
        self, name: str = "", /, *, form: str = "main form.cv-form", button: str = "", **fields: Field
    ) -> str:
        """Fill in fields of a form, and press its first button, or the one of a name."""
        last = self.page.locator(form).last
        self.page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        for field, value in fields.items():
            _fill(last.locator(f"[name='{field}']"), value)
        named = f"[name='{button}']" if button else ":not([name])"
        with self.page.expect_navigation() as answer:
            last.locator(f"button{named}:not([type=button]):visible").first.press("Enter")
        self._keep(answer.value, name)
        return self.path

    def follows(self, link: str, name: str = "") -> str:
        """Follow the first link that a selector finds."""
        return self.opens(self.link(link), name)

    def link(self, selector: str) -> str:
        """Return where the first link leads that a selector finds."""
        return str(self.page.locator("main").locator(selector).first.get_attribute("href"))

    def links(self, selector: str) -> list[str]:
        """Return where all links lead that a selector finds."""
        found = self.page.locator("main").locator(selector)
        return list(dict.fromkeys(str(one.get_attribute("href")) for one in found.all()))

    def text(self, selector: str) -> str:
        """Return what stands somewhere."""
        return self.page.locator(selector).first.inner_text()

    @property
    def path(self) -> str:
        """Return where the page is."""
        return self.page.url.removeprefix(self.shelf.site)

    def _keep(self, answer: Response | None, name: str) -> None:
        assert answer is not None
        assert answer.status < 500, (answer.url, answer.text()[:2_000])
        cookies = "; ".join(f"{one['name']}={one['value']}" for one in self.page.context.cookies())
        self.shelf.pages.append(
            Kept(
                who=self.who,
                name=name,
                path=self.path,
                headers=answer.headers,
                body=answer.body(),
                cookie=cookies,
            )
        )


@contextmanager
def walking(browser: Browser, shelf: Shelf, language: str) -> Iterator[Mapping[str, Walker]]:
    """Give a citizen and officials, who are signed in."""
    contexts, walkers = [], {}
    for who in ("", "neighbor", "an", "binh", "chi", "ngoc"):
        context = browser.new_context(java_script_enabled=False)
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": shelf.site}])
        context.set_default_timeout(PATIENCE)
        walkers[who] = Walker(context.new_page(), shelf, "" if who == "neighbor" else who)
        if who not in {"", "neighbor"}:
            _sign_in(walkers[who])
    yield walkers
    for context in contexts:
        context.close()


def _sign_in(walker: Walker) -> None:
    walker.page.goto(f"{walker.shelf.site}/account/login/")
    walker.page.locator("[name=login]").fill(f"{walker.who}@binhminh.example")
    walker.page.locator("[name=password]").fill(PASSWORD)
    walker.page.locator("[name=password]").press("Enter")
    walker.page.wait_for_url("**/desk/")


def _fill(field: Locator, value: Field) -> None:
    first = field.first
    kind = first.evaluate("one => one.tagName === 'INPUT' ? one.type : one.tagName")
    if kind in {"radio", "checkbox"}:
        chosen = first if isinstance(value, bool) else field.and_(field.page.locator(f"[value='{value}']"))
        chosen.set_checked(value is not False)
    elif kind == "file":
        first.set_input_files(str(value))
    elif kind == "SELECT":
        first.select_option(str(value))
    else:
        first.fill(str(value))

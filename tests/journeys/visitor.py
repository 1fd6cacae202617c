"""A person at a browser: finds everything by role and accessible name, as a screen reader announces it."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, Response, expect


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at a page; `trouble` holds what the browser complained about and must stay empty."""

    page: Page
    site: str
    trouble: list[str]

    def opens(self, path: str) -> Response:
        """Open an address of the installation."""
        answer = self.page.goto(self.site + path)
        assert answer is not None
        return answer

    def signs_in(self, username: str, password: str) -> None:
        """Fill in the page of the sign-in."""
        self.opens("/account/login/")
        self.writes("Username", username)
        self.writes("Password", password)
        self.presses("Sign in", exact=True)

    def signs_out(self) -> None:
        """Sign out from the menu under the own name."""
        self.page.get_by_role("banner").get_by_role("group").last.locator("summary").click()
        self.presses("Sign out")

    def follows(self, name: str | re.Pattern[str], **options: Any) -> None:
        """Follow a link."""
        self.link(name, **options).click()

    def presses(self, name: str | re.Pattern[str], **options: Any) -> None:
        """Press a button."""
        self.button(name, **options).click()

    def writes(self, label: str, text: str) -> None:
        """Fill in a field."""
        self.field(label).fill(text)

    def chooses(self, label: str, option: str | re.Pattern[str]) -> None:
        """Choose from a list."""
        wanted = self.field(label).locator("option").filter(has_text=option).first.get_attribute("value")
        self.field(label).select_option(wanted)

    def link(self, name: str | re.Pattern[str], **options: Any) -> Locator:
        return self.main.get_by_role("link", name=name, **options).first

    def button(self, name: str | re.Pattern[str], **options: Any) -> Locator:
        return self.page.get_by_role("button", name=name, **options).first

    def field(self, label: str) -> Locator:
        return self.main.get_by_label(re.compile(rf"^\s*{re.escape(label)}(\s*\(optional\))?\s*$"))

    def goes_to(self, place: str) -> None:
        """Choose a place of the navigation."""
        places = self.page.get_by_role("navigation", name="Places")
        places.get_by_role("link", name=re.compile(rf"^{place}\s*\d*$")).click()

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Expect a text in the content of the page."""
        expect(self.main).to_contain_text(text)

    def does_not_see(self, text: str | re.Pattern[str]) -> None:
        """Expect the text nowhere on the page."""
        expect(self.page.locator("body")).not_to_contain_text(text)

    def heading(self) -> str:
        """Return what the page is called."""
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

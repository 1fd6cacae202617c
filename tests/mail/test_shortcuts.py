"""Single keys in the mailbox, as a person at a keyboard meets them (WCAG 2.2, 2.1.4)."""

import pytest
from playwright.sync_api import expect

from congvu.directory.actions.accounts import keep_wishes
from congvu.mail.actions.accepting import accept
from tests.mail.computers import at_computer, opens
from tests.mail.letters import incoming
from tests.ui.conftest import browser

__all__ = ["at_computer", "browser", "opens"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def inbox(agency, binh, at_computer, opens):
    accept(
        [incoming("binh@ubnd.example", message_id=f"{n}@x.example", subject=f"Thư {n}") for n in (1, 2, 3)]
    )
    return opens(at_computer(binh), "/mail/")


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim()")


def test_keys_go_through_the_list_and_into_a_letter_and_back(inbox):
    keys = inbox.keyboard
    found = []
    for key in ("j", "j", "j", "j", "k"):
        keys.press(key)
        found.append(focused(inbox)[-1])
    assert found == ["3", "2", "1", "1", "2"]
    keys.press("x")
    assert inbox.get_by_role("checkbox", name="Choose: Thư 2").is_checked()
    keys.press("m")
    assert inbox.evaluate("document.activeElement.id") == "move-to"
    inbox.get_by_role("link", name="Thư 2").focus()
    keys.press("o")
    expect(inbox.get_by_role("heading", level=1)).to_have_text("Thư 2")
    keys.press("m")
    assert inbox.evaluate("document.activeElement.id") == "under"
    keys.type("rcu?")
    assert inbox.locator("#under").input_value() == "rcu?"
    inbox.locator("h1").click()
    with inbox.expect_navigation(url="**/reply/"):
        keys.press("r")
    keys.press("u")
    inbox.wait_for_url("**/mail/box/*/")
    keys.press("/")
    assert inbox.evaluate("document.activeElement.id") == "q"


def test_a_key_in_the_same_place_counts_on_a_cyrillic_keyboard(inbox):
    inbox.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'о', code: 'KeyJ', bubbles: true}))"
    )
    assert focused(inbox)[-1] == "3"


def test_the_list_of_keys_is_a_dialog_that_holds_the_focus_and_lets_nothing_through(inbox):
    inbox.keyboard.press("?")
    dialog = inbox.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    assert focused(inbox) == "Close"
    for _ in range(6):
        inbox.keyboard.press("Tab")
        assert inbox.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    inbox.keyboard.press("c")
    inbox.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert inbox.url.endswith("/mail/")
    inbox.get_by_role("button", name="Keyboard shortcuts").click()
    expect(dialog).to_be_visible()


@pytest.mark.parametrize("pressed", ["Control+k", "Alt+o", "Shift+C"])
def test_keys_of_browsers_and_screen_readers_are_left_alone(inbox, pressed):
    inbox.evaluate("addEventListener('keydown', (event) => { window.wasTaken = event.defaultPrevented })")
    inbox.keyboard.press(pressed)
    assert inbox.evaluate("window.wasTaken") is False
    assert inbox.url.endswith("/mail/")


def test_who_switched_the_keys_off_types_in_vain(agency, binh, at_computer, opens):
    keep_wishes(account=binh.account, language="en", uses_shortcuts=False, is_told_of_late_duties=True)
    page = opens(at_computer(binh), "/mail/")
    page.keyboard.press("c")
    page.keyboard.press("?")
    assert (page.get_by_role("dialog").count(), page.url.endswith("/mail/")) == (0, True)
    page.get_by_role("link", name="Keyboard shortcuts are off").click()
    page.get_by_label("Single keys act in the mailbox").check()
    page.get_by_role("button", name="Save").click()
    binh.account.refresh_from_db()
    assert binh.account.uses_shortcuts

"""A call is taken at the keyboard alone, by somebody who types at an ordinary pace, in less than a minute."""

import time

import pytest
from playwright.sync_api import expect

from congvu.directory.policies import OPERATOR
from congvu.petitions.actions import setting
from tests.mail.computers import at_computer, opens
from tests.petitions.conftest import NOW, law, office
from tests.ui.conftest import browser

__all__ = ["at_computer", "browser", "law", "office", "opens"]
pytestmark = [pytest.mark.torture, pytest.mark.django_db(transaction=True)]
PACE = 0.25  # seconds a key: 48 words a minute
THINKING = 1.0  # seconds at each field
CALL = (
    ("find", "den duong"),
    ("id_service", None),
    ("id_question-pole", None),
    ("id_content", "Den truoc so 12 khong sang ba dem"),
    ("id_place", "12 pho Hue"),
    ("id_name", "Pham Thi Dung"),
    ("id_phone", "0900000000"),
)


def test_a_call_takes_less_than_a_minute_and_no_mouse(law, office, an, at_computer, opens, agency):
    setting.load(agency, "vn", unit=office, by=OPERATOR, at=NOW)
    page = opens(at_computer(an), "/petitions/new/")
    keys, pressed, began = page.keyboard, 0, time.monotonic()
    for field, text in CALL:
        for _ in range(6):  # no field is further away
            if page.evaluate("document.activeElement.id") == field:
                break
            keys.press("Tab")
            pressed += 1
        assert page.evaluate("document.activeElement.id") == field
        if text:
            keys.type(text)
            pressed += len(text)
        if field == "find":
            expect(page.locator("#id_service option").first).to_have_text("Street lamp")
    keys.press("Control+Enter")
    expect(page.get_by_text("Read this number to the caller")).to_be_visible()
    waited = time.monotonic() - began
    took = pressed * PACE + len(CALL) * THINKING + waited
    assert took < 60, f"{pressed} keys, {waited:.1f} s of waiting for pages"

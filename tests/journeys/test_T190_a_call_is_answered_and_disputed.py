"""T190: a citizen telephones 1022; the clerk takes it at the keyboard, the unit answers, the citizen disputes.

Plays the regulation of Ho Chi Minh City on 1022 (2025): sent to its unit within five minutes, answered within ten days,
and answered anew when the citizen says that it is not true.
"""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.torture,
]  # the telephone's screen is tested without a browser, too

CALL = "Đèn đường trước nhà số 12 không sáng ba đêm nay."


def test_a_call_is_taken_at_the_keyboard_answered_and_disputed(agency, visitor):
    number, key = _takes_the_call(visitor(agency, "an"))
    binh = visitor(agency, "binh")
    binh.goes_to("Requests")
    binh.link(number).click()
    binh.page.wait_for_url("**/petitions/*/")
    binh.page.keyboard.press("t")
    binh.sees("The request is yours.")
    binh.page.wait_for_load_state()
    binh.page.keyboard.press("a")
    binh.writes("Answer", "Đã thay bóng đèn.")
    binh.presses("Answer")
    binh.sees("Say what shows it")
    binh.writes("What shows it", "Biên bản 12/BB")
    binh.presses("Answer")
    binh.sees("The answer is given; the citizen can dispute it.")
    _disputes(visitor(agency), number, key)
    binh.goes_to("My day")
    binh.link(re.compile(number)).click()
    binh.sees("The citizen disputes the answer")
    binh.sees("Đèn vẫn tắt.")


def _takes_the_call(an):
    an.goes_to("Requests")
    an.page.wait_for_url("**/petitions/")
    keys = an.page.keyboard
    keys.press("c")
    an.page.wait_for_url("**/petitions/new/")
    keys.type("den duong")
    expect(an.page.locator("#id_service option")).to_have_text(["Street lamp"])
    for field, text in (
        ("content", CALL),
        ("place", "12 Hoa Lư"),
        ("name", "Phạm Thị Dung"),
        ("phone", "0900"),
    ):
        while an.page.evaluate("document.activeElement.id") != f"id_{field}":
            keys.press("Tab")
        keys.type(text)
    keys.press("Control+Enter")
    an.sees("Read this number to the caller")
    an.sees("An answer is due by")
    number, key = an.page.locator(".cv-read-out").all_inner_texts()
    return number, key


def _disputes(dung, number, key):
    dung.opens("/1022/")
    dung.page.goto(dung.page.url + "follow/")
    dung.writes("Number of the request", number)
    dung.writes("Secret key", key)
    dung.presses("Show the request")
    dung.sees("Đã thay bóng đèn.")
    dung.follows(re.compile("not true"))
    dung.writes("What is not true, or not done?", "Đèn vẫn tắt.")
    dung.presses("Send")

"""T180: a citizen reports a lamp from a telephone, without an account; disputes the answer, and rates it.

Plays the regulation of Ho Chi Minh City on 1022 (2025), and what a first view costs somebody who pays for every byte.
"""

import re

import pytest

from tests.petitions.photos import exif, photo

pytestmark = pytest.mark.browser

LIGHT = 60_000  # octets of a first view, letters and scripts with it
WARD = ((20.0, 0.0, 18.0), "N"), ((105.0, 0.0, 18.0), "E")


def test_a_lamp_is_reported_followed_disputed_and_rated(agency, visitor):
    dung = visitor(agency, width=360)
    dung.opens("/1022/")
    dung.follows("Street lamp")
    dung.writes("In words", "Trước nhà số 3 đường Nguyễn Huệ")
    dung.presses("Continue")
    dung.writes("What happened, or what do you ask for?", "Đèn cao áp tắt từ tối qua.")
    dung.presses("Continue")
    sent = {"name": "den.jpg", "mimeType": "image/jpeg", "buffer": photo(exif=exif(WARD))}
    dung.field("Add files").set_input_files(sent)
    dung.presses("Continue")
    dung.sees("den.jpg says where it was taken.")
    dung.presses("Yes, use this place")
    dung.sees("The place of the photo was taken over.")
    dung.presses("Continue")
    dung.writes("E-mail", "dung@congdan.example")
    dung.presses("Continue")
    dung.sees("20.00500, 105.00500")
    dung.presses("Send", exact=True)  # the browser proves by work that it is no machine
    dung.page.wait_for_url("**/done/", timeout=120_000)
    dung.sees("Quy chế tiếp nhận")
    number, key = (dung.page.locator(f"#{one}").inner_text() for one in ("number", "key"))
    _answers(visitor(agency, "binh"), number)

    follower = visitor(agency, width=360)
    follower.opens(f"/1022/phuong-binh-minh/follow/#{number}.{key}")  # as a letter's link
    follower.page.wait_for_url(f"**/follow/{number}/")
    follower.sees("Đã thay bóng.")
    follower.follows("The answer is not true")
    follower.writes("What is not true, or not done?", "Đèn vẫn tắt.")
    follower.presses("Send")
    follower.sees("The request is open again.")
    follower.follows("Rate the answer")
    follower.page.get_by_label("2: bad").check()
    follower.presses("Send")
    follower.sees("Your rating was recorded.")


@pytest.mark.parametrize("language", ["vi", "kk", "ru", "en"])
def test_the_first_view_is_light_and_asks_nobody_else(agency, visitor, language):
    stranger = visitor(agency, language=language, width=360)
    session, asked, weight = stranger.page.context.new_cdp_session(stranger.page), [], []
    session.send("Network.enable")
    session.on("Network.requestWillBeSent", lambda one: asked.append(one["request"]["url"]))
    session.on("Network.loadingFinished", lambda one: weight.append(int(one["encodedDataLength"])))
    stranger.page.goto(f"{agency.url}/1022/phuong-binh-minh/", wait_until="networkidle")
    assert [one for one in asked if not one.startswith(agency.url)] == []
    assert sum(weight) < LIGHT


def _answers(binh, number):
    binh.goes_to("Requests")
    binh.link(re.compile(number)).click()
    binh.page.wait_for_url("**/petitions/*/")
    binh.page.keyboard.press("a")
    binh.writes("Answer", "Đã thay bóng.")
    binh.writes("What shows it", "Biên bản 15/BB")
    binh.presses("Answer")
    binh.sees("The answer is given")

"""T030: from the letter to the receipt that a stranger checks. The spine, told whole.

Plays MAIL-BD-2 (the mailbox is checked in two windows), MAIL-BD-3 (receiving is acknowledged) and MAIL-BD-4 (work
schedules go by mail) of Decision 82/2009/QĐ-UBND, articles not established.
"""

import json
import re

import pytest

from tests.journeys.installation import verify

pytestmark = pytest.mark.browser

SUBJECT = "Lịch công tác tuần tới của Phòng Kinh tế, Hạ tầng và Đô thị phường Bình Minh"


def test_the_official_writes_and_the_clerk_acknowledges_with_one_press(agency, visitor):
    binh, an = visitor(agency, "binh"), visitor(agency, "an")
    binh.goes_to("Mail")
    binh.follows("Write")
    binh.writes("Name, post or unit", "An")
    offered = binh.page.locator("#contacts option[value*='<an@']")
    offered.wait_for(state="attached")
    binh.writes("Name, post or unit", offered.get_attribute("value"))
    binh.presses("To", exact=True)
    binh.chooses("Kind of communication", "Work schedule")
    binh.writes("Subject", SUBJECT)
    binh.writes("Text", "Kính gửi chị An, tôi gửi lịch tuần tới.")
    binh.presses("Send", exact=True)
    binh.sees("Sent. The receipts show how far it has come.")
    binh.sees("Delivered")

    an.goes_to("Mail")
    row = an.main.get_by_role("listitem").filter(has_text=SUBJECT).first
    assert "Work schedule" in row.inner_text()
    row.get_by_role("button", name=re.compile("^Acknowledge")).click()
    an.sees("Acknowledged. The sender has been told.")
    assert row.get_by_role("button").count() == 0

    binh.goes_to("Mail")
    reply = binh.main.get_by_role("listitem").filter(has_text=f"Đã nhận: {SUBJECT}").first
    assert "Automatic" in reply.inner_text()
    assert reply.get_by_role("button").count() == 0  # an automatic reply owes no acknowledgement


def test_the_duty_names_its_article_and_its_time_before_it_is_done(agency, visitor):
    binh, an = visitor(agency, "binh"), visitor(agency, "an")
    binh.opens("/mail/compose/?to=an@binhminh.example")
    binh.writes("Subject", "Xin ý kiến")
    binh.presses("Send", exact=True)
    binh.sees("Delivered")
    agency.wait_until(lambda: _day(an).filter(has_text="Xin ý kiến").count() >= 1)
    duty = _day(an).filter(has_text="Xin ý kiến").first
    assert "Acknowledge mail" in duty.inner_text()
    assert "82/2009/QĐ-UBND" in duty.inner_text()
    duty.get_by_role("link", name="Why am I told this?").click()
    an.sees("30 working minutes")
    an.sees("Article not established")
    an.sees("Asia/Ho_Chi_Minh")


def _day(somebody):
    somebody.opens("/desk/")
    return somebody.page.get_by_role("region", name=re.compile("^Due")).get_by_role("listitem")


def test_the_head_sees_who_missed_the_morning_window_and_why(agency, visitor):
    chi = visitor(agency, "chi")
    chi.goes_to("My unit")
    missed = chi.main.get_by_role("listitem").filter(has_text="Check the mailbox – Trần Văn Bình")
    missed.filter(has_text="09:00").first.get_by_role("link").first.click()
    chi.sees("Not recorded in the window")
    chi.sees(re.compile(r"Nothing was recorded in the window from\s+08:00\s+to\s+09:00"))
    chi.sees("82/2009/QĐ-UBND")
    chi.sees("Article not established")
    chi.sees("Calendar: vn")
    chi.sees("What people said")


def test_the_receipt_proves_the_acknowledgement_in_four_languages(agency, visitor, downloads):
    receipt = _acknowledged(agency, visitor, downloads)
    for language in ("vi", "kk", "ru", "en"):
        said = verify(receipt, "--lang", language)
        assert (said.returncode, said.stderr) == (0, "")
        assert "mail.message.acknowledged" in said.stdout, language
        assert "demonstration.localhost/log/phuong-binh-minh" in said.stdout, language
        assert SUBJECT not in said.stdout
    answers = {verify(receipt, "--lang", language).stdout for language in ("vi", "kk", "ru", "en")}
    assert len(answers) == 4


def test_one_changed_byte_breaks_it(agency, visitor, downloads, tmp_path):
    receipt = _acknowledged(agency, visitor, downloads)
    whole = receipt.read_bytes()
    assert json.loads(whole)["congvu"] == "receipt/1"
    broken = tmp_path / "broken.congvu.json"
    step = max(1, len(whole) // 40)  # the whole file byte by byte is the verifier's own test
    for place in range(0, len(whole), step):
        changed = bytearray(whole)
        changed[place] ^= 1
        broken.write_bytes(changed)
        assert verify(broken).returncode in {1, 2}, f"byte {place} of {len(whole)}"


def _acknowledged(agency, visitor, downloads):
    an = visitor(agency, "an")
    an.goes_to("Mail")
    an.follows(SUBJECT)
    an.follows("Receipts")
    agency.wait_until(lambda: an.page.reload() and an.main.get_by_text("pending").count() == 0)
    return downloads(an, lambda: an.follows(re.compile("^Download the receipt.*Acknowledged")))

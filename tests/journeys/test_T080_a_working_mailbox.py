"""T080: drafts, attachments, forward, reply to all, search with and without marks, filing, recall.

Plays MAIL-BD-4 and MAIL-BD-5 (papers go by mail) and, in the recall, the book's end of a duty whose letter was taken
back before it was opened.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DOMAIN

pytestmark = pytest.mark.browser

MINUTES = "Biên bản họp giao ban"
PAPER = {"name": "Phụ lục số 1.txt", "mimeType": "text/plain", "buffer": "Đường số 12".encode()}


def test_what_is_typed_is_kept_as_a_draft_with_its_file(agency, visitor):
    binh = visitor(agency, "binh")
    binh.goes_to("Mail")
    binh.follows("Write")
    binh.writes("To", f"an@{DOMAIN}, minh@{DOMAIN}")
    binh.writes("Subject", MINUTES)
    binh.writes("Text", "Kính gửi hai đồng chí, xin gửi biên bản.")
    expect(binh.page.locator("#saved")).to_contain_text("Draft saved at", timeout=20_000)
    binh.field("Attach files").set_input_files([PAPER])
    binh.presses("Save the draft")
    binh.sees("Phụ lục số 1.txt")

    again = visitor(agency, "binh")
    again.opens("/mail/drafts/")
    assert again.main.get_by_role("link", name=MINUTES).count() == 1
    again.follows(MINUTES)
    assert again.field("To").input_value() == f"an@{DOMAIN}, minh@{DOMAIN}"
    again.presses("Send", exact=True)
    again.sees("Sent. The receipts show how far it has come.")
    again.opens("/mail/drafts/")
    again.sees("No drafts")


def test_no_draft_of_a_sent_letter_stays_behind(agency, visitor):
    binh = visitor(agency, "binh")
    for pause in (0.0, 1.0, 1.05):  # the page keeps a draft a second after a change
        binh.opens("/mail/compose/")
        binh.writes("To", f"an@{DOMAIN}")
        binh.writes("Subject", f"Gửi ngay {pause}")
        binh.chooses("Kind of communication", "Report")
        binh.page.wait_for_timeout(pause * 1000)
        binh.presses("Send", exact=True)
        binh.page.wait_for_url("**/mail/message/*/")
    binh.opens("/mail/drafts/")
    binh.sees("No drafts")


def test_the_file_arrives_as_it_was_sent(agency, visitor, downloads):
    an = visitor(agency, "an")
    _opens_letter(an, MINUTES)
    saved = downloads(an, lambda: an.follows(re.compile("Phụ lục số 1.txt")))
    assert (saved.name, saved.read_bytes()) == (PAPER["name"], PAPER["buffer"])


def test_a_reply_to_all_acknowledges_and_reaches_everybody(agency, visitor):
    an, minh = visitor(agency, "an"), visitor(agency, "minh")
    _opens_letter(an, MINUTES)
    an.follows("Reply to all")
    assert an.field("To").input_value().count("@") + an.field("Copy (Cc)").input_value().count("@") == 2
    an.field("Text").press("Control+Home")
    an.field("Text").type("Đã nhận đủ.\n")
    an.presses("Send", exact=True)
    an.sees("Sent.")
    _opens_letter(an, MINUTES)
    an.sees("Acknowledged by your reply")
    _opens_letter(minh, f"Re: {MINUTES}")
    minh.sees("Đã nhận đủ.")


def test_a_forward_carries_the_original_byte_for_byte(agency, visitor):
    an, ngoc = visitor(agency, "an"), visitor(agency, "ngoc")
    _opens_letter(an, MINUTES)
    an.follows("Forward")
    an.sees("The original goes with it, byte for byte")
    an.writes("To", f"ngoc@{DOMAIN}")
    an.presses("Send", exact=True)
    an.sees("Sent.")
    ngoc.goes_to("Mail")
    ngoc.follows(re.compile(MINUTES))
    ngoc.page.get_by_role("list", name="Attached files").get_by_role("link").first.wait_for()


@pytest.mark.parametrize("words", ["biên bản giao ban", "bien ban giao ban", "BIEN BAN", "phu luc so 1"])
def test_search_finds_with_and_without_marks(agency, visitor, words):
    an = visitor(agency, "an")
    agency.wait_until(lambda: _found(an, words) > 0)


def test_search_shows_nobody_elses_mail(agency, visitor):
    tuan = visitor(agency, "tuan")
    assert _found(tuan, "biên bản giao ban") == 0
    tuan.sees("Nothing found")


def test_filing_empties_the_inbox_and_keeps_the_letter(agency, visitor):
    an = visitor(agency, "an")
    _opens_letter(an, MINUTES)
    an.page.locator("main summary").filter(has_text="More").first.click()
    an.writes("Folder", "Giao ban 2026")
    an.presses("File", exact=True)
    an.goes_to("Mail")
    assert an.main.get_by_role("link", name=re.compile(f"^(Unread: )?{MINUTES}$")).count() == 0
    an.page.get_by_role("navigation", name="My mailbox").get_by_role("link", name="Giao ban 2026").click()
    an.follows(MINUTES)
    an.sees("Giao ban 2026")


def test_a_letter_recalled_before_it_was_opened_is_no_longer_shown(agency, visitor):
    binh, an = visitor(agency, "binh"), visitor(agency, "an")
    binh.opens(f"/mail/compose/?to=an@{DOMAIN}")
    binh.writes("Subject", "Số liệu nhầm")
    binh.writes("Text", "Số liệu này nhầm.")
    binh.presses("Send", exact=True)
    binh.sees("Delivered")
    binh.page.locator("main summary").filter(has_text="More").first.click()
    binh.presses("Recall")
    binh.page.get_by_role("dialog").get_by_role("button").first.click()
    binh.sees("You have recalled this message.")
    an.goes_to("Mail")
    an.does_not_see("Số liệu nhầm")
    an.follows("The sender has recalled this message")
    an.sees("Its content is no longer shown, and nothing is owed.")
    an.does_not_see("Số liệu này nhầm")
    assert an.page.get_by_role("button", name="Acknowledge").count() == 0


def test_what_is_typed_outlives_a_server_that_is_killed_in_the_middle(agency, visitor):
    binh = visitor(agency, "binh")
    binh.opens(f"/mail/compose/?to=an@{DOMAIN}")
    binh.writes("Subject", "Viết dở")
    expect(binh.page.locator("#saved")).to_contain_text("Draft saved at", timeout=20_000)
    agency.kill()
    binh.writes("Text", "Máy chủ đã tắt khi tôi đang viết.")
    expect(binh.page.locator("#saved")).to_contain_text("Not connected.", timeout=20_000)
    binh.presses("Send", exact=True)
    expect(binh.page.locator("#saved")).to_contain_text("Nothing was sent.", timeout=20_000)
    agency.start("--demonstration", ports=agency.ports)
    expect(binh.page.locator("#saved")).to_contain_text("Draft saved at", timeout=60_000)
    binh.presses("Send", exact=True)
    binh.page.wait_for_url("**/mail/message/*/")
    binh.sees("Máy chủ đã tắt khi tôi đang viết.")
    an = visitor(agency, "an")
    an.goes_to("Mail")
    assert an.main.get_by_role("link", name=re.compile("Viết dở")).count() == 1


def _opens_letter(somebody, subject):
    somebody.goes_to("Mail")
    somebody.follows(re.compile(f"^(Unread: )?{re.escape(subject)}$"))


def _found(somebody, words):
    somebody.opens("/mail/")
    somebody.page.get_by_role("searchbox", name="Search mail").fill(words)
    somebody.presses("Search", exact=True)
    return somebody.main.get_by_role("link", name=re.compile(MINUTES)).count()

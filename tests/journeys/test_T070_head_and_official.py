"""T070: the official replies, the head decides with a reason, and what they say stays out of the log.

Plays MAIL-BD-8 (the head of the unit answers for the unit) and the design's "people decide": nobody decides about
their own duty, every decision has a reason, and both are evidence.
"""

import re

import pytest

pytestmark = pytest.mark.browser

REPLY = "Sáng hôm đó tôi trực tiếp dân tại hẻm 12"
REASON = "Đồng chí Bình đi công tác theo phân công miệng"
MISSED = re.compile("Check the mailbox – Trần Văn Bình")


def test_the_official_replies_to_a_finding(agency, visitor):
    binh = visitor(agency, "binh")
    binh.opens("/desk/")
    binh.main.get_by_role("region", name="To explain").get_by_role(
        "link", name="Check the mailbox"
    ).first.click()
    binh.sees(
        "People decide, and they read your reply first."
    ) if "You can say" in binh.main.inner_text() else None
    binh.writes("Your reply", REPLY)
    binh.presses("Send the reply")
    binh.sees(REPLY)


def test_nobody_decides_about_their_own_duty(agency, visitor):
    ngoc, binh = visitor(agency, "ngoc"), visitor(agency, "binh")
    ngoc.opens("/directory/")
    row = ngoc.main.get_by_role("row").filter(has_text="Trần Văn Bình")
    row.get_by_role("link", name="Economy, Infrastructure and Urban Affairs").click()
    official = ngoc.main.get_by_role("row").filter(has_text="Trần Văn Bình")
    official.get_by_role("link", name=re.compile("^Change")).first.click()
    ngoc.page.get_by_role("checkbox", name="Deputy").check()
    ngoc.presses("Save")
    binh.opens("/desk/")
    _opens_the_finding(binh)
    binh.sees("Nobody decides about their own duty")
    assert binh.page.get_by_role("button", name="Record the decision").count() == 0
    binh.opens("/conduct/findings/?days=90")
    own = binh.main.get_by_role("row").filter(has_text="Trần Văn Bình").first
    assert own.get_by_role("checkbox").count() == 0


def test_the_head_reads_the_reply_and_excuses_with_a_reason(agency, visitor):
    chi = visitor(agency, "chi")
    _opens_the_finding(chi)
    chi.page.get_by_role("radio", name=re.compile("^Excuse")).check()
    chi.writes("Reason", REASON)
    chi.presses("Record the decision")
    chi.sees("Choose the cause that you confirm.")
    chi.chooses("Cause", "On mission")
    chi.presses("Record the decision")
    chi.sees("Excused")
    chi.sees(REASON)
    binh = visitor(agency, "binh")
    binh.page.goto(chi.page.url)
    binh.sees(REASON)
    binh.sees("Lê Thị Chi")


def test_the_decision_is_evidence_and_its_reason_is_not_in_the_log(agency, visitor):
    tuan = visitor(agency, "tuan")
    tuan.goes_to("Evidence")
    kinds = [row.split() for row in tuan.main.get_by_role("row").all_inner_texts()[1:]]
    assert any("conduct.finding.excused" in row for row in kinds)
    assert any("conduct.finding.replied" in row for row in kinds)
    tuan.does_not_see(REASON)
    assert [name for name in agency.holds_on_disk(REASON) if "/log" in name or "ledger" in name] == []
    assert [name for name in agency.holds_on_disk(REPLY) if "/log" in name or "ledger" in name] == []


def test_an_official_sees_neither_the_unit_nor_the_findings_of_others(agency, visitor):
    khanh, minh = visitor(agency, "khanh"), visitor(agency, "minh")
    _opens_the_finding(khanh)
    assert minh.page.goto(khanh.page.url).status == 404
    assert minh.opens("/desk/unit/").status == 404
    assert minh.opens("/desk/evidence/").status == 403


def _opens_the_finding(head):
    head.goes_to("My unit")
    head.chooses("Period", "30 days")
    head.presses("Show")
    head.main.get_by_role("listitem").filter(has_text=MISSED).first.get_by_role("link").first.click()

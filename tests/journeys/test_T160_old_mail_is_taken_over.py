"""T160: an archive of old mail is taken over from an mbox file, goes on where it was broken off, and owes nothing.

Plays that imported mail is recorded as imported and owes nothing, beside MAIL-BD-3, which mail that comes in
would owe.
"""

import json
import re

import pytest

from tests.journeys.conftest import DOMAIN

pytestmark = pytest.mark.browser

LETTERS = 120


@pytest.fixture(scope="module")
def archive(agency):
    path = agency.folder / "luu-tru-2009.mbox"
    lines = []
    for number in range(LETTERS):
        lines += [
            "From cu@noikhac.example Tue Dec 22 09:00:00 2009",
            f"From: Văn phòng cũ <cu{number}@noikhac.example>",
            f"To: binh@{DOMAIN}",
            f"Subject: Thu cu so {number:03}",
            f"Message-ID: <{number}@luutru.example>",
            "Date: Tue, 22 Dec 2009 09:00:00 +0700",
            "",
            f"Noi dung thu {number}.",
            ">From day la dong thu hai." if number == 7 else "Het.",
            "",
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _imports(agency, archive, *options):
    return agency.congvu("mail", "import", str(archive), "--mailbox", f"binh@{DOMAIN}", *options)


def test_a_report_that_was_broken_off_is_gone_on_with(agency, archive):
    whole = _imports(agency, archive)
    assert (whole.returncode, whole.stderr) == (0, "")
    assert re.search(rf"^ +{LETTERS}  imported$", whole.stdout, re.MULTILINE)
    report = agency.folder / f"{archive.name}.report.jsonl"
    lines = report.read_text().splitlines()
    assert len(lines) == LETTERS
    assert {json.loads(line)["result"] for line in lines} == {"imported"}

    refused = _imports(agency, archive)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "give --resume to go on" in refused.stderr

    report.write_text("\n".join(lines[:50]) + '\n{"source": "cut off in the mid')
    again = _imports(agency, archive, "--resume")
    assert again.returncode == 0
    assert re.search(r"^ +50  done before$", again.stdout, re.MULTILINE)
    assert re.search(rf"^ +{LETTERS - 50}  already there$", again.stdout, re.MULTILINE)
    assert len(report.read_text().splitlines()) == LETTERS


def test_imported_letters_are_filed_found_and_owe_nothing(agency, archive, visitor):
    binh = visitor(agency, "binh")
    binh.opens("/mail/filed/?under=luu-tru-2009.mbox")
    row = binh.main.get_by_role("listitem").filter(has_text="Thu cu so").first
    assert "Imported" in row.inner_text()
    assert row.get_by_role("button").count() == 0
    binh.opens("/desk/")
    binh.does_not_see("Thu cu so")
    agency.wait_until(lambda: _searches(binh, "thu cu so 007") == 1)
    binh.follows("Thu cu so 007")
    binh.sees("From day la dong thu hai.")
    binh.does_not_see(">From day la")
    assert binh.page.get_by_role("button", name="Acknowledge").count() == 0
    binh.follows("Receipts")
    binh.sees("Imported")


def test_the_evidence_says_imported_and_no_duty_arose(agency, archive, visitor):
    tuan = visitor(agency, "tuan")
    tuan.goes_to("Evidence")
    rows = tuan.main.get_by_role("row").filter(has_text="mail.message.imported")
    assert rows.count() > 0
    tuan.does_not_see("Thu cu so")


def _searches(somebody, words):
    somebody.opens("/mail/")
    somebody.page.get_by_role("searchbox", name="Search mail").fill(words)
    somebody.presses("Search", exact=True)
    return somebody.main.get_by_role("link", name="Thu cu so 007").count()

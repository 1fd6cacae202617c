"""T170: a letter that carries a mark of state secrecy is refused at every door; only the refusal is recorded.

Plays Law 117/2025/QH15 on the protection of state secrets (article not established): nothing secret enters a
networked system, and whoever tries is told what to do instead.
"""

import re
import smtplib
import time

import pytest

from tests.journeys.conftest import DOMAIN
from tests.journeys.installation import letter

pytestmark = pytest.mark.browser

CONTENT = "Toa do kho so bon muoi hai"
AN = f"an@{DOMAIN}"


def _program_password(binh):
    binh.opens("/directory/application-passwords/")
    binh.writes("Which program is it for?", "Thư")
    binh.presses("Issue a password")
    return binh.page.locator("#secret").inner_text()


@pytest.mark.parametrize(
    "subject", ["MẬT: Kế hoạch", "[TỐI MẬT] Kế hoạch", "Kế hoạch - TUYỆT MẬT", "СОВЕРШЕННО СЕКРЕТНО"]
)
def test_the_door_for_others_refuses_it_with_the_law_and_what_to_do(agency, subject):
    with agency.incoming() as server, pytest.raises(smtplib.SMTPDataError) as refused:
        server.send_message(letter("la@noikhac.example", AN, subject, CONTENT))
    said = refused.value.smtp_error.decode()
    assert refused.value.smtp_code == 550
    assert "117/2025/QH15" in said
    assert "Hand the document over on paper" in said


def test_a_stamp_at_the_head_of_the_text_or_in_a_file_name_is_seen(agency):
    stamped = letter("la@noikhac.example", AN, "Kế hoạch", f"TỐI MẬT\n\n{CONTENT}")
    with agency.incoming() as server, pytest.raises(smtplib.SMTPDataError):
        server.send_message(stamped)
    named = letter("la@noikhac.example", AN, "Kế hoạch", CONTENT)
    named.add_attachment(
        CONTENT.encode(), maintype="application", subtype="pdf", filename="TỐI MẬT - kế hoạch.pdf"
    )
    with agency.incoming() as server, pytest.raises(smtplib.SMTPDataError):
        server.send_message(named)


def test_honey_is_no_secret(agency, visitor):
    agency.receive(letter("la@noikhac.example", AN, "Hội chợ mật ong và bí mật của nghề nuôi ong"))
    an = visitor(agency, "an")
    an.goes_to("Mail")
    an.sees("Hội chợ mật ong")


def test_the_submission_door_refuses_it(agency, visitor):
    secret = _program_password(visitor(agency, "binh"))
    with agency.submission() as program:
        program.login(f"binh@{DOMAIN}", secret)
        with pytest.raises(smtplib.SMTPDataError) as refused:
            program.send_message(letter(f"binh@{DOMAIN}", AN, "MẬT: Kế hoạch", CONTENT))
    assert refused.value.smtp_code == 550


def test_the_browser_refuses_it_and_keeps_no_draft(agency, visitor):
    binh = visitor(agency, "binh")
    binh.opens(f"/mail/compose/?to={AN}")
    binh.writes("Subject", "TỐI MẬT: Kế hoạch")
    binh.writes("Text", CONTENT)
    binh.presses("Send", exact=True)
    binh.sees("There is a problem")
    binh.sees("117/2025/QH15")
    assert binh.field("Text").input_value() == CONTENT  # what was typed stays with the one who typed it
    time.sleep(4)  # the page would keep a draft now
    binh.opens("/mail/drafts/")
    binh.sees("No drafts")


def test_nothing_of_it_is_stored_and_the_refusals_are_evidence(agency, visitor):
    tuan = visitor(agency, "tuan")
    agency.wait_until(lambda: len(_refusals(tuan)) >= 8)
    assert all(re.search(r"reason\s+state_secret|mark\s+\w+", row) for row in _refusals(tuan))
    assert agency.holds_on_disk(CONTENT) == []
    an = visitor(agency, "an")
    an.goes_to("Mail")
    an.does_not_see("Kế hoạch")


def _refusals(auditor) -> list[str]:
    """Return the refusals among the newest entries, of which the clerk may write some pages meanwhile."""
    found = []
    for page in range(1, 5):
        auditor.opens(f"/desk/evidence/?page={page}")
        found += auditor.main.get_by_role("row").filter(has_text="mail.message.refused").all_inner_texts()
    return found

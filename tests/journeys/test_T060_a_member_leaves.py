"""T060: somebody leaves: sign-in ends that day, the address hands over, and at last it is withdrawn.

Plays MAIL-MIC-REV (Decision 652/QĐ-BTTTT: a mailbox is withdrawn six months after its holder left, twelve for heads of
departments and above; articles not established) and MAIL-BD-8 (the head of the unit answers).
"""

import re
import smtplib

import pytest

from tests.journeys.conftest import DOMAIN, PASSWORD
from tests.journeys.installation import letter

pytestmark = pytest.mark.browser

HA = f"ha@{DOMAIN}"


def test_ending_an_appointment_shows_what_follows_and_ends_the_sign_in(agency, visitor):
    ha, ngoc = visitor(agency, "ha"), visitor(agency, "ngoc")
    ngoc.goes_to("Directory")
    ngoc.follows("Đỗ Thu Hà")
    ngoc.follows("End the appointment")
    ngoc.presses("Show what follows")  # the day that stands there is today, the first day without the post
    ngoc.sees(f"what arrives for {HA} goes to the hand-over box")
    ngoc.sees("6 calendar months")
    ngoc.sees("652/QĐ-BTTTT")
    ngoc.sees("article not established")
    ngoc.presses("End the appointment")
    ngoc.sees("The end of the appointment was recorded.")

    assert ha.opens("/mail/").status in {200, 403}
    assert ha.heading() != "Inbox"
    again = visitor(agency)
    again.signs_in(HA, PASSWORD)
    again.page.wait_for_url("**/directory/no-post/")
    with agency.submission() as program, pytest.raises(smtplib.SMTPAuthenticationError):
        program.login(HA, PASSWORD)


def test_what_still_arrives_lies_in_the_hand_over_box_for_the_head(agency, visitor):
    agency.receive(letter("dung@nhadan.example", HA, "Gửi chị Hà"))
    khanh = visitor(agency, "khanh")
    khanh.goes_to("Mail")
    boxes = khanh.page.get_by_role("navigation", name="Other boxes")
    boxes.get_by_role("link", name=re.compile(re.escape(f"Handed over: {HA}"))).click()
    khanh.sees("The holder of this address has left.")
    khanh.follows(re.compile("Gửi chị Hà"))
    khanh.sees("dung@nhadan.example")
    minh = visitor(agency, "minh")
    minh.goes_to("Mail")
    minh.does_not_see(HA)


def test_after_the_withdrawal_the_door_says_that_there_is_no_such_address(agency, visitor):
    ngoc = visitor(agency, "ngoc")
    ngoc.goes_to("Directory")
    ngoc.follows("Addresses left behind")
    ngoc.follows(re.compile(f"^Withdraw.*{re.escape(HA)}"))
    ngoc.sees("It is not due yet")
    ngoc.presses("Withdraw the address")
    ngoc.sees("The address was withdrawn.")
    with agency.incoming() as server, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        server.send_message(letter("dung@nhadan.example", HA, "Gửi chị Hà lần nữa"))
    assert refused.value.recipients[HA][0] == 550


def test_the_address_is_never_given_to_somebody_else(agency, visitor):
    ngoc = visitor(agency, "ngoc")
    ngoc.opens("/directory/appoint/")
    ngoc.writes("Or the full name of somebody new", "Đinh Hải Hà")
    ngoc.presses("Continue")
    ngoc.chooses("Post", re.compile("vacant"))
    ngoc.presses("Continue")
    ngoc.presses("Continue")
    ngoc.writes("Address, before the @", "ha")
    ngoc.presses("Continue")
    ngoc.sees("an address never changes hands")

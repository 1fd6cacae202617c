"""T040: a citizen's letter comes by SMTP, the clerk acknowledges, and the citizen's own server is told.

Plays MAIL-BD-3: whoever receives mail tells the sender at once, also a sender outside the agency. The reply is marked
as automatic (RFC 3834), so that no two machines thank each other for ever.
"""

import re

import pytest

from tests.journeys.installation import letter

pytestmark = pytest.mark.browser

DUNG = "dung@nhadan.example"


def test_the_sender_outside_gets_an_automatic_acknowledgement(agency_with_relay, relay, visitor):
    agency = agency_with_relay
    question = letter(DUNG, "ubnd@binhminh.example", "Hỏi về vỉa hè", "Vỉa hè hỏng.")
    agency.receive(question)
    an = visitor(agency, "an")
    an.goes_to("Mail")
    _opens_the_agencys_box(an)
    an.follows(re.compile("Hỏi về vỉa hè"))
    an.sees("Vỉa hè hỏng.")
    an.sees(DUNG)
    an.presses("Acknowledge", exact=True)
    an.sees("Acknowledged. The sender has been told.")

    agency.wait_until(lambda: _replies(relay) != [], seconds=30)
    [(envelope, reply)] = _replies(relay)
    assert envelope.rcpt_tos == [DUNG]
    assert envelope.mail_from in {"", "<>", "ubnd@binhminh.example"}
    assert reply["To"] == DUNG
    assert reply["From"].addresses[0].addr_spec == "ubnd@binhminh.example"
    assert reply["Auto-Submitted"] == "auto-replied"
    assert reply["In-Reply-To"] == question["Message-ID"]


def _opens_the_agencys_box(an):
    boxes = an.page.get_by_role("navigation", name="Other boxes")
    boxes.get_by_role("link", name=re.compile("^People's Committee")).click()


def _replies(relay):
    return [one for one in relay.taken if "Hỏi về vỉa hè" in one[1]["Subject"]]


def test_mail_to_others_waits_while_no_relay_is_configured(agency, visitor):
    agency.receive(letter(DUNG, "ubnd@binhminh.example", "Hỏi về đèn đường"))
    an = visitor(agency, "an")
    an.goes_to("Mail")
    _opens_the_agencys_box(an)
    an.presses(re.compile("^Acknowledge.*Hỏi về đèn đường"))
    an.sees("Acknowledged")
    queue = agency.congvu("mail", "queue")
    assert queue.returncode == 0
    waiting = [line for line in queue.stdout.splitlines() if "Đã nhận: Hỏi về đèn đường" in line]
    assert len(waiting) == 1
    assert f"0 attempts  {DUNG}" in waiting[0]
    assert queue.stdout.splitlines()[0] == "No relay is configured (CONGVU_RELAY_HOST): mail to others waits."


def test_an_automatic_letter_asks_for_no_acknowledgement(agency, visitor):
    automatic = letter(DUNG, "ubnd@binhminh.example", "Thông báo tự động", Auto_Submitted="auto-generated")
    agency.receive(automatic)
    an = visitor(agency, "an")
    an.goes_to("Mail")
    _opens_the_agencys_box(an)
    an.follows(re.compile("Thông báo tự động"))
    an.sees("Automatic")
    assert an.page.get_by_role("button", name="Acknowledge").count() == 0

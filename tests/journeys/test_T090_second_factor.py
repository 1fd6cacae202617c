"""T090: an authenticator app, a passkey, and one lock-out for the web and the mail door together.

Plays the design's "SMTP AUTH takes revocable application passwords only, so that a second factor cannot be walked
around" and "one lock-out mechanism"; RFC 6238 (TOTP), WebAuthn level 3.
"""

import re
import shutil
import smtplib

import pytest
from playwright.sync_api import expect

from tests.authenticator import code
from tests.journeys.conftest import DOMAIN, PASSWORD

pytestmark = pytest.mark.browser


def test_an_authenticator_app_is_asked_for_at_the_next_sign_in(agency, visitor):
    binh = visitor(agency, "binh")
    binh.opens("/account/2fa/")
    binh.follows("Set up the app")
    _confirms(binh)
    secret = binh.page.locator("#authenticator_secret").inner_text()
    binh.writes("Authenticator code", code(secret))
    binh.presses("Start using the app")
    assert binh.heading() == "Recovery codes"
    binh.signs_out()

    again = visitor(agency)
    again.signs_in(f"binh@{DOMAIN}", PASSWORD)
    again.page.wait_for_url("**/2fa/authenticate/**")
    again.opens("/mail/")
    assert again.heading() == "Second factor"  # half signed in is not signed in
    again.page.locator("#id_code").fill("000000")
    again.page.locator("#id_code").press("Enter")
    again.sees("There is a problem")
    again.page.locator("#id_code").fill(_another(agency, secret))
    again.page.locator("#id_code").press("Enter")
    again.sees("Good day, Trần Văn Bình")


def test_a_passkey_signs_in_without_a_password(agency, visitor):
    an = visitor(agency, "an")
    _with_authenticator(an.page)
    an.opens("/account/2fa/")
    an.follows("Add a passkey")
    _confirms(an)
    an.writes("Name of the key", "Khóa của An")
    for box in an.page.get_by_role("checkbox").all():
        box.check()
    an.main.get_by_role("button").first.click()
    expect(an.page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    an.signs_out()
    an.opens("/account/login/")
    an.presses("Sign in with a passkey")
    an.sees("Good day, Nguyễn Thị An")


def test_failures_at_the_mail_door_and_on_the_web_lock_out_together(agency, visitor):
    name = f"minh@{DOMAIN}"
    minh = visitor(agency)
    for _ in range(2):
        minh.signs_in(name, "không phải mật khẩu")
        minh.sees("There is a problem")
    for _ in range(3):
        with agency.submission() as program, pytest.raises(smtplib.SMTPAuthenticationError):
            program.login(name, "khong-phai-mat-khau")
    minh.signs_in(name, PASSWORD)  # the right one, too late
    assert minh.heading() == "Sign in"
    minh.sees(re.compile("too many|try again", re.IGNORECASE))


def _confirms(somebody):
    if somebody.heading() == "Confirm that it is you":
        somebody.writes("Password", PASSWORD)
        somebody.presses("Confirm")


def _another(agency, secret: str) -> str:
    """Return a code that is taken again: each is good once (RFC 6238, 5.2), so that it was used is forgotten."""
    shutil.rmtree(agency.data / "cache")
    return code(secret)


def _with_authenticator(page):
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})

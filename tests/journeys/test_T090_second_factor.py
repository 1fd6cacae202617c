"""T090: an authenticator app, a passkey, and one lock-out for the web and the mail door together.

Plays the design's "SMTP AUTH takes revocable application passwords only, so that a second factor cannot be walked
around" and "one lock-out mechanism"; RFC 6238 (TOTP), WebAuthn level 3.
"""

import base64
import hashlib
import hmac
import re
import smtplib
import struct
import time

import pytest

from tests.journeys.conftest import DOMAIN, PASSWORD

pytestmark = pytest.mark.browser


def test_an_authenticator_app_is_asked_for_at_the_next_sign_in(agency, visitor):
    binh = visitor(agency, "binh")
    _to_security(binh)
    binh.follows("Set up the app")
    secret = re.search(r"\b([A-Z2-7]{32})\b", binh.main.inner_text().replace(" ", ""))[1]
    binh.page.get_by_role("textbox").last.fill(_code(secret))
    binh.page.get_by_role("main").get_by_role("button").last.click()
    binh.page.wait_for_load_state()
    binh.signs_out()

    again = visitor(agency)
    again.signs_in(f"binh@{DOMAIN}", PASSWORD)
    again.page.wait_for_url("**/2fa/authenticate/**")
    assert again.opens("/mail/").url.endswith("?next=/mail/")  # half signed in is not signed in
    again.signs_in(f"binh@{DOMAIN}", PASSWORD)
    again.page.get_by_role("textbox").first.fill("000000")
    again.page.get_by_role("textbox").first.press("Enter")
    again.sees("Incorrect code")
    agency.wait_until(
        lambda: time.time() % 30 < 20, seconds=15
    )  # a code is taken once, and not at its last moment
    time.sleep(31 - time.time() % 30)
    again.page.get_by_role("textbox").first.fill(_code(secret))
    again.page.get_by_role("textbox").first.press("Enter")
    again.sees("Good day, Trần Văn Bình")


def test_a_passkey_signs_in_without_a_password(agency, visitor):
    an = visitor(agency, "an")
    _with_authenticator(an.page)
    _to_security(an)
    an.follows("Add a passkey")
    an.page.get_by_role("textbox").first.fill("Khóa của An")
    for box in an.page.get_by_role("checkbox").all():
        box.check()
    an.page.get_by_role("main").get_by_role("button").first.click()
    an.page.wait_for_url(re.compile("recovery-codes|webauthn/$|2fa/$"))
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


def _to_security(somebody):
    somebody.opens("/account/2fa/")
    if somebody.heading() != "Security of the sign-in":
        somebody.page.get_by_label("Password").fill(PASSWORD)
        somebody.page.get_by_role("main").get_by_role("button").first.click()


def _code(secret: str) -> str:
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(base64.b32decode(secret), counter, hashlib.sha1)
    place = digest[-1] & 0xF
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


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

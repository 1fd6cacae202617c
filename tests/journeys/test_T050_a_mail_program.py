"""T050: a mail program sends with a password of its own, and nobody sends in another's name.

Plays MAIL-BD-1 (every official sends from their own address). The doors follow RFC 6409 (submission), RFC 4954 (AUTH)
and RFC 5321.
"""

import smtplib
from email.policy import SMTP

import pytest

from tests.journeys.conftest import PASSWORD
from tests.journeys.installation import letter

pytestmark = pytest.mark.browser

BINH, AN = "binh@binhminh.example", "an@binhminh.example"
STRANGER = "la@noikhac.example"


@pytest.fixture(scope="module")
def secret(agency, chromium):
    """Bình's new application password, issued in the browser."""
    context = chromium.new_context(base_url=agency.url)
    context.add_cookies([{"name": "django_language", "value": "en", "url": agency.url}])
    page = context.new_page()
    page.goto("/account/login/?next=/directory/application-passwords/")
    page.get_by_label("Username").fill(BINH)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Which program is it for?").fill("Thư trên điện thoại")
    page.get_by_role("button", name="Issue a password").click()
    shown = page.locator("#secret").inner_text()
    page.goto("/directory/application-passwords/")
    assert page.get_by_text(shown).count() == 0  # shown only once
    context.close()
    return shown


def test_a_program_signs_in_with_the_application_password_and_sends(agency, secret, visitor):
    with agency.submission() as program:
        program.login(BINH, secret)
        program.send_message(letter(BINH, AN, "Gửi từ điện thoại"))
    an = visitor(agency, "an")
    an.goes_to("Mail")
    an.follows("Gửi từ điện thoại")
    an.sees(BINH)


def test_the_own_password_of_the_web_does_not_open_the_mail_door(agency, secret):
    with agency.submission() as program, pytest.raises(smtplib.SMTPAuthenticationError) as refused:
        program.login(BINH, PASSWORD)
    assert refused.value.smtp_code == 535


def test_the_envelope_and_the_from_must_be_the_senders_own(agency, secret):
    with agency.submission() as program:
        program.login(BINH, secret)
        with pytest.raises(smtplib.SMTPSenderRefused) as refused:
            program.sendmail(AN, [AN], letter(AN, AN, "Mạo danh").as_bytes(policy=SMTP))
        assert refused.value.smtp_code == 553
    with agency.submission() as program:
        program.login(BINH, secret)
        with pytest.raises(smtplib.SMTPDataError) as said:
            program.sendmail(BINH, [AN], letter(AN, AN, "Mạo danh").as_bytes(policy=SMTP))
        assert said.value.smtp_code == 553


def test_nobody_submits_without_signing_in(agency):
    with agency.submission() as program, pytest.raises(smtplib.SMTPSenderRefused) as refused:
        program.send_message(letter(BINH, AN, "Không đăng nhập"))
    assert refused.value.smtp_code == 530


def test_the_door_is_no_open_relay(agency):
    with agency.incoming() as server, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        server.send_message(letter(STRANGER, "ai@noithu3.example", "Chuyển tiếp hộ"))
    assert refused.value.recipients["ai@noithu3.example"] == (550, b"5.7.1 Relaying denied")


def test_an_outsider_who_claims_our_domain_is_refused(agency):
    with agency.incoming() as server, pytest.raises(smtplib.SMTPSenderRefused) as refused:
        server.send_message(letter(BINH, AN, "Từ bên ngoài"))
    assert refused.value.smtp_code == 550
    with agency.incoming() as server, pytest.raises(smtplib.SMTPDataError) as said:
        server.sendmail(STRANGER, [AN], letter(BINH, AN, "Từ bên ngoài").as_bytes(policy=SMTP))
    assert said.value.smtp_code == 550


def test_a_revoked_password_opens_nothing_any_more(agency, secret, visitor):
    binh = visitor(agency, "binh")
    binh.opens("/directory/application-passwords/")
    binh.follows("Revoke Thư trên điện thoại")
    binh.presses("Revoke the password")
    binh.sees("The application password was revoked.")
    with agency.submission() as program, pytest.raises(smtplib.SMTPAuthenticationError) as refused:
        program.login(BINH, secret)
    assert refused.value.smtp_code == 535

"""The pages of signing in, in a real browser with a real (virtual) key."""

import pytest
from playwright.sync_api import expect

from tests.ui.test_gallery import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "mật khẩu đủ dài của Bình"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def door(opened, binh, live_server):
    """The sign-in page, in a browser that has a key, with Bình's password set."""
    binh.account.set_password(PASSWORD)
    binh.account.save()
    page = opened("/account/login/", language="vi", width=360)
    debugger = page.context.new_cdp_session(page)
    debugger.send("WebAuthn.enable")
    debugger.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page.visit = lambda path: page.goto(live_server.url.replace("127.0.0.1", "localhost") + path)
    page.visit("/account/login/")  # passkeys belong to a name, not to a number
    return page


def sign_in(page, account, password=PASSWORD):
    page.locator("#id_login").fill(account.username)
    page.locator("#id_password").fill(password)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_load_state("networkidle")


def confirm(page, path):
    """Go to a page that asks for the password once more, and give it."""
    page.visit(path)
    expect(page.locator("h1")).to_have_text("Xác nhận chính là anh/chị")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Xác nhận").click()
    page.wait_for_load_state("networkidle")


def test_a_wrong_password_is_said_in_vietnamese(door, binh):
    sign_in(door, binh.account, "sai")
    expect(door.locator(".cv-error-summary")).to_contain_text("Tên đăng nhập hoặc mật khẩu không đúng.")
    assert door.title().startswith("Lỗi: Đăng nhập")
    assert violations(door) == []


def test_sign_up_and_password_reset_are_not_offered(door):
    assert door.locator("main a").all_inner_texts() == []


@pytest.mark.parametrize(
    "path",
    [
        "/account/2fa/",
        "/account/2fa/webauthn/",
        "/account/password/change/",
        "/account/sessions/",
        "/account/logout/",
        "/account/reauthenticate/",
        "/account/inactive/",
    ],
)
def test_the_pages_of_the_account_are_accessible(door, binh, path):
    sign_in(door, binh.account)
    door.visit(path)
    assert violations(door) == []
    assert door.evaluate("document.documentElement.scrollWidth") == 360
    assert door.locator("h1").count() == 1


@pytest.mark.parametrize("path", ["/account/2fa/totp/activate/", "/account/2fa/webauthn/add/"])
def test_setting_up_a_second_factor_is_accessible(door, binh, path):
    sign_in(door, binh.account)
    confirm(door, path)
    assert door.url.endswith(path)
    assert violations(door) == []
    assert door.evaluate("document.documentElement.scrollWidth") == 360


def test_a_passkey_is_added_and_signs_in(door, binh):
    sign_in(door, binh.account)
    confirm(door, "/account/2fa/webauthn/add/")
    door.locator("#id_passwordless").check()
    door.get_by_role("button", name="Thêm khóa").click()
    expect(door.locator("h1")).to_have_text("Mã dự phòng")
    assert door.locator(".cv-codes li").count() == 10
    assert violations(door) == []
    door.visit("/account/2fa/webauthn/")
    expect(door.locator("main .cv-tag")).to_have_text("Khóa truy cập")
    assert violations(door) == []
    door.visit("/account/logout/")
    door.locator("main").get_by_role("button", name="Đăng xuất").click()
    door.visit("/account/login/?next=/account/2fa/")
    door.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()
    door.wait_for_url("**/account/2fa/")
    expect(door.locator("h1")).to_have_text("An toàn đăng nhập")


def test_a_key_is_the_second_factor_of_a_password(door, binh):
    sign_in(door, binh.account)
    confirm(door, "/account/2fa/webauthn/add/")
    door.get_by_role("button", name="Thêm khóa").click()
    expect(door.locator("h1")).to_have_text("Mã dự phòng")
    door.visit("/account/logout/")
    door.locator("main").get_by_role("button", name="Đăng xuất").click()
    door.visit("/account/login/?next=/account/2fa/")
    sign_in(door, binh.account)
    expect(door.locator("h1")).to_have_text("Xác thực lớp thứ hai")
    assert violations(door) == []
    door.get_by_role("button", name="Dùng khóa truy cập hoặc khóa bảo mật").click()
    door.wait_for_url("**/account/2fa/")


def test_a_key_that_does_not_answer_is_explained(door):
    door.context.new_cdp_session(door).send("WebAuthn.disable")
    door.evaluate("() => { navigator.credentials.get = async () => { throw new Error('cancelled'); }; }")
    door.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()
    expect(door.locator("[data-cv-key-error]")).to_be_visible()
    expect(door.locator("[data-cv-key-error]")).to_contain_text("Khóa không trả lời")

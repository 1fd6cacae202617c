"""The directory's pages and the second factor, in a real browser."""

from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from congvu.base import clock
from congvu.directory import queries
from congvu.directory.actions.accounts import keep_own_password
from congvu.directory.actions.application_passwords import issue
from congvu.directory.actions.appointments import end_appointment
from congvu.directory.actions.leave import grant_leave
from congvu.directory.actions.posts import create_post
from congvu.directory.policies import OPERATOR
from tests import authenticator
from tests.ui.test_gallery import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "một mật khẩu đủ dài"
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture
def desk(opened, live_server):
    """Sign somebody in: `desk(seat, width=360)` -> page with `visit(path)`."""

    def signed_in(seat, **options):
        keep_own_password(account=seat.account, secret=PASSWORD)
        page = opened("/account/login/", **options)
        page.visit = lambda path: page.goto(live_server.url + path)
        sign_in(page, seat)
        page.wait_for_url("**/desk/")
        return page

    return signed_in


def sign_in(page, seat):
    page.locator("#id_login").fill(seat.account.username)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    page.wait_for_load_state("networkidle")


def fresh_code(secret: str) -> str:
    """A code that is taken: each is good once, so that it was used is forgotten, which spares half a minute."""
    cache.clear()
    return authenticator.code(secret)


def sign_out(page):
    page.visit("/account/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()


def test_an_authenticator_app_becomes_the_second_factor_and_a_recovery_code_replaces_it(desk, binh):
    page = desk(binh)
    page.visit("/account/2fa/totp/activate/")
    expect(page.locator("h1")).to_have_text("Confirm that it is you")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    secret = page.locator("#authenticator_secret").inner_text()
    page.locator("#id_code").fill(fresh_code(secret))
    page.get_by_role("button", name="Start using the app").click()
    expect(page.locator("h1")).to_have_text("Recovery codes")
    recovery = page.locator(".cv-codes li").first.inner_text()
    for second in (lambda: fresh_code(secret), lambda: recovery):
        sign_out(page)
        page.visit("/account/login/")
        sign_in(page, binh)
        expect(page.locator("h1")).to_have_text("Second factor")
        page.locator("#id_code").fill("000000")
        page.locator("#id_code").press("Enter")
        expect(page.locator(".cv-error-summary")).to_be_visible()
        page.locator("#id_code").fill(second())
        page.locator("#id_code").press("Enter")
        page.wait_for_url("**/desk/")


def test_a_password_without_the_second_factor_opens_nothing(desk, binh):
    page = desk(binh)
    Authenticator.objects.create(user=binh.account, type="totp", data={"secret": encrypt("A" * 32)})
    sign_out(page)
    page.visit("/account/login/")
    sign_in(page, binh)
    page.visit(reverse("directory:people"))
    expect(page.locator("h1")).to_have_text("Second factor")


@pytest.mark.torture
@pytest.mark.parametrize(("language", "width"), [("vi", 360), ("en", 1280)])
def test_every_page_is_accessible_and_fits(desk, ngoc, binh, an, chi, language, width):
    end_appointment(membership=an.membership, valid_to=date(2026, 3, 2), by=OPERATOR, now=NOW)
    create_post(unit=chi.unit, title={"vi": "Chuyên viên theo dõi"}, by=OPERATOR, now=NOW)
    password, _ = issue(by=ngoc, label="Thunderbird", now=NOW)
    now = clock.now()
    today = queries.legal_day(ngoc.agency, now)
    leave = grant_leave(
        agency=ngoc.agency,
        person=binh.person,
        valid_from=today,
        valid_to=today + timedelta(days=9),
        acting=chi.person,
        by=ngoc,
        now=now,
    )
    page = desk(ngoc, language=language, width=width)
    paths = [
        *(("people",), ("units",), ("import",), ("settings",), ("application-passwords",), ("choose-seat",)),
        *(("handed-over",), ("appoint-who",), ("appoint-post",), ("appoint-day",)),
        *(("person", one.person.handle) for one in (ngoc, an, binh)),
        *(
            (name, binh.person.handle)
            for name in ("rename", "grant-leave", "give-password", "close-account", "reopen-account")
        ),
        *(
            (name, chi.unit.handle)
            for name in ("unit", "open-unit", "move-unit", "close-unit", "create-post")
        ),
        ("charge-post", binh.post.handle),
        ("end-appointment", binh.membership.handle),
        ("end-leave", leave.handle),
        ("withdraw-address", an.address.handle),
        ("revoke", password.handle),
    ]
    found = {}
    for name, *handles in paths:
        page.visit(reverse(f"directory:{name}", args=handles))
        wide = page.evaluate("document.documentElement.scrollWidth")
        found[name] = (violations(page), wide <= width, page.locator("h1").count())
    assert {name: one for name, one in found.items() if one != ([], True, 1)} == {}
    assert page.trouble == []


def test_an_administrator_appoints_and_ends_by_keyboard(desk, ngoc, chi):
    create_post(unit=chi.unit, title={"vi": "Lái xe", "en": "Driver"}, by=OPERATOR, now=NOW)
    page = desk(ngoc)
    page.visit(reverse("directory:people"))
    page.get_by_role("link", name="Appoint somebody").press("Enter")
    page.locator("#id_full_name").fill("Đỗ Thu Hà")
    page.locator("#id_full_name").press("Enter")
    page.locator("#id_post").select_option(label="Office: Driver (vacant)")
    page.get_by_role("button", name="Continue").press("Enter")
    page.locator("#id_day").fill("2026-03-02")
    page.locator("#id_day").press("Enter")
    expect(page.locator("#id_local_part")).to_have_value("do.thu.ha")
    page.locator("#id_local_part").press("Enter")
    expect(page.locator("h1")).to_have_text("Check your answers")
    assert violations(page) == []
    page.get_by_role("button", name="Appoint", exact=True).press("Enter")
    expect(page.locator("#username")).to_have_text("do.thu.ha@ubnd.example")
    assert violations(page) == []
    page.get_by_role("link", name="Done").press("Enter")
    page.get_by_role("link", name="End the appointment").press("Enter")
    page.locator("#id_day").fill("2026-08-31")
    page.locator("#id_day").press("Enter")
    expect(page.locator("main")).to_contain_text("6 calendar months. Decision 652/QĐ-BTTTT of")
    assert violations(page) == []
    page.get_by_role("button", name="End the appointment").press("Enter")
    expect(page.locator("main")).to_contain_text("The end of the appointment was recorded.")


def test_the_head_records_leave_by_keyboard_and_the_clerks_office_is_taken(desk, chi, an, binh):
    page, today = desk(chi, width=360), queries.legal_day(chi.agency, clock.now())
    page.visit(reverse("directory:person", args=[an.person.handle]))
    page.get_by_role("link", name="Record leave").press("Enter")
    page.locator("#id_last_day").fill((today - timedelta(days=1)).isoformat())
    page.locator("#id_last_day").press("Enter")
    expect(page.locator(".cv-error-summary")).to_contain_text("The last day is before the first day.")
    assert violations(page) == []
    page.locator("#id_last_day").fill((today + timedelta(days=3)).isoformat())
    page.locator("#id_acting").select_option(label="Trần Văn Bình")
    page.locator("#id_last_day").press("Enter")
    expect(page.locator("main")).to_contain_text("Trần Văn Bình may act on these posts")
    assert (violations(page), page.evaluate("document.documentElement.scrollWidth")) == ([], 360)
    page.get_by_role("button", name="Record leave").press("Enter")
    expect(page.locator("main")).to_contain_text("The leave was recorded.")
    assert (violations(page), page.evaluate("document.documentElement.scrollWidth")) == ([], 360)
    acting = desk(binh, width=360)
    acting.visit(reverse("directory:choose-seat"))
    acting.get_by_label("Acting for Nguyễn Thị An until the end of").check()
    acting.get_by_role("button", name="Continue").press("Enter")
    expect(acting.get_by_role("complementary", name="Acting")).to_contain_text("You act for Nguyễn Thị An")
    assert (violations(acting), acting.evaluate("document.documentElement.scrollWidth")) == ([], 360)
    page.get_by_role("link", name="End earlier").press("Enter")
    page.locator("#id_day").press("Enter")
    page.get_by_role("button", name="Withdraw the leave").press("Enter")
    expect(page.locator("main")).to_contain_text("The new end of the leave was recorded.")
    acting.reload()
    expect(acting.get_by_role("complementary", name="Acting")).to_have_count(0)
    assert (page.trouble, acting.trouble) == ([], [])


def test_a_table_is_dropped_checked_and_imported(desk, ngoc, tmp_path):
    table = tmp_path / "người.csv"
    table.write_text(
        "Họ và tên;Mã đơn vị;Chức danh\nLê Thị Hoa;vp;Chuyên viên\nLê Văn Ba;xx;Chuyên viên\n", "utf-8"
    )
    page = desk(ngoc, width=360)
    page.visit(reverse("directory:import"))
    page.locator("#id_table").set_input_files(table)
    page.get_by_role("button", name="Check the table").click()
    expect(page.locator("main")).to_contain_text("There is no unit with this code.")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_label("Leave the bad lines out").check()
    page.get_by_role("button", name="Import").click()
    expect(page.locator("h1")).to_have_text("1 person was appointed")
    assert violations(page) == []

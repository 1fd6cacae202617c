"""Who may open which page of the directory, and what it says."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congvu.base import blobs, clock
from congvu.directory import queries
from congvu.directory.actions.accounts import close_account, keep_own_password
from congvu.directory.actions.appointments import appoint, end_appointment
from congvu.directory.actions.posts import create_post
from congvu.directory.models import Account, Address, ApplicationPassword, Membership, Person, Unit
from congvu.directory.policies import OPERATOR

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
EVERYBODYS = ["people", "export", "units", "settings", "choose-seat", "application-passwords"]
ADMINISTRATORS = ["appoint-who", "import", "handed-over"]


def page(name: str, *handles: str) -> str:
    return reverse(f"directory:{name}", args=handles)


@pytest.fixture
def as_ngoc(client_of, ngoc):
    return client_of(ngoc)


@pytest.mark.parametrize("name", EVERYBODYS + ADMINISTRATORS)
def test_a_stranger_is_asked_to_sign_in(client, agency, name):
    assert client.get(page(name)).url == f"/account/login/?next={page(name)}"


@pytest.mark.parametrize("name", EVERYBODYS)
def test_every_official_opens_the_directory(client_of, binh, name):
    assert client_of(binh).get(page(name)).status_code == 200


def test_an_officials_handle_opens_no_administrators_page(client_of, chi, binh, as_ngoc):
    pages = [page(name) for name in ADMINISTRATORS]
    pages += [
        page(name, binh.person.handle)
        for name in ("rename", "give-password", "close-account", "reopen-account")
    ]
    pages += [page(name, chi.unit.handle) for name in ("open-unit", "move-unit", "close-unit", "create-post")]
    pages += [page("charge-post", binh.post.handle), page("end-appointment", binh.membership.handle)]
    pages += [page("withdraw-address", binh.address.handle)]
    official = client_of(chi)
    assert {official.get(one).status_code for one in pages} == {403}
    assert {official.post(one).status_code for one in pages} == {403}
    assert {as_ngoc.get(one).status_code for one in pages} == {200}


def test_another_agencys_people_and_units_are_not_found(as_ngoc, ermek):
    for name, handle in (
        ("person", ermek.person.handle),
        ("give-password", ermek.person.handle),
        ("unit", ermek.unit.handle),
        ("close-unit", ermek.unit.handle),
        ("charge-post", ermek.post.handle),
        ("end-appointment", ermek.membership.handle),
        ("withdraw-address", ermek.address.handle),
    ):
        assert (name, as_ngoc.get(page(name, handle)).status_code) == (name, 404)


def test_the_address_book_is_searched_without_marks_and_shows_its_own_agency_only(client_of, an, binh, ermek):
    found = client_of(an).get(page("people"), {"q": "tran binh"}).content.decode()
    assert ("binh@ubnd.example" in found, "an@ubnd.example" in found, "ermek" in found) == (
        True,
        False,
        False,
    )
    assert (
        "Nguyễn Thị An"
        in client_of(an).get(page("people"), {"q": ["an", "ubnd.example"][0]}).content.decode()
    )
    assert "ermek" not in client_of(an).get(page("people")).content.decode()


def test_the_address_book_asks_as_often_for_three_as_for_one(
    client_of, an, seat_of, django_assert_num_queries
):
    client = client_of(an)

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(page("people"))
        return len(caught)

    asked()  # the session's first page keeps where it was opened
    one = asked()
    seat_of("Lê Thị Hai", unit="vp", title={"vi": "X"})
    seat_of("Lê Thị Ba", unit="vp", title={"vi": "X"})
    assert asked() == one


def test_people_are_listed_as_vietnamese_and_kazakh_lists_are(client_of, an, seat_of):
    for name in ("Қасымов Ермек", "Каримов Али", "Phạm Thị Ân", "Vũ Đức", "Đỗ Thị Dung", "Lê Dung"):
        seat_of(name, unit="vp", title={"vi": "Chuyên viên"})
    table = client_of(an).get(page("export")).content.decode("utf-8-sig")
    named = [line.split(",")[0] for line in table.splitlines()[1:]]
    assert named == [
        "Nguyễn Thị An",
        "Phạm Thị Ân",
        "Đỗ Thị Dung",
        "Lê Dung",
        "Vũ Đức",
        "Каримов Али",
        "Қасымов Ермек",
    ]


def test_the_export_runs_no_formula(client_of, an, seat_of):
    seat_of("Lê Thị Hai", unit="vp", title={"vi": "=HYPERLINK(1)"})
    table = client_of(an).get(page("export"), HTTP_ACCEPT_LANGUAGE="vi").content.decode("utf-8-sig")
    assert [line.split(",")[:2] for line in table.splitlines()[1:]] == [
        ["Nguyễn Thị An", "Văn thư"],
        ["Lê Thị Hai", "'=HYPERLINK(1)"],
    ]


def test_whoever_leaves_is_signed_out_on_that_day(client_of, binh):
    client, today = client_of(binh), queries.legal_day(binh.agency, clock.now())
    end_appointment(membership=binh.membership, valid_to=today + timedelta(days=1), by=OPERATOR, now=NOW)
    assert client.get(page("people")).status_code == 200
    Membership.objects.filter(pk=binh.membership.pk).update(valid_to=today)
    assert client.get(page("people")).url == page("no-post")
    assert "_auth_user_id" not in client.session
    assert client.get(page("no-post")).status_code == 403


def test_whoever_holds_no_post_today_cannot_sign_in(client, binh):
    keep_own_password(account=binh.account, secret="một mật khẩu dài")
    end_appointment(membership=binh.membership, valid_to=date(2026, 3, 2), by=OPERATOR, now=NOW)
    answer = client.post("/account/login/", {"login": "binh@ubnd.example", "password": "một mật khẩu dài"})
    assert (answer.url, "_auth_user_id" in client.session) == (page("no-post"), False)


def test_a_closed_account_is_signed_out_at_once(client_of, agency, binh, ngoc):
    client = client_of(binh)
    close_account(agency=agency, account=binh.account, by=ngoc, now=NOW)
    assert client.get(page("people")).url == f"/account/login/?next={page('people')}"


def test_a_one_time_password_leads_to_the_page_for_ones_own_and_nowhere_else(client, as_ngoc, binh):
    given = as_ngoc.post(page("give-password", binh.person.handle), {}).content.decode()
    assert "no-store" in as_ngoc.post(page("give-password", binh.person.handle), {})["Cache-Control"]
    account = Account.objects.get(pk=binh.account.pk)
    given = as_ngoc.post(page("give-password", binh.person.handle), {})
    secret = given.context["secret"]
    answer = client.post("/account/login/", {"login": account.username, "password": secret})
    assert answer.status_code == 302
    for path in (page("people"), "/desk/", "/account/2fa/", "/account/password/change/"):
        assert (path, client.get(path).url) == (path, page("first-password"))
    short = client.post(page("first-password"), {"password1": "short", "password2": "short"})
    assert short.status_code == 200
    own = "một mật khẩu rất riêng"
    assert client.post(page("first-password"), {"password1": own, "password2": own}).url == "/desk/"
    assert client.get(page("people")).status_code == 200
    account = Account.objects.get(pk=binh.account.pk)
    assert (account.check_password(own), account.password_is_initial) == (True, False)
    assert client.get(page("first-password")).url == "/desk/"


def test_giving_a_password_ends_open_sign_ins_and_takes_off_a_lost_second_factor(client_of, as_ngoc, binh):
    Authenticator.objects.create(user=binh.account, type="totp", data={})
    client = client_of(binh)
    as_ngoc.post(page("give-password", binh.person.handle), {"without_second_factor": "on"})
    assert client.get(page("people")).url == f"/account/login/?next={page('people')}"
    assert not Authenticator.objects.filter(user=binh.account).exists()


@pytest.mark.parametrize(
    "path",
    ["email/", "confirm-email/", "password/set/", "password/reset/done/", "login/code/confirm/", "3rdparty/"],
)
def test_the_roads_by_mail_are_closed(client, agency, path):
    assert client.get(f"/account/{path}").status_code == 404


@pytest.mark.parametrize("path", ["signup/", "password/reset/"])
def test_sign_up_and_reset_only_say_whom_to_ask(client, agency, path):
    before = Account.objects.count()
    assert client.get(f"/account/{path}").status_code == 200
    assert client.post(f"/account/{path}", {"username": "x", "password1": "y" * 20}).status_code == 405
    assert Account.objects.count() == before


def test_the_language_of_a_person_follows_them_to_the_next_browser(client, client_of, binh):
    answer = client_of(binh).post(page("settings"), {"language": "en"})
    assert answer.cookies["django_language"].value == "en"
    keep_own_password(account=binh.account, secret="một mật khẩu dài")
    client.post("/account/login/", {"login": "binh@ubnd.example", "password": "một mật khẩu dài"})
    assert client.cookies["django_language"].value == "en"


def test_whoever_holds_two_posts_chooses_one_and_nobody_chooses_anothers(client_of, binh, an, akimat):
    post = create_post(unit=queries.root_unit(akimat), title={"ru": "Советник"}, by=OPERATOR, now=NOW)
    made = appoint(person=binh.person, post=post, valid_from=date(2026, 1, 1), by=OPERATOR, now=NOW)
    client = client_of(binh)
    client.post(page("choose-seat"), {"seat": made.membership.handle})
    assert client.get(page("people")).context["seat"].agency == akimat
    client.post(page("choose-seat"), {"seat": an.membership.handle})
    assert client.get(page("people")).context["seat"].membership == made.membership


def test_an_application_password_is_shown_once_and_revoked_by_its_owner_only(client_of, binh, an):
    client = client_of(binh)
    shown = client.post(page("application-passwords"), {"label": "Thunderbird"})
    secret = shown.context["secret"]
    assert (secret in shown.content.decode(), shown["Cache-Control"]) == (True, "no-store")
    assert secret not in client.get(page("application-passwords")).content.decode()
    handle = ApplicationPassword.objects.get().handle
    assert client_of(an).post(page("revoke", handle)).status_code == 404
    client.post(page("revoke", handle))
    assert ApplicationPassword.objects.get().revoked_at is not None


def test_appointing_asks_one_thing_a_page_and_writes_only_when_confirmed(as_ngoc, chi):
    create_post(unit=chi.unit, title={"vi": "Lái xe"}, code="driver", by=OPERATOR, now=NOW)
    post = queries.posts(chi.agency).get(code="driver")
    assert as_ngoc.get(page("appoint")).url == page("appoint-who")
    both = as_ngoc.post(page("appoint-who"), {"known": chi.person.handle, "full_name": "Đỗ Thu Hà"})
    assert both.status_code == 200
    assert as_ngoc.post(page("appoint-who"), {"full_name": "Đỗ Thu Hà"}).url == page("appoint-post")
    assert as_ngoc.post(page("appoint-post"), {"post": post.handle}).url == page("appoint-day")
    assert as_ngoc.post(page("appoint-day"), {"day": "2026-03-02"}).url == page("appoint-address")
    assert as_ngoc.get(page("appoint-address")).context["form"].initial == {"local_part": "do.thu.ha"}
    assert as_ngoc.post(page("appoint-address"), {"local_part": "chi"}).status_code == 200
    assert as_ngoc.post(page("appoint-address"), {"local_part": "ha"}).url == page("appoint-check")
    assert as_ngoc.get(page("appoint-check")).status_code == 200
    assert not Person.objects.filter(full_name="Đỗ Thu Hà").exists()
    made = as_ngoc.post(page("appoint-check"))
    assert (made.context["username"], made["Cache-Control"]) == ("ha@ubnd.example", "no-store")
    assert Account.objects.get(username="ha@ubnd.example").check_password(made.context["secret"])
    assert as_ngoc.post(page("appoint-check")).url == page("appoint-who")


def test_a_refused_appointment_leaves_no_person_behind(as_ngoc, chi):
    post = create_post(unit=chi.unit, title={"vi": "Trưởng"}, functions=["head"], by=OPERATOR, now=NOW)
    as_ngoc.get(page("appoint"), {"post": post.handle})
    as_ngoc.post(page("appoint-who"), {"full_name": "Đỗ Thu Hà"})
    as_ngoc.post(page("appoint-day"), {"day": "2026-03-02"})
    as_ngoc.post(page("appoint-address"), {"local_part": "ha"})
    refused = as_ngoc.post(page("appoint-check"))
    assert refused.status_code == 200
    assert len(refused.context["form"].non_field_errors()) == 1
    assert not Person.objects.filter(full_name="Đỗ Thu Hà").exists()


def test_the_end_of_an_appointment_is_shown_with_what_follows_before_it_is_recorded(as_ngoc, chi):
    path = page("end-appointment", chi.membership.handle)
    shown = as_ngoc.post(path, {"day": "2026-08-31"})
    assert shown.context["withdraw_on"] == date(2027, 8, 31)
    assert "652/QĐ-BTTTT" in shown.content.decode()
    assert Membership.objects.get(pk=chi.membership.pk).valid_to is None
    assert as_ngoc.post(path, {"day": "2026-08-31", "confirm": "1"}).url == page("person", chi.person.handle)
    assert Membership.objects.get(pk=chi.membership.pk).valid_to == date(2026, 8, 31)
    assert as_ngoc.post(path, {"day": "2026-09-30", "confirm": "1"}).context["form"].errors


def test_an_address_left_behind_is_listed_and_withdrawn(as_ngoc, binh):
    end_appointment(membership=binh.membership, valid_to=date(2020, 1, 1), by=OPERATOR, now=NOW)
    rows = as_ngoc.get(page("handed-over")).context["rows"]
    assert [(email, due) for _, email, due in rows] == [("binh@ubnd.example", True)]
    assert as_ngoc.post(page("withdraw-address", binh.address.handle)).url == page("handed-over")
    assert Address.objects.get(pk=binh.address.pk).withdrawn_at is not None


def test_a_unit_is_opened_moved_and_closed(as_ngoc, agency, chi):
    form = {
        "name_vi": "Tổ Một",
        "name_en": "",
        "code": "to1",
        "valid_from": "2026-01-05",
        "local_part": "to1",
    }
    assert as_ngoc.post(page("open-unit", chi.unit.handle), form).status_code == 302
    opened = Unit.objects.get(code="to1")
    assert (opened.parent, opened.name) == (chi.unit, {"vi": "Tổ Một"})
    assert queries.find_address("to1@ubnd.example").unit == opened
    again = as_ngoc.post(page("open-unit", chi.unit.handle), form)
    assert len(again.context["form"].non_field_errors()) == 1
    as_ngoc.post(page("move-unit", opened.handle), {"unit": queries.root_unit(agency).handle})
    assert Unit.objects.get(code="to1").parent == queries.root_unit(agency)
    as_ngoc.post(page("close-unit", opened.handle), {"day": "2026-02-01"})
    assert Unit.objects.get(code="to1").valid_to == date(2026, 2, 1)


def upload(client, text: str, **options):
    file = SimpleUploadedFile("people.csv", text.encode(), content_type="text/csv")
    return client.post(page("import"), {"table": file, **options})


def test_an_import_is_a_dry_run_until_it_is_confirmed(as_ngoc):
    header = "full_name;unit_code;post_title\n"
    assert upload(as_ngoc, f"{header}Lê Thị Hoa;vp;Chuyên viên\nLê Văn Ba;xx;Chuyên viên\n").url == page(
        "import-check"
    )
    blob = as_ngoc.session["import"]["blob"]
    shown = as_ngoc.get(page("import-check"))
    assert (len(shown.context["plan"].appointees), shown.context["plan"].bad_lines) == (1, 1)
    report = as_ngoc.get(page("import-report")).content.decode("utf-8-sig").splitlines()
    assert (len(report), report[1].split(",")[0]) == (2, "3")
    assert as_ngoc.post(page("import-check")).context["problem"]
    assert not Person.objects.filter(full_name="Lê Thị Hoa").exists()
    done = as_ngoc.post(page("import-check"), {"skip_bad": "1"})
    assert [one.username for one in done.context["imported"]] == ["le.thi.hoa@ubnd.example"]
    assert done["Cache-Control"] == "no-store"
    with pytest.raises(blobs.BlobMissingError):
        blobs.get(blob)
    assert as_ngoc.get(page("import-check")).url == page("import")


@pytest.mark.parametrize(
    "data", [b"", b"a,b\n1,2\n", b"full_name,unit_code\nAn,v\0p\n", b"\x89PNG\r\n\x1a\n\0\0"]
)
def test_a_file_that_is_no_table_is_refused_in_words(as_ngoc, data):
    client = as_ngoc
    client.post(page("import"), {"table": io.BytesIO(data)})
    answer = client.get(page("import-check"), follow=True)
    assert answer.status_code == 200
    assert answer.context["form"].errors or answer.request["PATH_INFO"] == page("import")

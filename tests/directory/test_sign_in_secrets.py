"""Application passwords, one-time passwords, and the one lock-out."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from congvu.base import clock
from congvu.directory import queries
from congvu.directory.actions import accounts
from congvu.directory.actions.application_passwords import (
    AlreadyRevokedError,
    LabelInUseError,
    TooManyError,
    issue,
    revoke,
    verify,
)
from congvu.directory.actions.appointments import appoint, end_appointment
from congvu.directory.models import Account, ApplicationPassword
from congvu.directory.policies import OPERATOR, NotAllowedError
from tests.directory.test_appointments import last, told

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


def test_an_application_password_opens_the_door_for_its_own_person(agency, binh, an):
    password, secret = issue(by=binh, label="Thunderbird", now=NOW)
    assert len(secret.replace("-", "")) == 32
    assert secret.replace("-", "") not in str(ApplicationPassword.objects.values_list().get())
    for name, typed in (
        ("binh@ubnd.example", secret),
        (" BINH@UBND.EXAMPLE ", secret.upper()),
        ("binh@ubnd.example", secret.replace("-", " ")),
    ):
        assert verify(name, typed, NOW) == binh.account
    assert verify("an@ubnd.example", secret, NOW) is None
    assert verify("nobody@ubnd.example", secret, NOW) is None
    assert ApplicationPassword.objects.get(pk=password.pk).last_used_on == date(2026, 3, 2)


def test_the_persons_own_password_opens_nothing_at_the_mail_door(binh):
    accounts.keep_own_password(account=binh.account, secret="a long own password")
    assert verify("binh@ubnd.example", "a long own password", NOW) is None


def test_a_revoked_one_is_refused(agency, binh, an, ngoc):
    password, secret = issue(by=binh, label="Thunderbird", now=NOW)
    with pytest.raises(NotAllowedError):
        revoke(password=password, by=an, now=NOW)
    begin = last()
    revoke(password=password, by=binh, now=NOW)
    assert [kind for kind, _, _ in told(agency, begin)] == ["directory.application_password.revoked"]
    assert verify("binh@ubnd.example", secret, NOW) is None
    with pytest.raises(AlreadyRevokedError):
        revoke(password=password, by=ngoc, now=NOW)


def test_it_stops_with_the_post_and_with_the_account(agency, binh, an, ngoc):
    _, secret = issue(by=binh, label="Thunderbird", now=NOW)
    end_appointment(membership=binh.membership, valid_to=date(2026, 3, 3), by=ngoc, now=NOW)
    assert verify("binh@ubnd.example", secret, NOW) == binh.account
    assert verify("binh@ubnd.example", secret, NOW + timedelta(days=1)) is None
    _, secret = issue(by=an, label="Thunderbird", now=NOW)
    accounts.close_account(agency=agency, account=an.account, by=ngoc, now=NOW)
    assert verify("an@ubnd.example", secret, NOW) is None


def test_a_page_that_is_sent_again_issues_no_second_one(binh, an):
    first, secret = issue(by=binh, label="Thunderbird", now=NOW)
    with pytest.raises(LabelInUseError):
        issue(by=binh, label=" Thunderbird ", now=NOW)
    assert verify("binh@ubnd.example", secret, NOW) == binh.account
    issue(by=an, label="Thunderbird", now=NOW)
    revoke(password=first, by=binh, now=NOW)
    issue(by=binh, label="Thunderbird", now=NOW)


def test_nobody_collects_them(binh):
    for number in range(20):
        issue(by=binh, label=f"Program {number}", now=NOW)
    with pytest.raises(TooManyError):
        issue(by=binh, label="One more", now=NOW)


def test_failures_at_the_mail_door_lock_the_name_there_and_on_the_web(client, binh, an):
    accounts.keep_own_password(account=binh.account, secret="a long own password")
    _, secret = issue(by=binh, label="Thunderbird", now=NOW)
    _, other = issue(by=an, label="Thunderbird", now=NOW)
    for number in range(5):
        assert verify("binh@ubnd.example", "wrong", NOW, client=f"192.0.2.{number}") is None
    assert verify("binh@ubnd.example", secret, NOW, client="192.0.2.9") is None
    assert verify("an@ubnd.example", other, NOW, client="192.0.2.9") == an.account
    answer = client.post("/account/login/", {"login": "binh@ubnd.example", "password": "a long own password"})
    assert (answer.status_code, "_auth_user_id" in client.session) == (200, False)


def test_failures_on_the_web_lock_the_mail_door_too(client, binh):
    _, secret = issue(by=binh, label="Thunderbird", now=NOW)
    for _ in range(5):
        client.post("/account/login/", {"login": "binh@ubnd.example", "password": "wrong"})
    assert verify("binh@ubnd.example", secret, NOW, client="192.0.2.9") is None


def _sign_in(client, password, origin, name="binh@ubnd.example"):
    typed = {"login": name, "password": password}
    return client.post("/account/login/", typed, headers={"X-Forwarded-For": origin}).status_code


def test_behind_a_web_server_in_front_one_stranger_locks_nobody_else_out(client, binh, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    accounts.keep_own_password(account=binh.account, secret="a long own password")
    for number in range(10):
        _sign_in(client, "wrong", "192.0.2.1", f"nobody{number}@ubnd.example")
    claimed = "198.51.100.7, 192.0.2.1"  # what a client says of itself stands first and is not believed
    assert _sign_in(client, "a long own password", claimed) == 200
    assert _sign_in(client, "a long own password", "198.51.100.7") == 302


@pytest.mark.parametrize(
    ("said", "believed"), [({}, "0"), ({"CONGVU_HTTPS": "1"}, "1"), ({"CONGVU_PROXIES": "2"}, "2")]
)
def test_forwarded_addresses_are_believed_only_of_web_servers_in_front(tmp_path, said, believed):
    code = "from congvu.config import settings; print(settings.ALLAUTH_TRUSTED_PROXY_COUNT)"
    environment = {"PATH": "/usr/bin", "CONGVU_DATA": str(tmp_path), **said}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True)
    assert ran.stdout.decode().strip() == believed


def test_a_one_time_password_replaces_the_old_one_with_evidence(agency, binh, ngoc):
    accounts.keep_own_password(account=binh.account, secret="a long own password")
    begin = last()
    secret = accounts.give_password(agency=agency, account=binh.account, by=ngoc, now=NOW)
    account = Account.objects.get(pk=binh.account.pk)
    assert account.check_password(secret)
    assert not account.check_password("a long own password")
    assert account.password_is_initial
    assert told(agency, begin) == [
        (
            "directory.password.given",
            {"second_factor_removed": False},
            {"actor": ngoc.person.handle, "account": account.handle, "person": binh.person.handle},
        )
    ]


def test_an_administrator_answers_only_for_their_own_agency(agency, akimat, ngoc, ermek, binh):
    for by, account in ((ngoc, ermek.account), (binh, binh.account)):
        with pytest.raises(NotAllowedError):
            accounts.give_password(agency=by.agency, account=account, by=by, now=NOW)


@pytest.mark.parametrize("act", [accounts.give_password, accounts.close_account])
def test_no_administrator_takes_over_an_account_that_opens_another_agency(
    agency, akimat, ngoc, ermek, binh, act
):
    end_appointment(membership=binh.membership, valid_to=binh.on, by=ngoc, now=clock.now())
    appoint(person=binh.person, post=ermek.post, valid_from=binh.on, by=OPERATOR, now=clock.now())
    before = Account.objects.values("password", "is_active").get(pk=binh.account.pk)
    with pytest.raises(accounts.ServesElsewhereError):
        act(agency=agency, account=binh.account, by=ngoc, now=clock.now())
    assert Account.objects.values("password", "is_active").get(pk=binh.account.pk) == before
    act(agency=akimat, account=binh.account, by=OPERATOR, now=clock.now())
    assert Account.objects.values("password", "is_active").get(pk=binh.account.pk) != before


def test_an_account_is_closed_and_reopened_once_though_two_read_it_before(agency, binh, ngoc):
    first, second = (Account.objects.select_related("person").get(pk=binh.account.pk) for _ in range(2))
    for act, done in (
        (accounts.close_account, accounts.AccountClosedError),
        (accounts.reopen_account, accounts.AccountOpenError),
    ):
        act(agency=agency, account=first, by=ngoc, now=NOW)
        before = last()
        with pytest.raises(done):
            act(agency=agency, account=second, by=ngoc, now=NOW)
        assert last() == before
        first, second = (Account.objects.select_related("person").get(pk=binh.account.pk) for _ in range(2))


def test_a_closed_account_is_opened_again_with_a_one_time_password(agency, binh, ngoc):
    accounts.close_account(agency=agency, account=binh.account, by=ngoc, now=NOW)
    with pytest.raises(accounts.AccountClosedError):
        accounts.close_account(agency=agency, account=binh.account, by=ngoc, now=NOW)
    secret = accounts.reopen_account(agency=agency, account=binh.account, by=ngoc, now=NOW)
    account = Account.objects.get(pk=binh.account.pk)
    assert (account.is_active, account.password_is_initial, account.check_password(secret)) == (
        True,
        True,
        True,
    )
    with pytest.raises(accounts.AccountOpenError):
        accounts.reopen_account(agency=agency, account=account, by=OPERATOR, now=NOW)


def test_an_account_may_be_found_by_any_of_its_persons_addresses(binh):
    assert queries.account_of("binh@ubnd.example") == binh.account
    assert queries.account_of("vanphong@ubnd.example") is None

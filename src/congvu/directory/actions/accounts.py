"""Accounts: opened with an appointment, given one-time passwords, closed."""

from datetime import datetime

from allauth.mfa.models import Authenticator

from congvu.base.database import atomic
from congvu.directory import credentials, evidence, queries
from congvu.directory.events import AccountClosed, AccountReopened, PasswordGiven
from congvu.directory.models import Account, Agency, ApplicationPassword, Person
from congvu.directory.policies import Actor, NotAllowedError, actor, require_administrator
from congvu.ledger.actions import record, record_many


class AccountClosedError(Exception):
    """The account is closed already."""


class AccountOpenError(Exception):
    """The account is open already."""


class AccountExistsError(Exception):
    """The person has an account already, or another person signs in with this name."""


class ServesElsewhereError(Exception):
    """The account also opens another agency; only the operator decides over it."""


class UnknownLanguageError(Exception):
    """The pages do not speak this language."""


def open_account(
    *, agency: Agency, person: Person, username: str, by: Actor, now: datetime
) -> tuple[Account, str]:
    """Open a person's account; returns it with its one-time password, which is shown once.

    Raises NotAllowedError or AccountExistsError.
    """
    require_administrator(by, agency)
    username = username.strip().lower()
    with atomic():
        if (
            Account.objects.filter(person=person).exists()
            or Account.objects.filter(username=username).exists()
        ):
            raise AccountExistsError(username)
        secret = credentials.initial_password()
        account = Account.objects.create(
            person=person,
            username=username,
            password=credentials.initial_digest(secret),
            password_is_initial=True,
        )
        record_many([evidence.account_opened(account, agency, by, now)])
    return account, secret


def give_password(
    *, agency: Agency, account: Account, by: Actor, now: datetime, without_second_factor: bool = False
) -> str:
    """Give a one-time password to somebody who lost theirs, and return it; it is shown once.

    Open sessions end, because their key hangs on the password. `without_second_factor` also takes off TOTP,
    passkeys and recovery codes, for somebody who lost the device. Raises NotAllowedError or ServesElsewhereError.
    """
    _require_over(by, agency, account)
    with atomic():
        secret = credentials.initial_password()
        account.password = credentials.initial_digest(secret)
        account.password_is_initial = True
        account.save(update_fields=["password", "password_is_initial"])
        if without_second_factor:
            Authenticator.objects.filter(user=account).delete()
        _record(PasswordGiven(second_factor_removed=without_second_factor), account, agency, by, now)
    return secret


def keep_own_password(*, account: Account, secret: str) -> None:
    """Keep the password that a person chose, in place of a one-time one."""  # no-evidence: personal setting
    with atomic():
        account.set_password(secret)
        account.password_is_initial = False
        account.save(update_fields=["password", "password_is_initial"])


def close_account(*, agency: Agency, account: Account, by: Actor, now: datetime) -> Account:
    """Close an account at once, whatever posts its person holds; its application passwords are revoked.

    Raises NotAllowedError, ServesElsewhereError or AccountClosedError.
    """
    _require_over(by, agency, account)
    with atomic():
        account.refresh_from_db(fields=["is_active"])
        if not account.is_active:
            raise AccountClosedError(account.handle)
        account.is_active = False
        account.save(update_fields=["is_active"])
        ApplicationPassword.objects.filter(account=account, revoked_at=None).update(revoked_at=now)
        _record(AccountClosed(), account, agency, by, now)
    return account


def reopen_account(*, agency: Agency, account: Account, by: Actor, now: datetime) -> str:
    """Open a closed account again with a one-time password, which is returned.

    Raises NotAllowedError, ServesElsewhereError or AccountOpenError.
    """
    _require_over(by, agency, account)
    with atomic():
        account.refresh_from_db(fields=["is_active"])
        if account.is_active:
            raise AccountOpenError(account.handle)
        secret = credentials.initial_password()
        account.is_active = account.password_is_initial = True
        account.password = credentials.initial_digest(secret)
        account.save(update_fields=["is_active", "password", "password_is_initial"])
        _record(AccountReopened(), account, agency, by, now)
    return secret


def keep_wishes(
    *, account: Account, language: str, uses_shortcuts: bool, is_told_of_late_duties: bool
) -> Account:
    """Keep a person's language, and other wishes about pages and letters."""  # no-evidence: personal setting
    if language not in queries.LANGUAGES:
        raise UnknownLanguageError(language)
    account.language = language
    account.uses_shortcuts = uses_shortcuts
    account.is_told_of_late_duties = is_told_of_late_duties
    account.save(update_fields=["language", "uses_shortcuts", "is_told_of_late_duties"])
    return account


def _require_over(by: Actor, agency: Agency, account: Account) -> None:
    """Raise NotAllowedError unless the actor administers an agency that appointed the account's person.

    Raises ServesElsewhereError for an administrator when the person serves another agency today or later: whoever
    gives a password can sign in with it.
    """
    require_administrator(by, agency)
    if not queries.is_known_to(account.person, agency):
        raise NotAllowedError
    if isinstance(by, queries.Seat) and queries.serves_elsewhere(account.person, agency, by.on):
        raise ServesElsewhereError(account.handle)


Event = AccountClosed | AccountReopened | PasswordGiven


def _record(event: Event, account: Account, agency: Agency, by: Actor, now: datetime) -> None:
    disclosures = {"actor": actor(by), "account": account.handle, "person": account.person.handle}
    record(event, agency=agency.handle, at=now, disclosures=disclosures)

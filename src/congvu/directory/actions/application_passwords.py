"""Secrets for mail programs: issued once, checked at the mail door, revoked."""

import hmac
from datetime import datetime

from congvu.base.database import atomic
from congvu.directory import credentials, lockout, queries
from congvu.directory.events import ApplicationPasswordIssued, ApplicationPasswordRevoked
from congvu.directory.models import Account, Agency, ApplicationPassword
from congvu.directory.naming import clean_text
from congvu.directory.policies import NotAllowedError
from congvu.ledger.actions import record

LABEL_LIMIT = 80
OPEN_LIMIT = 20


class TooManyError(Exception):
    """The person has as many application passwords as one person may have."""


class LabelInUseError(Exception):
    """One of the person's open application passwords has this name."""


class AlreadyRevokedError(Exception):
    """The application password was revoked already."""


def issue(*, by: queries.Seat, label: str, now: datetime) -> tuple[ApplicationPassword, str]:
    """Issue a secret for one mail program to the person on the seat; only its digest is kept.

    A page that is sent again issues no second one. Raises LabelInUseError, TooManyError or an error of `naming`.
    """
    label = clean_text(label)[:LABEL_LIMIT]
    with atomic():
        held = ApplicationPassword.objects.filter(agency=by.agency, account=by.account, revoked_at=None)
        if held.count() >= OPEN_LIMIT:
            raise TooManyError
        if held.filter(label=label).exists():
            raise LabelInUseError(label)
        secret = credentials.application_password()
        password = ApplicationPassword.objects.create(
            agency=by.agency,
            account=by.account,
            label=label,
            digest=credentials.application_digest(secret),
            created_at=now,
        )
        disclosures = _disclosures(password, by)
        record(ApplicationPasswordIssued(), agency=by.agency.handle, at=now, disclosures=disclosures)
    return password, secret


def revoke(*, password: ApplicationPassword, by: queries.Seat, now: datetime) -> ApplicationPassword:
    """Revoke a secret; the mail program that holds it is refused, and an open connection ends within seconds.

    The person or an administrator of the agency may. Raises NotAllowedError or AlreadyRevokedError.
    """
    is_own = password.account_id == by.account.pk
    if password.agency_id != by.agency.pk or not (is_own or by.has("administrator", "mail_administrator")):
        raise NotAllowedError
    with atomic():
        password = ApplicationPassword.objects.select_related("account__person").get(pk=password.pk)
        if password.revoked_at is not None:
            raise AlreadyRevokedError(password.handle)
        password.revoked_at = now
        password.save(update_fields=["revoked_at"])
        disclosures = _disclosures(password, by)
        record(ApplicationPasswordRevoked(), agency=by.agency.handle, at=now, disclosures=disclosures)
    return password


def verify(username: str, secret: str, now: datetime, *, client: str = "") -> Account | None:
    """Return the account if the secret is one of its own and its person holds a post today; else None.

    `client` is the network address of the mail program. The same lock-out counts failures here as on the web.
    The comparison takes as long whether or not the account exists.
    """  # no-evidence: only the day of the last use is kept
    name = username.strip().lower()
    if lockout.is_locked(username=name, client=client):
        return None
    account = queries.account_of(name)
    held = list(queries.open_application_passwords(account)) if account else []
    password = _matching(held, credentials.application_digest(secret))
    if account is None or password is None or not _may_use(account, password.agency, now):
        lockout.count_failure(username=name, client=client)
        return None
    _mark_used(password, now)
    return account


def _matching(held: list[ApplicationPassword], digest: str) -> ApplicationPassword | None:
    found = None
    for one in held:
        if hmac.compare_digest(one.digest, digest):
            found = one
    return found


def _may_use(account: Account, agency: Agency, now: datetime) -> bool:
    return account.is_active and any(seat.agency.pk == agency.pk for seat in queries.seats(account, now))


def _mark_used(password: ApplicationPassword, now: datetime) -> None:
    today = queries.legal_day(password.agency, now)
    if password.last_used_on != today:
        ApplicationPassword.objects.filter(pk=password.pk).update(last_used_on=today)


def _disclosures(password: ApplicationPassword, by: queries.Seat) -> dict[str, str]:
    return {
        "actor": by.person.handle,
        "account": password.account.handle,
        "application_password": password.handle,
        "person": password.account.person.handle,
    }

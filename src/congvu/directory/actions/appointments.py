"""Appointing people to posts, and ending appointments."""

from dataclasses import dataclass
from datetime import date, datetime

from congvu.base.database import atomic
from congvu.directory import evidence, queries
from congvu.directory.actions.accounts import give_password, open_account
from congvu.directory.actions.addresses import give_personal_address, hand_over
from congvu.directory.actions.posts import check_one_head
from congvu.directory.actions.units import UnitClosedError
from congvu.directory.models import Account, Address, Membership, Person, Post
from congvu.directory.policies import Actor, require_administrator
from congvu.ledger.actions import record_many


class AlreadyAppointedError(Exception):
    """The person holds this post in that time already."""


class AlreadyEndedError(Exception):
    """The appointment ended already."""


class EndsBeforeItBeginsError(Exception):
    """An appointment cannot end before its first day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointed:
    """What came with an appointment; `initial_password` only when one was made for it, to be shown once."""

    membership: Membership
    address: Address
    account: Account
    initial_password: str | None


def appoint(
    *, person: Person, post: Post, valid_from: date, by: Actor, now: datetime, local_part: str = ""
) -> Appointed:
    """Appoint a person to a post: with an official address, and an account if they have none.

    A one-time password that another agency gave and nobody used is replaced: whoever gave it knows it. Raises
    NotAllowedError, UnitClosedError, AlreadyAppointedError, `posts.UnitHasHeadError`, `addresses.AddressTakenError`,
    `accounts.AccountExistsError`, `accounts.ServesElsewhereError` or an error of `naming`.
    """
    require_administrator(by, post.agency)
    with atomic():
        post.refresh_from_db(fields=["functions"])
        post.unit.refresh_from_db(fields=["valid_to"])
        if not queries.is_open(post.unit, valid_from):
            raise UnitClosedError(post.unit.code)
        held = Membership.objects.filter(agency=post.agency, person=person, post=post)
        if held.filter(queries.overlaps(valid_from, None)).exists():
            raise AlreadyAppointedError(post.code)
        check_one_head(post, person.pk, valid_from, None)
        is_known = queries.is_known_to(person, post.agency)
        membership = Membership.objects.create(
            agency=post.agency, person=person, post=post, valid_from=valid_from
        )
        record_many([evidence.appointment_made(membership, by, now)])
        address = give_personal_address(membership=membership, by=by, now=now, local_part=local_part)
        account, secret = _account(membership, address, by, now, is_known=is_known)
    return Appointed(membership=membership, address=address, account=account, initial_password=secret)


def end_appointment(*, membership: Membership, valid_to: date, by: Actor, now: datetime) -> Membership:
    """End an appointment; `valid_to` is the first day without the post, in the agency's zone.

    Sign-in ends on that day unless the person holds another post. With their last post in the agency, their
    address goes to the hand-over box. Raises NotAllowedError, AlreadyEndedError or EndsBeforeItBeginsError.
    """
    require_administrator(by, membership.agency)
    with atomic():
        membership = queries.memberships(membership.agency).get(pk=membership.pk)
        if membership.valid_to is not None:
            raise AlreadyEndedError(membership.handle)
        if valid_to < membership.valid_from:
            raise EndsBeforeItBeginsError(membership.handle)
        membership.valid_to = valid_to
        membership.save(update_fields=["valid_to"])
        address, left_on = _left_address(membership), queries.last_day_in_post(membership)
        # The period of withdrawal is counted from this end only when it is the last one.
        left = address if left_on == valid_to else None
        record_many([evidence.appointment_ended(membership, left, by, now)])
        if address is not None:
            hand_over(address=address, membership=membership, left_on=left_on, by=by, now=now)
    return membership


def _account(
    membership: Membership, address: Address, by: Actor, now: datetime, *, is_known: bool
) -> tuple[Account, str | None]:
    account = Account.objects.filter(person=membership.person).first()
    if account is not None and account.password_is_initial and not is_known:
        return account, give_password(agency=membership.agency, account=account, by=by, now=now)
    if account is not None:
        return account, None
    username = queries.email(address)
    return open_account(agency=membership.agency, person=membership.person, username=username, by=by, now=now)


def _left_address(membership: Membership) -> Address | None:
    """Return the address that the person leaves behind; None while another post of the agency goes on."""
    others = Membership.objects.filter(agency=membership.agency, person=membership.person, valid_to=None)
    if others.exists():
        return None
    return queries.personal_addresses(membership.agency, membership.person).first()

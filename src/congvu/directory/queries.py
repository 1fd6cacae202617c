"""Reads of the directory."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from congvu.directory.models import Account, Address, Agency, Membership, Person, Post, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """The post on which an account acts now; every right follows from it."""

    agency: Agency
    account: Account
    person: Person
    membership: Membership
    post: Post
    unit: Unit
    address: Address | None
    on: date

    def has(self, *functions: str) -> bool:
        """Return whether the post is charged with any of these functions."""
        return any(function in self.post.functions for function in functions)


def legal_day(agency: Agency, now: datetime) -> date:
    """Return the day that it is in the agency's zone."""
    return now.astimezone(ZoneInfo(agency.zone)).date()


def current(on: date) -> Q:
    """Return the condition that a period with an exclusive end covers a day."""
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))


def seats(account: Account, now: datetime) -> list[Seat]:
    """Return every post that an account's person holds now, the longest held first."""
    held = (
        Membership.objects.filter(person_id=account.person_id)
        .select_related("agency", "person", "post", "post__unit")
        .order_by("valid_from", "id")
    )
    return [
        _seat(account, membership, on)
        for membership in held
        if _covers(membership, on := legal_day(membership.agency, now))
    ]


def seat(account: Account, now: datetime, *, membership: str | None = None) -> Seat | None:
    """Return the chosen seat (by the membership's handle), else the first; None when the person holds no post."""
    held = seats(account, now)
    chosen = [one for one in held if one.membership.handle == membership]
    return (chosen or held or [None])[0]


def units_below(agency: Agency, unit: Unit) -> list[Unit]:
    """Return a unit and all units under it."""
    children: dict[int | None, list[Unit]] = {}
    for one in Unit.objects.filter(agency=agency):
        children.setdefault(one.parent_id, []).append(one)
    found, waiting = [], [unit]
    while waiting:
        one = waiting.pop(0)
        found.append(one)
        waiting.extend(children.get(one.pk, []))
    return found


def addresses(agency: Agency) -> QuerySet[Address]:
    """Return the agency's addresses that still receive mail."""
    return Address.objects.filter(agency=agency, withdrawn_at=None).select_related(
        "agency", "person", "membership__post__unit", "unit"
    )


def email(address: Address) -> str:
    """Return the address as it is written."""
    return f"{address.local_part}@{address.agency.domain}"


def _covers(membership: Membership, on: date) -> bool:
    return membership.valid_from <= on and (membership.valid_to is None or on < membership.valid_to)


def _seat(account: Account, membership: Membership, on: date) -> Seat:
    address = (
        Address.objects.filter(agency=membership.agency, person=membership.person, kind=Address.Kind.PERSONAL)
        .filter(withdrawn_at=None, left_on=None)
        .select_related("agency")
        .first()
    )
    return Seat(
        agency=membership.agency,
        account=account,
        person=membership.person,
        membership=membership,
        post=membership.post,
        unit=membership.post.unit,
        address=address,
        on=on,
    )

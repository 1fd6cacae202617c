"""Reads of the directory: seats, units, posts, memberships."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet

from congvu.base.fold import fold
from congvu.directory.models import (
    OFFICE,
    Account,
    Address,
    Agency,
    ApplicationPassword,
    Leave,
    Membership,
    Person,
    Post,
    Unit,
)

LANGUAGES = ("vi", "kk", "ru", "en")
POST_CODE_STEM = 33  # letters of the unit's code in a post's code, so that a number fits behind


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """The post on which an account acts now; every right follows from it.

    `leave` is that of the post's holder, for whom the person acts: then only the functions of the office count,
    and `address` is the acting person's own.
    """

    agency: Agency
    account: Account
    person: Person
    membership: Membership
    post: Post
    unit: Unit
    address: Address | None
    on: date
    leave: Leave | None = None

    def has(self, *functions: str) -> bool:
        """Return whether the post is charged with any of these functions, and the seat gives them."""
        given = set(self.post.functions) if self.leave is None else OFFICE & set(self.post.functions)
        return not given.isdisjoint(functions)


def legal_day(agency: Agency, now: datetime) -> date:
    """Return the day that it is in the agency's zone."""
    return now.astimezone(ZoneInfo(agency.zone)).date()


def current(on: date) -> Q:
    """Return the condition that a period with an exclusive end covers a day."""
    return Q(valid_from__lte=on) & after(on)


def after(on: date) -> Q:
    """Return the condition that a period goes on after the beginning of a day."""
    return Q(valid_to=None) | Q(valid_to__gt=on)


def overlaps(valid_from: date, valid_to: date | None) -> Q:
    """Return the condition that a period shares a day with another one; no end means for ever."""
    begins = Q() if valid_to is None else Q(valid_from__lt=valid_to)
    return begins & after(valid_from)


def seats(account: Account, now: datetime) -> list[Seat]:
    """Return every post that an account's person holds now, the longest held first, then those acted on."""
    own = _own_seats(account, now)
    return [*own, *_acting_seats(own)]


def seat(account: Account, now: datetime, *, membership: str | None = None) -> Seat | None:
    """Return the chosen seat (by the membership's handle), else the first; None without a post."""
    own = _own_seats(account, now)
    chosen = _chosen(own, membership) or (_chosen(_acting_seats(own), membership) if membership else None)
    return chosen or next(iter(own), None)


def agencies() -> QuerySet[Agency]:
    """Return the agencies of the installation, the oldest first."""
    return Agency.objects.order_by("id")


def root_unit(agency: Agency) -> Unit:
    """Return the unit that is the agency itself."""
    return Unit.objects.select_related("agency").get(agency=agency, parent=None)


def units(agency: Agency, on: date) -> list[Unit]:
    """Return the units that are open on a day, in the order of the tree: a unit, then what is under it."""
    rows = Unit.objects.filter(agency=agency).filter(current(on)).select_related("agency", "parent")
    children: dict[int | None, list[Unit]] = {}
    for one in rows.order_by("id"):
        children.setdefault(one.parent_id, []).append(one)
    found, waiting = [], list(reversed(children.get(None, [])))
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting.extend(reversed(children.get(one.pk, [])))
    return found


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit in the tree, with how many people hold a post in it and the branches under it."""

    unit: Unit
    people: int
    branches: list["Branch"]


def branches(agency: Agency, on: date) -> list[Branch]:
    """Return the tree of open units."""
    held = Membership.objects.filter(agency=agency).filter(current(on)).order_by()
    counted = dict(held.values_list("post__unit").annotate(people=Count("person", distinct=True)))
    found: dict[int, Branch] = {}
    roots: list[Branch] = []
    for unit in units(agency, on):
        found[unit.pk] = Branch(unit, counted.get(unit.pk, 0), [])
        above = found.get(unit.parent_id or 0)
        (above.branches if above else roots).append(found[unit.pk])
    return roots


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


def units_above(unit: Unit) -> list[Unit]:
    """Return the units above a unit, the nearest first."""
    parents = {one.pk: one for one in Unit.objects.filter(agency_id=unit.agency_id)}
    found: list[Unit] = []
    above = unit.parent_id
    while above is not None:
        found.append(parents[above])
        above = parents[above].parent_id
    return found


def depth(unit: Unit) -> int:
    """Return how many units stand above a unit."""
    return len(units_above(unit))


def is_open(unit: Unit, on: date) -> bool:
    """Return whether a unit is open on a day."""
    return unit.valid_from <= on and (unit.valid_to is None or on < unit.valid_to)


def free_post_code(unit: Unit) -> str:
    """Return a post code that the agency does not use yet: the unit's code and a number."""
    stem = unit.code[:POST_CODE_STEM]
    codes = Post.objects.filter(agency=unit.agency, code__startswith=f"{stem}-").values_list(
        "code", flat=True
    )
    taken = set(codes)
    number = len(taken) + 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def memberships(agency: Agency) -> QuerySet[Membership]:
    """Return all appointments of an agency, past and present."""
    return Membership.objects.filter(agency=agency).select_related("agency", "person", "post", "post__unit")


def address_book(
    agency: Agency, on: date, *, words: str = "", unit: Unit | None = None
) -> QuerySet[Membership]:
    """Return who holds a post on a day, by name; all the words must stand in the name or the address."""
    held = memberships(agency).filter(current(on))
    if unit is not None:
        held = held.filter(post__unit__in=[one.pk for one in units_below(agency, unit)])
    for word in fold(words).split():
        by_address = Address.objects.filter(agency=agency, withdrawn_at=None, local_part__contains=word)
        held = held.filter(
            Q(person__folded__contains=word) | Q(person__in=by_address.exclude(person=None).values("person"))
        )
    return held.order_by("person__sorted_as", "id")


def emails(agency: Agency, people: Iterable[Person]) -> dict[int, str]:
    """Return the personal addresses of people by their primary key."""
    held = addresses(agency).filter(kind=Address.Kind.PERSONAL, person__in=[one.pk for one in people])
    return {one.person_id: email(one) for one in held if one.person_id is not None}


def known_people(agency: Agency) -> QuerySet[Person]:
    """Return everybody whom the agency ever appointed, by name."""
    ever = Membership.objects.filter(agency=agency).values("person")
    return Person.objects.filter(pk__in=ever).order_by("sorted_as", "id")


def history(agency: Agency, person: Person) -> QuerySet[Membership]:
    """Return a person's appointments in an agency, the newest first."""
    return memberships(agency).filter(person=person).order_by("-valid_from", "-id")


def unit_addresses(unit: Unit) -> QuerySet[Address]:
    """Return the addresses that a unit answers."""
    return addresses(unit.agency).filter(unit=unit).exclude(kind=Address.Kind.PERSONAL).order_by("id")


def posts(agency: Agency) -> QuerySet[Post]:
    """Return the posts of an agency, by unit and code."""
    return Post.objects.filter(agency=agency).select_related("agency", "unit").order_by("unit__id", "id")


def is_known_to(person: Person, agency: Agency) -> bool:
    """Return whether the agency appointed the person, now or before."""
    return Membership.objects.filter(agency=agency, person=person).exists()


def serves_elsewhere(person: Person, agency: Agency, on: date) -> bool:
    """Return whether the person holds, or will hold, a post of another agency on or after a day."""
    held = Membership.objects.filter(person=person).exclude(agency=agency)
    return held.filter(after(on)).exists()


def last_day_in_post(membership: Membership) -> date:
    """Return the latest end of a person's ended appointments in the agency: their first day without any post."""
    held = Membership.objects.filter(agency=membership.agency, person=membership.person)
    return max(end for end in held.values_list("valid_to", flat=True) if end is not None)


def held_between(agency: Agency, person: Person, valid_from: date, valid_to: date) -> QuerySet[Membership]:
    """Return a person's appointments that share a day with a period, the first to begin first."""
    held = memberships(agency).filter(overlaps(valid_from, valid_to), person=person)
    return held.order_by("valid_from", "id")


def holds_post_throughout(agency: Agency, person: Person, valid_from: date, valid_to: date) -> bool:
    """Return whether a person holds some post of the agency on every day of a period with an exclusive end."""
    covered = valid_from
    for one in held_between(agency, person, valid_from, valid_to):
        if one.valid_from <= covered:
            covered = max(covered, one.valid_to or valid_to)
    return covered >= valid_to


def leaves(agency: Agency) -> QuerySet[Leave]:
    """Return the leaves of an agency, the newest first, without those that were withdrawn whole."""
    taken = Leave.objects.filter(agency=agency, valid_to__gt=F("valid_from"))
    return taken.select_related("agency", "person", "acting").order_by("-valid_from", "-id")


def away(agency: Agency, on: date) -> QuerySet[Leave]:
    """Return the leaves that run on a day."""
    return leaves(agency).filter(current(on))


def acted(agency: Agency, on: date) -> QuerySet[Leave]:
    """Return the leaves that run on a day and for which somebody acts who holds a post and is not away too."""
    holding = Membership.objects.filter(current(on), agency=agency).values("person")
    return away(agency, on).filter(acting__in=holding).exclude(acting__in=away(agency, on).values("person"))


@dataclass(frozen=True, slots=True)
class Absence:
    """That a person is away today, and who acts, if anybody does."""

    last_day: date
    acting: Person | None


def absences(agency: Agency, on: date, people: Iterable[Person]) -> dict[int, Absence]:
    """Return which of these people are away on a day, by their primary key."""
    running = list(away(agency, on).filter(person__in=[one.pk for one in people]))
    acting = set(acted(agency, on).filter(pk__in=[one.pk for one in running]).values_list("pk", flat=True))
    return {one.person_id: Absence(one.last_day, one.acting if one.pk in acting else None) for one in running}


def members(unit: Unit, on: date) -> list[Membership]:
    """Return who holds a post of the unit on a day: head, deputies, then by name."""
    held = list(
        memberships(unit.agency).filter(current(on), post__unit=unit).order_by("person__sorted_as", "id")
    )
    return sorted(held, key=lambda one: _standing(one.post))


def head_of(unit: Unit, on: date) -> Membership | None:
    """Return the head of a unit on a day; the first deputy when nobody is head; None without either."""
    leading = [one for one in members(unit, on) if {"head", "deputy"} & set(one.post.functions)]
    return leading[0] if leading else None


def answers_for(unit: Unit, on: date) -> Membership | None:
    """Return who answers for a unit's mail on a day: its clerk, else the clerk above, else its head."""
    for one in [unit, *units_above(unit)]:
        clerks = [held for held in members(one, on) if "clerk" in held.post.functions]
        if clerks:
            return clerks[0]
    return head_of(unit, on)


def receiving(agency: Agency, on: date) -> list[Membership]:
    """Return who takes in what citizens ask on a day: whoever is charged with it.

    Where nobody is, the clerks of the agency itself; where it has none, who heads it.
    """
    held = memberships(agency).filter(current(on))
    charged = Post.objects.filter(agency=agency).exclude(functions=[]).values_list("pk", "functions")
    posts = [pk for pk, functions in charged if "citizen_reception" in functions]
    if found := list(held.filter(post__in=posts).order_by("person__sorted_as", "id")):
        return found
    own = list(held.filter(post__unit__parent=None).order_by("person__sorted_as", "id"))
    clerks = [one for one in own if "clerk" in one.post.functions]
    return clerks or [one for one in own if {"head", "deputy"} & set(one.post.functions)]


def account_of(name: str) -> Account | None:
    """Return the account that signs in with this name, or whose person has this official address."""
    account: Account | None = Account.objects.filter(username=name).select_related("person").first()
    if account is not None:
        return account
    local_part, _, domain = name.rpartition("@")
    held = Address.objects.filter(
        local_part=local_part, agency__domain=domain, kind=Address.Kind.PERSONAL, withdrawn_at=None
    ).first()
    if held is not None:
        account = Account.objects.filter(person=held.person).select_related("person").first()
    return account


def open_application_passwords(account: Account) -> QuerySet[ApplicationPassword]:
    """Return the application passwords of an account that are not revoked, the newest first."""
    held = ApplicationPassword.objects.filter(account=account, revoked_at=None)
    return held.select_related("agency", "account__person").order_by("-created_at", "-id")


def addresses(agency: Agency) -> QuerySet[Address]:
    """Return the agency's addresses that still receive mail."""
    return Address.objects.filter(agency=agency, withdrawn_at=None).select_related(
        "agency", "person", "membership__post__unit", "unit"
    )


def find_address(email: str) -> Address | None:
    """Return the address with this spelling that still receives mail, in whichever agency has its domain."""
    local_part, _, domain = email.strip().lower().rpartition("@")
    found = Address.objects.filter(local_part=local_part, agency__domain=domain, withdrawn_at=None)
    return found.select_related("agency", "person", "membership__post__unit", "unit").first()


def personal_addresses(agency: Agency, person: Person) -> QuerySet[Address]:
    """Return the addresses of a person in an agency that still receive mail."""
    return addresses(agency).filter(kind=Address.Kind.PERSONAL, person=person).order_by("id")


def is_left(address: Address, on: date) -> bool:
    """Return whether an address's holder has left by a day: its mail then goes to the hand-over box."""
    if address.kind != Address.Kind.PERSONAL:
        return address.unit is not None and not address.receives_citizens and not is_open(address.unit, on)
    return address.left_on is not None and address.left_on <= on


def due_for_withdrawal(agency: Agency, on: date) -> QuerySet[Address]:
    """Return the addresses whose time in the hand-over box is over by a day, the longest due first."""
    return addresses(agency).filter(withdraw_on__lte=on).order_by("withdraw_on", "id")


def handed_over(agency: Agency, on: date) -> QuerySet[Address]:
    """Return the addresses that receive for a hand-over box on a day, the next due first."""
    return addresses(agency).filter(left_on__lte=on).order_by("withdraw_on", "id")


def email(address: Address) -> str:
    """Return the address as it is written."""
    return f"{address.local_part}@{address.agency.domain}"


def _standing(post: Post) -> int:
    if "head" in post.functions:
        return 0
    return 1 if "deputy" in post.functions else 2


def _covers(membership: Membership, on: date) -> bool:
    return membership.valid_from <= on and (membership.valid_to is None or on < membership.valid_to)


def _chosen(held: list[Seat], membership: str | None) -> Seat | None:
    return next((one for one in held if one.membership.handle == membership), None)


def _own_seats(account: Account, now: datetime) -> list[Seat]:
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


def _acting_seats(own: list[Seat]) -> list[Seat]:
    """Return the offices of those for whom the holder of these seats acts; never their other functions."""
    found: list[Seat] = []
    for mine in {one.agency.pk: one for one in reversed(own)}.values():
        for leave in acted(mine.agency, mine.on).filter(acting=mine.person):
            held = memberships(mine.agency).filter(current(mine.on), person=leave.person)
            found += [_acting_seat(mine, one, leave) for one in held.order_by("valid_from", "id")]
    return [one for one in found if one.has(*OFFICE)]


def _acting_seat(own: Seat, membership: Membership, leave: Leave) -> Seat:
    return replace(own, membership=membership, post=membership.post, unit=membership.post.unit, leave=leave)


def _seat(account: Account, membership: Membership, on: date) -> Seat:
    address = (
        personal_addresses(membership.agency, membership.person)
        .filter(Q(left_on=None) | Q(left_on__gt=on))
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

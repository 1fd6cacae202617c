"""Appointing many people at once, from a table that was checked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from congvu.base.chunks import chunked
from congvu.base.collation import person_key
from congvu.base.database import atomic
from congvu.base.fold import fold
from congvu.directory import credentials, evidence, naming, queries
from congvu.directory.importing import Appointee, is_head
from congvu.directory.models import Account, Address, Agency, Membership, Person, Post, Unit
from congvu.directory.policies import Actor, require_administrator
from congvu.ledger.actions import Record, record_many

CHUNK = 1_000


class AgencyChangedError(Exception):
    """The directory changed since the table was checked; check it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """One appointed person, with the one-time password that is shown once."""

    line: int
    full_name: str
    unit_code: str
    username: str
    initial_password: str


def import_people(
    *, agency: Agency, appointees: Sequence[Appointee], by: Actor, now: datetime
) -> list[Imported]:
    """Appoint all of these people in one transaction: each with post, address, account and evidence.

    Raises NotAllowedError, or AgencyChangedError when an address, a post code or the place of a head was taken
    meanwhile, or a unit closed; then nobody was appointed.
    """
    require_administrator(by, agency)
    with atomic():
        _check_unchanged(agency, appointees)
        posts = _posts(agency, appointees, by, now)
        imported: list[Imported] = []
        for chunk in chunked(appointees, CHUNK):
            imported.extend(_appoint(agency, chunk, posts, by, now))
    return imported


def _check_unchanged(agency: Agency, appointees: Sequence[Appointee]) -> None:
    taken = set(Address.objects.filter(agency=agency).values_list("local_part", flat=True))
    codes = set(Post.objects.filter(agency=agency).values_list("code", flat=True))
    new_codes = {one.post_code for one in appointees if one.post is None and one.post_code}
    if taken & {one.local_part for one in appointees} or codes & new_codes:
        raise AgencyChangedError
    units = {one.pk: one for one in Unit.objects.filter(agency=agency)}
    if not all(queries.is_open(units[one.unit.pk], one.valid_from) for one in appointees):
        raise AgencyChangedError
    _check_heads(agency, [one for one in appointees if is_head(one)])


def _check_heads(agency: Agency, heads: Sequence[Appointee]) -> None:
    held = Membership.objects.filter(agency=agency, post__unit__in=[one.unit for one in heads])
    for one in held.select_related("post"):
        ends = [head.valid_from for head in heads if head.unit.pk == one.post.unit_id]
        if "head" in one.post.functions and any(one.valid_to is None or day < one.valid_to for day in ends):
            raise AgencyChangedError


def _posts(agency: Agency, appointees: Sequence[Appointee], by: Actor, now: datetime) -> dict[int, Post]:
    """Create the posts that lines ask for, and return every line's post by its number."""
    found: dict[int, Post] = {}
    shared: dict[str, Post] = {}
    codes = _Codes(agency, {one.post_code for one in appointees})
    for one in appointees:
        post = one.post or (shared.get(one.post_code) if one.post_code else None)
        if post is None:
            post = Post(
                agency=agency,
                unit=one.unit,
                title=naming.clean_texts({agency.language: one.title}),
                code=one.post_code or codes.free(one.unit.code),
                rank=one.rank,
                functions=one.functions,
            )
            shared[post.code] = post
        found[one.line] = post
    made = Post.objects.bulk_create(list(shared.values()), batch_size=CHUNK)
    for start in range(0, len(made), CHUNK):
        record_many([evidence.post_created(post, by, now) for post in made[start : start + CHUNK]])
    return found


class _Codes:
    """Post codes that nobody has: the unit's code and a number."""

    def __init__(self, agency: Agency, chosen: set[str]) -> None:
        self._taken = chosen | set(Post.objects.filter(agency=agency).values_list("code", flat=True))
        self._last: dict[str, int] = {}

    def free(self, unit_code: str) -> str:
        """Return a free code and take it."""
        stem = unit_code[: queries.POST_CODE_STEM]
        number = self._last.get(stem, 0) + 1
        while f"{stem}-{number}" in self._taken:
            number += 1
        self._last[stem] = number
        self._taken.add(f"{stem}-{number}")
        return f"{stem}-{number}"


def _appoint(
    agency: Agency, chunk: Sequence[Appointee], posts: dict[int, Post], by: Actor, now: datetime
) -> list[Imported]:
    people = Person.objects.bulk_create(
        [
            Person(full_name=one.full_name, folded=fold(one.full_name), sorted_as=person_key(one.full_name))
            for one in chunk
        ]
    )
    pairs = list(zip(chunk, people, strict=True))
    held = Membership.objects.bulk_create(
        [
            Membership(agency=agency, person=person, post=posts[one.line], valid_from=one.valid_from)
            for one, person in pairs
        ]
    )
    addresses = Address.objects.bulk_create(
        [
            Address(
                agency=agency, local_part=one.local_part, person=person, membership=membership, given_at=now
            )
            for (one, person), membership in zip(pairs, held, strict=True)
        ]
    )
    secrets = [credentials.initial_password() for _ in chunk]
    accounts = Account.objects.bulk_create(
        [
            Account(
                person=address.person,
                username=queries.email(address),
                password=credentials.initial_digest(secret),
                password_is_initial=True,
            )
            for address, secret in zip(addresses, secrets, strict=True)
        ]
    )
    record_many(list(_told(people, held, addresses, accounts, by, now)))
    return [
        Imported(
            line=one.line,
            full_name=one.full_name,
            unit_code=one.unit.code,
            username=account.username,
            initial_password=secret,
        )
        for one, account, secret in zip(chunk, accounts, secrets, strict=True)
    ]


def _told(
    people: Sequence[Person],
    held: Sequence[Membership],
    addresses: Sequence[Address],
    accounts: Sequence[Account],
    by: Actor,
    now: datetime,
) -> Iterator[Record]:
    for person, membership, address, account in zip(people, held, addresses, accounts, strict=True):
        yield evidence.person_registered(person, membership.agency, by, now)
        yield evidence.appointment_made(membership, by, now)
        yield evidence.address_given(address, by, now)
        yield evidence.account_opened(account, membership.agency, by, now)

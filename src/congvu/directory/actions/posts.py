"""Creating posts and charging them with functions."""

from collections.abc import Sequence
from datetime import date, datetime

from congvu.base.database import atomic
from congvu.base.texts import Texts
from congvu.directory import evidence, naming, queries
from congvu.directory.actions.units import UnitClosedError
from congvu.directory.events import PostCharged
from congvu.directory.models import Function, Membership, Post, Rank, Unit
from congvu.directory.policies import Actor, actor, require_administrator
from congvu.ledger.actions import record, record_many


class PostCodeTakenError(Exception):
    """A post of the agency has this code already."""


class UnknownFunctionError(Exception):
    """There is no such function."""


class UnknownRankError(Exception):
    """There is no such rank."""


class UnitHasHeadError(Exception):
    """Somebody else holds the post of the unit's head in that time."""


def create_post(
    *,
    unit: Unit,
    title: Texts,
    by: Actor,
    now: datetime,
    code: str = "",
    rank: str = Rank.STAFF,
    functions: Sequence[str] = (),
) -> Post:
    """Create a post in a unit; without a code it gets the unit's code and a number.

    Raises NotAllowedError, UnitClosedError, PostCodeTakenError, UnknownRankError, UnknownFunctionError or an
    error of `naming`.
    """
    agency = unit.agency
    require_administrator(by, agency)
    title, kept = naming.clean_texts(title), check_functions(functions)
    if rank not in Rank.values:
        raise UnknownRankError(rank)
    with atomic():
        unit.refresh_from_db(fields=["valid_to"])
        if unit.valid_to is not None and unit.valid_to <= queries.legal_day(agency, now):
            raise UnitClosedError(unit.code)
        code = naming.clean_code(code) if code else queries.free_post_code(unit)
        if Post.objects.filter(agency=agency, code=code).exists():
            raise PostCodeTakenError(code)
        post = Post.objects.create(
            agency=agency, unit=unit, title=title, code=code, rank=rank, functions=kept
        )
        record_many([evidence.post_created(post, by, now)])
    return post


def charge_post(*, post: Post, functions: Sequence[str], by: Actor, now: datetime) -> Post:
    """Charge a post with exactly these functions; rights follow at once.

    Raises NotAllowedError, UnknownFunctionError or UnitHasHeadError.
    """
    require_administrator(by, post.agency)
    kept = check_functions(functions)
    with atomic():
        post.functions = kept
        for membership in Membership.objects.filter(agency=post.agency, post=post):
            check_one_head(post, membership.person_id, membership.valid_from, membership.valid_to)
        post.save(update_fields=["functions"])
        record(
            PostCharged(**evidence.bearing(post)),
            agency=post.agency.handle,
            at=now,
            disclosures={"actor": actor(by), "post": post.handle, "unit": post.unit.handle},
        )
    return post


def check_functions(functions: Sequence[str]) -> list[str]:
    """Return functions in their own order, each once; raises UnknownFunctionError."""
    unknown = set(functions) - set(Function.values)
    if unknown:
        raise UnknownFunctionError(", ".join(sorted(unknown)))
    return [one for one in Function.values if one in functions]


def check_one_head(post: Post, person_id: int, valid_from: date, valid_to: date | None) -> None:
    """Raise UnitHasHeadError when another person would be head of the unit in the same time."""
    if "head" not in post.functions:
        return
    others = Membership.objects.filter(agency=post.agency, post__unit=post.unit).exclude(person_id=person_id)
    others = others.filter(queries.overlaps(valid_from, valid_to)).select_related("post")
    if any(one.post_id == post.pk or "head" in one.post.functions for one in others):
        raise UnitHasHeadError(post.unit.code)

"""The office and the cast as the acts leave them, rows and evidence, in few statements.

That they are the same, tests/directory/test_cast.py proves.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TypeVar

from django.db.models import Model

from congvu.base import clock, rows
from congvu.base.collation import person_key
from congvu.base.database import atomic
from congvu.base.fold import fold
from congvu.base.texts import Texts
from congvu.directory import credentials, evidence, queries
from congvu.directory.events import UnitOpened
from congvu.directory.models import Account, Address, Agency, Membership, Person, Post, Unit
from congvu.directory.policies import OPERATOR
from congvu.ledger.actions import Record, record_many

FOUNDED_AT = datetime(2010, 1, 1, 1, tzinfo=UTC)
APPOINTED_ON = date(2010, 1, 1)
BY = (OPERATOR, FOUNDED_AT)
Row = TypeVar("Row", bound=Model)


def new_unit(agency: Agency, *, code: str, name: Texts, boxes: dict[str, str]) -> Unit:
    """Open a unit under the agency's own, which answers boxes: {local part: kind}."""
    with atomic():
        root = queries.root_unit(agency)
        unit = _kept(Unit(agency=agency, parent=root, code=code, name=name, valid_from=APPOINTED_ON))
        given = [
            _kept(Address(agency=agency, unit=unit, local_part=one, kind=kind, given_at=FOUNDED_AT))
            for one, kind in boxes.items()
        ]
        record_many([_unit_opened(unit), *(evidence.address_given(one, *BY) for one in given)])
    return unit


def new_seat(
    full_name: str,
    *,
    at: Agency,
    unit: str,
    title: Texts,
    local_part: str,
    functions: Sequence[str] = (),
    rank: str = "staff",
) -> queries.Seat:
    """Appoint to a new post somebody who has signed in before; functions stand in the order of `Function`."""
    below = Unit.objects.get(agency=at, code=unit)
    with atomic():
        post = Post(agency=at, unit=below, title=title, rank=rank, functions=list(functions))
        post.code = queries.free_post_code(below)
        person = Person(full_name=full_name, folded=fold(full_name), sorted_as=person_key(full_name))
        held = _kept(Membership(agency=at, person=_kept(person), post=_kept(post), valid_from=APPOINTED_ON))
        mine = {"person": person, "membership": held, "local_part": local_part}
        address = _kept(Address(agency=at, given_at=FOUNDED_AT, **mine))
        digest = credentials.initial_digest(credentials.initial_password())
        account = _kept(Account(person=person, username=queries.email(address), password=digest))
        record_many(
            [
                evidence.post_created(post, *BY),
                evidence.person_registered(person, at, *BY),
                evidence.appointment_made(held, *BY),
                evidence.address_given(address, *BY),
                evidence.account_opened(account, at, *BY),
            ]
        )
    return queries.Seat(
        agency=at,
        account=account,
        person=person,
        membership=held,
        post=post,
        unit=below,
        address=address,
        on=queries.legal_day(at, clock.now()),
    )


def _kept(row: Row) -> Row:
    rows.insert([row], keyed=True)
    return row


def _unit_opened(unit: Unit) -> Record:
    return Record(
        event=UnitOpened(depth=1),
        agency=unit.agency.handle,
        at=FOUNDED_AT,
        disclosures={
            "actor": "operator",
            "unit": unit.handle,
            "parent": unit.parent.handle,
            "valid_from": unit.valid_from.isoformat(),
        },
    )

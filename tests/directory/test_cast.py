"""The cast stands as if the acts had appointed it: beside it another agency is made, by the acts alone."""

import json
import re

import pytest

from congvu.base import clock, handles
from congvu.directory import queries
from congvu.directory.actions.addresses import give_unit_address
from congvu.directory.actions.agencies import found_agency
from congvu.directory.actions.units import open_unit
from congvu.directory.models import Account, Address, Agency, Membership, Person, Post, Unit
from congvu.directory.policies import OPERATOR
from congvu.ledger.models import Ledger, Outbox
from congvu.ledger.queries import disclosure_strings
from congvu.standards import disclosures as sd
from tests.cast import APPOINTED_ON, FOUNDED_AT

BY = {"by": OPERATOR, "now": FOUNDED_AT}


@pytest.fixture
def by_acts(agency, an, binh, chi, ngoc, seat_of):
    """Another agency with the same office, and the same people appointed anew."""
    of_unit = {"name": Unit.objects.get(agency=agency, code="vp").name, "valid_from": APPOINTED_ON}
    made = found_agency(slug="guong", name=agency.name, domain="guong.example", demonstration=True, **BY)
    office = open_unit(parent=queries.root_unit(made), code="vp", **of_unit, **BY)
    give_unit_address(unit=office, local_part="vanphong", **BY)
    give_unit_address(unit=office, local_part=made.slug, kind="agency", **BY)
    for seat in (an, binh, chi, ngoc):
        post = {"title": seat.post.title, "rank": seat.post.rank, "functions": seat.post.functions[::-1]}
        unit = "vp" if seat.unit.parent_id else made.slug
        seat_of(seat.person.full_name, unit=unit, at=made, local_part=seat.address.local_part, **post)
    return made


def test_rows_and_evidence_are_those_of_the_acts(agency, by_acts):
    assert _without_names(agency) == _without_names(by_acts)


def test_a_seat_holds_what_the_database_holds(an, binh, chi, ngoc, ermek):
    for seat in (an, binh, chi, ngoc, ermek):
        read = queries.seat(seat.account, clock.now())
        assert seat == read
        for name in ("agency", "account", "person", "membership", "post", "unit", "address"):
            assert _values(getattr(seat, name)) == _values(getattr(read, name))


def _without_names(agency):
    """Return all that stands of an agency, each handle as the number of its first place."""
    held = Membership.objects.filter(agency=agency).order_by("pk")
    people = [Person.objects.filter(pk__in=held.values("person")).order_by("pk")]
    people += [Account.objects.filter(person__in=held.values("person")).order_by("pk")]
    own = [one.objects.filter(agency=agency).order_by("pk") for one in (Unit, Post, Membership, Address)]
    ledger = Ledger.objects.filter(agency=agency.handle)
    stands = [
        _values(row) for rows in (Agency.objects.filter(pk=agency.pk), *own, *people, ledger) for row in rows
    ]
    text = repr([*stands, *_told(agency)]).replace(agency.slug, "slug")
    numbers: dict[str, int] = {}
    return re.sub(handles.PATTERN, lambda one: str(numbers.setdefault(one[0], len(numbers))), text)


def _values(row):
    fields = [one for one in row._meta.concrete_fields if not one.primary_key]
    values = {one.name: getattr(row, one.name) for one in fields if one.name != "password"}
    return {name: getattr(value, "handle", value) for name, value in values.items()}


def _told(agency):
    waiting = list(Outbox.objects.filter(agency=agency.handle).order_by("pk"))
    opened = disclosure_strings([one.entry for one in waiting], agency=agency.handle)
    for one in waiting:
        leaf = json.loads(bytes(one.leaf))
        del leaf["id"], leaf["digests"]
        yield leaf, sorted(sd.parse(part)[1:] for part in opened[one.entry])

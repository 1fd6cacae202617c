"""Units of any depth, and the posts in them."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from congvu.directory import queries
from congvu.directory.actions.addresses import AddressTakenError
from congvu.directory.actions.agencies import (
    AgencyExistsError,
    UnknownCalendarError,
    UnknownZoneError,
    found_agency,
)
from congvu.directory.actions.posts import (
    PostCodeTakenError,
    UnitHasHeadError,
    UnknownFunctionError,
    charge_post,
    create_post,
)
from congvu.directory.actions.units import (
    OtherAgencyError,
    RootUnitError,
    UnitClosedError,
    UnitCodeTakenError,
    UnitInsideItselfError,
    UnitNotEmptyError,
    close_unit,
    move_unit,
    open_unit,
)
from congvu.directory.models import Unit
from congvu.directory.naming import BadDomainError, BadSlugError, BlankTextError
from congvu.directory.policies import OPERATOR, NotAllowedError, heads, may_decide_rules
from tests.directory.test_appointments import last, told

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
TODAY = date(2026, 3, 2)
BY = {"by": OPERATOR, "now": NOW}


def below(parent: Unit, code: str, **options) -> Unit:
    return open_unit(parent=parent, code=code, name={"vi": f"Tổ {code}"}, valid_from=TODAY, **options, **BY)


@pytest.fixture
def office(agency) -> Unit:
    return Unit.objects.select_related("agency").get(agency=agency, code="vp")


def test_units_go_as_deep_as_the_agency_does(agency, office):
    begin, deepest = last(), office
    for number in range(8):
        deepest = below(deepest, f"u{number}")
    assert queries.depth(deepest) == 9
    assert [unit.code for unit in queries.units(agency, TODAY)] == [
        "ubnd",
        "vp",
        *(f"u{n}" for n in range(8)),
    ]
    kind, attributes, disclosures = told(agency, begin)[-1]
    assert (kind, attributes) == ("directory.unit.opened", {"depth": 9})
    assert disclosures == {
        "actor": "operator",
        "unit": deepest.handle,
        "parent": deepest.parent.handle,
        "valid_from": "2026-03-02",
    }


def test_a_head_leads_all_units_below_and_none_beside(agency, office, chi):
    inside = below(below(office, "a"), "b")
    beside = below(queries.root_unit(agency), "c")
    assert [heads(chi, unit) for unit in (office, inside, beside, queries.root_unit(agency))] == [
        True,
        True,
        False,
        False,
    ]


def test_a_unit_moves_with_all_that_is_under_it_but_never_under_itself(agency, akimat, office):
    upper, lower = below(office, "a"), below(queries.root_unit(agency), "b")
    inside = below(upper, "c")
    move_unit(unit=upper, parent=lower, **BY)
    assert [one.code for one in queries.units_above(inside)] == ["a", "b", "ubnd"]
    for unit, parent, error in (
        (lower, inside, UnitInsideItselfError),
        (lower, lower, UnitInsideItselfError),
        (queries.root_unit(agency), lower, RootUnitError),
        (lower, queries.root_unit(akimat), OtherAgencyError),
    ):
        with pytest.raises(error):
            move_unit(unit=unit, parent=parent, **BY)


def test_a_unit_closes_when_nobody_is_in_it(agency, office, chi):
    empty = below(office, "a")
    below(empty, "b")
    with pytest.raises(UnitNotEmptyError):
        close_unit(unit=empty, valid_to=TODAY, **BY)
    with pytest.raises(UnitNotEmptyError):
        close_unit(unit=office, valid_to=TODAY, **BY)
    close_unit(unit=Unit.objects.get(code="b"), valid_to=TODAY, **BY)
    close_unit(unit=empty, valid_to=TODAY, **BY)
    with pytest.raises(UnitClosedError):
        below(Unit.objects.select_related("agency").get(code="a"), "c")
    with pytest.raises(RootUnitError):
        close_unit(unit=queries.root_unit(agency), valid_to=TODAY, **BY)


def test_a_unit_closes_once_though_two_read_it_open(agency, office):
    below(office, "b")
    first, second = (Unit.objects.select_related("agency").get(code="b") for _ in range(2))
    close_unit(unit=first, valid_to=TODAY, **BY)
    before = last()
    with pytest.raises(UnitClosedError):
        close_unit(unit=second, valid_to=TODAY, **BY)
    assert last() == before


def test_nothing_new_comes_under_a_unit_that_was_closed_meanwhile(agency, office):
    below(office, "b")
    stale, whole = (Unit.objects.select_related("agency").get(code="b") for _ in range(2))
    close_unit(unit=whole, valid_to=TODAY, **BY)
    with pytest.raises(UnitClosedError):
        below(stale, "c")
    with pytest.raises(UnitClosedError):
        create_post(unit=stale, title={"vi": "Lái xe"}, **BY)


def test_what_cannot_be_is_refused(agency, office, chi, binh):
    with pytest.raises(UnitCodeTakenError):
        below(office, "VP")
    with pytest.raises(NotAllowedError):
        open_unit(parent=office, code="x", name={"vi": "X"}, valid_from=TODAY, by=chi, now=NOW)
    with pytest.raises(BlankTextError):
        open_unit(parent=office, code="x", name={"vi": " . "}, valid_from=TODAY, **BY)
    with pytest.raises(AddressTakenError):
        below(office, "x", local_part="vanphong")
    assert not Unit.objects.filter(code="x").exists()
    with pytest.raises(PostCodeTakenError):
        create_post(unit=office, title={"vi": "X"}, code=binh.post.code, **BY)
    with pytest.raises(UnknownFunctionError):
        create_post(unit=office, title={"vi": "X"}, functions=["czar"], **BY)
    with pytest.raises(UnitHasHeadError):
        charge_post(post=binh.post, functions=["head"], **BY)


def test_rights_follow_the_functions_of_the_post_at_once(agency, binh):
    assert not may_decide_rules(queries.seat(binh.account, NOW))
    charge_post(post=binh.post, functions=["legal_officer"], **BY)
    assert may_decide_rules(queries.seat(binh.account, NOW))


def test_only_the_operator_founds_an_agency_and_only_once(agency, ngoc):
    words = {"name": {"en": "B"}, "now": NOW}
    with pytest.raises(NotAllowedError):
        found_agency(slug="bb", domain="b.example", by=ngoc, **words)
    for domain, slug in (("ubnd.example", "bb"), ("b.example", "ubnd")):
        with pytest.raises(AgencyExistsError):
            found_agency(slug=slug, domain=domain, by=OPERATOR, **words)
    with pytest.raises(BadDomainError):
        found_agency(slug="bb", domain="not a domain", by=OPERATOR, **words)
    with pytest.raises(UnknownZoneError):
        found_agency(slug="bb", domain="b.example", zone="Asia/Nowhere", by=OPERATOR, **words)


def test_an_agency_keeps_a_calendar_of_the_rulebook(db):
    with pytest.raises(UnknownCalendarError) as refused:
        found_agency(slug="bb", name={"en": "B"}, domain="b.example", calendar="xx", by=OPERATOR, now=NOW)
    assert refused.value.known == ["kz", "ru", "vn"]


@pytest.mark.parametrize("slug", ["b", "so.noi.vu", "so_noi_vu", "-so", "so-", "so--noi", "sở", "a" * 41, ""])
def test_a_slug_that_no_address_can_hold_founds_no_agency(db, slug):
    with pytest.raises(BadSlugError):
        found_agency(slug=slug, name={"en": "B"}, domain="b.example", by=OPERATOR, now=NOW)


@pytest.mark.parametrize("slug", ["so-noi-vu", "p5", "a" * 40])
def test_the_log_of_every_agency_has_an_address(db, slug):
    founded = found_agency(slug=slug.upper(), name={"en": "B"}, domain="b.example", by=OPERATOR, now=NOW)
    assert founded.slug == slug
    assert reverse("ledger:checkpoint", args=[slug, 2026]) == f"/log/{slug}/2026/checkpoint"

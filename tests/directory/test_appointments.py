"""Appointing people to posts, and what follows when they leave."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from congvu.directory import periods, queries
from congvu.directory.actions.accounts import ServesElsewhereError
from congvu.directory.actions.addresses import (
    AddressTakenError,
    AddressWithdrawnError,
    HolderInPostError,
    withdraw_address,
)
from congvu.directory.actions.appointments import (
    AlreadyAppointedError,
    AlreadyEndedError,
    EndsBeforeItBeginsError,
    appoint,
    end_appointment,
)
from congvu.directory.actions.people import register_person
from congvu.directory.actions.posts import UnitHasHeadError, charge_post, create_post
from congvu.directory.actions.units import UnitClosedError
from congvu.directory.models import Account, Address, Membership, Post, Unit
from congvu.directory.policies import OPERATOR, NotAllowedError, may_sign_in
from congvu.ledger.models import Outbox
from congvu.ledger.queries import disclosure_strings
from congvu.standards import disclosures as sd

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
TODAY = date(2026, 3, 2)
LEAVING = date(2026, 8, 31)
BY = {"by": OPERATOR, "now": NOW}


def told(agency, after: int = 0) -> list[tuple[str, dict, dict]]:
    """Kind, attributes and disclosures of what was recorded since."""
    rows = list(Outbox.objects.filter(agency=agency.handle, pk__gt=after).order_by("pk"))
    opened = disclosure_strings([row.entry for row in rows], agency=agency.handle)
    leaves = [(json.loads(bytes(row.leaf)), row.entry) for row in rows]
    return [
        (leaf["kind"], leaf["attributes"], dict(sd.parse(part)[1:] for part in opened[entry]))
        for leaf, entry in leaves
    ]


def last() -> int:
    newest = Outbox.objects.order_by("-pk").first()
    return newest.pk if newest else 0


def another_post(agency, *, unit: str = "vp", **options) -> Post:
    return create_post(
        unit=Unit.objects.get(agency=agency, code=unit), title={"vi": "Lái xe"}, **options, **BY
    )


def test_the_cast_sits_on_its_posts(an, binh, chi, ngoc, ermek):
    local_parts = [seat.address.local_part for seat in (an, binh, chi, ngoc, ermek)]
    assert local_parts == ["an", "binh", "chi", "ngoc", "ermek"]


def test_an_appointment_gives_an_address_and_an_account_with_evidence(agency, ngoc):
    begin = last()
    post = another_post(agency, functions=["deputy"], rank="division_head")
    person = register_person(agency=agency, full_name="  Đỗ   Thu Hà ", by=ngoc, now=NOW)
    made = appoint(person=person, post=post, valid_from=TODAY, by=ngoc, now=NOW)
    held = {"membership": made.membership.handle, "person": person.handle}
    actor = {"actor": ngoc.person.handle}
    assert person.full_name == "Đỗ Thu Hà"
    assert (queries.email(made.address), made.account.username) == ("do.thu.ha@ubnd.example",) * 2
    assert made.account.check_password(made.initial_password)
    assert told(agency, begin)[1:] == [
        ("directory.person.registered", {}, {**actor, "person": person.handle}),
        (
            "directory.appointment.made",
            {"rank": "division_head", "head": False, "deputy": True, "clerk": False},
            {**actor, **held, "post": post.handle, "unit": post.unit.handle, "valid_from": "2026-03-02"},
        ),
        ("directory.address.given", {"box": "personal"}, {**actor, **held, "address": made.address.handle}),
        (
            "directory.account.opened",
            {},
            {**actor, "account": made.account.handle, "person": person.handle},
        ),
    ]


def test_a_leaf_names_no_one(agency, an):
    leaves = b"".join(bytes(row.leaf) for row in Outbox.objects.all())
    said = [an.person.handle, an.membership.handle, an.address.handle, "Nguyễn", "an@ubnd", "clerk@"]
    assert [word for word in said if word.encode() in leaves] == []


def test_sign_in_ends_on_the_day_of_leaving_in_the_agencys_zone(agency, binh):
    end_appointment(membership=binh.membership, valid_to=LEAVING, **BY)
    midnight = datetime(2026, 8, 30, 17, tzinfo=UTC)  # 00:00 on the 31st in Asia/Ho_Chi_Minh
    account = Account.objects.get(pk=binh.account.pk)
    assert may_sign_in(account, midnight - timedelta(seconds=1))
    assert not may_sign_in(account, midnight)


def test_until_that_day_the_address_is_still_the_holders(agency, binh):
    end_appointment(membership=binh.membership, valid_to=LEAVING, **BY)
    seat = queries.seat(binh.account, NOW)
    address = queries.find_address("Binh@UBND.example")
    assert seat.address == address
    assert [queries.is_left(address, day) for day in (LEAVING - timedelta(days=1), LEAVING)] == [False, True]


@pytest.mark.parametrize(
    ("rank", "due"),
    [
        ("staff", date(2027, 2, 28)),
        ("division_head", date(2027, 2, 28)),
        ("department_head", date(2027, 8, 31)),
        ("agency_leader", date(2027, 8, 31)),
    ],
)
def test_the_address_is_due_after_six_months_or_twelve_for_heads_of_department(agency, seat_of, rank, due):
    seat = seat_of("Đỗ Thu Hà", unit="vp", title={"vi": "Chức"}, rank=rank)
    end_appointment(membership=seat.membership, valid_to=LEAVING, **BY)
    assert Address.objects.get(pk=seat.address.pk).withdraw_on == due


def test_the_end_and_the_handing_over_leave_evidence(agency, chi):
    begin = last()
    end_appointment(membership=chi.membership, valid_to=LEAVING, **BY)
    held = {"actor": "operator", "membership": chi.membership.handle, "person": chi.person.handle}
    held |= {"unit": chi.unit.handle, "address": chi.address.handle}
    assert told(agency, begin) == [
        (
            "directory.appointment.ended",
            {"rank": "department_head", "head": True, "deputy": False, "clerk": False},
            {**held, "post": chi.post.handle, "valid_to": "2026-08-31"},
        ),
        ("directory.address.handed_over", {}, {**held, "valid_from": "2026-08-31", "valid_to": "2027-08-31"}),
    ]


def test_whoever_gets_a_new_post_in_the_agency_keeps_the_address(agency, binh):
    post = another_post(agency, unit="ubnd")
    begin = last()
    made = appoint(person=binh.person, post=post, valid_from=TODAY, **BY)
    kind, _, disclosures = told(agency, begin)[-1]
    assert (kind, disclosures["membership"]) == ("directory.address.given", made.membership.handle)
    begin = last()
    end_appointment(membership=binh.membership, valid_to=TODAY, **BY)
    assert (made.address, made.initial_password) == (binh.address, None)
    assert [kind for kind, _, _ in told(agency, begin)] == ["directory.appointment.ended"]
    assert "address" not in told(agency, begin)[0][2]
    seat = queries.seat(binh.account, NOW)
    assert (seat.post, seat.address) == (post, binh.address)


def test_whoever_returns_before_the_withdrawal_gets_the_address_back(agency, binh):
    end_appointment(membership=binh.membership, valid_to=TODAY, **BY)
    begin = last()
    made = appoint(person=binh.person, post=another_post(agency), valid_from=date(2026, 5, 4), **BY)
    assert (made.address, made.address.left_on, made.address.withdraw_on) == (binh.address, None, None)
    assert [kind for kind, _, _ in told(agency, begin)][-1] == "directory.address.given"


def test_the_last_post_decides_when_the_address_is_left(agency, binh):
    appoint(person=binh.person, post=another_post(agency), valid_from=TODAY, **BY)
    second = Membership.objects.latest("pk")
    end_appointment(membership=second, valid_to=date(2026, 12, 1), **BY)
    begin = last()
    end_appointment(membership=binh.membership, valid_to=LEAVING, **BY)
    address = Address.objects.get(pk=binh.address.pk)
    assert (address.left_on, address.withdraw_on) == (date(2026, 12, 1), date(2027, 6, 1))
    assert [(kind, "address" in said) for kind, _, said in told(agency, begin)] == [
        ("directory.appointment.ended", False),
        ("directory.address.handed_over", True),
    ]


def test_one_person_may_serve_in_two_agencies_at_once(agency, akimat, binh):
    post = create_post(unit=queries.root_unit(akimat), title={"ru": "Советник"}, **BY)
    made = appoint(person=binh.person, post=post, valid_from=TODAY, **BY)
    seats = queries.seats(binh.account, NOW)
    assert [queries.email(one.address) for one in seats] == [
        "binh@ubnd.example",
        "tran.van.binh@akimat.example",
    ]
    assert queries.seat(binh.account, NOW, membership=made.membership.handle).agency == akimat


def newcomer(agency):
    person = register_person(agency=agency, full_name="Đỗ Thu Hà", **BY)
    return appoint(person=person, post=another_post(agency), valid_from=TODAY, **BY)


def test_a_one_time_password_given_before_a_move_opens_nothing_after_it(agency, akimat, ermek):
    given = newcomer(agency)
    end_appointment(membership=given.membership, valid_to=TODAY, **BY)
    charge_post(post=ermek.post, functions=["administrator"], **BY)
    by = queries.seat(ermek.account, NOW)
    begin = last()
    post = create_post(unit=queries.root_unit(akimat), title={"ru": "Советник"}, **BY)
    made = appoint(person=given.membership.person, post=post, valid_from=TODAY, by=by, now=NOW)
    account = Account.objects.get(pk=given.account.pk)
    assert not account.check_password(given.initial_password)
    assert account.check_password(made.initial_password)
    assert account.password_is_initial
    assert "directory.password.given" in [kind for kind, _, _ in told(akimat, begin)]


@pytest.mark.django_db(transaction=True)
def test_a_one_time_password_of_who_serves_elsewhere_is_the_operators(agency, akimat, ermek):
    given = newcomer(agency)
    charge_post(post=ermek.post, functions=["administrator"], **BY)
    post = create_post(unit=queries.root_unit(akimat), title={"ru": "Советник"}, **BY)
    words = {"person": given.membership.person, "post": post, "valid_from": TODAY, "now": NOW}
    with pytest.raises(ServesElsewhereError):
        appoint(by=queries.seat(ermek.account, NOW), **words)
    assert Account.objects.get(pk=given.account.pk).check_password(given.initial_password)
    made = appoint(by=OPERATOR, **words)
    assert Account.objects.get(pk=given.account.pk).check_password(made.initial_password)


def test_a_second_post_of_the_agency_leaves_the_one_time_password_as_it_is(agency):
    given = newcomer(agency)
    made = appoint(person=given.membership.person, post=another_post(agency), valid_from=TODAY, **BY)
    assert made.initial_password is None
    assert Account.objects.get(pk=given.account.pk).check_password(given.initial_password)


def test_only_the_agencys_own_administrator_appoints(agency, akimat, ngoc, chi, binh):
    foreign = create_post(unit=queries.root_unit(akimat), title={"ru": "Советник"}, **BY)
    for by, post in ((chi, another_post(agency)), (ngoc, foreign)):
        with pytest.raises(NotAllowedError):
            appoint(person=binh.person, post=post, valid_from=TODAY, by=by, now=NOW)
    for by in (chi, binh):
        with pytest.raises(NotAllowedError):
            end_appointment(membership=binh.membership, valid_to=TODAY, by=by, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_is_refused_and_leaves_no_evidence(agency, binh, chi, an):
    vacant = another_post(agency)
    other_head = another_post(agency, functions=["head"])
    before = last()
    with pytest.raises(AlreadyAppointedError):
        appoint(person=binh.person, post=binh.post, valid_from=TODAY, **BY)
    with pytest.raises(UnitClosedError):
        appoint(person=binh.person, post=vacant, valid_from=date(2009, 1, 1), **BY)
    with pytest.raises(UnitHasHeadError):
        appoint(person=binh.person, post=other_head, valid_from=TODAY, **BY)
    with pytest.raises(EndsBeforeItBeginsError):
        end_appointment(membership=binh.membership, valid_to=date(2009, 12, 31), **BY)
    assert last() == before
    newcomer = register_person(agency=agency, full_name="Ai Đó", **BY)
    with pytest.raises(AddressTakenError):
        appoint(person=newcomer, post=vacant, valid_from=TODAY, local_part="an", **BY)
    assert not Membership.objects.filter(person=newcomer).exists()
    end_appointment(membership=binh.membership, valid_to=TODAY, **BY)
    with pytest.raises(AlreadyEndedError):
        end_appointment(membership=binh.membership, valid_to=TODAY, **BY)


@pytest.mark.django_db(transaction=True)
def test_a_withdrawn_address_receives_nothing_and_is_never_given_again(agency, binh, ngoc, chi):
    with pytest.raises(HolderInPostError):
        withdraw_address(address=binh.address, by=ngoc, now=NOW)
    end_appointment(membership=binh.membership, valid_to=TODAY, **BY)
    with pytest.raises(NotAllowedError):
        withdraw_address(address=binh.address, by=chi, now=NOW)
    begin = last()
    withdraw_address(address=binh.address, by=ngoc, now=NOW)
    said = {"actor": ngoc.person.handle, "address": binh.address.handle, "person": binh.person.handle}
    assert told(agency, begin) == [("directory.address.withdrawn", {"box": "personal"}, said)]
    assert queries.find_address("binh@ubnd.example") is None
    with pytest.raises(AddressWithdrawnError):
        withdraw_address(address=binh.address, by=ngoc, now=NOW)
    with pytest.raises(AddressTakenError):
        appoint(person=binh.person, post=another_post(agency), valid_from=TODAY, local_part="binh", **BY)
    made = appoint(person=binh.person, post=another_post(agency), valid_from=TODAY, **BY)
    assert made.address.local_part == "tran.van.binh"


def test_the_mail_administrator_sees_what_is_left_and_what_is_due(agency, binh, an):
    end_appointment(membership=binh.membership, valid_to=TODAY, **BY)
    due = date(2026, 9, 2)
    assert [one.pk for one in queries.handed_over(agency, TODAY)] == [binh.address.pk]
    found = [list(queries.due_for_withdrawal(agency, day)) for day in (due - timedelta(days=1), due)]
    assert [[one.pk for one in rows] for rows in found] == [[], [binh.address.pk]]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 2, 28), 6, date(2026, 8, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 6, 15), 6, date(2026, 12, 15)),
    ],
)
def test_calendar_months_end_on_the_same_day_or_the_months_last(day, months, later):
    assert periods.add_months(day, months) == later


def test_the_clerk_answers_for_the_unit_then_the_one_above_then_the_head(agency, an, chi):
    office = chi.unit
    assert queries.answers_for(office, TODAY) == an.membership
    assert queries.answers_for(queries.root_unit(agency), TODAY) is None
    assert queries.head_of(office, TODAY) == chi.membership
    end_appointment(membership=an.membership, valid_to=TODAY, **BY)
    assert queries.answers_for(office, TODAY) == chi.membership

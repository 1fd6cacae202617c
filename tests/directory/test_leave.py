"""Leave without a reason, and who answers for an office meanwhile."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from congvu.conduct.policies import reach
from congvu.directory import queries
from congvu.directory.actions import leave as acts
from congvu.directory.actions.accounts import close_account
from congvu.directory.actions.appointments import appoint, end_appointment
from congvu.directory.actions.leave import (
    ActingAwayError,
    ActingBackwardsError,
    ActingForOneselfError,
    ActingHoldsNoPostError,
    DayPastError,
    EmptyPeriodError,
    LeaveOverError,
    LeaveTooFarError,
    LeaveTooLongError,
    NoPostThenError,
    NotEarlierError,
    NotInChargeError,
    OverlappingLeaveError,
    OwnLeaveError,
    end_leave,
    grant_leave,
)
from congvu.directory.actions.people import register_person
from congvu.directory.actions.posts import create_post
from congvu.directory.models import Leave, Unit
from congvu.directory.policies import OPERATOR, NotAllowedError, heads, may_decide_rules, may_sign_in
from congvu.directory.refusals import SENTENCES
from congvu.mail.queries.places import places
from tests.directory.test_appointments import last, told

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)  # Friday morning in Asia/Ho_Chi_Minh
TODAY = date(2026, 11, 20)
BEGIN, BACK = date(2026, 11, 23), date(2026, 12, 4)
BEGINS_AT = datetime(2026, 11, 22, 17, tzinfo=UTC)  # 00:00 on the 23rd in Asia/Ho_Chi_Minh
BACK_AT = datetime(2026, 12, 3, 17, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
OPERATED = {"by": OPERATOR, "now": NOW}


@pytest.fixture
def away(agency):
    """Grant leave, by the operator unless said otherwise: `away(binh, acting=an)`."""

    def granted(seat, begin=BEGIN, back=BACK, *, acting=None, by=OPERATOR, now=NOW):
        who = acting and acting.person
        return grant_leave(
            agency=agency, person=seat.person, valid_from=begin, valid_to=back, acting=who, by=by, now=now
        )

    return granted


@pytest.fixture
def lam(seat_of):
    """Lâm, who heads the whole agency."""
    return seat_of("Vũ Lâm", unit="ubnd", title={"vi": "Chủ tịch"}, functions=("head",), local_part="lam")


def seats_at(account, at) -> list[tuple[str, str | None]]:
    """On whose posts an account may act: the title, and for whom."""
    held = queries.seats(account, at)
    return [(one.post.title["vi"], one.leave and one.leave.person.full_name) for one in held]


def acting_seat(account, at=BEGINS_AT):
    return next(one for one in queries.seats(account, at) if one.leave)


def test_the_head_grants_leave_with_evidence_that_names_no_reason(away, agency, chi, binh, an):
    begin = last()
    leave = away(binh, acting=an, by=chi)
    assert told(agency, begin) == [
        (
            "directory.leave.granted",
            {"acting": True},
            {
                "actor": chi.person.handle,
                "leave": leave.handle,
                "person": binh.person.handle,
                "acting": an.person.handle,
                "valid_from": "2026-11-23",
                "valid_to": "2026-12-04",
            },
        )
    ]


def test_without_anybody_acting_the_evidence_names_nobody(away, agency, ngoc, binh):
    begin = last()
    leave = away(binh, by=ngoc)
    days = {"valid_from": "2026-11-23", "valid_to": "2026-12-04"}
    about = {"actor": ngoc.person.handle, "leave": leave.handle, "person": binh.person.handle}
    assert told(agency, begin) == [("directory.leave.granted", {"acting": False}, about | days)]


def test_leave_may_be_recorded_afterwards(away, chi, binh):
    leave = away(binh, date(2026, 11, 2), date(2026, 11, 5), by=chi)
    assert (leave.valid_from, leave.last_day) == (date(2026, 11, 2), date(2026, 11, 4))


def test_nobody_is_made_to_act_afterwards(away, chi, binh, an):
    with pytest.raises(ActingBackwardsError):
        away(binh, TODAY - timedelta(days=1), BACK, acting=an, by=chi)
    assert away(binh, TODAY, BACK, acting=an, by=chi).acting == an.person


@pytest.mark.parametrize("who", ["chi", "ngoc"])
def test_nobody_grants_or_ends_their_own_leave(away, request, who):
    seat = request.getfixturevalue(who)
    with pytest.raises(OwnLeaveError):
        away(seat, by=seat)
    with pytest.raises(OwnLeaveError):
        end_leave(leave=away(seat), valid_to=BEGIN, by=seat, now=NOW)


def test_only_an_administrator_or_a_head_above_grants_leave(away, an, binh, chi, lam, ngoc):
    for by, person in ((an, binh), (binh, an), (chi, ngoc), (chi, lam)):
        with pytest.raises(NotInChargeError):
            away(person, by=by)
    assert [away(chi, by=lam).person, away(an, by=chi).person] == [chi.person, an.person]


def test_a_deputy_does_not_grant_the_heads_leave(away, seat_of, chi):
    deputy = seat_of("Hồ Hải", unit="vp", title={"vi": "Phó"}, functions=("deputy",))
    assert heads(deputy, chi.unit)
    with pytest.raises(NotInChargeError):
        away(chi, by=deputy)


def test_the_head_of_one_post_does_not_grant_leave_from_another(away, agency, chi, binh, lam):
    post = create_post(unit=queries.root_unit(agency), title={"vi": "Thư ký"}, **OPERATED)
    appoint(person=binh.person, post=post, valid_from=date(2026, 12, 1), **OPERATED)
    with pytest.raises(NotInChargeError):
        away(binh, by=chi)
    before = away(binh, back=date(2026, 12, 1), by=chi)
    assert (before.person, away(binh, date(2026, 12, 1), by=lam).person) == (binh.person, binh.person)


def test_another_agencys_administrator_grants_nothing(away, akimat, seat_of, binh):
    stranger = seat_of(
        "Айгүл", unit="akimat", title={"kk": "Әкімші"}, functions=("administrator", "head"), at=akimat
    )
    with pytest.raises(NotAllowedError):
        away(binh, by=stranger)


@pytest.mark.parametrize(
    ("begin", "back", "error"),
    [
        (BEGIN, BEGIN, EmptyPeriodError),
        (BACK, BEGIN, EmptyPeriodError),
        (date.max, date.min, EmptyPeriodError),
        (date(2029, 11, 21), date(2029, 11, 22), LeaveTooFarError),
        (date(9998, 12, 30), date.max, LeaveTooFarError),
        (BEGIN, date(2029, 11, 24), LeaveTooLongError),
        (date.min, BACK, LeaveTooLongError),
        (date(2008, 11, 23), date(2010, 2, 1), NoPostThenError),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(away, chi, binh, begin, back, error):
    with pytest.raises(error):
        away(binh, begin, back)
    assert not Leave.objects.exists()


def test_a_leave_of_three_years_is_the_longest(away, binh):
    assert away(binh, BEGIN, date(2029, 11, 23)).valid_to == date(2029, 11, 23)


def test_leaves_of_one_person_do_not_overlap(away, agency, binh, an):
    away(binh)
    for begin, back in (
        (BEGIN, BACK),
        (date(2026, 12, 3), date(2026, 12, 8)),
        (TODAY, date(2026, 11, 24)),
    ):
        with pytest.raises(OverlappingLeaveError):
            away(binh, begin, back)
    away(an)
    away(binh, BACK, date(2026, 12, 8))
    away(binh, TODAY, BEGIN)
    assert [one.valid_from for one in queries.leaves(agency).filter(person=binh.person)] == [
        BACK,
        BEGIN,
        TODAY,
    ]


def test_whoever_holds_no_post_on_one_of_the_days_gets_no_leave(away, binh):
    end_appointment(membership=binh.membership, valid_to=date(2026, 12, 3), **OPERATED)
    with pytest.raises(NoPostThenError):
        away(binh)
    assert away(binh, back=date(2026, 12, 3)).last_day == date(2026, 12, 2)


def test_two_posts_one_after_the_other_are_one_time(agency, away, binh):
    end_appointment(membership=binh.membership, valid_to=date(2026, 12, 1), **OPERATED)
    post = create_post(unit=binh.unit, title={"vi": "Lái xe"}, **OPERATED)
    appoint(person=binh.person, post=post, valid_from=date(2026, 12, 1), **OPERATED)
    assert queries.holds_post_throughout(agency, binh.person, BEGIN, BACK)
    assert not queries.holds_post_throughout(agency, binh.person, date(2009, 12, 31), BACK)
    assert away(binh).person == binh.person


def test_whoever_acts_is_somebody_else_who_is_there(away, agency, akimat, ermek, chi, an, binh):
    newcomer = register_person(agency=agency, full_name="Đỗ Thu Hà", **OPERATED)
    with pytest.raises(ActingForOneselfError):
        away(binh, acting=binh)
    for nobody in (ermek, replace(an, person=newcomer)):
        with pytest.raises(ActingHoldsNoPostError):
            away(binh, acting=nobody)
    away(an, date(2026, 12, 3), date(2026, 12, 20))
    with pytest.raises(ActingAwayError):
        away(binh, acting=an)
    end_appointment(membership=chi.membership, valid_to=date(2026, 12, 3), **OPERATED)
    with pytest.raises(ActingHoldsNoPostError):
        away(binh, acting=chi)
    assert away(binh, back=date(2026, 12, 3), acting=an).acting == an.person


def test_the_table_itself_refuses_somebody_who_acts_for_themselves(away, binh):
    leave = away(binh)
    with pytest.raises(IntegrityError), transaction.atomic():
        Leave.objects.filter(pk=leave.pk).update(acting=binh.person)


def test_leave_is_ended_early_with_evidence(away, agency, chi, binh):
    leave, begin = away(binh), last()
    ended = end_leave(leave=leave, valid_to=date(2026, 12, 1), by=chi, now=BEGINS_AT)
    assert (ended.valid_to, ended.ended_at) == (date(2026, 12, 1), BEGINS_AT)
    about = {"actor": chi.person.handle, "leave": leave.handle, "person": binh.person.handle}
    assert told(agency, begin) == [("directory.leave.ended", {}, about | {"valid_to": "2026-12-01"})]


def test_leave_is_withdrawn_whole_before_it_begins(away, agency, chi, binh):
    leave = away(binh)
    ended = end_leave(leave=leave, valid_to=TODAY, by=chi, now=NOW)
    assert (ended.valid_to, list(queries.leaves(agency))) == (BEGIN, [])
    with pytest.raises(LeaveOverError):
        end_leave(leave=leave, valid_to=BEGIN, by=chi, now=NOW)
    assert away(binh).valid_from == BEGIN


def test_days_that_have_passed_stay_leave(away, chi, binh):
    leave = away(binh)
    third_day = BEGINS_AT + timedelta(days=2)
    for day in (BEGIN, BEGIN + timedelta(days=1)):
        with pytest.raises(DayPastError):
            end_leave(leave=leave, valid_to=day, by=chi, now=third_day)
    with pytest.raises(NotEarlierError):
        end_leave(leave=leave, valid_to=BACK, by=chi, now=third_day)
    with pytest.raises(LeaveOverError):
        end_leave(leave=leave, valid_to=BACK - timedelta(days=1), by=chi, now=BACK_AT)
    assert Leave.objects.get().valid_to == BACK


def test_who_is_away_and_who_acts_by_the_day_of_the_agency(away, agency, chi, binh, an):
    away(chi, acting=binh)
    away(an, BEGIN, date(2026, 11, 25))

    def seen(on):
        found = queries.absences(agency, on, [chi.person, an.person, binh.person])
        return {key: (one.last_day, one.acting) for key, one in found.items()}

    long, short = (date(2026, 12, 3), binh.person), (date(2026, 11, 24), None)
    assert seen(TODAY) == seen(BACK) == {}
    assert seen(BEGIN) == {chi.person.pk: long, an.person.pk: short}
    assert seen(date(2026, 11, 25)) == seen(date(2026, 12, 3)) == {chi.person.pk: long}


def test_whoever_acts_sits_on_the_office_from_the_first_day_to_the_last(away, chi, binh):
    own, office = ("Chuyên viên", None), ("Chánh Văn phòng", "Lê Kim Chi")
    away(chi, acting=binh)
    assert seats_at(binh.account, BEGINS_AT - MOMENT) == [own]
    assert seats_at(binh.account, BEGINS_AT) == [own, office]
    assert seats_at(binh.account, BACK_AT - MOMENT) == [own, office]
    assert seats_at(binh.account, BACK_AT) == [own]
    assert seats_at(chi.account, BEGINS_AT) == [("Chánh Văn phòng", None)]


def test_the_office_is_taken_by_choice_and_left_by_itself(away, chi, binh):
    away(chi, acting=binh)
    asked = {"membership": chi.membership.handle}
    assert queries.seat(binh.account, BEGINS_AT).post == binh.post
    assert queries.seat(binh.account, BEGINS_AT, **asked).post == chi.post
    assert queries.seat(binh.account, BACK_AT, **asked).post == binh.post


def test_only_the_functions_of_the_office_pass(away, seat_of, binh):
    everything = (
        "head", "deputy", "clerk", "administrator", "auditor",
        "ethics_officer", "legal_officer", "mail_administrator", "citizen_reception",
    )  # fmt: skip
    away(seat_of("Mọi Việc", unit="vp", title={"vi": "Tất cả"}, functions=everything), acting=binh)
    seat = acting_seat(binh.account)
    assert [one for one in everything if seat.has(one)] == ["head", "deputy", "clerk", "citizen_reception"]
    assert not may_decide_rules(seat)


def test_a_post_without_office_passes_nothing(away, binh, an):
    away(binh, acting=an)
    assert seats_at(an.account, BEGINS_AT) == [("Văn thư", None)]


def test_whoever_acts_stays_themselves(away, chi, binh):
    away(chi, acting=binh)
    seat = acting_seat(binh.account)
    assert (seat.person, seat.account, seat.address) == (binh.person, binh.account, binh.address)
    assert (seat.post, seat.unit, seat.membership) == (chi.post, chi.unit, chi.membership)


def test_the_office_comes_with_the_units_mailboxes_and_never_with_the_persons(away, data_folder, an, binh):
    away(an, acting=binh)

    def boxes(seat, at):
        return [queries.email(one.route.address) for one in places(seat, now=at)]

    own, office = ["binh@ubnd.example"], ["ubnd@ubnd.example", "vanphong@ubnd.example"]
    assert boxes(queries.seat(an.account, NOW), NOW) == ["an@ubnd.example", *office]
    assert boxes(queries.seat(binh.account, BEGINS_AT), BEGINS_AT) == own
    assert boxes(acting_seat(binh.account), BEGINS_AT) == own + office
    assert [boxes(one, BACK_AT) for one in queries.seats(binh.account, BACK_AT)] == [own]


def test_whoever_acts_for_the_head_decides_about_others_only(away, chi, binh, an):
    away(chi, acting=binh)
    power, unit = reach(acting_seat(binh.account)), chi.unit.handle
    may = [power.may_decide(one.person.handle, unit) for one in (an, binh, chi)]
    assert may == [True, False, False]


def test_whoever_acts_does_not_touch_the_leave_that_gives_them_the_office(away, chi, binh, an):
    leave = away(chi, acting=binh)
    seat = acting_seat(binh.account)
    with pytest.raises(NotInChargeError):
        end_leave(leave=leave, valid_to=date(2026, 11, 30), by=seat, now=BEGINS_AT)
    with pytest.raises(NotInChargeError):
        away(chi, BACK, date(2026, 12, 31), acting=binh, by=seat, now=BEGINS_AT)
    with pytest.raises(OwnLeaveError):
        away(binh, by=seat, now=BEGINS_AT)
    assert away(an, by=seat, now=BEGINS_AT).person == an.person


def test_whoever_acts_gives_nobody_what_they_only_act_on(away, chi, binh, an):
    away(chi, acting=binh)
    away(binh, date(2026, 11, 25), date(2026, 11, 27), acting=an)
    assert seats_at(an.account, datetime(2026, 11, 25, 2, tzinfo=UTC)) == [("Văn thư", None)]


def test_nobody_acts_while_away_themselves(away, agency, chi, binh):
    away(chi, acting=binh)
    away(binh, date(2026, 11, 25), date(2026, 11, 27))
    days = [datetime(2026, 11, day, 2, tzinfo=UTC) for day in (24, 25, 26, 27)]
    assert [len(queries.seats(binh.account, at)) for at in days] == [2, 1, 1, 2]
    seen = queries.absences(agency, date(2026, 11, 25), [chi.person])[chi.person.pk]
    assert (seen.last_day, seen.acting) == (date(2026, 12, 3), None)


def test_acting_alone_lets_nobody_sign_in(away, agency, chi, binh):
    away(chi, acting=binh)
    end_appointment(membership=binh.membership, valid_to=date(2026, 11, 25), **OPERATED)
    at = datetime(2026, 11, 25, 2, tzinfo=UTC)
    assert (seats_at(binh.account, at), may_sign_in(binh.account, at)) == ([], False)
    assert queries.absences(agency, date(2026, 11, 25), [chi.person])[chi.person.pk].acting is None


def test_an_office_that_its_holder_lost_passes_to_nobody(away, chi, binh):
    away(chi, acting=binh)
    end_appointment(membership=chi.membership, valid_to=date(2026, 11, 25), **OPERATED)
    at = datetime(2026, 11, 25, 2, tzinfo=UTC)
    assert seats_at(binh.account, at) == [("Chuyên viên", None)]


def test_an_early_end_takes_the_office_back_at_that_midnight(away, chi, lam, binh):
    end_leave(leave=away(chi, acting=binh), valid_to=date(2026, 11, 25), by=lam, now=NOW)
    midnight = datetime(2026, 11, 24, 17, tzinfo=UTC)
    counts = [len(queries.seats(binh.account, at)) for at in (midnight - MOMENT, midnight)]
    assert counts == [2, 1]


def test_a_closed_account_acts_for_nobody(away, agency, chi, binh):
    away(chi, acting=binh)
    close_account(agency=agency, account=binh.account, **OPERATED)
    binh.account.refresh_from_db()
    assert not may_sign_in(binh.account, BEGINS_AT)


def test_an_office_passes_in_its_own_agency_only(away, akimat, chi, ermek, binh):
    post = create_post(unit=Unit.objects.get(agency=akimat), title={"vi": "Khách"}, **OPERATED)
    appoint(person=binh.person, post=post, valid_from=BEGIN, **OPERATED)
    away(chi, acting=binh)
    held = queries.seats(binh.account, datetime(2026, 11, 23, 2, tzinfo=UTC))
    assert [(one.post, one.agency) for one in held] == [
        (binh.post, binh.agency),
        (post, akimat),
        (chi.post, chi.agency),
    ]
    assert held[2].address == binh.address


def test_every_refusal_has_its_sentence():
    own = [one for one in vars(acts).values() if getattr(one, "__module__", "") == acts.__name__]
    errors = [one for one in own if isinstance(one, type)]
    assert len(errors) == 14
    assert [one.__name__ for one in errors if one not in SENTENCES] == []

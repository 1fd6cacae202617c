import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from congvu.standards.working_time import Calendar, NoWorkingTimeError, month_later

OFFICE = ((time(7, 30), time(11, 30)), (time(13), time(17)))
WEEK = (OFFICE,) * 5 + ((), ())
VIETNAM = Calendar(zone="Asia/Ho_Chi_Minh", weekly=WEEK)
ALMATY = Calendar(zone="Asia/Almaty", weekly=WEEK)


def local(calendar: Calendar, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(calendar.zone)).astimezone(UTC)


def is_worked(calendar: Calendar, instant: datetime) -> bool:
    """The naive oracle: one instant, one look at the wall clock."""
    here = instant.astimezone(ZoneInfo(calendar.zone))
    if here.date() in calendar.days_on:
        hours = calendar.days_on[here.date()]
    elif here.date() in calendar.days_off:
        hours = ()
    else:
        hours = calendar.weekly[here.weekday()]
    return any(a <= here.time() < b for a, b in hours)


def minute_by_minute(calendar: Calendar, start: datetime, minutes: int) -> datetime:
    now = start
    while minutes:
        minutes -= is_worked(calendar, now)
        now += timedelta(minutes=1)
    return now


HOURS = st.lists(st.integers(5 * 4, 22 * 4), min_size=2, max_size=6, unique=True).map(
    lambda q: tuple(
        (time(a // 4, a % 4 * 15), time(b // 4, b % 4 * 15))
        for a, b in zip(sorted(q)[::2], sorted(q)[1::2], strict=False)
    )
)
DAYS = st.dates(date(2024, 2, 20), date(2024, 4, 10))
CALENDARS = st.builds(
    lambda zone, week, off, on: Calendar(
        zone=zone, weekly=(week[0] or OFFICE, *week[1:]), days_off=frozenset(off), days_on=on
    ),
    st.sampled_from(["Asia/Ho_Chi_Minh", "Asia/Almaty", "Europe/Berlin", "America/New_York"]),
    st.lists(HOURS | st.just(()), min_size=7, max_size=7),
    st.sets(DAYS, max_size=4),
    st.dictionaries(DAYS, HOURS, max_size=3),
)
STARTS = st.datetimes(datetime(2024, 2, 25), datetime(2024, 4, 5)).map(  # noqa: DTZ001 -- made UTC in the next line
    lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC)
)


@settings(max_examples=150)
@given(CALENDARS, STARTS, st.integers(1, 700))
def test_working_minutes_agree_with_a_watch_read_every_minute(calendar, start, minutes):
    assert calendar.add_working_minutes(start, minutes) == minute_by_minute(calendar, start, minutes)


@settings(max_examples=100)
@given(CALENDARS, STARTS, st.integers(1, 2000))
def test_the_segments_of_an_explanation_add_up_to_the_period(calendar, start, minutes):
    due = calendar.add_working_minutes(start, minutes)
    segments = calendar.working_segments(start, due)
    assert sum((b - a for a, b in segments), timedelta()) == timedelta(minutes=minutes)
    assert calendar.working_minutes(start, due) == minutes
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(segments))


@settings(max_examples=100)
@given(CALENDARS, STARTS, st.integers(1, 12))
def test_working_days_agree_with_a_finger_on_the_wall_calendar(calendar, start, days):
    day = calendar.day_of(start)
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    for _ in range(days):
        day += timedelta(days=1)
        while not calendar.is_working_day(day):
            day += timedelta(days=1)
    assert calendar.add_working_days(start, days) == calendar.segments(day)[-1][1]


@settings(max_examples=150)
@given(
    CALENDARS,
    st.booleans(),
    st.dictionaries(DAYS, st.booleans(), max_size=3),
    st.lists(st.tuples(st.integers(-500_000, 500_000), st.integers(1, 20_000)), max_size=3),
    st.lists(st.tuples(STARTS, st.integers(-40, 40), st.integers(1, 30_000_000)), min_size=1, max_size=4),
)
def test_a_calendar_made_from_another_reckons_as_if_written_anew(base, is_used, closed, leave, starts):
    if is_used:
        base.add_working_days(datetime(2024, 3, 1, tzinfo=UTC), 1)
    first = datetime(2024, 3, 1, tzinfo=UTC)
    away = [(first + timedelta(minutes=a), first + timedelta(minutes=a + b)) for a, b in leave]
    made = base.changed(closed=closed).without(away)
    anew = Calendar(
        zone=base.zone,
        weekly=base.weekly,
        days_off=made.days_off,
        days_on=made.days_on,
        absent=made.absent,
    )
    assert made == anew
    for near, weeks, microseconds in starts:
        start = near + timedelta(weeks=weeks, microseconds=microseconds)
        day = base.day_of(start)
        assert made.segments(day) == anew.segments(day)
        for act, amount in (
            ("add_working_minutes", 45),
            ("add_working_minutes", 2_000),
            ("add_working_days", 3),
        ):
            assert getattr(made, act)(start, amount) == getattr(anew, act)(start, amount)
        assert made.working_day_before(day, 2) == anew.working_day_before(day, 2)
        assert made.worked(first, start) == anew.worked(first, start)


def test_lunch_and_the_night_do_not_count():
    assert VIETNAM.add_working_minutes(local(VIETNAM, "2026-11-20 11:20"), 30) == local(
        VIETNAM, "2026-11-20 13:20"
    )
    assert VIETNAM.add_working_minutes(local(VIETNAM, "2026-11-20 16:50"), 30) == local(
        VIETNAM, "2026-11-23 07:50"
    )


def test_a_period_that_ends_with_the_day_ends_there_and_not_the_next_morning():
    assert VIETNAM.add_working_hours(local(VIETNAM, "2026-11-20 16:00"), 1) == local(
        VIETNAM, "2026-11-20 17:00"
    )


def test_what_arrives_on_a_day_off_arrives_on_the_next_working_day():
    assert VIETNAM.add_working_days(local(VIETNAM, "2026-11-21 10:00"), 1) == local(
        VIETNAM, "2026-11-24 17:00"
    )
    assert VIETNAM.same_day(local(VIETNAM, "2026-11-21 10:00")) == local(VIETNAM, "2026-11-23 17:00")
    assert VIETNAM.same_day(local(VIETNAM, "2026-11-20 16:59")) == local(VIETNAM, "2026-11-20 17:00")
    assert VIETNAM.same_day(local(VIETNAM, "2026-11-20 17:00")) == local(VIETNAM, "2026-11-23 17:00")


def test_a_month_later_is_the_same_day_or_the_last_of_the_month():
    assert month_later(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert month_later(date(2023, 8, 31), 6) == date(2024, 2, 29)
    assert month_later(date(2026, 12, 1), 12) == date(2027, 12, 1)
    assert month_later(date(2026, 6, 30), 6) == date(2026, 12, 30)


def test_months_end_with_their_legal_day_and_roll_over_a_day_off_only_when_told():
    start = local(VIETNAM, "2026-05-21 09:00")
    assert VIETNAM.add_months(start, 6) == local(VIETNAM, "2026-11-22 00:00")
    assert VIETNAM.add_months(start, 6, roll=True) == local(VIETNAM, "2026-11-24 00:00")


def test_almaty_moves_to_plus_five_on_the_first_of_march_2024():
    assert ALMATY.instant(date(2024, 2, 29), time(8)) == datetime(2024, 2, 29, 2, tzinfo=UTC)
    assert ALMATY.instant(date(2024, 3, 1), time(8)) == datetime(2024, 3, 1, 3, tzinfo=UTC)
    assert ALMATY.add_working_minutes(local(ALMATY, "2024-02-29 16:59"), 2) == local(
        ALMATY, "2024-03-01 07:31"
    )


def test_a_window_opens_on_working_days_that_touch_it():
    assert VIETNAM.window(date(2026, 11, 20), time(8), time(9)) == (
        local(VIETNAM, "2026-11-20 08:00"),
        local(VIETNAM, "2026-11-20 09:00"),
    )
    assert VIETNAM.window(date(2026, 11, 21), time(8), time(9)) is None
    assert VIETNAM.window(date(2026, 11, 20), time(11, 30), time(13)) is None


def test_a_closed_day_has_no_window_and_a_swapped_saturday_has_one():
    changed = VIETNAM.changed(closed={date(2026, 11, 20): True, date(2026, 11, 21): False})
    assert changed.window(date(2026, 11, 20), time(8), time(9)) is None
    assert changed.window(date(2026, 11, 21), time(8), time(9)) is not None
    assert changed.hours(date(2026, 11, 21)) == OFFICE
    reopened = changed.changed(closed={date(2026, 11, 20): False, date(2026, 11, 21): True})
    assert reopened.is_working_day(date(2026, 11, 20))
    assert not reopened.is_working_day(date(2026, 11, 21))


def test_a_calendar_that_never_works_says_so():
    with pytest.raises(NoWorkingTimeError):
        Calendar(zone="UTC", weekly=((),) * 7).add_working_minutes(datetime(2026, 1, 1, tzinfo=UTC), 1)


@pytest.mark.parametrize("weekly", [(OFFICE,) * 6, (((time(9), time(8)),), *WEEK[1:])])
def test_a_week_that_is_none_is_refused(weekly):
    with pytest.raises(ValueError, match=r"week|hours"):
        Calendar(zone="UTC", weekly=weekly)

"""Every kind of deadline beside a watch read every minute, and by the examples of the law."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from congvu.rules.book import Deadline
from congvu.rules.deadlines import due, legal_start, segments
from congvu.standards.working_time import Calendar, UnknownYearError
from tests.standards.naive_time import DAY, EPOCH, MINUTE, Watch
from tests.standards.test_working_time_oracle import COUNTRIES

VIETNAM = COUNTRIES["vn"]
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def at(text: str) -> datetime:
    """Friday is 2026-11-20; 24 November is a day off."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def ends(
    start: str, amount: int = 0, unit: str | None = None, *, suspended=(), extended=(), **deadline
) -> str:
    found = due(
        Deadline(amount=amount, unit=unit, **deadline),
        start=at(start),
        amount=amount,
        unit=unit,
        calendar=VIETNAM,
        suspended=[(at(one), at(other)) for one, other in suspended],
        extended=extended,
    )
    return f"{found.astimezone(ZONE):%Y-%m-%d %H:%M}"


EXAMPLES = [
    ("2026-11-20 16:50", 30, "minute", {}, "2026-11-20 17:20"),
    ("2026-11-20 16:50", 48, "hour", {}, "2026-11-22 16:50"),
    ("2026-11-20 16:50", 48, "hour", {"roll": True}, "2026-11-23 16:50"),
    ("2026-11-20 16:50", 30, "working_minute", {}, "2026-11-23 07:50"),
    ("2026-11-20 11:00", 2, "working_hour", {}, "2026-11-20 14:30"),
    ("2026-11-20 11:00", 2, "working_day", {}, "2026-11-25 17:00"),
    ("2026-11-21 11:00", 1, "working_day", {}, "2026-11-25 17:00"),
    ("2026-11-20 11:00", 3, "day", {}, "2026-11-24 00:00"),
    ("2026-11-20 11:00", 4, "day", {"roll": True}, "2026-11-26 00:00"),
    ("2026-08-31 11:00", 6, "month", {}, "2027-03-01 00:00"),
    ("2024-02-29 11:00", 1, "year", {}, "2025-03-01 00:00"),
    ("2026-05-02 11:00", 5, "year", {"is_from_year_end": True}, "2032-01-01 00:00"),
    ("2026-05-02 11:00", 10, "day", {"is_from_year_end": True}, "2027-01-11 00:00"),
    ("2026-05-02 11:00", 1, "working_day", {"is_from_year_end": True}, "2027-01-04 17:00"),
    ("2026-05-02 11:00", 0, None, {"by": "03-31", "is_from_year_end": True}, "2027-04-01 00:00"),
    ("2026-11-20 11:00", 0, None, {"same_day": True}, "2026-11-20 17:00"),
    ("2026-11-20 17:00", 0, None, {"same_day": True}, "2026-11-23 17:00"),
    ("2026-11-20 11:00", 0, None, {"same_or_next_day": True}, "2026-11-23 17:00"),
    ("2026-11-21 11:00", 0, None, {"same_or_next_day": True}, "2026-11-23 17:00"),
    ("2026-11-23 23:59", 0, None, {"same_or_next_day": True}, "2026-11-25 17:00"),
    ("2026-11-20 11:00", 0, None, {"next_morning": True}, "2026-11-23 12:00"),
    ("2026-12-15 23:59", 0, None, {"by": "12-15"}, "2026-12-16 00:00"),
    ("2026-12-16 00:00", 0, None, {"by": "12-15"}, "2027-12-16 00:00"),
    ("2027-01-10 00:00", 0, None, {"by": "02-29"}, "2027-03-01 00:00"),
    ("2026-10-24 09:00", 0, None, {"by": "10-25", "roll": True}, "2026-10-27 00:00"),
    ("2026-11-23 09:00", 30, "working_minute", {"is_before": True}, "2026-11-23 08:30"),
    ("2026-11-23 07:45", 30, "working_minute", {"is_before": True}, "2026-11-20 16:45"),
    ("2026-11-23 13:10", 10, "working_minute", {"is_before": True}, "2026-11-23 13:00"),
    ("2026-11-23 09:00", 2, "hour", {"is_before": True}, "2026-11-23 07:00"),
    ("2026-11-25 09:00", 2, "working_day", {"is_before": True}, "2026-11-20 17:00"),
    ("2026-11-23 09:00", 1, "day", {"is_before": True}, "2026-11-23 00:00"),
    ("2026-11-23 09:00", 1, "day", {"is_before": True, "roll": True}, "2026-11-21 00:00"),
    ("2026-03-31 09:00", 1, "month", {"is_before": True}, "2026-03-01 00:00"),
]


@pytest.mark.parametrize(("start", "amount", "unit", "deadline", "end"), EXAMPLES)
def test_a_deadline_ends_when_the_law_says(start, amount, unit, deadline, end):
    assert ends(start, amount, unit, **deadline) == end


WEDNESDAY = [("2026-11-18 14:00", "2026-11-19 09:00")]
SUSPENDED = [
    ("2026-11-18 13:00", 4, "working_hour", {}, WEDNESDAY, "2026-11-19 13:30"),
    ("2026-11-18 13:00", 1, "working_hour", {}, WEDNESDAY, "2026-11-18 14:00"),
    ("2026-11-18 13:00", 2, "hour", {}, WEDNESDAY, "2026-11-19 10:00"),
    ("2026-11-17 13:00", 2, "working_day", {}, WEDNESDAY, "2026-11-23 17:00"),
    ("2026-11-17 13:00", 3, "day", {}, WEDNESDAY, "2026-11-22 00:00"),
    ("2026-11-17 13:00", 3, "day", {}, [("2026-11-18 00:00", "2026-11-20 00:00")], "2026-11-23 00:00"),
    ("2026-11-17 13:00", 3, "day", {}, [("2026-11-21 00:00", "2026-11-25 00:00")], "2026-11-21 00:00"),
    ("2026-11-17 13:00", 1, "month", {}, [("2026-11-18 00:00", "2026-11-28 00:00")], "2026-12-28 00:00"),
    ("2026-11-18 08:00", 0, None, {"same_day": True}, WEDNESDAY, "2026-11-20 17:00"),
    ("2026-11-17 08:00", 0, None, {"same_or_next_day": True}, WEDNESDAY, "2026-11-20 17:00"),
    ("2026-11-17 08:00", 0, None, {"next_morning": True}, WEDNESDAY, "2026-11-20 12:00"),
    ("2026-11-17 08:00", 0, None, {"by": "11-20"}, WEDNESDAY, "2026-11-22 00:00"),
]


@pytest.mark.parametrize(("start", "amount", "unit", "deadline", "suspended", "end"), SUSPENDED)
def test_time_does_not_run_while_it_is_suspended(start, amount, unit, deadline, suspended, end):
    assert ends(start, amount, unit, suspended=suspended, **deadline) == end
    assert ends(start, amount, unit, suspended=[*suspended, *suspended], **deadline) == end


def test_an_extension_is_added_to_the_end():
    assert ends("2026-11-17 08:00", 3, "working_day", extended=[(2, "working_day")]) == "2026-11-25 17:00"
    assert ends("2026-11-17 08:00", 3, "day", extended=[(2, "day")]) == "2026-11-23 00:00"
    assert ends("2026-11-17 08:00", 1, "month", extended=[(1, "month")]) == "2027-01-18 00:00"
    assert ends("2026-11-17 08:00", 4, "day", extended=[(1, "working_day")]) == "2026-11-23 17:00"
    assert ends("2026-11-17 08:00", 3, "day", extended=[(1, "day")], roll=True) == "2026-11-24 00:00"
    assert ends("2026-11-20 16:00", 1, "working_hour", extended=[(1, "working_hour")]) == "2026-11-23 08:30"
    twice = [(30, "day"), (30, "day")]
    assert ends("2026-11-17 08:00", 30, "day", extended=twice) == ends("2026-11-17 08:00", 90, "day")


UNITS = {
    "minute": st.integers(1, 900),
    "hour": st.integers(1, 60),
    "working_minute": st.integers(1, 900),
    "working_hour": st.integers(1, 20),
    "working_day": st.integers(1, 7),
    "day": st.integers(1, 20),
}
SPANS = st.sampled_from(sorted(UNITS)).flatmap(lambda unit: st.tuples(UNITS[unit], st.just(unit)))
STARTS = st.integers(
    int(datetime(2010, 1, 2, tzinfo=UTC).timestamp()) // 60,
    int(datetime(2035, 9, 1, tzinfo=UTC).timestamp()) // 60,
).map(lambda minute: EPOCH + minute * MINUTE)
HOLES = st.lists(st.tuples(st.integers(-600, 9000), st.integers(1, 3000)), max_size=3)
WATCHES = {name: Watch(calendar) for name, calendar in COUNTRIES.items()}


def naive(watch: Watch, start: datetime, amount: int, unit: str, holes, *, arrived: bool) -> datetime:
    """Count a span with the watch; `arrived` at the beginning, else going on from an end."""
    if unit in {"minute", "hour"}:
        return watch.after_clock(start, amount * (60 if unit == "hour" else 1), holes)
    if unit in {"working_minute", "working_hour"}:
        return watch.after_minutes(start, amount * (60 if unit == "working_hour" else 1), holes)
    day = watch.day(start if arrived else start - MINUTE)
    if unit == "working_day":
        begun = watch.working_day(day) if arrived else day
        return watch.end_of_work(watch.after_days(begun, amount, holes))
    nominal = watch.end_of_day(day + amount * DAY)
    moved = watch.after_clock(start, (nominal - start) // MINUTE, holes)
    return watch.end_of_day(watch.day(moved - MINUTE))


@settings(max_examples=150)
@given(st.sampled_from(sorted(COUNTRIES)), STARTS, SPANS, HOLES, st.lists(SPANS, max_size=1))
def test_suspended_and_extended_deadlines_agree_with_the_watch(name, start, span, holes, extended):
    calendar, watch = COUNTRIES[name], WATCHES[name]
    periods = [(start + a * MINUTE, start + (a + b) * MINUTE) for a, b in holes]
    amount, unit = span
    end = naive(watch, start, amount, unit, periods, arrived=True)
    for more, of in extended:
        end = naive(watch, end, more, of, periods, arrived=False)
    given_as = {"start": start, "amount": amount, "unit": unit, "calendar": calendar}
    found = due(Deadline(amount=amount, unit=unit), **given_as, suspended=periods, extended=extended)
    assert found == end


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(COUNTRIES)),
    STARTS,
    st.sampled_from(["same_day", "same_or_next_day", "next_morning"]),
    HOLES,
)
def test_deadlines_of_the_day_agree_with_the_wall_calendar(name, start, kind, holes):
    calendar, watch = COUNTRIES[name], WATCHES[name]
    periods = [(start + a * MINUTE, start + (a + b) * MINUTE) for a, b in holes]
    day = watch.after_days(watch.day(start) - (kind == "same_day") * DAY, 1, periods)
    while kind == "same_day" and watch.end_of_work(day) <= start:
        day = watch.after_days(day, 1, periods)
    noon = datetime.combine(day, time(12), tzinfo=watch.zone).astimezone(UTC)
    end = noon if kind == "next_morning" else watch.end_of_work(day)
    assert (
        due(Deadline(**{kind: True}), start=start, amount=0, unit=None, calendar=calendar, suspended=periods)
        == end
    )


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(COUNTRIES)),
    STARTS,
    st.sampled_from(["working_minute", "working_hour"]),
    st.integers(1, 30),
    HOLES,
)
def test_the_segments_of_an_explanation_add_up_to_the_deadline(name, start, unit, amount, holes):
    calendar = COUNTRIES[name]
    periods = [(start + a * MINUTE, start + (a + b) * MINUTE) for a, b in holes]
    deadline = Deadline(amount=amount, unit=unit)
    end = due(deadline, start=start, amount=amount, unit=unit, calendar=calendar, suspended=periods)
    told = segments(deadline, start=start, end=end, unit=unit, calendar=calendar, suspended=periods)
    length = timedelta(minutes=amount * (60 if unit == "working_hour" else 1))
    assert sum((b - a for a, b in told), timedelta()) == length
    assert [one for one in told if one[0] >= one[1]] == []


def test_a_deadline_in_days_is_explained_as_a_whole_and_back_from_an_event_too():
    start, end = at("2026-11-17 13:00"), at("2026-11-21 00:00")
    in_days = Deadline(amount=3, unit="day")
    assert segments(in_days, start=start, end=end, unit="day", calendar=VIETNAM) == ((start, end),)
    hole = (at("2026-11-18 00:00"), at("2026-11-19 00:00"))
    assert segments(in_days, start=start, end=end, unit="day", calendar=VIETNAM, suspended=[hole]) == (
        (start, hole[0]),
        (hole[1], end),
    )
    back = Deadline(amount=10, unit="working_minute", is_before=True, start="held_on")
    told = segments(
        back,
        start=at("2026-11-23 13:10"),
        end=at("2026-11-23 13:00"),
        unit="working_minute",
        calendar=VIETNAM,
    )
    assert told == ((at("2026-11-23 13:00"), at("2026-11-23 13:10")),)


def test_a_deadline_starts_with_the_event_or_with_what_the_event_discloses():
    now = at("2026-11-20 10:00")

    def begins(said: str | None) -> datetime:
        told = {"held_on": said}
        return legal_start(Deadline(start="held_on"), at=now, disclosures=told, calendar=VIETNAM)

    assert begins("2026-11-25") == at("2026-11-25 00:00")
    assert begins("2026-11-25T08:30:00+07:00") == at("2026-11-25 08:30")
    assert begins("2026-11-25T01:30:00Z") == at("2026-11-25 08:30")
    assert begins("2026-11-25 08:30") == at("2026-11-25 08:30")
    assert begins(None) == now
    assert legal_start(Deadline(), at=now, disclosures={"held_on": "2026-11-25"}, calendar=VIETNAM) == now
    with pytest.raises(ValueError, match="soon"):
        begins("soon")


def test_a_year_that_the_calendar_does_not_know_is_named_and_nothing_is_invented():
    with pytest.raises(
        UnknownYearError, match=r"calendar vn does not know the year 2036; it knows 2009 to 2035"
    ):
        ends("2035-12-20 10:00", 30, "working_day")
    with pytest.raises(UnknownYearError, match="2036"):
        ends("2035-12-31 10:00", 1, "day", roll=True)
    with pytest.raises(UnknownYearError, match="2008"):
        ends("2008-12-31 10:00", 1, "working_minute")
    with pytest.raises(UnknownYearError, match="2008"):
        ends("2009-01-02 10:00", 9, "working_day", is_before=True)
    assert ends("2035-12-20 10:00", 30, "year") == "2065-12-21 00:00"
    with pytest.raises(UnknownYearError):
        ends("2035-12-20 10:00", 9_000, "year")
    with pytest.raises(UnknownYearError):
        ends("2035-12-20 10:00", 1_000_000, "month")


def test_weeks_of_hours_are_in_force_from_a_day_on():
    early, late = ((time(8), time(12)),), ((time(9), time(12)), (time(13), time(14)))
    off = ((), ())
    calendar = Calendar(
        zone="Asia/Ho_Chi_Minh", weekly=(early,) * 5 + off, weeks=((date(2026, 11, 18), (late,) * 5 + off),)
    )
    assert calendar.hours(date(2026, 11, 17)) == early
    assert calendar.hours(date(2026, 11, 18)) == late
    assert calendar.add_working_hours(at("2026-11-17 11:00"), 2) == at("2026-11-18 10:00")
    opened = calendar.changed(closed={date(2026, 11, 22): False})
    assert opened.hours(date(2026, 11, 22)) == late
    with pytest.raises(ValueError, match="weeks must follow"):
        Calendar(zone="UTC", weekly=(early,) * 7, weeks=((date(2026, 1, 2), (early,) * 7),) * 2)


@pytest.mark.parametrize("unit", ["hour", "working_minute", "working_day", "month"])
def test_nothing_is_due_after_no_time_at_all(unit):
    with pytest.raises(ValueError, match="at least one"):
        ends("2026-11-20 10:00", 0, unit)

"""The calendars of three countries, 2010 to 2035, beside a watch that is read every minute."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from congvu.rules.loader import load_calendar
from congvu.standards.working_time import Calendar
from tests.standards.naive_time import EPOCH, MINUTE, Watch, disagreements

FOLDER = Path(__file__).resolve().parents[2] / "rulebook" / "calendars"


def national(name: str) -> Calendar:
    found, problems = load_calendar(FOLDER / f"{name}.yaml")
    assert found is not None, problems
    return found.calendar


COUNTRIES = {name: national(name) for name in ("vn", "kz", "ru")}
WATCHES = {name: Watch(calendar) for name, calendar in COUNTRIES.items()}
NAMES = st.sampled_from(sorted(COUNTRIES))
LAST = datetime(2035, 11, 1, tzinfo=UTC)
STARTS = st.integers(
    int(datetime(2010, 1, 2, tzinfo=UTC).timestamp()) // 60, int(LAST.timestamp()) // 60
).map(lambda minute: EPOCH + minute * MINUTE)
NEW_YEARS = st.builds(
    lambda year, minute: datetime(year, 12, 31, tzinfo=UTC) + minute * MINUTE,
    st.integers(2010, 2034),
    st.integers(0, 2 * 24 * 60),
)


@settings(max_examples=120)
@given(NAMES, STARTS | NEW_YEARS, st.integers(1, 1500))
def test_working_minutes_of_a_country_agree_with_the_watch(name, start, minutes):
    calendar, watch = COUNTRIES[name], WATCHES[name]
    end = watch.after_minutes(start, minutes)
    assert calendar.add_working_minutes(start, minutes) == end
    assert calendar.working_minutes(start, end) == minutes
    assert calendar.subtract_working_time(start, minutes * MINUTE) == watch.before_minutes(start, minutes)


@settings(max_examples=40)
@given(NAMES, STARTS | NEW_YEARS, st.integers(1, 15))
def test_working_days_of_a_country_agree_with_the_wall_calendar(name, start, days):
    calendar, watch = COUNTRIES[name], WATCHES[name]
    day = watch.day(start)
    end = watch.end_of_work(watch.after_days(watch.working_day(day), days))
    assert calendar.add_working_days(start, days) == end
    assert calendar.working_day_after(day, days) == watch.after_days(day, days)
    assert calendar.working_day_before(day, days) == watch.after_days(day, days, step=-1)
    assert calendar.end_of_day(day) == watch.end_of_day(day)


@settings(max_examples=60)
@given(
    NAMES,
    STARTS,
    st.integers(1, 900),
    st.lists(st.tuples(st.integers(0, 9000), st.integers(1, 4000)), max_size=3),
)
def test_a_persons_leave_is_no_working_time_of_that_person(name, start, minutes, leave):
    away = [(start + a * MINUTE, start + (a + b) * MINUTE) for a, b in leave]
    calendar = COUNTRIES[name].without(away)
    assert calendar.add_working_minutes(start, minutes) == Watch(calendar).after_minutes(start, minutes)
    assert calendar.without(away) is calendar
    assert COUNTRIES[name].without([]) is COUNTRIES[name]


def test_a_day_of_leave_has_no_window_and_is_no_working_day():
    calendar = COUNTRIES["vn"]
    day = calendar.day_of(datetime(2026, 11, 20, 3, tzinfo=UTC))
    away = calendar.without([(calendar.midnight(day), calendar.end_of_day(day))])
    assert calendar.window(day, time(8), time(9)) is not None
    assert away.window(day, time(8), time(9)) is None
    assert not away.is_working_day(day)


def test_the_watch_itself_notices_a_calendar_that_lost_a_minute():
    whole = COUNTRIES["vn"]
    short = Calendar(
        zone=whole.zone,
        weekly=((*whole.weekly[0][:1], (time(13), time(16, 59))), *whole.weekly[1:]),
        days_off=whole.days_off,
        days_on=whole.days_on,
        years=whole.years,
    )
    start = datetime(2026, 3, 2, 9, 59, tzinfo=UTC)
    assert short.add_working_minutes(start, 1) - whole.add_working_minutes(start, 1) > timedelta(hours=12)
    assert Watch(short).after_minutes(start, 1) == short.add_working_minutes(start, 1)


class Hasty(Calendar):
    """Forgets the last minute of its deadlines."""

    def add_working_minutes(self, start, minutes):
        return super().add_working_minutes(start, minutes) - MINUTE

    def add_working_days(self, start, days):
        return super().add_working_days(start, days) - MINUTE * (days == 1)


def test_every_deadline_that_disagrees_with_the_watch_is_counted():
    whole, years = COUNTRIES["vn"], range(2026, 2027)
    hasty = Hasty(zone=whole.zone, weekly=whole.weekly, days_off=whole.days_off, days_on=whole.days_on)
    compared, wrong = disagreements(whole, years, 1440)
    assert (compared, wrong) == (2 * 303, 0)
    assert disagreements(hasty, years, 1440) == (compared, 303 + 15)  # every 21st asks for one day


@settings(max_examples=100)
@given(NAMES, STARTS | NEW_YEARS, st.integers(0, 59_999_999), st.integers(1, 600), st.integers(1, 9))
def test_what_begins_within_a_minute_ends_within_one(name, start, microseconds, minutes, days):
    calendar, within = COUNTRIES[name], timedelta(microseconds=microseconds)
    end, late = (calendar.add_working_minutes(at, minutes) for at in (start, start + within))
    begins_at_work = calendar.working_minutes(start, start + MINUTE) == 1
    assert late == (calendar.add_working_time(start, minutes * MINUTE + within) if begins_at_work else end)
    assert calendar.add_working_days(start + within, days) == calendar.add_working_days(start, days)

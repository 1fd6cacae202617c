from datetime import datetime, timedelta
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from congvu.mail.headers import Allowance
from congvu.mail.meetings import recurrence
from congvu.mail.meetings.recurrence import NotExpandedError

START = datetime(2026, 11, 23, 9)  # noqa: DTZ001 -- a Monday on a local clock
DAYS = st.lists(st.sampled_from(recurrence.DAYS), min_size=1, max_size=4, unique=True).map(",".join)
ORDINALS = st.lists(
    st.tuples(st.sampled_from(["1", "2", "-1", "5"]), st.sampled_from(recurrence.DAYS)).map("".join),
    min_size=1,
    max_size=3,
    unique=True,
).map(",".join)
MONTH_DAYS = st.lists(st.sampled_from([15, 28, 29, 30, 31, -1, -2]), max_size=3, unique=True).map(
    lambda one: [1, *one]
)
MONTHS = st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True)


def joined(numbers):
    return ",".join(map(str, numbers))


def rules():
    ends = st.sampled_from([";UNTIL=20290401T090000", ";UNTIL=20350101T000000"])  # the oracle looks for ever
    step = st.integers(1, 4).map(lambda one: f";INTERVAL={one}")
    parts = [
        st.just("FREQ=DAILY"),
        DAYS.map(lambda one: f"FREQ=DAILY;BYDAY={one}"),
        DAYS.map(lambda one: f"FREQ=WEEKLY;BYDAY={one}"),
        DAYS.map(lambda one: f"FREQ=WEEKLY;WKST=SU;BYDAY={one}"),
        ORDINALS.map(lambda one: f"FREQ=MONTHLY;BYDAY={one}"),
        MONTH_DAYS.map(lambda one: f"FREQ=MONTHLY;BYMONTHDAY={joined(one)}"),
        DAYS.map(lambda one: f"FREQ=MONTHLY;BYDAY={one};BYSETPOS=-1,1"),
        st.just("FREQ=MONTHLY"),
        st.just("FREQ=YEARLY"),
        MONTHS.map(lambda one: f"FREQ=YEARLY;BYMONTH={joined(one)}"),
        st.tuples(MONTHS, ORDINALS).map(lambda one: f"FREQ=YEARLY;BYMONTH={joined(one[0])};BYDAY={one[1]}"),
        ORDINALS.map(lambda one: f"FREQ=YEARLY;BYDAY={one}"),
        st.tuples(MONTHS, MONTH_DAYS).map(
            lambda one: f"FREQ=YEARLY;BYMONTH={joined(one[0])};BYMONTHDAY={joined(one[1])}"
        ),
    ]
    return st.tuples(st.one_of(parts), step, ends).map("".join)


def expanded(text, start=START, *, many=12, after=None, steps=100_000):
    found = recurrence.expand(
        recurrence.read(text, start=START), start, allowance=Allowance(steps), after=after
    )
    return list(islice(found, many))


@given(rules())
@settings(max_examples=50, phases=(Phase.generate,))
def test_rules_are_expanded_as_the_well_known_library_does(text):
    oracle = [one for one in rrulestr(text, dtstart=START) if one != START]
    assert expanded(text, many=10_000) == [START, *oracle]


@pytest.mark.parametrize("text", ["FREQ=WEEKLY;BYDAY=MO,TH;COUNT=7", "FREQ=DAILY;INTERVAL=3;COUNT=1"])
def test_a_count_ends_a_rule_and_the_start_counts(text):
    assert expanded(text) == list(rrulestr(text, dtstart=START))


@given(rules(), st.integers(0, 900))
@settings(max_examples=25, phases=(Phase.generate,))
def test_what_lies_before_an_instant_is_left_out_and_nothing_else(text, days):
    after = START + timedelta(days=days)
    assert (
        expanded(text, after=after, many=3) == [one for one in expanded(text, many=2_000) if one >= after][:3]
    )


def test_a_series_that_began_long_ago_costs_no_more_than_a_new_one():
    allowance = Allowance(200)
    rule = recurrence.read("FREQ=DAILY", start=START)
    found = recurrence.expand(
        rule, START.replace(year=1970, month=1, day=1), allowance=allowance, after=START
    )
    assert next(found) == START
    assert allowance.left > 180


@pytest.mark.parametrize(
    "text",
    ["FREQ=DAILY;COUNT=1000000", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"],
)
def test_a_rule_of_a_million_dates_or_of_none_ends_with_the_allowance(text):
    allowance = Allowance(500)
    assert len(list(recurrence.expand(recurrence.read(text, start=START), START, allowance=allowance))) < 200


@pytest.mark.parametrize(
    "text",
    [
        *("", "FREQ=SECONDLY", "FREQ=HOURLY;COUNT=3", "FREQ=DAILY;BYHOUR=10", "FREQ=YEARLY;BYWEEKNO=3"),
        *("FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;COUNT=x", "FREQ=DAILY;UNTIL=soon"),
        *(
            "FREQ=WEEKLY;BYDAY=XX",
            "FREQ=MONTHLY;BYMONTHDAY=0",
            "FREQ=MONTHLY;BYMONTHDAY=99",
            "FREQ=DAILY;COUNT=0",
        ),
        *(
            "FREQ=DAILY;UNTIL=20261399",
            "FREQ=WEEKLY;WKST=99",
            "INTERVAL=1",
            "FREQ=DAILY;INTERVAL=99999999999",
        ),
    ],
)
def test_a_rule_of_another_kind_is_not_expanded(text):
    with pytest.raises(NotExpandedError):
        recurrence.read(text, start=START)


def test_a_time_of_day_that_repeats_the_start_adds_nothing():
    assert expanded("FREQ=DAILY;COUNT=3;BYHOUR=09;BYMINUTE=0") == expanded("FREQ=DAILY;COUNT=3")

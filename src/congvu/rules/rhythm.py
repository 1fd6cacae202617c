"""Whole periods of the calendar in which something is owed again and again (vi: kỳ; kk: кезең)."""

from datetime import date, timedelta

from congvu.rules.book import Period, Rhythm

MONTHS = {"month": 1, "quarter": 3, "half_year": 6}
MONTHS_OF_YEAR = 12
DAYS_OF_WEEK = 7


def period(rhythm: Rhythm, day: date, *, since: int) -> tuple[date, date]:
    """Return the first day of the period in which a day lies, and the first day of the next one.

    Days are counted from 1 January of the year 1, weeks from its Monday, months from January, years from `since`.
    Several working days are so many days; nothing is owed in those of them in which nobody works.
    """
    if rhythm.period in MONTHS:
        return _months(day, MONTHS[rhythm.period] * rhythm.length, since=0)
    if rhythm.period == "year":
        return _months(day, MONTHS_OF_YEAR * rhythm.length, since=since)
    size = rhythm.length * _days(rhythm.period)
    begin = day - timedelta(days=(day.toordinal() - 1) % size)
    return begin, begin + timedelta(days=size)


def _days(unit: Period) -> int:
    return DAYS_OF_WEEK if unit == "week" else 1


def _months(day: date, size: int, *, since: int) -> tuple[date, date]:
    index = (day.year - since) * MONTHS_OF_YEAR + day.month - 1
    first = index - index % size + since * MONTHS_OF_YEAR
    return _month(first), _month(first + size)


def _month(index: int) -> date:
    year, month = divmod(index, MONTHS_OF_YEAR)
    return date(max(year, 1), month + 1, 1)

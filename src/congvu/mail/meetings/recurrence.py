"""When something is again: recurrence rules, expanded within an allowance. RFC 5545, 3.3.10 and 3.8.5.

Rules that repeat within a day, and by week or day of the year, are not expanded: no meeting is called so.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from congvu.mail.headers import Allowance

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST_YEAR = 2200
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")
_LISTS = {"BYMONTHDAY": 31, "BYMONTH": 12, "BYSETPOS": 366}
_NAMES = frozenset(("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST", *_LISTS))
_MANY = 62  # values of one list


class NotExpandedError(ValueError):
    """A rule is none, or of a kind that is not expanded here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule; `until` is as written, `until_is_utc` tells how; days are (ordinal or 0, weekday from Monday)."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    until_is_utc: bool = False
    days: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0


def read(text: str, *, start: datetime) -> Rule:
    """Read a rule of what begins at a local time; a time of day that says the same adds nothing.

    Raises NotExpandedError.
    """
    parts = dict(one.partition("=")[::2] for one in text.strip().upper().split(";")[:20] if one)
    for name, number in (("BYHOUR", start.hour), ("BYMINUTE", start.minute), ("BYSECOND", start.second)):
        if parts.get(name, "").lstrip("0") == str(number).lstrip("0"):
            parts.pop(name, None)
    if not parts.keys() <= _NAMES or parts.get("FREQ") not in _STEP:
        raise NotExpandedError(text[:100])
    try:
        until, is_utc = _until(parts.get("UNTIL", ""))
        rule = Rule(
            frequency=parts["FREQ"],
            interval=int(parts.get("INTERVAL", "1")),
            count=int(parts["COUNT"]) if "COUNT" in parts else None,
            until=until,
            until_is_utc=is_utc,
            days=tuple(_day(one) for one in parts["BYDAY"].split(",")[:_MANY]) if "BYDAY" in parts else (),
            month_days=_numbers(parts, "BYMONTHDAY"),
            months=_numbers(parts, "BYMONTH"),
            positions=_numbers(parts, "BYSETPOS"),
            week_start=DAYS.index(parts.get("WKST", "MO")),
        )
    except ValueError as error:
        raise NotExpandedError(text[:100]) from error
    is_sound = 0 < rule.interval < 10_000 and (rule.count is None or rule.count > 0)  # noqa: PLR2004 -- years
    if not is_sound or min(rule.months, default=1) < 1:
        raise NotExpandedError(text[:100])
    return rule


def expand(
    rule: Rule, start: datetime, *, allowance: Allowance, after: datetime | None = None
) -> Iterator[datetime]:
    """Yield the starts of a rule in order, local and naive as `start`, which is always the first.

    With `after` the earlier ones are left out, and where nothing is counted they cost nothing. It ends with the
    rule, with the year 2200, or with the allowance. `until` is compared as it is written.
    """
    if after is None or start >= after:
        yield start
    made, at = 1, _skipped(rule, start, after)
    while allowance.left > 0 and (rule.count is None or made < rule.count):
        days = _period(rule, start.date(), at, allowance)
        if days is None:
            return
        for day in days:
            moment = datetime.combine(day, start.time())
            if moment <= start:
                continue
            if rule.until is not None and moment > rule.until:
                return
            made += 1
            if after is None or moment >= after:
                yield moment
            if made == rule.count:
                return
        at += 1


def _skipped(rule: Rule, start: datetime, after: datetime | None) -> int:
    """Return the period with which to begin; with a count each one before must be gone through."""
    if after is None or rule.count is not None or after <= start:
        return 0
    return max(0, (after - start).days // _STEP[rule.frequency] // rule.interval - 1)


def _period(rule: Rule, start: date, at: int, allowance: Allowance) -> list[date] | None:
    """Return the days of the period of a number in order; None past the last year."""
    try:
        found = _PERIODS[rule.frequency](rule, start, at * rule.interval)
    except OverflowError:
        return None
    allowance.take(3 + 2 * len(found))
    if found and found[-1].year > LAST_YEAR:
        return None
    if not found:
        years = at * rule.interval * _STEP[rule.frequency] // 366
        return None if start.year + years > LAST_YEAR else []
    if not rule.positions:
        return found
    picked = {found[one - 1 if one > 0 else one] for one in rule.positions if one and abs(one) <= len(found)}
    return sorted(picked)


def _daily(rule: Rule, start: date, at: int) -> list[date]:
    day = start + timedelta(days=at)
    fits = _in_months(rule, day) and _on_month_day(rule, day) and _on_week_day(rule, day)
    return [day] if fits else []


def _weekly(rule: Rule, start: date, at: int) -> list[date]:
    first = start - timedelta(days=(start.weekday() - rule.week_start) % 7) + timedelta(weeks=at)
    wanted = {weekday for _, weekday in rule.days} or {start.weekday()}
    days = (first + timedelta(days=one) for one in range(7))
    return [day for day in days if day.weekday() in wanted and _in_months(rule, day)]


def _monthly(rule: Rule, start: date, at: int) -> list[date]:
    years, month = divmod(start.month - 1 + at, 12)
    year = start.year + years
    if year > LAST_YEAR + 1:
        raise OverflowError
    if rule.months and month + 1 not in rule.months:
        return []
    return _in_month(rule, year, month + 1, start.day)


def _yearly(rule: Rule, start: date, at: int) -> list[date]:
    year = start.year + at
    if year > LAST_YEAR + 1:
        raise OverflowError
    if rule.days and not rule.months and not rule.month_days:
        return _by_week_day(rule, date(year, 1, 1), date(year, 12, 31))
    months = rule.months or (range(1, 13) if rule.month_days else (start.month,))
    return [day for month in sorted(set(months)) for day in _in_month(rule, year, month, start.day)]


def _in_month(rule: Rule, year: int, month: int, day: int) -> list[date]:
    """Return the days of a month that the rule names, or else the day of the month on which it began."""
    if not 1 <= month <= 12:  # noqa: PLR2004 -- months of a year
        return []
    last = monthrange(year, month)[1]
    if rule.month_days:
        numbers = {one if one > 0 else last + 1 + one for one in rule.month_days}
        days = [date(year, month, one) for one in sorted(numbers) if 1 <= one <= last]
        return [one for one in days if _on_week_day(rule, one)]
    if rule.days:
        return _by_week_day(rule, date(year, month, 1), date(year, month, last))
    return [date(year, month, day)] if day <= last else []


def _by_week_day(rule: Rule, first: date, last: date) -> list[date]:
    """Return the weekdays that the rule names between two days, the second Monday as well as every Monday."""
    found: set[date] = set()
    for ordinal, weekday in rule.days:
        begin = first + timedelta(days=(weekday - first.weekday()) % 7)
        all_of = [begin + timedelta(weeks=one) for one in range((last - begin).days // 7 + 1)]
        if not ordinal:
            found.update(all_of)
        elif abs(ordinal) <= len(all_of):
            found.add(all_of[ordinal - 1 if ordinal > 0 else ordinal])
    return sorted(found)


def _in_months(rule: Rule, day: date) -> bool:
    return not rule.months or day.month in rule.months


def _on_month_day(rule: Rule, day: date) -> bool:
    last = monthrange(day.year, day.month)[1]
    return not rule.month_days or day.day in rule.month_days or day.day - last - 1 in rule.month_days


def _on_week_day(rule: Rule, day: date) -> bool:
    return not rule.days or day.weekday() in {weekday for _, weekday in rule.days}


_STEP = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}  # days, the most that a period has
_PERIODS = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}


def _until(text: str) -> tuple[datetime | None, bool]:
    if not text:
        return None, False
    found = _UNTIL.fullmatch(text)
    if found is None:
        raise NotExpandedError(text[:100])
    day = date(int(found[1]), int(found[2]), int(found[3]))
    if found[4] is None:
        return datetime.combine(day, datetime.max.time()), False
    clock = timedelta(hours=int(found[4]), minutes=int(found[5]), seconds=int(found[6]))
    return datetime.combine(day, datetime.min.time()) + clock, found[7] == "Z"


def _day(text: str) -> tuple[int, int]:
    found = _DAY.fullmatch(text)
    if found is None:
        raise NotExpandedError(text[:100])
    return int(found[1] or 0), DAYS.index(found[2])


def _numbers(parts: dict[str, str], name: str) -> tuple[int, ...]:
    if name not in parts:
        return ()
    found = tuple(int(one) for one in parts[name].split(",")[:_MANY])
    if any(not one or abs(one) > _LISTS[name] for one in found):
        raise NotExpandedError(parts[name][:100])
    return found

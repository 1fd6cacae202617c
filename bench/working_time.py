"""Deadlines in working time: thirty minutes and five days, beside businesstimedelta and pandas.

All stand in one process and take turns of one length, over the same random instants of 2010 to 2035 by the calendar
of Viet Nam with its pauses, holidays and compensation days; the peers, which have no compensation days, are given the
holidays only. Offsets, rules and the peers' kind of instant are made beforehand, and each act is one call.
businesstimedelta counts hours, so its five days are forty hours; pandas counts whole business hours, so its thirty
minutes are one, and its five days are forty; its days without hours stand in a line of their own. One addition of two
known values stands beside them: no calendar written in Python takes less. Then all three countries are held against a
watch that is read every minute.
"""

import argparse
import importlib
import json
import operator
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

from congvu.rules.loader import load_calendar
from congvu.standards.working_time import Calendar
from tests.standards.naive_time import disagreements

CALENDARS = Path(__file__).resolve().parents[1] / "rulebook" / "calendars"
COUNTRIES = ("vn", "kz", "ru")
YEARS = range(2010, 2036)
AIMS = {"businesstimedelta": 60, "pandas": 500}
MINUTES, DAYS, HOURS_OF_DAY = 30, 5, 8
MINUTE = timedelta(minutes=1)
DATES = "pandas, days only"
FLOOR = "one addition"

Act = Callable[[], object]
Racer = tuple[Sequence[Act], Sequence[Act]]  # thirty minutes, five days


def main(arguments: list[str]) -> None:
    """Print the table, the disagreements and the JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench working_time")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--starts", type=int, default=200, help="instants that everybody is asked about")
    parser.add_argument("--turn", type=float, default=0.01, help="seconds that a turn takes at least")
    parser.add_argument("--step", type=int, default=61, help="compare with the watch from every n-th minute")
    told = parser.parse_args(arguments)
    countries = {name: _calendar(name) for name in COUNTRIES}
    racers = _racers(countries["vn"], _starts(told.starts))
    taken = _race(racers, told.rounds, told.turn)
    _table(taken)
    compared, wrong = _compare(countries, told.step)
    print(
        f"{compared:,} deadlines of {len(COUNTRIES)} countries, {YEARS[0]} to {YEARS[-1]}, held against the watch:"
    )
    print(f"{wrong} disagreements")
    _line(taken, wrong)


def _calendar(name: str) -> Calendar:
    found, problems = load_calendar(CALENDARS / f"{name}.yaml")
    if found is None:
        raise SystemExit("\n".join(map(str, problems)))
    return found.calendar


def _starts(count: int) -> list[datetime]:
    """Return instants of working hours and of others, in no order."""
    dice = random.Random(30)  # noqa: S311 -- a sample, the same for everybody
    first, last = datetime(YEARS[0], 1, 2, tzinfo=UTC), datetime(YEARS[-1], 11, 1, tzinfo=UTC)
    return [first + dice.randrange((last - first) // MINUTE) * MINUTE for _ in range(count)]


def _racers(calendar: Calendar, starts: list[datetime]) -> dict[str, Racer]:
    racers = {"congvu": _ours(calendar, starts), FLOOR: _floor(starts)}
    for name, build in (("businesstimedelta", _businesstimedelta), ("pandas", _pandas)):
        try:
            peer = importlib.import_module(name)
        except ModuleNotFoundError:
            print(f"{name} is not installed, so it does not run. `make peers` installs it.")
        else:
            racers |= build(peer, calendar, starts)
    return racers


def _ours(calendar: Calendar, starts: list[datetime]) -> Racer:
    return (
        [partial(calendar.add_working_minutes, start, MINUTES) for start in starts],
        [partial(calendar.add_working_days, start, DAYS) for start in starts],
    )


def _floor(starts: list[datetime]) -> Racer:
    acts = [partial(_later, start, MINUTES * MINUTE) for start in starts]
    return acts, acts


def _later(start: datetime, span: timedelta) -> datetime:
    return start + span


def _businesstimedelta(peer: ModuleType, calendar: Calendar, starts: list[datetime]) -> dict[str, Racer]:
    zone = importlib.import_module("pytz").timezone(calendar.zone)
    (opens, pause), (resumes, closes) = calendar.weekly[0]
    rules: Any = peer.Rules(
        [
            peer.WorkDayRule(start_time=opens, end_time=closes, working_days=[0, 1, 2, 3, 4], tz=zone),
            peer.LunchTimeRule(start_time=pause, end_time=resumes, working_days=[0, 1, 2, 3, 4], tz=zone),
            peer.HolidayRule(dict.fromkeys(calendar.days_off, "holiday"), tz=zone),
        ]
    )
    half_hour = peer.BusinessTimeDelta(rules, hours=MINUTES / 60)
    week = peer.BusinessTimeDelta(rules, hours=DAYS * HOURS_OF_DAY)
    local = [start.astimezone(zone) for start in starts]
    return {"businesstimedelta": (_adding(local, half_hour), _adding(local, week))}


def _pandas(peer: ModuleType, calendar: Calendar, starts: list[datetime]) -> dict[str, Racer]:
    spans = calendar.weekly[0]
    known: dict[str, Any] = {"holidays": sorted(calendar.days_off)}
    hours = known | {"start": [opens for opens, _ in spans], "end": [closes for _, closes in spans]}
    hour = peer.offsets.CustomBusinessHour(n=1, **hours)
    week = peer.offsets.CustomBusinessHour(n=DAYS * HOURS_OF_DAY, **hours)
    days = peer.offsets.CustomBusinessDay(n=DAYS, **known)
    zone = ZoneInfo(calendar.zone)
    local = [peer.Timestamp(start.astimezone(zone).replace(tzinfo=None)) for start in starts]
    return {"pandas": (_adding(local, hour), _adding(local, week)), DATES: ([], _adding(local, days))}


def _adding(starts: list[Any], span: Any) -> list[Act]:
    return [partial(operator.add, start, span) for start in starts]


def _race(racers: dict[str, Racer], rounds: int, turn: float) -> dict[str, tuple[float, float]]:
    """Return the least microseconds of all rounds: other work on the machine only adds."""
    taken: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in racers}
    for _ in range(rounds):
        for name, acts in racers.items():
            for figures, each in zip(taken[name], acts, strict=True):
                figures.append(_timed(each, turn) * 1e6)
    return {name: (min(one), min(other)) for name, (one, other) in taken.items()}


def _timed(acts: Sequence[Act], turn: float) -> float:
    """Return the processor's seconds for one of these acts, all of them done as often as the turn takes."""
    began, passes, spent = time.process_time(), 0, 0.0
    while acts and spent < turn:
        for act in acts:
            act()
        passes += 1
        spent = time.process_time() - began
    return spent / max(passes * len(acts), 1)


def _table(taken: dict[str, tuple[float, float]]) -> None:
    ours = taken["congvu"]
    print(f"{'':<18} {'+30 minutes':>14} {'+5 days':>14} {'times ours':>18}")
    for name, (minutes, days) in taken.items():
        shown = f"{minutes:>11,.3f} µs" if name != DATES else f"{'no hours':>14}"
        times = [f"{minutes / ours[0]:,.1f}"] * (name != DATES) + [f"{days / ours[1]:,.1f}"]
        print(f"{name:<18} {shown} {days:>11,.3f} µs {' / '.join(times):>18}")


def _compare(countries: dict[str, Calendar], step: int) -> tuple[int, int]:
    """Return how many deadlines were held against the watch, and how many differ."""
    found = [disagreements(calendar, YEARS, step) for calendar in countries.values()]
    return sum(compared for compared, _ in found), sum(wrong for _, wrong in found)


def _line(taken: dict[str, tuple[float, float]], wrong: int) -> None:
    ours, floor = taken.pop("congvu"), taken.pop(FLOOR)
    peers = {
        name: {"minutes": round(one, 1), "days": round(other, 1)} for name, (one, other) in taken.items()
    }
    ratios = {
        name: {"minutes": round(a / ours[0]), "days": round(b / ours[1])} for name, (a, b) in taken.items()
    }
    line = {"bench": "working_time", "value": round(ours[0], 3), "unit": "µs for +30 working minutes"}
    more = {"days": round(ours[1], 3), "floor": round(floor[0], 3), "aims": AIMS, "disagreements": wrong}
    print(json.dumps({**line, "peers": peers, "ratio": ratios, **more}, ensure_ascii=False))

"""The terms of petitions as somebody reckons them with the books, a wall calendar and a clock that shows minutes.

It knows nothing of the product and reads none of its files: what the books say, the hours of work and the days off of
2024 to 2027 were written out by hand. It walks from minute to minute, and from day to day.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple, TypeAlias

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
FIRST, LAST = date(2023, 12, 25), date(2028, 1, 1)
ZERO = datetime(2023, 12, 24, tzinfo=UTC)
MINUTES_OF_HOUR, DAYS_OF_WORK, MONTHS = 60, 5, 12


Said: TypeAlias = Mapping[str, str | bool]


class Place(NamedTuple):
    """Hours of work from Monday to Friday (in minutes of the day), days off by year, and Saturdays that are worked."""

    hours: tuple[tuple[int, int], ...]
    off: Mapping[int, str]  # month.day
    worked: tuple[str, ...]
    zone: tuple[tuple[str, int], ...]  # from the beginning of a day on, hours ahead of UTC


PLACES = {
    "vn": Place(
        hours=((450, 690), (780, 1020)),
        off={
            2024: "1.1 2.8 2.9 2.10 2.11 2.12 2.13 2.14 4.18 4.29 4.30 5.1 9.2 9.3",
            2025: "1.1 1.27 1.28 1.29 1.30 1.31 2.1 4.7 4.30 5.1 5.2 9.1 9.2",
            2026: "1.1 2.16 2.17 2.18 2.19 2.20 4.26 4.27 4.30 5.1 8.31 9.1 9.2 11.24",
            2027: "1.1 2.4 2.5 2.6 2.7 2.8 2.9 2.10 4.16 4.30 5.1 5.3 9.2 9.3 11.24",
        },
        worked=("2024-05-04", "2025-04-26", "2026-08-22"),
        zone=(("2000-01-01", 7),),
    ),
    "kz": Place(
        hours=((540, 780), (870, 1110)),
        off={
            2024: "1.1 1.2 1.7 3.8 3.21 3.22 3.23 3.25 5.1 5.7 5.8 5.9 6.16 7.6 7.8 8.30 10.25 12.16",
            2025: "1.1 1.2 1.3 1.7 3.8 3.10 3.21 3.22 3.23 3.24 3.25 5.1 5.7 5.9 6.6 7.6 7.7 8.30 9.1 10.25 "
            "10.27 12.16",
            2026: "1.1 1.2 1.7 3.8 3.9 3.21 3.22 3.23 3.24 3.25 5.1 5.7 5.9 5.11 5.27 7.6 10.25 10.26 12.16",
            2027: "1.1 1.2 1.4 1.7 3.8 3.15 3.21 3.22 3.23 3.24 5.1 5.3 5.7 5.9 5.10 5.16 7.6 10.25 12.16",
        },
        worked=("2024-05-04", "2025-01-05"),
        zone=(("2000-01-01", 6), ("2024-03-01", 5)),
    ),
}


class Reading(NamedTuple):
    """What a book says of one duty: so many units, `rolled` past days off; more of them by each notice in time."""

    norm: str
    amount: int | str  # or the parameter that the agency decides
    unit: str
    rolled: bool = False
    more: tuple[int, str] = (0, "")
    times: int = 0


class Matter(NamedTuple):
    """An event, and what a book says falls due; `notice` is the event that gives more time."""

    book: str
    kind: str
    said: Said
    due: tuple[Reading, ...]
    notice: Said | None = None
    notice_due: tuple[Reading, ...] = ()


def _accepted(more: Said, days: int, norm: str) -> Matter:
    said: Said = {"accepted": True, "sort": "complaint", **more}
    due = (Reading(norm, days, "day", rolled=True),)
    return Matter("vn.complaints-law-2011", "acceptance.decided", said, due)


def _complaint(instance: str, complexity: str, days: int, norm: str, *, remote: bool) -> Matter:
    said: Said = {"about": "administration", "instance": instance, "complexity": complexity, "remote": remote}
    return _accepted(said, days, norm)


def _discipline(complexity: str, days: int, norm: str) -> Matter:
    return _accepted({"about": "discipline", "complexity": complexity}, days, norm)


def _complained(about: str, norm: str) -> Matter:
    said = {"sort": "complaint", "competence": "own", "about": about}
    due = (Reading(norm, 10, "day", rolled=True),)
    return Matter("vn.complaints-law-2011", "petition.received", said, due)


def _denounced(complexity: str, norm: str, days: int) -> Matter:
    said = {"sort": "denunciation", "competence": "own", "complexity": complexity}
    return Matter(
        "vn.denunciations-law-2018", "petition.received", said, (Reading(norm, days, "working_day"),)
    )


def _denunciation(complexity: str, norm: str, times: int) -> Matter:
    said: Said = {"accepted": True, "sort": "denunciation", "complexity": complexity}
    found = (Reading(norm, 30, "day", rolled=True, more=(30, "day"), times=times),)
    return Matter("vn.denunciations-law-2018", "acceptance.decided", said, found, _notified("denunciation"))


def _notified(sort: str) -> Said:
    return {"sort": sort, "notified": True}


def _asked(channel: str, complexity: str, *due: Reading) -> Matter:
    said = {"sort": "information_request", "channel": channel, "complexity": complexity}
    return Matter("vn.information-law-2016", "petition.received", said, due, _notified("information_request"))


def _by_network(channel: str) -> list[Matter]:
    notify = Reading("notify-term-by-network", 3, "working_day")
    provide = Reading("provide-complex-by-network", 10, "working_day", more=(15, "day"), times=1)
    plain = _asked(channel, "plain", Reading("provide-by-network", 3, "working_day"))
    return [plain, *(_asked(channel, one, notify, provide) for one in ("complex", "specially_complex"))]


def _by_post(channel: str) -> list[Matter]:
    notify = Reading("notify-term-by-post", 3, "working_day")
    provide = Reading("provide-complex-by-post", 15, "working_day", more=(15, "day"), times=1)
    plain = _asked(channel, "plain", Reading("provide-by-post", 5, "working_day"))
    return [plain, *(_asked(channel, one, notify, provide) for one in ("complex", "specially_complex"))]


def _forwarded(book: str, norm: str, amount: int | str, unit: str, **said: str | bool) -> Matter:
    due = (Reading(norm, amount, unit, rolled=unit == "day"),)
    return Matter(book, "petition.forwarded", {"sort": "report", **said}, due)


def _reported(book: str, norm: str, amount: int, unit: str, **said: str) -> Matter:
    return Matter(book, "petition.received", {"sort": "report", **said}, (Reading(norm, amount, unit),))


def _appealed(*due: Reading, **said: str | bool) -> Matter:
    return Matter("kz.appc-2020", "petition.received", {"sort": "appeal", **said}, due)


COUPON = Reading("register-with-coupon", 0, "same_day")
OLD, NEW, EPIDEMIC, DA_NANG = (
    "vn.hcmc.1022-2020",
    "vn.hcmc.1022-2025",
    "vn.hcmc.1022-epidemic-2021",
    "vn.da-nang.1022-2021",
)
FROM, UNTIL = {NEW: date(2025, 9, 4)}, {OLD: date(2025, 9, 4), EPIDEMIC: date(2025, 9, 4)}
BOUNDS = {  # what agencies decide, at least and at most
    "redirect_threat_within": (1, 1440, "minute"),
    "tell_stage_within": (1, 40, "working_hour"),
    "answer_ordinary_within": (1, 30, "working_day"),
}
MATTERS = (
    _appealed(
        COUPON,
        Reading("decide-in-fifteen-days", 15, "working_day", rolled=True, more=(2, "month"), times=1),
        competence="own",
        anonymous=False,
    )._replace(
        notice={"sort": "appeal"},
        notice_due=(Reading("tell-of-extension", 3, "working_day"),),
    ),
    _appealed(
        COUPON, Reading("redirect-in-three-days", 3, "working_day"), competence="other", anonymous=False
    ),
    _appealed(COUPON, competence="unclear", anonymous=False),
    _appealed(
        Reading("redirect-anonymous-threat", "redirect_threat_within", "minute"), anonymous=True, threat=True
    ),
    _appealed(anonymous=True, threat=False),
    Matter(
        "kz.e-otinish-2021",
        "stage.reached",
        {"stage": "assigned"},
        (Reading("tell-every-stage", "tell_stage_within", "working_hour"),),
    ),
    _complained("administration", "accept-in-ten-days"),
    _complained("discipline", "accept-discipline-complaint"),
    _complaint("first", "plain", 30, "settle-first", remote=False),
    _complaint("first", "complex", 45, "settle-first-complex", remote=False),
    _complaint("first", "plain", 45, "settle-first-remote", remote=True),
    _complaint("first", "complex", 60, "settle-first-remote-complex", remote=True),
    _complaint("second", "plain", 45, "settle-second", remote=False),
    _complaint("second", "complex", 60, "settle-second-complex", remote=False),
    _complaint("second", "plain", 60, "settle-second-remote", remote=True),
    _complaint("second", "complex", 70, "settle-second-remote-complex", remote=True),
    _discipline("plain", 30, "settle-discipline-complaint"),
    _discipline("complex", 45, "settle-discipline-complaint-complex"),
    _forwarded(DA_NANG, "answer-emergency", 1, "working_day", urgency="emergency"),
    _forwarded(DA_NANG, "answer-at-once", 3, "working_day", urgency="at_once"),
    _forwarded(DA_NANG, "answer-ordinary", "answer_ordinary_within", "working_day", urgency="ordinary"),
    _denounced("plain", "decide-acceptance", 7),
    _denounced("complex", "decide-acceptance-checked", 10),
    _denounced("specially_complex", "decide-acceptance-checked", 10),
    _denunciation("plain", "settle", 0),
    _denunciation("complex", "settle-complex", 1),
    _denunciation("specially_complex", "settle-specially-complex", 2),
    _reported(OLD, "forward-in-five-minutes", 5, "minute", competence="own"),
    _forwarded(OLD, "answer-in-five-days", 5, "day", escalated=False),
    Matter(OLD, "petition.forwarded", {"sort": "complaint", "escalated": False}, ()),
    Matter(
        OLD,
        "petition.refused",
        {"sort": "report", "reasons": False},
        (Reading("refuse-with-reasons", 0, "same_day"),),
    ),
    _reported(NEW, "forward-in-five-minutes", 5, "minute", competence="own"),
    _reported(NEW, "guide-in-one-hour", 1, "hour", competence="unclear"),
    Matter(NEW, "petition.escalated", {"ground": "slow"}, (Reading("review-escalated", 1, "working_day"),)),
    _forwarded(NEW, "answer-in-ten-days", 10, "day", to="unit", escalated=False),
    _forwarded(NEW, "answer-in-fifteen-days", 15, "day", to="several_units", escalated=False),
    _forwarded(EPIDEMIC, "update-in-thirty-minutes", 30, "minute", urgency="epidemic"),
    _reported(EPIDEMIC, "forward-in-five-minutes", 5, "minute", urgency="epidemic"),
    *(one for channel in ("email", "portal", "network", "app") for one in _by_network(channel)),
    *(one for channel in ("post", "fax") for one in _by_post(channel)),
    _asked("in_person", "plain"),
)


class Wall:
    """A wall calendar on which an agency crossed out days, or opened some; and a clock."""

    def __init__(self, place: Place, closed: Sequence[date], opened: Sequence[date]) -> None:
        self.place, self.closed, self.opened = place, set(closed), set(opened)
        self.off = {
            date(year, *map(int, one.split("."))) for year, days in place.off.items() for one in days.split()
        }
        self.worked = {date.fromisoformat(one) for one in place.worked}

    def ahead(self, day: date) -> timedelta:
        """Return how far the clock is ahead of UTC when a day begins."""
        return timedelta(hours=[hours for since, hours in self.place.zone if since <= day.isoformat()][-1])

    def midnight(self, day: date) -> datetime:
        """Return when a day begins."""
        return datetime(day.year, day.month, day.day, tzinfo=UTC) - self.ahead(day)

    @cached_property
    def begins(self) -> dict[date, datetime]:
        """Return when each day begins."""
        return {one: self.midnight(one) for one in _days(FIRST, LAST)}

    @cached_property
    def shown(self) -> bytearray:
        """Return of every minute since the first day whether work is done in it."""
        found = bytearray((LAST - FIRST + 2 * DAY) // MINUTE)
        for day, begin in self.begins.items():
            if self.is_worked(day):
                for opens, closes in self.place.hours:
                    for number in range(opens, closes):
                        found[_number(begin + number * MINUTE)] = 1
        return found

    @cached_property
    def ends(self) -> dict[date, datetime]:
        """Return when work ends on each working day: after the last of its minutes in which any is done."""
        found = {}
        for day, begin in self.begins.items():
            minutes = [number for number in range(_number(begin), _number(begin + DAY)) if self.shown[number]]
            if minutes:
                found[day] = ZERO + (minutes[-1] + 1) * MINUTE
        return found

    def is_worked(self, day: date) -> bool:
        """Say whether a day is worked."""
        return day not in self.closed and (self._is_usual(day) or day in self.opened)

    def _is_usual(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < DAYS_OF_WORK and day not in self.off)

    def day(self, at: datetime) -> date:
        """Return the day on which an instant lies, the last that has begun."""
        found = at.date() - DAY
        while self.begins[found + DAY] <= at:
            found += DAY
        return found

    def later(self, day: date, count: int) -> date:
        """Return the working day so many of them after a day."""
        while count:
            day += DAY
            count -= day in self.ends
        return day

    def coming(self, day: date) -> date:
        """Return a day, or if it is off the next that is worked."""
        while day not in self.ends:
            day += DAY
        return day

    def same_day(self, at: datetime) -> datetime:
        """Return the end of work of the first working day that is not over."""
        day = self.coming(self.day(at))
        return self.ends[day] if at < self.ends[day] else self.ends[self.coming(day + DAY)]

    def worked_minutes(self, at: datetime, count: int) -> datetime:
        """Walk from minute to minute until so many were worked; a begun one is finished in the one after the last."""
        number, begun = divmod(at - ZERO, MINUTE)
        if not self.shown[number]:
            number, begun = number + bool(begun), timedelta()
        while count:
            count -= self.shown[number]
            number += 1
        while begun and not self.shown[number]:
            number += 1
        return ZERO + number * MINUTE + begun

    def end_of_days(self, day: date, amount: int, unit: str) -> date:
        """Return the last day of so many days or months after a day."""
        if unit == "day":
            return day + amount * DAY
        year, month = divmod(day.year * MONTHS + day.month - 1 + amount, MONTHS)
        found = date(year, month + 1, 1)
        while found.day < day.day and (found + DAY).month == month + 1:
            found += DAY
        return found

    def due(
        self, at: datetime, one: Reading, decided: Mapping[str, int], notices: Sequence[datetime]
    ) -> datetime | None:
        """Return until when something is to be done that began at an instant, None while that is undecided."""
        found = decided.get(one.amount) if isinstance(one.amount, str) else one.amount
        if found is None:
            return None
        given = 0
        due = self._due(at, one, found, given)
        for notice in sorted(notices):
            if given < one.times and at <= notice <= due:
                given += 1
                due = self._due(at, one, found, given)
        return due

    def _due(self, at: datetime, one: Reading, amount: int, given: int) -> datetime:
        if one.unit in {"minute", "hour"}:
            return at + amount * MINUTE * (MINUTES_OF_HOUR if one.unit == "hour" else 1)
        if one.unit == "working_hour":
            return self.worked_minutes(at, amount * MINUTES_OF_HOUR)
        if one.unit == "same_day":
            return self.same_day(at)
        if one.unit == "working_day":
            last = self.later(self.coming(self.day(at)), amount)
            if not given:
                return self.ends[last]
        else:
            last = self.end_of_days(self.day(at), amount, one.unit)
        for _ in range(given):
            last = self.end_of_days(last, *one.more)
        return self.begins[(self.coming(last) if one.rolled else last) + DAY]


def _number(at: datetime) -> int:
    return (at - ZERO) // MINUTE


def _days(first: date, last: date) -> list[date]:
    return [first + number * DAY for number in range((last - first).days)]

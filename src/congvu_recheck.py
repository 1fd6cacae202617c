# size: one file by design, so that a stranger can read and carry it
"""Replay a finding of Congvu without Congvu: `congvu-recheck BUNDLE... [--key VKEY|FILE] [--lang vi|kk|ru|en]`.

Needs Python 3.11 and nothing else; beside `congvu_verify.py` it checks the entries' signatures too. Exit status:
0 every point is found again, 1 some point is not, 2 unreadable. It reckons in the plainest way, minute by minute
and day by day, and shares no code with the engine. docs/reference/finding-bundle.md describes the file.
"""

import argparse
import base64
import io
import json
import os
import re
import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar
from zoneinfo import ZoneInfo

try:
    import congvu_verify
except ImportError:
    congvu_verify = None  # type: ignore[assignment]  # said in words by _limits

LANGUAGES: Final = ("vi", "kk", "ru", "en")
LARGEST_FILE: Final = 4 * 1024 * 1024
LARGEST_NUMBER: Final = 2**53 - 1
LONGEST_WALK: Final = 3_000_000  # steps
RESOLUTION, MINUTE, HOUR, DAY = (
    timedelta.resolution,
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
LASTING: Final = {"minute": MINUTE, "hour": HOUR, "working_minute": MINUTE, "working_hour": HOUR}
Said = tuple[str, dict[str, Any]]
Span = tuple[datetime, datetime]
Spell = tuple[int, str]
Step = tuple[datetime, str, str]
Dated = tuple[datetime | None, str]
NEVER: Final[Dated] = (None, "")
MONTHS: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
LONGEST_PERIOD: Final = 1200
YEARS: Final = range(1900, 2200)
Moment = TypeVar("Moment", date, datetime)
NAMED: Final = (
    "trigger", "parameter", "fulfilled_by", "annulled_by", "excused_by", "confirmed_by", "compensated_by",
)  # fmt: skip


class UnreadableError(Exception):
    """The file is no bundle of a finding; the arguments are the reason's code and the place."""

    def __init__(self, code: str, place: str = "") -> None:
        super().__init__(code, place)
        self.code, self.place = code, place


# ---- reading: nothing but the described form --------------------------------------------------------


def text(value: Any) -> str:
    """Return a text; raises ValueError."""
    if not isinstance(value, str) or len(value) > LARGEST_FILE:
        raise ValueError
    return value


def number(value: Any) -> int:
    """Return a whole number that JSON keeps; raises ValueError."""
    if type(value) is not int or abs(value) > LARGEST_NUMBER:
        raise ValueError
    return value


def count(value: Any) -> int:
    """Return how often, how long or how much; raises ValueError."""
    if not 1 <= number(value) <= LONGEST_WALK:
        raise ValueError
    return number(value)


def flag(value: Any) -> bool:
    """Return a truth value; raises ValueError."""
    if type(value) is not bool:
        raise ValueError
    return value


def scalar(value: Any) -> str | int | bool:
    """Return an attribute's value; raises ValueError."""
    return value if isinstance(value, str | bool) else number(value)


def instant(value: Any) -> datetime:
    """Return an instant of the one spelling; raises ValueError."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z", text(value)):
        raise ValueError
    return _of_our_time(datetime.fromisoformat(value))


def day(value: Any) -> date:
    """Return a day of the one spelling; raises ValueError."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text(value)):
        raise ValueError
    return _of_our_time(date.fromisoformat(value))


def _of_our_time(found: Moment) -> Moment:
    if found.year not in YEARS:
        raise ValueError
    return found


def clock(value: Any) -> time:
    """Return a local time, as 07:30; raises ValueError."""
    if not re.fullmatch(r"[0-9]{2}:[0-9]{2}", text(value)):
        raise ValueError
    return time.fromisoformat(value)


def zone(value: Any) -> ZoneInfo:
    """Return a zone; raises ValueError for one that this machine does not know."""
    try:
        return ZoneInfo(text(value))
    except (KeyError, OSError) as error:
        raise ValueError from error


def maybe(form: Any) -> Callable[[Any], Any]:
    """Return the form of a value that may be null."""
    return lambda value: None if value is None else take(value, form, "")


HOURS: Final = [[clock]]
WEEK: Final = {"from": day, "hours": [HOURS]}
TEXTS: Final = {"*": text}
TEST: Final = {"attribute": text, "operator": text, "values?": [scalar]}
CONDITION: Final = {"kind": text, "tests?": [TEST], "same?": [text]}


def named(names: str, form: Any) -> dict[str, Any]:
    """Return the form of fields that are alike; a name that ends in "?" may be missing."""
    return {name: form for name in names.split()}  # noqa: C420 -- forms are shared, and never changed


DEADLINE: Final = {
    **named("parameter? unit? by? start?", text),
    **named("same_day? same_or_next_day? next_morning? is_before? is_from_year_end? roll?", flag),
    "amount?": count,
}
NORM: Final = {
    **named("id code? kind unless? decided_by? answers_too? treatment feed", text),
    **named("title? text? note? consequence? quote? not_applicable?", TEXTS),
    **named("when? fulfil? cancel? compensate? report? count?", CONDITION),
    **named("bearer? exception_to?", [text]),
    "deadline?": DEADLINE,
    "windows?": [named("opens closes", clock)],
    "rhythm?": {"period": text, **named("length? times?", count)},
    "suspend?": named("begin end", CONDITION),
    "extend?": {"notice": CONDITION, "unit": text, **named("amount? times?", count)},
    "cap?": {**named("part whole", CONDITION), "percent?": count},
    "cite": {**named("article? wording? checked?", text), "is_article_from_memory?": flag},
    "checklist?": [TEXTS],
    "is_opinion?": flag,
    "overrides?": named("book norm competence?", text),
}
PARAMETER: Final = {**named("name unit", text), **named("at_least? at_most?", number), "title?": TEXTS}
BOOK: Final = {
    "id": text,
    "version": number,
    "adopted_by": [{"book": text, **named("from to", maybe(day))}],
    "versions": [{"version": number, "from": day, "to": maybe(day)}],
    "parameters": {"*": PARAMETER},
    "norm": NORM,
}
CALENDAR: Final = {
    **named("from through", day),
    "name": text,
    "zone": zone,
    "weeks": [WEEK],
    "days": {"*": HOURS},
}
POST: Final = {**named("membership person unit", text), "since": instant, "until": maybe(instant)}
ENTRY: Final = {
    **named("id kind receipt?", text),
    "at": instant,
    "attributes": {"*": scalar},
    "disclosures": TEXTS,
    "destroyed": flag,
}
FINDING: Final = {
    **named("handle book norm bearer person membership unit box trigger subject parameter status", text),
    **named("fulfilled_by annulled_by excused_by confirmed_by compensated_by", text),
    **named("fulfilled_at annulled_at excused_at confirmed_at compensated_at", maybe(instant)),
    **named("due_at period_to counted_from", maybe(instant)),
    **named("opened_at computed_at", instant),
    **named("is_window is_reported", flag),
    **named("version part whole", number),
    "course": [[text]],
    "segments": [[instant]],
}
BUNDLE: Final = {
    **named("congvu agency", text),
    "as_of": instant,
    "book": BOOK,
    "calendar": CALENDAR,
    "register": {"posts": [POST]},
    "entries": [ENTRY],
    "finding": FINDING,
}


def take(value: Any, form: Any, place: str) -> Any:
    """Return a value that has a form, its texts read; raises UnreadableError with the place that has not."""
    if isinstance(form, list):
        if not isinstance(value, list):
            raise UnreadableError("malformed", place)
        return [take(one, form[0], f"{place}[{index}]") for index, one in enumerate(value)]
    if isinstance(form, dict):
        if not isinstance(value, dict):
            raise UnreadableError("malformed", place)
        if "*" in form:
            return {name: take(one, form["*"], f"{place}.{name}") for name, one in value.items()}
        forms = {name.rstrip("?"): one for name, one in form.items()}
        if unknown := sorted(value.keys() - forms.keys()):
            raise UnreadableError("unknown", f"{place}.{unknown[0]}")
        if missing := sorted({name for name in form if not name.endswith("?")} - value.keys()):
            raise UnreadableError("missing", f"{place}.{missing[0]}")
        return {name: take(one, forms[name], f"{place}.{name}") for name, one in value.items()}
    try:
        return form(value)
    except ValueError:
        raise UnreadableError("malformed", place) from None


def read(data: bytes) -> dict[str, Any]:
    """Return a bundle of the described form; raises UnreadableError."""
    if len(data) > LARGEST_FILE:
        raise UnreadableError("too_large")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise UnreadableError("repeated_field")
        return dict(pairs)

    def refuse(_: str) -> NoReturn:
        raise UnreadableError("not_json")

    try:
        plain = json.loads(data.decode(), object_pairs_hook=once, parse_constant=refuse, parse_float=refuse)
        json.dumps(plain, ensure_ascii=False).encode()  # no half letters
    except (ValueError, RecursionError):
        raise UnreadableError("not_json") from None
    if not isinstance(plain, dict) or plain.get("congvu") != "finding/1":
        raise UnreadableError("not_finding")
    told: dict[str, Any] = take(plain, BUNDLE, "$")
    told["norm_digest"] = sha256(
        json.dumps(plain["book"]["norm"], sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()
    told["by_id"] = {one["id"]: one for one in told["entries"]}
    if len(told["by_id"]) != len(told["entries"]):
        raise UnreadableError("repeated_entry")
    return told


# ---- the calendar, day by day ----------------------------------------------------------------------------


class Calendar:
    """Says when the agency worked. `changed` are its own days (True closes), in `holes` no time runs."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.zone, self.first, self.last = told["zone"], told["from"], told["through"]
        self.weeks, self.changed, self.steps = told["weeks"], dict[date, bool](), 0
        self.holes: list[Span] = []
        self.known: dict[tuple[date, bool | None], list[Span]] = {}
        self.days = {take(name, day, "$.calendar.days"): hours for name, hours in told["days"].items()}
        weeks = [one["hours"] for one in self.weeks]
        spans = [span for week in (*weeks, list(self.days.values())) for hours in week for span in hours]
        if not weeks or any(len(one) != 7 for one in weeks):  # noqa: PLR2004 -- a week
            raise UnreadableError("malformed", "$.calendar.weeks")
        if any(len(span) != 2 or span[0] >= span[1] for span in spans):  # noqa: PLR2004 -- two ends
            raise UnreadableError("malformed", "$.calendar")

    def step(self, one: date) -> None:
        """Count a step of a walk that stands on a day; raises UnreadableError where the walk has to end."""
        self.steps += 1
        if not self.first <= one <= self.last:
            raise UnreadableError("calendar_short", one.isoformat())
        if self.steps > LONGEST_WALK:
            raise UnreadableError("too_long", one.isoformat())

    def spans(self, one: date) -> list[Span]:
        """Return the worked periods of a legal day."""
        self.step(one)
        closed = self.changed.get(one)
        if (one, closed) not in self.known:
            week = [week["hours"] for week in self.weeks if week["from"] <= one or week is self.weeks[0]][-1]
            ordinary: list[list[time]] = week[one.weekday()] or next((hours for hours in week if hours), [])
            hours = self.days.get(one, week[one.weekday()]) if closed is None else [] if closed else ordinary
            spans = [(self.at(one, begin), self.at(one, end)) for begin, end in hours]
            self.known[one, closed] = [span for span in spans if span[0] < span[1]]
        return self.known[one, closed]

    def at(self, one: date, local: time) -> datetime:
        """Return the instant of a local time; of two the first."""
        return datetime.combine(one, local, tzinfo=self.zone).astimezone(UTC)

    def legal(self, one: datetime) -> date:
        """Return the legal day of an instant."""
        return one.astimezone(self.zone).date()

    def over(self, one: date) -> datetime:
        """Return the instant at which a legal day is over."""
        return self.at(one + DAY, time.min)

    def closing(self, one: date) -> datetime:
        """Return the end of work of a working day."""
        return self.spans(one)[-1][1]

    def is_free(self, one: date) -> bool:
        """Say whether a day is worked and none of its hours falls into a hole."""
        spans = self.spans(one)
        return bool(spans) and not any(a < end and begin < b for a, b in spans for begin, end in self.holes)

    def later(self, one: date, count: int) -> date:
        """Walk day by day to the n-th working day after a day, or before it."""
        away = DAY if count > 0 else -DAY
        for _ in range(min(abs(count), LONGEST_WALK)):
            one += away
            while not self.is_free(one):
                one += away
        return one

    def walk(self, start: datetime, left: timedelta, *, worked: bool) -> datetime:
        """Walk minute by minute until so much (worked) time has run outside of the holes."""
        here = start
        while left:
            self.step(self.legal(here))
            edges = [here + (MINUTE if worked else DAY), *(one for hole in self.holes for one in hole)]
            spans = self.spans(self.legal(here)) if worked else [(here, edges[0])]
            edges += [edge for span in spans for edge in span]
            until = min(one for one in edges if one > here)
            if worked and (not spans or here >= spans[-1][1]):
                until = max(self.over(self.legal(here)), until)
            elif any(a <= here < b for a, b in spans) and not any(a <= here < b for a, b in self.holes):
                until = min(until, here + left)
                left -= until - here
            here = until
        return here

    def walk_back(self, end: datetime, left: timedelta) -> datetime:
        """Walk back minute by minute until so much worked time lies between."""
        here = end
        while left:
            today = self.legal(here - RESOLUTION)
            spans = self.spans(today)
            edges = [here - MINUTE, *(edge for span in spans for edge in span)]
            until = max(one for one in edges if one < here)
            if not spans or here <= spans[0][0]:
                until = self.at(today, time.min)
            elif any(a < here <= b for a, b in spans):
                until = max(until, here - left)
                left -= here - until
            here = until
        return here


def month_later(one: date, months: int) -> date:
    """Walk month by month; a day that the last month lacks becomes its last day."""
    year, month = one.year, one.month
    for _ in range(min(abs(months), LONGEST_WALK)):
        month += 1 if months > 0 else -1
        year, month = (year + 1, 1) if month > 12 else (year - 1, 12) if month < 1 else (year, month)  # noqa: PLR2004 -- months
    for last in range(one.day, 0, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise UnreadableError("calendar_short", f"{year}-{month:02}")


def legal_later(one: date, amount: int, unit: str) -> date:
    """Return the legal day so many days, months or years later."""
    if unit == "day":
        return one + amount * DAY
    if unit not in {"month", "year"}:
        raise UnreadableError("unknown", f"$.book.norm.deadline.unit {unit}")
    return month_later(one, amount * (12 if unit == "year" else 1))


def due(
    law: dict[str, Any], start: datetime, amount: int, unit: str, more: list[Spell], calendar: Calendar
) -> datetime:
    """Return when a deadline is over, counted from an instant; `more` spells were added to it."""
    end = (before if law.get("is_before") else after)(law, start, amount, unit, calendar)
    for longer, of in more:
        end, unit = onward(end, calendar.legal(end - RESOLUTION), longer, of, calendar), of
    today = calendar.legal(end - RESOLUTION)
    if not law.get("roll") or unit in {"working_minute", "working_hour"} or calendar.spans(today):
        return end
    calendar.holes = []
    local, working = end.astimezone(calendar.zone), calendar.later(today, -1 if law.get("is_before") else 1)
    return calendar.at(working + (local.date() - today), local.time())


def onward(start: datetime, today: date, amount: int, unit: str, calendar: Calendar) -> datetime:
    """Return the end of a span that runs from an instant, or from the end of a legal day in units of days."""
    if unit in LASTING:
        return calendar.walk(start, amount * LASTING[unit], worked=unit.startswith("working"))
    if unit == "working_day":
        return calendar.closing(calendar.later(today, amount))
    return shifted(start, calendar.over(legal_later(today, amount, unit)), calendar)


def shifted(start: datetime, end: datetime, calendar: Calendar) -> datetime:
    """Return the end of a legal day, later by what did not run since the start, and then of the whole day."""
    if not calendar.holes or end <= start:
        return end
    return calendar.over(calendar.legal(calendar.walk(start, end - start, worked=False) - RESOLUTION))


def after(law: dict[str, Any], start: datetime, amount: int, unit: str, calendar: Calendar) -> datetime:
    """Return the end of what runs forward from an instant."""
    today = calendar.legal(start)
    if law.get("is_from_year_end"):
        today = date(today.year, 12, 31)
        start = calendar.over(today)
    elif unit == "working_day":
        while not calendar.spans(today):  # what comes on a day off has come on the next working day
            today += DAY
    if unit:
        return onward(start, today, amount, unit, calendar)
    if law.get("by"):
        return shifted(start, calendar.over(_next_such_day(today, law["by"])), calendar)
    if law.get("same_or_next_day"):
        return calendar.closing(calendar.later(today, 1))
    if law.get("next_morning"):
        return calendar.at(calendar.later(today, 1), time(12))
    if not law.get("same_day"):
        raise UnreadableError("unknown", "$.book.norm.deadline")
    while not calendar.is_free(today) or calendar.closing(today) <= start:
        today += DAY
    return calendar.closing(today)


def _next_such_day(today: date, by: str) -> date:
    """Return the next day of a year, as 12-15, that is not over; a day that the month lacks is its last day."""
    if not re.fullmatch(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", by):
        raise UnreadableError("malformed", "$.book.norm.deadline.by")
    found = month_later(date(today.year, 1, int(by[3:])), int(by[:2]) - 1)
    return found if found >= today else month_later(date(today.year + 1, 1, int(by[3:])), int(by[:2]) - 1)


def before(law: dict[str, Any], event: datetime, amount: int, unit: str, calendar: Calendar) -> datetime:
    """Return by when something is due that must be done so long before an event."""
    del law
    calendar.holes, today = [], calendar.legal(event)
    if unit in {"minute", "hour"}:
        return event - amount * LASTING[unit]
    if unit in LASTING:
        return calendar.walk_back(event, amount * LASTING[unit])
    if unit == "working_day":
        return calendar.closing(calendar.later(today, -amount))
    return calendar.over(legal_later(today, -amount, unit)) if unit else event


# ---- judging: each point of the finding is found again --------------------------------------------------


def replay(told: dict[str, Any]) -> Iterator[Said]:
    """Yield every point in which the finding is not found again, as code and values."""
    finding, book, norm = told["finding"], told["book"], told["book"]["norm"]
    calendar = Calendar(told["calendar"])
    today = calendar.legal(finding["opened_at"])
    yield from _entries(told)
    if (finding["book"], finding["version"], finding["norm"]) != (book["id"], book["version"], norm["id"]):
        yield "other_rule", {"claimed": f"{finding['book']} {finding['version']} {finding['norm']}"}
    fit = [one["version"] for one in book["versions"] if _lies(today, one)]
    if fit != [finding["version"]]:
        yield "version", {"day": today, "claimed": finding["version"], "found": fit}
    if not any(_adopts(one, told, today) for one in told["entries"]):
        yield "not_adopted", {"book": book["id"], "day": today}
    cause = finding["trigger"] or finding["opened_at"].isoformat()
    if finding["handle"] != _derived(told["agency"], book["id"], norm["id"], finding["bearer"], cause):
        yield "handle", {"claimed": finding["handle"]}
    held = [one for one in told["register"]["posts"] if one["membership"] == finding["membership"]]
    fit = [one for one in held if one["person"] == finding["person"] and one["since"] <= finding["opened_at"]]
    if finding["membership"] and not fit:
        yield "post", {"claimed": finding["membership"]}
    yield from (_cap if "cap" in norm else _period if finding["period_to"] else _event)(told, calendar)


def _lies(today: date, span: dict[str, Any]) -> bool:
    return (span["from"] is None or span["from"] <= today) and (span["to"] is None or today < span["to"])


def _adopts(entry: dict[str, Any], told: dict[str, Any], today: date) -> bool:
    said = entry["attributes"]
    sources = [one["book"] for one in told["book"]["adopted_by"] if _lies(today, one)]
    is_known = entry["kind"] == "rules.book.adopted" and entry["at"] <= told["finding"]["opened_at"]
    return is_known and said.get("book") in sources and str(said.get("valid_from", "")) <= today.isoformat()


def _derived(*parts: str) -> str:
    """Return the handle that these parts give: five bits of each octet of their digest, as a letter."""
    octets = sha256("\x1f".join(parts).encode()).digest()[:26]
    return "".join("abcdefghijklmnopqrstuvwxyz234567"[one % 32] for one in octets)


def _entries(told: dict[str, Any]) -> Iterator[Said]:
    finding = told["finding"]
    named = [(field, finding[field]) for field in NAMED] + [
        ("course", step[-1]) for step in finding["course"] if step
    ]
    for field, entry in named:
        if entry and entry not in told["by_id"]:
            yield "absent", {"entry": entry, "field": field}
    for one in told["entries"]:
        if "receipt" in one and not _is_told_by(one, one["receipt"]):
            yield "receipt", {"entry": one["id"]}


def _is_told_by(entry: dict[str, Any], receipt: str) -> bool:
    """Say whether a receipt's leaf and disclosures are what the bundle says of an entry."""
    try:
        plain = json.loads(receipt)
        leaf = json.loads(base64.b64decode(plain["entry"]))
        said = {}
        for shown in plain["disclosures"]:
            _, name, said[name] = json.loads(base64.urlsafe_b64decode(shown + "=" * (-len(shown) % 4)))
            digest = base64.urlsafe_b64encode(sha256(shown.encode()).digest()).decode().rstrip("=")
            if digest not in leaf["digests"]:
                return False
        found = (leaf["id"], leaf["kind"], instant(leaf["at"]), leaf["attributes"], said)
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
    return found == tuple(entry[name] for name in ("id", "kind", "at", "attributes", "disclosures"))


def holds(condition: dict[str, Any] | None, entry: dict[str, Any]) -> bool:
    """Say whether an entry meets every test of a condition; a number is never a truth value."""
    if condition is None or condition["kind"] != entry["kind"]:
        return False
    return all(
        _meets(test, entry["attributes"].get(test["attribute"])) for test in condition.get("tests", [])
    )


def _meets(test: dict[str, Any], found: Any) -> bool:
    values = test.get("values", [])
    if test["operator"] in {"is", "in", "not"}:
        is_listed = any(type(found) is type(one) and found == one for one in values)
        return is_listed is (test["operator"] != "not")
    if test["operator"] not in {"at_least", "at_most"} or [type(one) for one in values] != [int]:
        raise UnreadableError("unknown", f"$.book.norm: {test['operator']}")
    is_at_least = test["operator"] == "at_least"
    return type(found) is int and (found >= values[0] if is_at_least else found <= values[0])


def concerns(condition: dict[str, Any] | None, entry: dict[str, Any], cause: dict[str, Any]) -> bool:
    """Say whether an entry meets a condition in the matter of the cause: the same disclosures are equal in both."""
    names = (condition or {}).get("same", [])
    if not holds(condition, entry) or not names:
        return False
    if entry["destroyed"] or cause["destroyed"]:
        return True  # said among the limits
    known, caused = entry["disclosures"], cause["disclosures"]
    return all(name in known and known[name] == caused.get(name) for name in names)


def _earliest(found: list[dict[str, Any]]) -> Dated:
    return min(((one["at"], one["id"]) for one in found), default=NEVER)


def _event(told: dict[str, Any], calendar: Calendar) -> Iterator[Said]:
    """Replay a duty that an entry set off."""
    finding, norm, entries = told["finding"], told["book"]["norm"], told["entries"]
    cause = told["by_id"].get(finding["trigger"])
    if cause is None:
        yield "not_cause", {"entry": finding["trigger"]}
        return
    if not holds(norm.get("report" if finding["is_reported"] else "when"), cause):
        yield "not_cause", {"entry": cause["id"]}
    if finding["opened_at"] != cause["at"]:
        yield "opened", {"claimed": finding["opened_at"], "found": cause["at"]}
    owed = _owed(norm.get("bearer", []), cause, told["agency"])
    if owed is not None and owed != finding["bearer"]:
        yield "bearer", {"claimed": finding["bearer"], "found": owed}
    turns = {
        "suspended": norm.get("suspend", {}).get("begin"),
        "resumed": norm.get("suspend", {}).get("end"),
        "extended": norm.get("extend", {}).get("notice"),
        "compensated": norm.get("compensate"),
    }
    course = sorted(
        (one["at"], turn, one["id"])
        for turn, of in turns.items()
        for one in entries
        if concerns(of, one, cause)
    )
    due_at = cause["at"]
    if finding["is_reported"] and finding["due_at"] != due_at:
        yield "due", {"claimed": finding["due_at"], "found": due_at}
    if not finding["is_reported"]:
        start = _start(norm.get("deadline", {}), cause, calendar)
        due_at = yield from _reckoned(told, start, course, calendar)
    met = _earliest([one for one in entries if concerns(norm.get("fulfil"), one, cause)])
    ends = [one for one in entries if concerns(norm.get("cancel"), one, cause) and one["at"] >= cause["at"]]
    yield from _became(told, due_at, met, _earliest(ends), course)


def _owed(kinds: list[str], cause: dict[str, Any], agency: str) -> str | None:
    """Return who owes, as far as the cause itself says it; who stood in for whom is the register's matter."""
    said: dict[str, str] = cause["disclosures"]
    by_person, by_unit = said.get("person"), said.get("unit")
    ways = {
        "recipient": said.get("recipient") or said.get("address"),
        **dict.fromkeys(("agency", "mail_administrator"), agency),
        **dict.fromkeys(("head_of_unit", "deputy_in_charge", "unit"), by_unit),
        **dict.fromkeys(("reported", "sender"), by_person or by_unit),
        "registry_clerk": by_unit or agency,
    }
    for kind in kinds:
        if kind not in {"actor", "assignee"}:
            return ways.get(kind)
        if kind in said:
            return said[kind]
    return None


def _start(law: dict[str, Any], cause: dict[str, Any], calendar: Calendar) -> datetime | None:
    """Return from when time is counted: the cause, or the day or instant that it discloses, None when that is none."""
    said = cause["disclosures"].get(law.get("start", ""))
    if not said:
        caused: datetime = cause["at"]
        return None if law.get("is_before") else caused
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    local: datetime = found if found.tzinfo else found.replace(tzinfo=calendar.zone)
    return local.astimezone(UTC)


def _reckoned(
    told: dict[str, Any], start: datetime | None, course: list[Step], calendar: Calendar
) -> Generator[Said, None, datetime | None]:
    """Compare decision, due time and segments; return the due time that was found."""
    finding, law = told["finding"], told["book"]["norm"].get("deadline")
    decided = _decided(told, law or {}, calendar.legal(finding["opened_at"]))
    parameter = decided[2] if decided else ""
    if finding["parameter"] != parameter:
        yield "parameter", {"claimed": finding["parameter"], "found": parameter}
    _know_days(told, calendar, is_before=bool((law or {}).get("is_before")))
    found: datetime | None = None if law else finding["period_to"]
    holes = list[Span]()
    if law and decided and start:
        found, holes = _walked(told, law, start, decided, course, calendar)
        found = min(found, finding["period_to"]) if found and finding["period_to"] else found
    if finding["due_at"] != found:
        yield "due", {"claimed": finding["due_at"], "found": found}
    if law and found and decided and start:
        calendar.holes = holes
        segments = _counted(law, decided[1], min(start, found), max(start, found), calendar)
        yield from _differing(finding["segments"], segments)
    return found


def _walked(
    told: dict[str, Any],
    law: dict[str, Any],
    start: datetime,
    decided: tuple[int, str, str],
    course: list[Step],
    calendar: Calendar,
) -> tuple[datetime | None, list[Span]]:
    """Go through the course: a step counts when the time was not over at its instant. No due time while suspended."""
    holes, more, since = list[Span](), list[Spell](), None
    extend = told["book"]["norm"].get("extend", {})

    def over() -> datetime | None:
        calendar.holes = list(holes)
        try:
            return due(law, start, *decided[:2], more, calendar)
        except UnreadableError as error:
            if error.code == "calendar_short" and told["finding"]["due_at"] is None:
                return None  # the engine's calendar did not reach there either
            raise

    for at, turn, _ in course:
        if turn == "resumed" and since:
            holes, since = [*holes, (since, at)], None
        elif turn == "suspended" and since is None and not law.get("is_before"):
            until = over()
            since = at if until is None or at < until else None
        elif turn == "extended" and len(more) < extend.get("times", 0) and at >= told["finding"]["opened_at"]:
            until = None if since else over()
            if until is None or at <= until:
                more = [*more, (extend.get("amount", 0), extend["unit"])]
    return (None if since else over()), holes


def _decided(told: dict[str, Any], law: dict[str, Any], today: date) -> tuple[int, str, str] | None:
    """Return amount, unit and entry of what the text or the agency decided, None when that is not decided."""
    name = law.get("parameter")
    if name is None:
        if law.get("unit") and law.get("amount", 0) < 1:
            raise UnreadableError("malformed", "$.book.norm.deadline.amount")
        return law.get("amount", 0), law.get("unit", ""), ""
    found = []
    for one in told["entries"]:
        said = one["attributes"]
        begins = str(said.get("valid_from") or "")
        of = (one["kind"], said.get("book"), said.get("parameter"))
        is_known = one["at"] <= told["finding"]["opened_at"] and begins <= today.isoformat()
        if of == ("rules.parameter.decided", told["book"]["id"], name) and is_known:
            found.append((begins, one["at"], one["id"], said.get("value"), said.get("unit")))
    bounds = told["book"]["parameters"].get(name)
    if not found or bounds is None:
        return None
    *_, entry, amount, unit = max(found, key=lambda one: one[:3])
    if unit != bounds["unit"] or type(amount) is not int:
        return None
    return (
        (amount, unit, entry)
        if max(1, bounds.get("at_least", 1)) <= amount <= bounds.get("at_most", 0)
        else None
    )


def _know_days(told: dict[str, Any], calendar: Calendar, *, is_before: bool) -> None:
    """Take the agency's own days: as known when the duty opened, and (counting on) what was closed since."""
    words = [one for one in told["entries"] if one["kind"] == "rules.day.closed"]
    for one in sorted(words, key=lambda one: (one["at"], one["id"])):
        is_closed = one["attributes"].get("closed") is not False
        if one["at"] <= told["finding"]["opened_at"] or (is_closed and not is_before):
            calendar.changed[take(one["attributes"].get("day"), day, "$.entries.attributes.day")] = is_closed


def _counted(
    law: dict[str, Any], unit: str, start: datetime, end: datetime, calendar: Calendar
) -> list[list[datetime]]:
    """Return what was counted between two instants: worked periods, or the whole, without the holes."""
    spans = [(start, end)]
    if unit.startswith("working") or any(
        law.get(name) for name in ("same_day", "same_or_next_day", "next_morning")
    ):
        days = (calendar.legal(end) - calendar.legal(start)).days + 1
        spans = [
            span for number in range(days) for span in calendar.spans(calendar.legal(start) + number * DAY)
        ]
    found = []
    for begin, until in spans:
        edges = {max(begin, start), min(until, end), *(edge for hole in calendar.holes for edge in hole)}
        inside = sorted(edge for edge in edges if max(begin, start) <= edge <= min(until, end))
        pieces = [
            piece for piece in pairwise(inside) if not any(a <= piece[0] < b for a, b in calendar.holes)
        ]
        found += [list(piece) for piece in pieces]
    return found


def _differing(claimed: list[list[datetime]], found: list[list[datetime]]) -> Iterator[Said]:
    """Name the first period that is another."""
    for index in range(max(len(claimed), len(found))):
        pair = [spans[index] if index < len(spans) else None for spans in (claimed, found)]
        if pair[0] != pair[1]:
            yield "segment", {"number": index + 1, "claimed": pair[0], "found": pair[1]}
            return


def _period(told: dict[str, Any], calendar: Calendar) -> Iterator[Said]:
    """Replay what is owed in a daily window or a whole period."""
    finding, norm, entries = told["finding"], told["book"]["norm"], told["entries"]
    opened = finding["opened_at"]
    if "rhythm" not in norm or "fulfil" not in norm:
        raise UnreadableError("missing", "$.book.norm.rhythm")
    today, ended = calendar.legal(opened), told["by_id"].get(finding["annulled_by"])
    closing = [one for one in entries if _closes(one) == today]
    known = [
        one
        for one in entries
        if one["at"] < opened and one is not ended and one["kind"] == "rules.day.closed"
    ]
    for one in sorted(known, key=lambda one: (one["at"], one["id"])):
        changed = take(one["attributes"].get("day"), day, "$.entries.attributes.day")
        calendar.changed[changed] = _closes(one) is not None
    spans = list(_spans(told, today, calendar))
    if [opened, finding["period_to"]] not in spans:
        yield "period", {"claimed": [opened, finding["period_to"]], "found": spans}
    due_at = yield from _reckoned(told, opened, [], calendar)
    fit = [
        one
        for one in entries
        if holds(norm.get("fulfil"), one) and opened <= one["at"] < finding["period_to"]
    ]
    met = sorted((one["at"], one["id"]) for one in fit if _by_bearer(one, told))
    times = norm["rhythm"].get("times", 1)
    course = [(at, "met", entry) for at, entry in met[:times]] if times > 1 else []
    is_short = norm["rhythm"]["period"] == "working_day" and finding["period_to"] <= calendar.over(today)
    gone = [one for one in closing if is_short and (one["at"] >= opened or one is ended)]
    if ended and ended["kind"] == "directory.appointment.ended":
        gone.append(ended)
    chosen = ended if any(one is ended for one in gone) else next(iter(gone), None)
    end = (opened, chosen["id"]) if chosen else NEVER
    yield from _became(told, due_at, met[times - 1] if len(met) >= times else NEVER, end, course)


def _closes(entry: dict[str, Any]) -> date | None:
    """Return the day that an entry closes."""
    said = entry["attributes"]
    if entry["kind"] != "rules.day.closed" or said.get("closed") is False:
        return None
    found: date = take(said.get("day"), day, "$.entries.attributes.day")
    return found


def _spans(told: dict[str, Any], today: date, calendar: Calendar) -> Iterator[list[datetime]]:
    """Yield the windows or the period that begin on a day; none when nobody works in them."""
    norm = told["book"]["norm"]
    for window in norm.get("windows", []):
        begin, end = calendar.at(today, window["opens"]), calendar.at(today, window["closes"])
        if any(a < end and begin < b for a, b in calendar.spans(today)):
            yield [begin, end]
    if norm.get("windows") or "rhythm" not in norm:
        return
    since = [
        one["from"].year for one in told["book"]["versions"] if one["version"] == told["book"]["version"]
    ]
    following = _following(norm["rhythm"], today, since[0] if since else today.year)
    if following is None:
        return
    days = (today + number * DAY for number in range((following - today).days))
    if "cap" in norm or norm["rhythm"]["period"] != "working_day" or any(calendar.spans(one) for one in days):
        yield [calendar.at(today, time.min), calendar.at(following, time.min)]


def _following(rhythm: dict[str, Any], first: date, since: int) -> date | None:
    """Return the first day of the next period, None when none begins on this day."""
    length, unit = rhythm.get("length", 1), rhythm["period"]
    if not 1 <= length <= LONGEST_PERIOD:
        raise UnreadableError("malformed", "$.book.norm.rhythm")
    if unit in MONTHS:
        months = (first.year - (since if unit == "year" else 0)) * 12 + first.month - 1
        begins = first.day == 1 and months % (MONTHS[unit] * length) == 0
        return month_later(first, MONTHS[unit] * length) if begins else None
    days = length * (7 if unit == "week" else 1)
    return None if (first - date(1, 1, 1)).days % days else first + days * DAY


def _by_bearer(entry: dict[str, Any], told: dict[str, Any]) -> bool:
    """Say whether evidence of a window or period belongs to the bearer."""
    norm, finding, said = told["book"]["norm"], told["finding"], entry["disclosures"]
    names, owes, boxed = (
        norm["fulfil"].get("same", []),
        finding["bearer"],
        (said.get("address"), said.get("mailbox")),
    )
    if entry["destroyed"]:
        return True  # said among the limits
    if norm.get("windows") and entry["attributes"].get("box") == "personal":
        return bool(said.get("actor") == owes)
    if norm.get("windows"):
        return owes in boxed or (not boxed[0] and said.get("unit") == finding["unit"])
    if names:
        return bool(said.get(names[0]) == owes)
    ways = {
        "official": said.get("actor") or said.get("person"),
        "agency_mailbox": owes if owes in boxed or said.get("unit") == finding["unit"] else None,
        **dict.fromkeys(("head_of_unit", "deputy_in_charge", "unit"), said.get("unit")),
        **dict.fromkeys(("agency", "mail_administrator", "registry_clerk"), told["agency"]),
    }
    return any(ways.get(kind) == owes for kind in norm.get("bearer", []))


def _cap(told: dict[str, Any], calendar: Calendar) -> Iterator[Said]:
    """Replay what may be so many per cent at most."""
    finding, norm = told["finding"], told["book"]["norm"]
    spans = list(_spans(told, calendar.legal(finding["opened_at"]), calendar))
    end = spans[0][1] if spans else None
    if not spans or spans[0] != [finding["opened_at"], finding["period_to"]] or finding["due_at"] != end:
        yield "period", {"claimed": [finding["opened_at"], finding["due_at"]], "found": spans}
        return
    inside = [one for one in told["entries"] if spans[0][0] <= one["at"] < spans[0][1]]
    counts = [sum(holds(norm["cap"][of], one) for one in inside) for of in ("part", "whole")]
    if any(counts) and counts != [finding["part"], finding["whole"]]:
        yield "count", {"claimed": [finding["part"], finding["whole"]], "found": counts}
    counts = counts if any(counts) else [finding["part"], finding["whole"]]
    is_kept = end <= told["as_of"] and 100 * counts[0] <= norm["cap"].get("percent", 0) * counts[1]
    yield from _became(told, end, (end, "") if is_kept else NEVER, NEVER, [])


def _became(
    told: dict[str, Any], due_at: datetime | None, met: Dated, gone: Dated, course: list[Step]
) -> Iterator[Said]:
    """Compare what became of a duty, and its status as of the bundle's instant."""
    finding = told["finding"]
    steps = [[f"{at:%Y-%m-%dT%H:%M:%S.%f}Z", turn, entry] for at, turn, entry in course]
    if finding["course"] != steps:
        yield "course", {"claimed": finding["course"], "found": steps}
    made = [(at, entry) for at, turn, entry in course if turn == "compensated" and due_at and at > due_at]
    found = {"fulfilled": met, "annulled": gone, "compensated": made[0] if made else NEVER}
    found |= {code: _latest(told, f"conduct.finding.{code}") for code in ("excused", "confirmed")}
    for code, pair in found.items():
        claimed = finding[f"{code}_at"], finding[f"{code}_by"]
        if claimed != pair:
            yield code, {"claimed": claimed, "found": pair}
    status = status_of(finding, due_at, {code: at for code, (at, _) in found.items()}, told["as_of"])
    if status != finding["status"]:
        yield "status", {"claimed": finding["status"], "found": status}


def _latest(told: dict[str, Any], kind: str) -> Dated:
    of = [one for one in told["entries"] if one["kind"] == kind]
    made = [one for one in of if one["disclosures"].get("obligation") == told["finding"]["handle"]]
    return max(((one["at"], one["id"]) for one in made), default=NEVER)


def status_of(
    finding: dict[str, Any], due_at: datetime | None, found: dict[str, datetime | None], seen: datetime
) -> str:
    """Return the status as of an instant, out of what became of the duty."""
    met, gone, excused, confirmed = (
        found[name] for name in ("fulfilled", "annulled", "excused", "confirmed")
    )
    if gone and (due_at is None or gone <= due_at) and (met is None or gone < met):
        return "annulled"
    if met and (due_at is None or met <= due_at):
        return "fulfilled"
    if excused and (confirmed is None or excused > confirmed):
        return "excused"
    if met:
        return "late"
    is_over = due_at is not None and (due_at < seen or (due_at == seen and finding["is_window"]))
    if confirmed if finding["is_reported"] else is_over:
        return "compensated" if found["compensated"] else "breached"
    return "reported" if finding["is_reported"] else "pending"


# ---- signatures, when congvu_verify.py is here ----------------------------------------------------------


def unproven(told: dict[str, Any], key: str | None) -> Iterator[Said]:
    """Yield the entries whose receipt does not prove them; nothing without congvu_verify."""
    for one in told["entries"] if congvu_verify else ():
        verdict = congvu_verify.verify(one["receipt"].encode(), key=key) if "receipt" in one else None
        if verdict and not verdict.ok:
            yield "signature", {"entry": one["id"], "reason": ", ".join(verdict.reasons)}


# ---- saying it ------------------------------------------------------------------------------------------


def answer(data: bytes, *, key: str | None = None, language: str = "en") -> tuple[int, list[str]]:
    """Return the exit status and the sentences on a bundle's bytes; never raise for what they hold."""
    say = Speaker(language)
    try:
        told = read(data)
        points = [*unproven(told, key), *replay(told)]
    except UnreadableError as error:
        return 2, [say("unreadable"), say(f"because.{error.code}", place=error.place)]
    except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError):
        return 2, [say("unreadable"), say("because.malformed", place="$")]
    finding = told["finding"]
    say.zone = told["calendar"]["zone"]
    of = {"handle": finding["handle"], "rule": f"{finding['book']} v{finding['version']}, {finding['norm']}"}
    said = [say("of", **of, status=say.word(finding["status"]), seen=told["as_of"], due=finding["due_at"])]
    said += [say("differs" if points else "agrees")]
    said += [f"- {say(f'point.{code}', **values)}" for code, values in points]
    return 1 if points else 0, [*said, *(say(code, **values) for code, values in _limits(told))]


def _limits(told: dict[str, Any]) -> Iterator[Said]:
    """Yield what this program cannot judge."""
    signed = sum("receipt" in one for one in told["entries"])
    code = "limit.signed" if congvu_verify else "limit.unsigned"
    yield code, {"count": signed, "all": len(told["entries"])}
    yield "limit.book", {"digest": told["norm_digest"]}
    yield "limit.omitted", {}
    yield "limit.posts", {}
    if told["finding"]["is_reported"] or told["finding"]["excused_by"] or told["finding"]["confirmed_by"]:
        yield "limit.people", {}
    if any(one["destroyed"] for one in told["entries"]):
        yield "limit.destroyed", {}


class Speaker:
    """Says sentences of the table in one language, instants in the agency's zone."""

    def __init__(self, language: str) -> None:
        self.column = LANGUAGES.index(language if language in LANGUAGES else "en")
        self.zone: tzinfo = UTC

    def __call__(self, code: str, **values: object) -> str:
        """Return the sentence of a code with its values."""
        said = {name: self.word(value) for name, value in values.items()}
        return SENTENCES[code][self.column].format(**said)

    def word(self, value: object) -> str:
        """Return a value as people read it."""
        if isinstance(value, datetime):
            return value.astimezone(self.zone).isoformat(" ").removesuffix(".000000").removesuffix(":00")
        if isinstance(value, tuple | list):
            return ", ".join(self.word(one) for one in value if one not in (None, "")) or "—"
        known = SENTENCES.get(f"={value}")
        plain = known[self.column] if known else str(value) if value not in (None, "") else "—"
        return "".join(letter if letter.isprintable() else f"<U+{ord(letter):04X}>" for letter in plain)[:300]


def main(argv: Sequence[str] | None = None) -> int:
    """Replay the bundles that the command line names, print the answers and return the worst exit status."""
    options = _parser().parse_args(argv)
    language = options.lang or _language(os.environ)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    worst = 0
    try:
        for name in options.bundle:
            code, said = _one(name, options.key, language)
            worst = max(worst, code)
            print("\n".join([name, *(f"  {line}" for line in said)]), flush=True)
    except BrokenPipeError:  # the reader has seen enough; the exit status still stands
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return worst


def _one(name: str, key: str | None, language: str) -> tuple[int, list[str]]:
    try:
        with Path(name).open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
        if key is not None and "+" not in key:
            key = Path(key).read_text().strip()
    except (OSError, ValueError):
        say = Speaker(language)
        return 2, [say("unreadable"), say("because.no_file")]
    return answer(data, key=key, language=language)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="congvu-recheck", description="Replay findings of Congvu, without Congvu."
    )
    parser.add_argument("bundle", nargs="+", help="the file of a finding, *.finding.json")
    parser.add_argument("--key", help="the agency's verifier key, or a file that holds it")
    parser.add_argument("--lang", choices=LANGUAGES, help="language of the answer (else by LANG)")
    return parser


def _language(environment: Mapping[str, str]) -> str:
    named = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or "en"
    return named[:2]


# Code | Vietnamese | Kazakh | Russian | English.
TABLE: Final = """
of | Phát hiện {handle}: {rule}; hạn {due}; trạng thái “{status}” tính đến {seen}. | {handle} анықтамасы: {rule}; мерзімі {due}; {seen} жағдайы бойынша күйі — «{status}».
  Вывод {handle}: {rule}; срок {due}; состояние на {seen}: «{status}». | Finding {handle}: {rule}; due {due}; status “{status}” as of {seen}.
agrees | Kết quả tính lại TRÙNG KHỚP ở mọi điểm. | Қайта есептеу барлық тармақ бойынша СӘЙКЕС келді. | Пересчёт СОВПАЛ по всем пунктам. | Recomputed: every point AGREES.
differs | Kết quả tính lại KHÔNG trùng khớp ở các điểm sau: | Қайта есептеу мына тармақтарда СӘЙКЕС КЕЛМЕДІ: | Пересчёт НЕ СОВПАЛ в следующем: | Recomputed: it does NOT agree in these points:
unreadable | Không đọc được tệp này nên không kiểm tra được gì. | Бұл файлды оқу мүмкін емес, сондықтан ештеңе тексерілмеді. | Файл не читается, поэтому ничего не проверено. | The file cannot be read, so nothing was checked.
point.other_rule | Phát hiện nêu quy định {claimed}, khác với quy định có trong tệp. | Анықтама {claimed} ережесін атайды, ал файлда басқа ереже тұр. | Вывод называет правило {claimed}, а в файле стоит другое. | The finding names the rule {claimed}; the file holds another one.
point.version | Ngày {day}, phiên bản văn bản có hiệu lực là: {found}; phát hiện dùng phiên bản {claimed}. | {day} күні қолданыста болған актінің нұсқасы: {found}; анықтама {claimed}-нұсқаны қолданған.
  На {day} действовала версия документа: {found}; вывод опирается на версию {claimed}. | On {day} the version of the book in force was: {found}; the finding uses version {claimed}.
point.not_adopted | Không có bản ghi nào cho thấy cơ quan áp dụng “{book}” vào ngày {day}. | {day} күні органның «{book}» актісін қолданғанын көрсететін жазба жоқ.
  Нет записи о том, что на {day} орган применял «{book}». | No entry shows that the agency had adopted “{book}” on {day}.
point.handle | Mã của phát hiện ({claimed}) không phải là mã tính từ quy định, người có nghĩa vụ và bản ghi. | Анықтама коды ({claimed}) ереже, міндетті тұлға және жазба беретін код емес.
  Код вывода ({claimed}) не тот, который дают правило, обязанное лицо и запись. | The finding's code ({claimed}) is not the one that rule, bearer and entry give.
point.absent | Bản ghi {entry} được nêu ở “{field}” nhưng không có trong tệp. | «{field}» өрісінде аталған {entry} жазбасы файлда жоқ. | Записи {entry}, названной в «{field}», в файле нет. | Entry {entry}, named as “{field}”, is not in the file.
point.receipt | Bản ghi {entry}: nội dung trong tệp khác với biên nhận của chính bản ghi. | {entry} жазбасы: файлдағы мазмұн оның түбіртегінен өзгеше.
  Запись {entry}: сказанное в файле расходится с её квитанцией. | Entry {entry}: what the file says of it is not what its receipt says.
point.signature | Bản ghi {entry}: biên nhận không được chứng minh ({reason}). | {entry} жазбасы: түбіртек дәлелденбеді ({reason}). | Запись {entry}: квитанция не доказана ({reason}). | Entry {entry}: its receipt is not proven ({reason}).
point.not_cause | Bản ghi {entry} không phải là sự kiện làm phát sinh nghĩa vụ theo quy định này. | {entry} жазбасы бұл ереже бойынша міндет туғызатын оқиға емес.
  Запись {entry} не является событием, из которого по этому правилу возникает обязанность. | Entry {entry} is not an event from which this rule makes a duty.
point.opened | Bắt đầu: phát hiện nêu {claimed}; tính lại được {found}. | Басталуы: анықтамада {claimed}; қайта есептегенде {found}. | Начало: в выводе {claimed}; при пересчёте {found}. | Opened: the finding says {claimed}; recomputed {found}.
point.bearer | Người có nghĩa vụ: phát hiện nêu {claimed}; tính lại được {found}. | Міндетті тұлға: анықтамада {claimed}; қайта есептегенде {found}. | Обязанное лицо: в выводе {claimed}; при пересчёте {found}. | Bearer: the finding says {claimed}; recomputed {found}.
point.post | Theo danh sách trong tệp, người này khi đó không giữ vị trí {claimed}. | Файлдағы тізілім бойынша бұл адам ол кезде {claimed} лауазымын атқармаған.
  По реестру в файле это лицо тогда не занимало должность {claimed}. | By the register in the file this person did not hold the post {claimed} then.
point.parameter | Quyết định về thời hạn: phát hiện nêu {claimed}; tính lại được {found}. | Мерзім туралы шешім: анықтамада {claimed}; қайта есептегенде {found}. | Решение о сроке: в выводе {claimed}; при пересчёте {found}. | Decision on the time: the finding says {claimed}; recomputed {found}.
point.due | Hạn: phát hiện nêu {claimed}; tính lại được {found}. | Мерзімі: анықтамада {claimed}; қайта есептегенде {found}. | Срок: в выводе {claimed}; при пересчёте {found}. | Due time: the finding says {claimed}; recomputed {found}.
point.segment | Khoảng thời gian thứ {number} theo lịch: phát hiện nêu {claimed}; tính lại được {found}. | Күнтізбенің {number}-аралығы: анықтамада {claimed}; қайта есептегенде {found}.
  Отрезок календаря № {number}: в выводе {claimed}; при пересчёте {found}. | Calendar segment no. {number}: the finding says {claimed}; recomputed {found}.
point.fulfilled | Việc thực hiện: phát hiện nêu {claimed}; tính lại được {found}. | Орындалуы: анықтамада {claimed}; қайта есептегенде {found}. | Исполнение: в выводе {claimed}; при пересчёте {found}. | Fulfilled: the finding says {claimed}; recomputed {found}.
point.annulled | Việc hết nghĩa vụ: phát hiện nêu {claimed}; tính lại được {found}. | Міндеттің жойылуы: анықтамада {claimed}; қайта есептегенде {found}. | Отмена: в выводе {claimed}; при пересчёте {found}. | Annulled: the finding says {claimed}; recomputed {found}.
point.excused | Việc miễn lỗi: phát hiện nêu {claimed}; tính lại được {found}. | Кешірілуі: анықтамада {claimed}; қайта есептегенде {found}. | Признание причины уважительной: в выводе {claimed}; при пересчёте {found}. | Excused: the finding says {claimed}; recomputed {found}.
point.confirmed | Việc xác nhận: phát hiện nêu {claimed}; tính lại được {found}. | Расталуы: анықтамада {claimed}; қайта есептегенде {found}. | Подтверждение: в выводе {claimed}; при пересчёте {found}. | Confirmed: the finding says {claimed}; recomputed {found}.
point.compensated | Việc khắc phục: phát hiện nêu {claimed}; tính lại được {found}. | Өтелуі: анықтамада {claimed}; қайта есептегенде {found}. | Возмещение: в выводе {claimed}; при пересчёте {found}. | Made good: the finding says {claimed}; recomputed {found}.
point.course | Diễn biến (tạm dừng, gia hạn, từng lần thực hiện): phát hiện nêu {claimed}; tính lại được {found}. | Барысы (тоқтату, ұзарту, әр орындау): анықтамада {claimed}; қайта есептегенде {found}.
  Ход (приостановка, продление, каждое исполнение): в выводе {claimed}; при пересчёте {found}. | Course (suspended, extended, each fulfilment): the finding says {claimed}; recomputed {found}.
point.period | Kỳ: phát hiện nêu {claimed}; tính lại được {found}. | Кезең: анықтамада {claimed}; қайта есептегенде {found}. | Период: в выводе {claimed}; при пересчёте {found}. | Period: the finding says {claimed}; recomputed {found}.
point.count | Số đếm (phần, toàn bộ): phát hiện nêu {claimed}; tính lại được {found}. | Саны (бөлігі, барлығы): анықтамада {claimed}; қайта есептегенде {found}. | Подсчёт (часть, целое): в выводе {claimed}; при пересчёте {found}. | Counted (part, whole): the finding says {claimed}; recomputed {found}.
point.status | Trạng thái: phát hiện nêu “{claimed}”; tính lại được “{found}”. | Күйі: анықтамада «{claimed}»; қайта есептегенде «{found}». | Состояние: в выводе «{claimed}»; при пересчёте «{found}». | Status: the finding says “{claimed}”; recomputed “{found}”.
limit.signed | Chữ ký đã kiểm tra: {count}/{all} bản ghi có biên nhận. | Қолтаңбалар тексерілді: {all} жазбаның {count}-інде түбіртек бар. | Подписи проверены: квитанцию имеют записи {count} из {all}. | Signatures were checked: {count} of {all} entries carry a receipt.
limit.unsigned | Chữ ký KHÔNG được kiểm tra: cần đặt congvu_verify.py bên cạnh và cài gói “cryptography” ({count}/{all} bản ghi có biên nhận). | Қолтаңбалар ТЕКСЕРІЛМЕДІ: қасына congvu_verify.py қойып, «cryptography» пакетін орнатыңыз ({all} жазбаның {count}-інде түбіртек бар).
  Подписи НЕ проверены: положите рядом congvu_verify.py и установите пакет «cryptography» (квитанцию имеют {count} из {all}). | Signatures were NOT checked: put congvu_verify.py beside and install “cryptography” ({count} of {all} entries carry a receipt).
limit.book | Hãy đối chiếu quy định với văn bản đã công bố: SHA-256 của quy định là {digest}. | Ережені жарияланған актімен салыстырыңыз: ереженің SHA-256 мәні {digest}.
  Сравните правило с опубликованным документом: SHA-256 правила {digest}. | Compare the rule with the published book: its SHA-256 is {digest}.
limit.omitted | Chương trình không biết được bản ghi nào đã bị bỏ ra ngoài tệp mà không ai nêu, và không xét quy định khác có được ưu tiên hay không. | Бағдарлама файлға енгізілмеген әрі ешкім атамаған жазбаларды білмейді және басқа ереженің басым болуын қарамайды.
  Программа не знает о записях, которые не внесены в файл и нигде не названы, и не судит, имеет ли преимущество другое правило. | The program cannot know entries that were left out and that nothing names, nor whether another rule prevails.
limit.posts | Ai giữ vị trí nào: lấy theo danh sách của cơ quan trong tệp. | Кімнің қандай лауазым атқарғаны файлдағы орган тізілімінен алынды. | Кто какую должность занимал, взято из реестра органа в файле. | Who held which post is taken from the agency's register in the file.
limit.people | Điều người ta phản ánh, miễn lỗi hoặc xác nhận: không chương trình nào xét được; ở đây chỉ kiểm tra bản ghi và thời điểm. | Адамдардың хабарлағанын, кешіргенін немесе растағанын бағдарлама бағалай алмайды; мұнда тек жазба мен уақыт тексерілді.
  Что люди сообщили, извинили или подтвердили, программа не судит; проверены только записи и время. | What people reported, excused or confirmed no program can judge; only the entries and times were checked.
limit.destroyed | Một số bản ghi đã bị hủy phần thông tin; không kiểm tra lại được chúng nói về việc gì. | Кейбір жазбалардың мәліметтері жойылған; олардың қай іске қатысты екенін тексеру мүмкін емес.
  Сведения некоторых записей уничтожены; к какому делу они относятся, проверить нельзя. | Some entries have lost their disclosures; which matter they concern cannot be checked.
because.no_file | Không mở được tệp. | Файл ашылмайды. | Файл не открывается. | The file cannot be opened.
because.too_large | Tệp lớn hơn 4 MB. | Файл 4 МБ-тан үлкен. | Файл больше 4 МБ. | The file is larger than 4 MB.
because.not_json | Tệp bị cắt cụt, bị hỏng hoặc thuộc loại khác. | Файл қиылған, бүлінген немесе басқа түрге жатады. | Файл обрезан, повреждён или имеет другой тип. | The file is cut off, damaged or of another kind.
because.repeated_field | Một trường xuất hiện hai lần. | Бір өріс екі рет кездеседі. | Одно поле встречается дважды. | A field stands in the file twice.
because.repeated_entry | Một bản ghi xuất hiện hai lần. | Бір жазба екі рет кездеседі. | Одна запись встречается дважды. | An entry stands in the file twice.
because.not_finding | Tệp không phải là phát hiện Congvu phiên bản 1. | Файл Congvu анықтамасының 1-нұсқасы емес. | Файл не является выводом Congvu версии 1. | The file is not a finding of Congvu, version 1.
because.malformed | Sai định dạng tại {place}. | {place} орнында пішім қате. | Неверная запись в {place}. | Malformed at {place}.
because.unknown | Chương trình này không hiểu {place}; hãy dùng bản mới hơn. | Бұл бағдарлама {place} дегенді білмейді; жаңарақ нұсқасын алыңыз. | Программа не знает {place}; возьмите более новую. | This program does not know {place}; take a newer one.
because.missing | Thiếu {place}. | {place} жоқ. | Нет {place}. | {place} is missing.
because.calendar_short | Lịch trong tệp không bao gồm {place}. | Файлдағы күнтізбеде {place} жоқ. | Календарь в файле не содержит {place}. | The calendar in the file does not reach {place}.
because.too_long | Phép tính dài quá mức cho phép. | Есептеу тым ұзақ. | Расчёт слишком длинный. | The reckoning is too long to walk.
=pending | đang chờ | күтуде | ожидается | pending
=fulfilled | đã thực hiện | орындалды | исполнено | fulfilled
=late | trễ hạn | кешіктірілді | с опозданием | late
=breached | vi phạm | бұзылды | нарушено | breached
=reported | có phản ánh | хабарланды | сообщено | reported
=excused | được miễn lỗi | кешірілді | извинено | excused
=annulled | hết nghĩa vụ | жойылды | отменено | annulled
=compensated | đã khắc phục | өтелді | возмещено | made good
"""  # noqa: E501 -- one sentence, one line

SENTENCES: Final = {
    row[0]: tuple(row[1:])
    for row in (re.split(r"\n +| \| ", block) for block in re.split(r"\n(?! )", TABLE.strip("\n")))
}

if __name__ == "__main__":
    sys.exit(main())

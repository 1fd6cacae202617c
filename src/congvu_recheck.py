# size: one file by design, so that a stranger can read and carry it
"""Replay a finding of Congvu without Congvu: `congvu-recheck BUNDLE... [--key VKEY|FILE] [--closing FILE] [--lang en]`.

Needs Python 3.11 and nothing else; beside `congvu_verify.py` it checks the entries' signatures too. Exit status:
0 every point is found again, 1 some point is not, 2 unreadable. It reckons in the plainest way, walking through the
days one by one, and shares no code with the engine. docs/reference/finding-bundle.md describes the file.
"""

import argparse
import base64
import io
import json
import os
import re
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from hashlib import sha256
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

try:
    import congvu_verify
except ImportError:
    congvu_verify = None  # type: ignore[assignment]  # said among the limits

LANGUAGES: Final = ("vi", "kk", "ru", "en")
LARGEST_FILE: Final = 4 * 1024 * 1024
LARGEST_NUMBER: Final = 2**53  # and less: what JSON keeps
LONGEST_WALK: Final = 3_000_000  # steps
RESOLUTION, MINUTE = timedelta.resolution, timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LASTING: Final = {"minute": MINUTE, "hour": HOUR, "working_minute": MINUTE, "working_hour": HOUR}
Told = dict[str, Any]
When = datetime | None
Reader = Callable[[Any], Any]
Said = tuple[str, Told]
Span = tuple[datetime, datetime]
Spell = tuple[int, str]
Step = tuple[datetime, str, str]
Term = tuple[int, str, str]  # amount, unit, and the entry of the decision
Dated = tuple[When, str]
NEVER: Final[Dated] = (None, "")
MONTHS: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
LONGEST_PERIOD: Final = 1200
BECAME: Final = ("fulfilled", "annulled", "excused", "confirmed", "compensated")


class UnreadableError(Exception):
    """The file is no bundle of a finding; the arguments are the reason's code and, if it has one, the place."""


# ---- reading: nothing but the described form --------------------------------------------------------


def reader(fits: Reader, made: Reader = lambda value: value) -> Reader:
    """Return what reads a value that fits and raises ValueError for any other."""

    def read_one(value: Any) -> Any:
        if not fits(value):
            raise ValueError
        return made(value)

    return read_one


def spelled(pattern: str, made: Reader) -> Reader:
    """Return what reads a value of one spelling."""
    return reader(lambda value: isinstance(value, str) and re.fullmatch(pattern, value), made)


DAY_FORM: Final = "(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}"
day = spelled(DAY_FORM, date.fromisoformat)
instant = spelled(DAY_FORM + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z", datetime.fromisoformat)
FORMS: Final[Told] = {
    "text": reader(lambda value: isinstance(value, str)),
    "flag": reader(lambda value: isinstance(value, bool)),
    "number": reader(lambda value: type(value) is int and abs(value) < LARGEST_NUMBER),
    "count": reader(lambda value: type(value) is int and 1 <= value <= LONGEST_WALK),
    "scalar": reader(lambda value: isinstance(value, str | bool) or FORMS["number"](value) == value),
    "zone": reader(lambda value: isinstance(value, str), ZoneInfo),
    "clock": spelled("[0-9]{2}:[0-9]{2}", time.fromisoformat),
    "day": day,
    "day?": lambda value: None if value is None else day(value),
    "instant": instant,
    "instant?": lambda value: None if value is None else instant(value),
}
# The fields of each form: [x] is a list of x, {x} maps names to x, "." is the form of the field's own name. A field
# with "?" may be missing, a form with "?" may be null.
FIELDS: Final = """
test = text: attribute operator; [scalar]: values?
condition = text: kind; [test]: tests?; [text]: same?
deadline = text: parameter? unit? by? start?; count: amount?
deadline = flag: same_day? same_or_next_day? next_morning? is_before? is_from_year_end? roll?
window = clock: opens closes
rhythm = text: period; count: length? times?
suspend = condition: begin end
extend = condition: notice; text: unit; count: amount? times?
cap = condition: part whole; count: percent?
cite = text: article? wording? checked?; flag: is_article_from_memory?
overrides = text: book norm competence?
norm = text: id code? kind unless? decided_by? answers_too? treatment feed; flag: is_opinion?
norm = {text}: title? text? note? consequence? quote? not_applicable?; [text]: bearer? exception_to?
norm = condition: when? fulfil? cancel? compensate? report? count?; [window]: windows?; [{text}]: checklist?
norm = .: deadline? rhythm? suspend? extend? cap? cite overrides?
parameter = text: name unit; number: at_least? at_most?; {text}: title?
adopting = text: book; day?: from to
dated = number: version; day: from; day?: to
book = text: id; number: version; [adopting]: adopted_by; [dated]: versions; {parameter}: parameters; .: norm
week = day: from; [[[clock]]]: hours
calendar = day: from through; text: name; .: zone; [week]: weeks; {[[clock]]}: days
post = text: membership person unit; instant: since; instant?: until
register = [post]: posts
entry = text: id kind receipt?; instant: at; {scalar}: attributes; {text}: disclosures; flag: destroyed
finding = text: handle book norm bearer person membership unit box trigger subject parameter status
finding = text: fulfilled_by annulled_by excused_by confirmed_by compensated_by
finding = instant?: fulfilled_at annulled_at excused_at confirmed_at compensated_at due_at period_to counted_from
finding = instant: opened_at computed_at; flag: is_window is_reported; number: version part whole
finding = [[text]]: course; [[instant]]: segments
bundle = text: congvu agency; instant: as_of; .: book calendar register finding; [entry]: entries
"""


def form(word: str) -> Any:
    """Return the form that a word names: a reader, a list, a mapping, or the fields of a form."""
    inner = word[1:-1]
    return [form(inner)] if word[0] == "[" else {"*": form(inner)} if word[0] == "{" else FORMS[word]


for name, fields in (row.split(" = ") for row in FIELDS.strip().splitlines()):
    for word, names in (part.split(": ") for part in fields.split("; ")):
        of = {one: form(one.rstrip("?") if word == "." else word) for one in names.split()}
        FORMS[name] = FORMS.get(name, {}) | of


def take(value: Any, form: Any, place: str) -> Any:
    """Return a value that has a form, its texts read; raises UnreadableError with the place that has not."""
    if isinstance(form, list | dict) and type(form) is not type(value):
        raise UnreadableError("malformed", place)
    if isinstance(form, list):
        return [take(one, form[0], f"{place}[{index}]") for index, one in enumerate(value)]
    if isinstance(form, dict):
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
    except (ValueError, KeyError, OSError):  # a zone that this machine does not know
        raise UnreadableError("malformed", place) from None


def read(data: bytes) -> Told:
    """Return a bundle of the described form; raises UnreadableError."""
    if len(data) > LARGEST_FILE:
        raise UnreadableError("too_large")

    def once(pairs: list[tuple[str, Any]]) -> Told:
        if len({name for name, _ in pairs}) != len(pairs):
            raise UnreadableError("repeated_field")
        return dict(pairs)

    refuse = reader(lambda _: False)
    try:
        plain = json.loads(data.decode(), object_pairs_hook=once, parse_constant=refuse, parse_float=refuse)
        json.dumps(plain, ensure_ascii=False).encode()  # no half letters
    except (ValueError, RecursionError):
        raise UnreadableError("not_json") from None
    if not isinstance(plain, dict) or plain.get("congvu") != "finding/1":
        raise UnreadableError("not_finding")
    told: Told = take(plain, FORMS["bundle"], "$")
    norm = json.dumps(plain["book"]["norm"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    told["norm_digest"] = sha256(norm.encode()).hexdigest()
    told["by_id"] = {one["id"]: one for one in told["entries"]}
    if len(told["by_id"]) != len(told["entries"]):
        raise UnreadableError("repeated_entry")
    return told


# ---- the calendar, day by day ----------------------------------------------------------------------------


class Calendar:
    """Says when was worked: `changed` are the agency's days (True closes), no time runs in `holes`, `away` is leave."""

    def __init__(self, told: Told) -> None:
        self.zone, self.first, self.last = told["zone"], told["from"], told["through"]
        self.weeks, self.changed, self.steps = told["weeks"], dict[date, bool](), 0
        self.holes, self.away = list[Span](), list[tuple[date, date]]()
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
        if any(first <= one < back for first, back in self.away):
            return []
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

    def walk(self, start: datetime, left: timedelta, *, worked: bool, back: bool = False) -> datetime:
        """Walk period by period, on or back, until so much (worked) time has run outside of the holes."""
        here = start
        while left:
            today = self.legal(here - RESOLUTION if back else here)
            self.step(today)
            spans = self.spans(today) if worked else [(here - DAY, here + DAY)]
            ends = [end for span in spans for end in span if (end < here if back else end > here)]
            if not ends:
                here = self.at(today, time.min) if back else self.over(today)
                continue
            ends += [end for hole in self.holes for end in hole if (end < here if back else end > here)]
            until = max(ends) if back else min(ends)
            first, last = sorted((here, until))
            runs, stands = (any(a <= first and last <= b for a, b in of) for of in (spans, self.holes))
            if runs and not stands:
                ran = min(last - first, left)
                until = here - ran if back else here + ran
                left -= ran
            here = until
        return here


def month_later(one: date, months: int) -> date:
    """Return the same day so many months later; a day that the month lacks becomes its last day."""
    year, month = divmod(one.year * 12 + one.month - 1 + months, 12)
    for last in range(one.day, 0, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise UnreadableError("calendar_short", f"{year}-{month + 1:02}")


def due(
    law: Told, start: datetime, amount: int, unit: str, more: list[Spell], calendar: Calendar
) -> datetime:
    """Return when a deadline is over, counted from an instant, or back from it; `more` spells were added to it."""
    if is_back := bool(law.get("is_before")):
        calendar.holes = []
        end = onward(start, calendar.legal(start), -amount, unit, calendar) if unit else start
    else:
        end = after(law, start, amount, unit, calendar)
    for longer, of in more:
        end, unit = onward(end, calendar.legal(end - RESOLUTION), longer, of, calendar), of
    today = calendar.legal(end - RESOLUTION)
    if not law.get("roll") or unit in {"working_minute", "working_hour"} or calendar.spans(today):
        return end
    calendar.holes = []
    local, working = end.astimezone(calendar.zone), calendar.later(today, -1 if is_back else 1)
    return calendar.at(working + (local.date() - today), local.time())


def onward(start: datetime, today: date, amount: int, unit: str, calendar: Calendar) -> datetime:
    """Return the end of a span from an instant, or from the end of a legal day in units of days; back when negative."""
    if unit in {"minute", "hour"} and not calendar.holes:
        return start + amount * LASTING[unit]
    if unit in LASTING:
        worked = unit.startswith("working")
        return calendar.walk(start, abs(amount) * LASTING[unit], worked=worked, back=amount < 0)
    if unit == "working_day":
        return calendar.closing(calendar.later(today, amount))
    if unit not in {"day", "month", "year"}:
        raise UnreadableError("unknown", f"$.book.norm.deadline.unit {unit}")
    last = today + amount * DAY if unit == "day" else month_later(today, amount * MONTHS[unit])
    return shifted(start, calendar.over(last), calendar)


def shifted(start: datetime, end: datetime, calendar: Calendar) -> datetime:
    """Return the end of a legal day, later by what did not run since the start, and then of the whole day."""
    if not calendar.holes or end <= start:
        return end
    return calendar.over(calendar.legal(calendar.walk(start, end - start, worked=False) - RESOLUTION))


def after(law: Told, start: datetime, amount: int, unit: str, calendar: Calendar) -> datetime:
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
    found = [month_later(date(today.year + more, 1, int(by[3:])), int(by[:2]) - 1) for more in (0, 1)]
    return found[0] if found[0] >= today else found[1]


# ---- judging: each point of the finding is found again --------------------------------------------------


def replay(told: Told) -> Iterator[Said]:
    """Yield every point in which the finding is not found again, as code and values."""
    return Replay(told).points()


def point(code: str, claimed: Any, found: Any) -> Iterator[Said]:
    """Yield a point when what the finding claims is not what was found."""
    if claimed != found:
        yield code, {"claimed": claimed, "found": found}


class Replay:
    """A finding, and all that it is to be found again from."""

    def __init__(self, told: Told) -> None:
        self.told, self.finding, self.book = told, told["finding"], told["book"]
        self.entries: list[Told] = told["entries"]
        self.norm, self.calendar = self.book["norm"], Calendar(told["calendar"])
        self.law: Told = self.norm.get("deadline") or {}
        self.opened: datetime = self.finding["opened_at"]
        self.today = self.calendar.legal(self.opened)

    def points(self) -> Iterator[Said]:
        """Yield every point in which the finding is not found again."""
        finding, book, norm = self.finding, self.book, self.norm
        yield from self._named()
        claimed = finding["book"], finding["version"], finding["norm"]
        if claimed != (book["id"], book["version"], norm["id"]):
            yield "other_rule", {"claimed": " ".join(map(str, claimed))}
        fit = [one["version"] for one in book["versions"] if _lies(self.today, one)]
        if fit != [finding["version"]]:
            yield "version", {"day": self.today, "claimed": finding["version"], "found": fit}
        if not any(self._adopts(one) for one in self._of_kind("rules.book.adopted")):
            yield "not_adopted", {"book": book["id"], "day": self.today}
        caused = self.told["agency"], book["id"], norm["id"], finding["bearer"]
        if finding["handle"] != _derived(*caused, finding["trigger"] or self.opened.isoformat()):
            yield "handle", {"claimed": finding["handle"]}
        held = [one for one in self.told["register"]["posts"] if one["membership"] == finding["membership"]]
        fit = [one for one in held if one["person"] == finding["person"] and one["since"] <= self.opened]
        if finding["membership"] and not fit:
            yield "post", {"claimed": finding["membership"]}
        yield from (self._cap if "cap" in norm else self._period if finding["period_to"] else self._event)()

    def _of_kind(self, kind: str) -> list[Told]:
        """Return the entries of a kind in the order of their time."""
        found = [one for one in self.entries if one["kind"] == kind]
        return sorted(found, key=lambda one: (one["at"], one["id"]))

    def _adopts(self, entry: Told) -> bool:
        said, adopting = entry["attributes"], self.book["adopted_by"]
        is_known = entry["at"] <= self.opened and str(said.get("valid_from", "")) <= self.today.isoformat()
        return is_known and said.get("book") in [one["book"] for one in adopting if _lies(self.today, one)]

    def _named(self) -> Iterator[Said]:
        fields = ["trigger", "parameter", *(f"{code}_by" for code in BECAME)]
        named = [(field, self.finding[field]) for field in fields]
        for field, entry in [*named, *(("course", step[-1]) for step in self.finding["course"] if step)]:
            if entry and entry not in self.told["by_id"]:
                yield "absent", {"entry": entry, "field": field}
        for one in self.entries:
            if "receipt" in one and not _is_told_by(one, one["receipt"]):
                yield "receipt", {"entry": one["id"]}

    def _event(self) -> Iterator[Said]:
        """Replay a duty that an entry set off."""
        finding, norm, entries = self.finding, self.norm, self.entries
        cause = self.told["by_id"].get(finding["trigger"])
        if cause is None or not holds(norm.get("report" if finding["is_reported"] else "when"), cause):
            yield "not_cause", {"entry": finding["trigger"]}
        if cause is None:
            return
        yield from point("opened", self.opened, cause["at"])
        owed = _owed(norm.get("bearer", []), cause, self.told["agency"])
        if owed is not None:
            yield from point("bearer", finding["bearer"], owed)
        suspend, extend = norm.get("suspend", {}), norm.get("extend", {})
        turns = {"suspended": suspend.get("begin"), "resumed": suspend.get("end")}
        turns |= {"extended": extend.get("notice"), "compensated": norm.get("compensate")}
        turned = ((one, turn) for turn, of in turns.items() for one in entries if concerns(of, one, cause))
        course = sorted((one["at"], turn, one["id"]) for one, turn in turned)
        due_at = cause["at"]
        if finding["is_reported"]:
            yield from point("due", finding["due_at"], due_at)
        else:
            due_at = yield from self._reckoned(_start(self.law, cause, self.calendar), course)
        met = [one for one in entries if concerns(norm.get("fulfil"), one, cause)]
        ends = [
            one for one in entries if one["at"] >= cause["at"] and concerns(norm.get("cancel"), one, cause)
        ]
        yield from self._became(due_at, _earliest(met), _earliest(ends), course)

    def _reckoned(self, start: When, course: list[Step]) -> Generator[Said, None, When]:
        """Compare decision, due time and segments; return the due time that was found."""
        finding, law, calendar = self.finding, self.law, self.calendar
        decided = self._decided()
        yield from point("parameter", finding["parameter"], decided[2] if decided else "")
        self._know_days(lambda one, closes: one["at"] <= self.opened or (closes and not law.get("is_before")))
        found: When = None if law else finding["period_to"]
        holes = list[Span]()
        if law and decided and start:
            self._know_leave(start)
            found, holes = self._walked(start, decided, course)
            found = min(found, finding["period_to"]) if found and finding["period_to"] else found
        yield from point("due", finding["due_at"], found)
        if law and found and decided and start:
            calendar.holes = holes
            counted = self._counted(decided[1], min(start, found), max(start, found))
            for number, pair in enumerate(zip_longest(finding["segments"], counted), 1):
                if pair[0] != pair[1]:
                    yield "segment", {"number": number, "claimed": pair[0], "found": pair[1]}
                    break
        return found

    def _walked(self, start: datetime, term: Term, course: list[Step]) -> tuple[When, list[Span]]:
        """Go through the course: a step counts when the time was not over then. No due time while suspended."""
        holes, more, since = list[Span](), list[Spell](), None
        extend = self.norm.get("extend", {})

        def over() -> When:
            self.calendar.holes = list(holes)
            try:
                return due(self.law, start, *term[:2], more, self.calendar)
            except UnreadableError as error:
                if error.args[0] == "calendar_short" and self.finding["due_at"] is None:
                    return None  # the engine's calendar did not reach there either
                raise

        for at, turn, _ in course:
            if turn == "resumed" and since:
                holes, since = [*holes, (since, at)], None
            elif turn == "suspended" and since is None and not self.law.get("is_before"):
                until = over()
                since = at if until is None or at < until else None
            elif turn == "extended" and len(more) < extend.get("times", 0) and at >= self.opened:
                until = None if since else over()
                if until is None or at <= until:
                    more = [*more, (extend.get("amount", 0), extend["unit"])]
        return (None if since else over()), holes

    def _decided(self) -> Term | None:
        """Return amount, unit and entry of what the text or the agency decided, None when that is not decided."""
        law, found = self.law, []
        if (name := law.get("parameter")) is None:
            if law.get("unit") and law.get("amount", 0) < 1:
                raise UnreadableError("malformed", "$.book.norm.deadline.amount")
            return law.get("amount", 0), law.get("unit", ""), ""
        for one in self._of_kind("rules.parameter.decided"):
            said, begins = one["attributes"], str(one["attributes"].get("valid_from") or "")
            is_of = (said.get("book"), said.get("parameter")) == (self.book["id"], name)
            if is_of and one["at"] <= self.opened and begins <= self.today.isoformat():
                found.append((begins, one["at"], one["id"], said.get("value"), said.get("unit")))
        bounds = self.book["parameters"].get(name)
        if not found or bounds is None:
            return None
        *_, entry, amount, unit = max(found, key=lambda one: one[:3])
        if unit != bounds["unit"] or type(amount) is not int:
            return None
        is_inside = max(1, bounds.get("at_least", 1)) <= amount <= bounds.get("at_most", 0)
        return (amount, unit, entry) if is_inside else None

    def _know_days(self, is_known: Callable[[Told, bool], bool]) -> None:
        """Take the agency's own days, of those that are known the latest word on each."""
        for one in self._of_kind("rules.day.closed"):
            closes = one["attributes"].get("closed") is not False
            if is_known(one, closes):
                self.calendar.changed[_day(one["attributes"], "day")] = closes

    def _leaves(self) -> dict[str, Told]:
        """Return the grant of each leave of who owes, when a person does; what is told twice counts once."""
        who = self.finding["person"] if self.finding["person"] == self.finding["bearer"] else None
        granted = [one for one in self.entries if one["kind"] == "directory.leave.granted"]
        said = [(one["disclosures"], one) for one in reversed(granted)]
        own = [(of, one) for of, one in said if who and of.get("person") == who]
        return {of["leave"]: one for of, one in own if {"leave", "valid_from", "valid_to"} <= of.keys()}

    def _know_leave(self, start: datetime) -> None:
        """Take the person's leave: whenever it was granted, but shortened only as known when the duty opened."""
        for name, grant in self._leaves().items():
            first, back = (_day(grant["disclosures"], of) for of in ("valid_from", "valid_to"))
            ends = [one for one in self._of_kind("directory.leave.ended") if one["at"] <= self.opened]
            ends = [one for one in ends if one["disclosures"].get("leave") == name]
            back = min(back, _day(ends[-1]["disclosures"], "valid_to")) if ends else back
            is_known, end = grant["at"] <= self.opened, self.calendar.at(back, time.min)
            if is_known if self.law.get("is_before") else start < end:
                self.calendar.away.append((first, back))

    def _counted(self, unit: str, start: datetime, end: datetime) -> list[list[datetime]]:
        """Return what was counted between two instants: worked periods, or the whole, without the holes."""
        law, calendar, found = self.law, self.calendar, list[list[datetime]]()
        spans, first = [(start, end)], calendar.legal(start)
        by_work = any(law.get(name) for name in ("same_day", "same_or_next_day", "next_morning"))
        if by_work or unit.startswith("working"):
            days = [first + number * DAY for number in range((calendar.legal(end) - first).days + 1)]
            spans = [span for one in days for span in calendar.spans(one)]
        for begin, until in ((max(span[0], start), min(span[1], end)) for span in spans):
            edges = {begin, until, *(edge for hole in calendar.holes for edge in hole)}
            for piece in pairwise(sorted(edge for edge in edges if begin <= edge <= until)):
                if not any(a <= piece[0] < b for a, b in calendar.holes):
                    found.append(list(piece))
        return found

    def _period(self) -> Iterator[Said]:
        """Replay what is owed in a daily window or a whole period."""
        finding, norm, opened, until = self.finding, self.norm, self.opened, self.finding["period_to"]
        if "rhythm" not in norm or "fulfil" not in norm:
            raise UnreadableError("missing", "$.book.norm.rhythm")
        ended = self.told["by_id"].get(finding["annulled_by"])
        self._know_days(lambda one, _: one["at"] < opened and one is not ended)
        spans = list(self._spans())
        if [opened, until] not in spans:
            yield "period", {"claimed": [opened, until], "found": spans}
        gone = [one for one in self.entries if self._frees(one) and (one["at"] >= opened or one is ended)]
        due_at = yield from self._reckoned(opened, [])
        fit = [one for one in self.entries if holds(norm["fulfil"], one) and opened <= one["at"] < until]
        met = sorted((one["at"], one["id"]) for one in fit if self._is_bearers(one))
        times = norm["rhythm"].get("times", 1)
        course = [(at, "met", entry) for at, entry in met[:times]] if times > 1 else []
        chosen = ended if any(one is ended for one in gone) else next(iter(gone), None)
        end = (opened, chosen["id"]) if chosen else NEVER
        yield from self._became(due_at, met[times - 1] if len(met) >= times else NEVER, end, course)

    def _frees(self, entry: Told) -> bool:
        """Say whether an entry ends what is owed in a period: a closed day, leave for all of it, the end of a post."""
        until, said = self.finding["period_to"], entry["disclosures"]
        if entry["kind"] == "rules.day.closed" and entry["attributes"].get("closed") is not False:
            is_short = until <= self.calendar.over(self.today)
            is_today = _day(entry["attributes"], "day") == self.today
            return is_short and is_today and bool(self.norm["rhythm"]["period"] == "working_day")
        if any(one is entry for one in self._leaves().values()):
            first, back = (self.calendar.at(_day(said, of), time.min) for of in ("valid_from", "valid_to"))
            return first <= self.opened and bool(until <= back)
        return (entry["id"], entry["kind"]) == (self.finding["annulled_by"], "directory.appointment.ended")

    def _spans(self) -> Iterator[list[datetime]]:
        """Yield the windows or the period that begin on the day; none when nobody works in them."""
        norm, calendar, today = self.norm, self.calendar, self.today
        for window in norm.get("windows", []):
            begin, end = calendar.at(today, window["opens"]), calendar.at(today, window["closes"])
            if any(a < end and begin < b for a, b in calendar.spans(today)):
                yield [begin, end]
        if norm.get("windows") or "rhythm" not in norm:
            return
        since = [one["from"].year for one in self.book["versions"] if one["version"] == self.book["version"]]
        following = _following(norm["rhythm"], today, since[0] if since else today.year)
        if following is None:
            return
        days = (today + number * DAY for number in range((following - today).days))
        is_any = "cap" in norm or norm["rhythm"]["period"] != "working_day"
        if is_any or any(calendar.spans(one) for one in days):
            yield [calendar.at(today, time.min), calendar.at(following, time.min)]

    def _is_bearers(self, entry: Told) -> bool:
        """Say whether evidence of a window or period belongs to the bearer."""
        said, owes, unit = entry["disclosures"], self.finding["bearer"], self.finding["unit"]
        names, boxed = self.norm["fulfil"].get("same", []), (said.get("address"), said.get("mailbox"))
        if entry["destroyed"]:
            return True  # said among the limits
        if self.norm.get("windows") and entry["attributes"].get("box") == "personal":
            return bool(said.get("actor") == owes)
        if self.norm.get("windows"):
            return owes in boxed or (not boxed[0] and said.get("unit") == unit)
        if names:
            return bool(said.get(names[0]) == owes)
        ways = {
            "official": said.get("actor") or said.get("person"),
            "agency_mailbox": owes if owes in boxed or said.get("unit") == unit else None,
            **dict.fromkeys(("head_of_unit", "deputy_in_charge", "unit"), said.get("unit")),
            **dict.fromkeys(("agency", "mail_administrator", "registry_clerk"), self.told["agency"]),
        }
        return any(ways.get(kind) == owes for kind in self.norm.get("bearer", []))

    def _cap(self) -> Iterator[Said]:
        """Replay what may be so many per cent at most."""
        finding, cap, spans = self.finding, self.norm["cap"], list(self._spans())
        end = spans[0][1] if spans else None
        if not spans or spans[0] != [self.opened, finding["period_to"]] or finding["due_at"] != end:
            yield "period", {"claimed": [self.opened, finding["due_at"]], "found": spans}
            return
        inside = [one for one in self.entries if spans[0][0] <= one["at"] < spans[0][1]]
        claimed = [finding["part"], finding["whole"]]
        counts = [sum(holds(cap[of], one) for one in inside) for of in ("part", "whole")]
        counts = counts if any(counts) else claimed
        yield from point("count", claimed, counts)
        is_kept = end <= self.told["as_of"] and 100 * counts[0] <= cap.get("percent", 0) * counts[1]
        yield from self._became(end, (end, "") if is_kept else NEVER, NEVER, [])

    def _became(self, due_at: When, met: Dated, gone: Dated, course: list[Step]) -> Iterator[Said]:
        """Compare what became of a duty, and its status as of the bundle's instant."""
        finding = self.finding
        steps = [[f"{at:%Y-%m-%dT%H:%M:%S.%f}Z", turn, entry] for at, turn, entry in course]
        yield from point("course", finding["course"], steps)
        made = [(at, entry) for at, turn, entry in course if turn == "compensated" and due_at and at > due_at]
        found = {"fulfilled": met, "annulled": gone, "compensated": made[0] if made else NEVER}
        for code in ("excused", "confirmed"):
            said = self._of_kind(f"conduct.finding.{code}")
            own = [one for one in said if one["disclosures"].get("obligation") == finding["handle"]]
            found[code] = (own[-1]["at"], own[-1]["id"]) if own else NEVER
        for code, pair in found.items():
            yield from point(code, (finding[f"{code}_at"], finding[f"{code}_by"]), pair)
        status = self._status(due_at, {code: at for code, (at, _) in found.items()})
        yield from point("status", finding["status"], status)

    def _status(self, due_at: When, found: dict[str, When]) -> str:
        finding, seen = self.finding, self.told["as_of"]
        met, gone, excused, confirmed = (found[code] for code in BECAME[:4])
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


def _day(said: Told, name: str) -> date:
    found: date = take(said.get(name), day, f"$.entries.{name}")
    return found


def _lies(today: date, span: Told) -> bool:
    return (span["from"] is None or span["from"] <= today) and (span["to"] is None or today < span["to"])


def _derived(*parts: str) -> str:
    """Return the handle that these parts give: five bits of each octet of their digest, as a letter."""
    octets = sha256("\x1f".join(parts).encode()).digest()[:26]
    return "".join("abcdefghijklmnopqrstuvwxyz234567"[one % 32] for one in octets)


def _is_told_by(entry: Told, receipt: str) -> bool:
    """Say whether a receipt's leaf and disclosures are what the bundle says of an entry."""
    try:
        told = json.loads(receipt)
        leaf, said = json.loads(base64.b64decode(told["entry"])), {}
        for shown in told["disclosures"]:
            _, name, said[name] = json.loads(base64.urlsafe_b64decode(shown + "=" * (-len(shown) % 4)))
            digest = base64.urlsafe_b64encode(sha256(shown.encode()).digest()).decode().rstrip("=")
            if digest not in leaf["digests"]:
                return False
        found = (leaf["id"], leaf["kind"], instant(leaf["at"]), leaf["attributes"], said)
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
    return found == tuple(entry[name] for name in ("id", "kind", "at", "attributes", "disclosures"))


def holds(condition: Told | None, entry: Told) -> bool:
    """Say whether an entry meets every test of a condition; a number is never a truth value."""
    if condition is None or condition["kind"] != entry["kind"]:
        return False
    said = entry["attributes"]
    return all(_meets(test, said.get(test["attribute"])) for test in condition.get("tests", []))


def _meets(test: Told, found: Any) -> bool:
    values = test.get("values", [])
    if test["operator"] in {"is", "in", "not"}:
        is_listed = any(type(found) is type(one) and found == one for one in values)
        return is_listed is (test["operator"] != "not")
    if test["operator"] not in {"at_least", "at_most"} or [type(one) for one in values] != [int]:
        raise UnreadableError("unknown", f"$.book.norm: {test['operator']}")
    is_at_least = test["operator"] == "at_least"
    return type(found) is int and (found >= values[0] if is_at_least else found <= values[0])


def concerns(condition: Told | None, entry: Told, cause: Told) -> bool:
    """Say whether an entry meets a condition in the matter of the cause: the same disclosures are equal in both."""
    names = (condition or {}).get("same", [])
    if not holds(condition, entry) or not names:
        return False
    if entry["destroyed"] or cause["destroyed"]:
        return True  # said among the limits
    known, caused = entry["disclosures"], cause["disclosures"]
    return all(name in known and known[name] == caused.get(name) for name in names)


def _earliest(found: list[Told]) -> Dated:
    return min(((one["at"], one["id"]) for one in found), default=NEVER)


def _owed(kinds: list[str], cause: Told, agency: str) -> str | None:
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


def _start(law: Told, cause: Told, calendar: Calendar) -> When:
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


def _following(rhythm: Told, first: date, since: int) -> date | None:
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


# ---- saying it ------------------------------------------------------------------------------------------


def answer(
    data: bytes, *, key: str | None = None, closing: str | None = None, language: str = "en"
) -> tuple[int, list[str]]:
    """Return the exit status and the sentences on a bundle's bytes; never raise for what they hold.

    `key` and `closing` are what congvu_verify compares the entries' receipts with.
    """
    say = Speaker(language)
    try:
        told = read(data)
        points = [*unproven(told, key, closing), *replay(told)]
    except UnreadableError as error:
        code, place = (*error.args, "")[:2]
        return 2, [say("unreadable"), say(f"because.{code}", place=place)]
    except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError):
        return 2, [say("unreadable"), say("because.malformed", place="$")]
    finding, entries, say.zone = told["finding"], told["entries"], told["calendar"]["zone"]
    of = {"handle": finding["handle"], "rule": f"{finding['book']} v{finding['version']}, {finding['norm']}"}
    said = [say("of", **of, status=say.word(finding["status"]), seen=told["as_of"], due=finding["due_at"])]
    said += [say("differs" if points else "agrees")]
    said += [f"- {say(f'point.{code}', **values)}" for code, values in points]
    is_judged = finding["is_reported"] or finding["excused_by"] or finding["confirmed_by"]
    limits = ["signed" if congvu_verify else "unsigned", "book", "omitted", "posts"]
    limits += ["people"] if is_judged else []
    limits += ["destroyed"] if any(one["destroyed"] for one in entries) else []
    signed = sum("receipt" in one for one in entries)
    known = {"count": signed, "all": len(entries), "digest": told["norm_digest"]}
    return 1 if points else 0, [*said, *(say(f"limit.{code}", **known) for code in limits)]


def unproven(told: Told, key: str | None, closing: str | None) -> Iterator[Said]:
    """Yield the entries whose receipt does not prove them; nothing without congvu_verify."""
    for one in told["entries"] if congvu_verify else ():
        if "receipt" not in one:
            continue
        verdict = congvu_verify.verify(one["receipt"].encode(), key=key, closing=closing)
        if not verdict.ok:
            yield "signature", {"entry": one["id"], "reason": ", ".join(verdict.reasons)}


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
    about = "Replay findings of Congvu, without Congvu."
    parser = argparse.ArgumentParser(prog="congvu-recheck", description=about)
    parser.add_argument("bundle", nargs="+", help="the file of a finding, *.finding.json")
    parser.add_argument("--key", help="the agency's verifier key, or a file that holds it")
    parser.add_argument(
        "--closing", help="a file by which the agency closed a log: its key was stolen, or it is lost"
    )
    parser.add_argument("--lang", choices=LANGUAGES, help="language of the answer (else by LANG)")
    options = parser.parse_args(argv)
    spoken = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "en")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    worst = 0
    try:
        for name in options.bundle:
            code, said = _one(name, options.key, options.closing, options.lang or spoken[:2])
            worst = max(worst, code)
            print("\n".join([name, *(f"  {line}" for line in said)]), flush=True)
    except BrokenPipeError:  # the reader has seen enough; the exit status still stands
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return worst


def _one(name: str, key: str | None, closing: str | None, language: str) -> tuple[int, list[str]]:
    try:
        with Path(name).open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
        if key is not None and "+" not in key:
            key = Path(key).read_text().strip()
        note = None if closing is None else Path(closing).read_bytes()[:LARGEST_FILE].decode()
    except (OSError, ValueError):
        say = Speaker(language)
        return 2, [say("unreadable"), say("because.no_file")]
    return answer(data, key=key, closing=note, language=language)


# Code | Vietnamese | Kazakh | Russian | English; "…" stands for the ending below.
TABLE: Final = """
of | Phát hiện {handle}: {rule}; hạn {due}; trạng thái “{status}” tính đến {seen}. | {handle} анықтамасы: {rule}; мерзімі {due}; {seen} жағдайы бойынша күйі — «{status}». | Вывод {handle}: {rule}; срок {due}; состояние на {seen}: «{status}». | Finding {handle}: {rule}; due {due}; status “{status}” as of {seen}.
agrees | Kết quả tính lại TRÙNG KHỚP ở mọi điểm. | Қайта есептеу барлық тармақ бойынша СӘЙКЕС келді. | Пересчёт СОВПАЛ по всем пунктам. | Recomputed: every point AGREES.
differs | Kết quả tính lại KHÔNG trùng khớp ở các điểm sau: | Қайта есептеу мына тармақтарда СӘЙКЕС КЕЛМЕДІ: | Пересчёт НЕ СОВПАЛ в следующем: | Recomputed: it does NOT agree in these points:
unreadable | Không đọc được tệp này nên không kiểm tra được gì. | Бұл файлды оқу мүмкін емес, сондықтан ештеңе тексерілмеді. | Файл не читается, поэтому ничего не проверено. | The file cannot be read, so nothing was checked.
point.other_rule | Phát hiện nêu quy định {claimed}, khác với quy định có trong tệp. | Анықтама {claimed} ережесін атайды, ал файлда басқа ереже тұр. | Вывод называет правило {claimed}, а в файле стоит другое. | The finding names the rule {claimed}; the file holds another one.
point.version | Ngày {day}, phiên bản văn bản có hiệu lực là: {found}; phát hiện dùng phiên bản {claimed}. | {day} күні қолданыста болған актінің нұсқасы: {found}; анықтама {claimed}-нұсқаны қолданған. | На {day} действовала версия документа: {found}; вывод опирается на версию {claimed}. | On {day} the version of the book in force was: {found}; the finding uses version {claimed}.
point.not_adopted | Không có bản ghi nào cho thấy cơ quan áp dụng “{book}” vào ngày {day}. | {day} күні органның «{book}» актісін қолданғанын көрсететін жазба жоқ. | Нет записи о том, что на {day} орган применял «{book}». | No entry shows that the agency had adopted “{book}” on {day}.
point.handle | Mã của phát hiện ({claimed}) không phải là mã tính từ quy định, người có nghĩa vụ và bản ghi. | Анықтама коды ({claimed}) ереже, міндетті тұлға және жазба беретін код емес. | Код вывода ({claimed}) не тот, который дают правило, обязанное лицо и запись. | The finding's code ({claimed}) is not the one that rule, bearer and entry give.
point.absent | Bản ghi {entry} được nêu ở “{field}” nhưng không có trong tệp. | «{field}» өрісінде аталған {entry} жазбасы файлда жоқ. | Записи {entry}, названной в «{field}», в файле нет. | Entry {entry}, named as “{field}”, is not in the file.
point.receipt | Bản ghi {entry}: nội dung trong tệp khác với biên nhận của chính bản ghi. | {entry} жазбасы: файлдағы мазмұн оның түбіртегінен өзгеше. | Запись {entry}: сказанное в файле расходится с её квитанцией. | Entry {entry}: what the file says of it is not what its receipt says.
point.signature | Bản ghi {entry}: biên nhận không được chứng minh ({reason}). | {entry} жазбасы: түбіртек дәлелденбеді ({reason}). | Запись {entry}: квитанция не доказана ({reason}). | Entry {entry}: its receipt is not proven ({reason}).
point.not_cause | Bản ghi {entry} không phải là sự kiện làm phát sinh nghĩa vụ theo quy định này. | {entry} жазбасы бұл ереже бойынша міндет туғызатын оқиға емес. | Запись {entry} не является событием, из которого по этому правилу возникает обязанность. | Entry {entry} is not an event from which this rule makes a duty.
point.opened | Bắt đầu … | Басталуы … | Начало … | Opened …
point.bearer | Người có nghĩa vụ … | Міндетті тұлға … | Обязанное лицо … | Bearer …
point.post | Theo danh sách trong tệp, người này khi đó không giữ vị trí {claimed}. | Файлдағы тізілім бойынша бұл адам ол кезде {claimed} лауазымын атқармаған. | По реестру в файле это лицо тогда не занимало должность {claimed}. | By the register in the file this person did not hold the post {claimed} then.
point.parameter | Quyết định về thời hạn … | Мерзім туралы шешім … | Решение о сроке … | Decision on the time …
point.due | Hạn … | Мерзімі … | Срок … | Due time …
point.segment | Khoảng thời gian thứ {number} theo lịch … | Күнтізбенің {number}-аралығы … | Отрезок календаря № {number} … | Calendar segment no. {number} …
point.fulfilled | Việc thực hiện … | Орындалуы … | Исполнение … | Fulfilled …
point.annulled | Việc hết nghĩa vụ … | Міндеттің жойылуы … | Отмена … | Annulled …
point.excused | Việc miễn lỗi … | Себебін орынды деп тану … | Признание причины уважительной … | Excused …
point.confirmed | Việc xác nhận … | Расталуы … | Подтверждение … | Confirmed …
point.compensated | Việc khắc phục … | Өтелуі … | Возмещение … | Made good …
point.course | Diễn biến (tạm dừng, gia hạn, từng lần thực hiện) … | Барысы (тоқтату, ұзарту, әр орындау) … | Ход (приостановка, продление, каждое исполнение) … | Course (suspended, extended, each fulfilment) …
point.period | Kỳ … | Кезең … | Период … | Period …
point.count | Số đếm (phần, toàn bộ) … | Саны (бөлігі, барлығы) … | Подсчёт (часть, целое) … | Counted (part, whole) …
point.status | Trạng thái: phát hiện nêu “{claimed}”; tính lại được “{found}”. | Күйі: анықтамада «{claimed}»; қайта есептегенде «{found}». | Состояние: в выводе «{claimed}»; при пересчёте «{found}». | Status: the finding says “{claimed}”; recomputed “{found}”.
limit.signed | Chữ ký đã kiểm tra: {count}/{all} bản ghi có biên nhận. | Қолтаңбалар тексерілді: түбіртегі бар жазбалар — {all} ішінен {count}. | Подписи проверены: квитанцию имеют записи {count} из {all}. | Signatures were checked: {count} of {all} entries carry a receipt.
limit.unsigned | Chữ ký KHÔNG được kiểm tra: cần đặt congvu_verify.py bên cạnh và cài gói “cryptography” ({count}/{all} bản ghi có biên nhận). | Қолтаңбалар ТЕКСЕРІЛМЕДІ: қасына congvu_verify.py қойып, «cryptography» пакетін орнатыңыз (түбіртегі бар жазбалар — {all} ішінен {count}). | Подписи НЕ проверены: положите рядом congvu_verify.py и установите пакет «cryptography» (квитанцию имеют {count} из {all}). | Signatures were NOT checked: put congvu_verify.py beside and install “cryptography” ({count} of {all} entries carry a receipt).
limit.book | Hãy đối chiếu quy định với văn bản đã công bố: SHA-256 của quy định là {digest}. | Ережені жарияланған актімен салыстырыңыз: ереженің SHA-256 мәні {digest}. | Сравните правило с опубликованным документом: SHA-256 правила {digest}. | Compare the rule with the published book: its SHA-256 is {digest}.
limit.omitted | Chương trình không biết được bản ghi nào đã bị bỏ ra ngoài tệp mà không ai nêu, và không xét quy định khác có được ưu tiên hay không. | Бағдарлама файлға енгізілмеген әрі ешкім атамаған жазбаларды білмейді және басқа ереженің басым болуын қарамайды. | Программа не знает о записях, которые не внесены в файл и нигде не названы, и не судит, имеет ли преимущество другое правило. | The program cannot know entries that were left out and that nothing names, nor whether another rule prevails.
limit.posts | Ai giữ vị trí nào: lấy theo danh sách của cơ quan trong tệp. | Кімнің қандай лауазым атқарғаны файлдағы орган тізілімінен алынды. | Кто какую должность занимал, взято из реестра органа в файле. | Who held which post is taken from the agency's register in the file.
limit.people | Điều người ta phản ánh, miễn lỗi hoặc xác nhận: không chương trình nào xét được; ở đây chỉ kiểm tra bản ghi và thời điểm. | Адамдардың хабарлағанын, орынды деп танығанын немесе растағанын бағдарлама бағалай алмайды; мұнда тек жазба мен уақыт тексерілді. | Что люди сообщили, признали уважительным или подтвердили, программа не оценивает; проверены только записи и время. | What people reported, excused or confirmed no program can judge; only the entries and times were checked.
limit.destroyed | Một số bản ghi đã bị hủy phần thông tin; không kiểm tra lại được chúng nói về việc gì. | Кейбір жазбалардың мәліметтері жойылған; олардың қай іске қатысты екенін тексеру мүмкін емес. | Сведения некоторых записей уничтожены; к какому делу они относятся, проверить нельзя. | Some entries have lost their disclosures; which matter they concern cannot be checked.
because.no_file | Không mở được tệp. | Файл ашылмайды. | Файл не открывается. | The file cannot be opened.
because.too_large | Tệp lớn hơn 4 MB. | Файл 4 МБ-тан үлкен. | Файл больше 4 МБ. | The file is larger than 4 MB.
because.not_json | Tệp bị cắt cụt, bị hỏng hoặc thuộc loại khác. | Файл қиылған, бүлінген немесе басқа түрге жатады. | Файл обрезан, повреждён или имеет другой тип. | The file is cut off, damaged or of another kind.
because.repeated_field | Một trường xuất hiện hai lần. | Бір өріс екі рет кездеседі. | Одно поле встречается дважды. | A field stands in the file twice.
because.repeated_entry | Một bản ghi xuất hiện hai lần. | Бір жазба екі рет кездеседі. | Одна запись встречается дважды. | An entry stands in the file twice.
because.not_finding | Tệp không phải là phát hiện Congvu phiên bản 1. | Файл Congvu анықтамасының 1-нұсқасы емес. | Файл не является выводом Congvu версии 1. | The file is not a finding of Congvu, version 1.
because.malformed | Sai định dạng tại {place}. | {place}: пішімі қате. | Неверный формат: {place}. | Malformed at {place}.
because.unknown | Chương trình này không hiểu {place}; hãy dùng bản mới hơn. | Бұл бағдарлама {place} дегенді білмейді; жаңарақ нұсқасын алыңыз. | Программа не знает {place}; возьмите более новую. | This program does not know {place}; take a newer one.
because.missing | Thiếu {place}. | {place} жоқ. | Нет {place}. | {place} is missing.
because.calendar_short | Lịch trong tệp không bao gồm {place}. | Файлдағы күнтізбеде {place} жоқ. | Календарь в файле не содержит {place}. | The calendar in the file does not reach {place}.
because.too_long | Phép tính dài quá mức cho phép. | Есептеу тым ұзақ. | Расчёт слишком длинный. | The reckoning is too long to walk.
=pending | đang chờ | күтуде | ожидается | pending
=fulfilled | đã thực hiện | орындалды | исполнено | fulfilled
=late | thực hiện muộn | кешіктірілді | с опозданием | late
=breached | không thực hiện đúng hạn | бұзылды | нарушено | breached
=reported | có phản ánh | хабарланды | есть сообщение | reported
=excused | được miễn lỗi | себебі орынды | причина уважительна | excused
=annulled | hết nghĩa vụ | жойылды | отменено | annulled
=compensated | đã khắc phục | өтелді | возмещено | made good
"""  # noqa: E501 -- one sentence, one line

ENDING: Final = (
    ": phát hiện nêu {claimed}; tính lại được {found}.",
    ": анықтамада {claimed}; қайта есептегенде {found}.",
    ": в выводе {claimed}; при пересчёте {found}.",
    ": the finding says {claimed}; recomputed {found}.",
)
SENTENCES: Final = {
    code: tuple(said.replace(" …", end) for said, end in zip(row, ENDING, strict=True))
    for code, *row in (line.split(" | ") for line in TABLE.strip().splitlines())
}

if __name__ == "__main__":
    sys.exit(main())

"""What the judge knows besides duties: who holds what, which books bind, what was decided. All of it from evidence."""

import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal, Protocol

from congvu.rules.absence import Leave, Return
from congvu.rules.book import Value
from congvu.standards.periods import Period
from congvu.standards.working_time import Calendar

Office = Literal["head", "clerk", "deputy"]
ABSENT = 64  # calendars of people on leave that are kept


class Evidence(Protocol):
    """What is needed of a ledger entry. A destroyed entry has lost its disclosures."""

    @property
    def id(self) -> str: ...  # noqa: D102 -- the ledger's words
    @property
    def kind(self) -> str: ...  # noqa: D102 -- the ledger's words
    @property
    def at(self) -> datetime: ...  # noqa: D102 -- the ledger's words
    @property
    def attributes(self) -> Mapping[str, Value]: ...  # noqa: D102 -- the ledger's words
    @property
    def destroyed(self) -> bool: ...  # noqa: D102 -- the ledger's words
    @property
    def disclosures(self) -> Mapping[str, str | None]: ...  # noqa: D102 -- the ledger's words


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """A book binds from this day on, and never for what was recorded before `at`."""

    book: str
    at: datetime
    valid_from: date
    entry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A parameter has this value for what is recorded after `at`, from this day on."""

    book: str
    parameter: str
    value: int
    unit: str
    at: datetime
    valid_from: date
    entry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChanged:
    """The agency closed a day, or made it a working day."""

    day: date
    is_closed: bool
    at: datetime
    entry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person holds a post; `since` is never before the recording, `until` is exclusive."""

    membership: str
    person: str
    post: str
    unit: str
    head: bool
    clerk: bool
    since: datetime
    until: datetime | None = None
    deputy: bool = False

    def covers(self, begin: datetime, end: datetime) -> bool:
        """Say whether the post is held for the whole period."""
        return self.since <= begin and (self.until is None or end <= self.until)

    def holds(self, at: datetime) -> bool:
        """Say whether the post is held at an instant."""
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """An official address that was given, held by `person` or `unit`; from `intake_at` its letters become petitions."""

    mailbox: str
    box: str
    person: str
    unit: str
    given_at: datetime
    withdrawn_at: datetime | None = None
    intake_at: datetime | None = None

    def covers(self, begin: datetime, end: datetime) -> bool:
        """Say whether the mailbox stood open for the whole period."""
        return self.given_at <= begin and (self.withdrawn_at is None or end <= self.withdrawn_at)


@dataclass(slots=True)
class Facts:
    """Everything known, by its own name; equal facts give equal bytes."""

    adopted: dict[str, Adopted] = field(default_factory=dict)
    decided: dict[str, Decided] = field(default_factory=dict)
    days: dict[str, DayChanged] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    mailboxes: dict[str, Mailbox] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    leaves: dict[str, Leave] = field(default_factory=dict)

    # Made from the tables above, and never written.
    holdings: dict[str, dict[str, None]] = field(default_factory=dict, compare=False)
    leading: dict[str, None] = field(default_factory=dict, compare=False)
    personal: dict[str, dict[str, None]] = field(default_factory=dict, compare=False)
    shared: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict, compare=False)
    granted: dict[str, dict[str, None]] = field(default_factory=dict, compare=False)
    base: Calendar | None = field(default=None, compare=False)
    changed: Calendar | None = field(default=None, compare=False)
    words: list[DayChanged] | None = field(default=None, compare=False)
    counted: dict[tuple[int, bool], Calendar] = field(default_factory=dict, compare=False)
    decisions: dict[tuple[str, str], list[Decided]] = field(default_factory=dict, compare=False)
    listed: int = field(default=0, compare=False)  # how many decisions those are
    absent: dict[tuple[Period, ...], tuple[Calendar, Calendar]] = field(default_factory=dict, compare=False)

    def calendar(self, base: Calendar) -> Calendar:
        """Return the national calendar with the agency's own days, made once until a day changes."""
        if self.changed is None or self.base is not base:
            self.base, self.changed, self.words = base, base.changed(closed=self.day_changes()), None
        return self.changed

    def calendar_of(self, base: Calendar, opened_at: datetime, *, is_before: bool = False) -> Calendar:
        """Return the calendar by which a duty's time is counted: days as the agency had changed them when it opened.

        A day that was closed since is closed for it too, unless it counts back; one that was opened since is not.
        """
        if not self.days:
            return base
        if self.words is None or self.base is not base:
            self.base, self.changed = base, base.changed(closed=self.day_changes())
            self.words, self.counted = sorted(self.days.values(), key=lambda one: (one.at, one.entry)), {}
        known = bisect_right(self.words, opened_at, key=lambda one: one.at), is_before
        if known not in self.counted:
            words = {one.day: one.is_closed for one in self.words[: known[0]]}
            if not is_before:
                words |= {one.day: True for one in self.words[known[0] :] if one.is_closed}
            self.counted[known] = base.changed(closed=words)
        return self.counted[known]

    def forget_calendar(self) -> None:
        """Let the next reader of the calendar see a day that changed."""
        self.changed = self.words = None

    def calendar_without(self, calendar: Calendar, periods: tuple[Period, ...]) -> Calendar:
        """Return a calendar as it is for somebody who is away then, made once for as many as are kept."""
        if not periods:
            return calendar
        found = self.absent.get(periods)
        if found is None or found[0] is not calendar:
            if len(self.absent) >= ABSENT:
                self.absent.clear()
            found = self.absent[periods] = calendar, calendar.without(periods)
        return found[1]

    def box_of(self, entry: Evidence) -> str:
        """Return the address of the mailbox that an entry is about; by its unit when only that is disclosed."""
        said = entry.disclosures.get("address")
        if said:
            return said
        place = (entry.disclosures.get("unit") or "", str(entry.attributes.get("box")))
        return min(self.shared.get(place, ()), default="") or entry.disclosures.get("mailbox") or ""

    def put_member(self, member: Member) -> None:
        """Take a holding, new or changed."""
        self.members[member.membership] = member
        self.holdings.setdefault(member.person, {})[member.membership] = None
        if member.head or member.clerk or member.deputy:
            self.leading[member.membership] = None

    def put_mailbox(self, mailbox: Mailbox) -> None:
        """Take an address, new or changed."""
        self.mailboxes[mailbox.mailbox] = mailbox
        if mailbox.box == "personal":
            self.personal.setdefault(mailbox.person, {})[mailbox.mailbox] = None
        else:
            self.shared.setdefault((mailbox.unit, mailbox.box), {})[mailbox.mailbox] = None

    def put_leave(self, leave: Leave) -> None:
        """Take leave, new or shortened."""
        self.leaves[leave.leave] = leave
        self.granted.setdefault(leave.person, {})[leave.leave] = None

    def leaves_of(self, person: str) -> list[Leave]:
        """Return the leave of a person, past and to come."""
        return [self.leaves[name] for name in self.granted.get(person, ())]

    def is_away(self, person: str, begin: datetime, end: datetime) -> bool:
        """Say whether a person is on leave for the whole of a period."""
        return any(one.covers(begin, end) for one in self.leaves_of(person))

    def has_address(self, person: str, before: datetime) -> bool:
        """Say whether a person was given an address before that was not withdrawn then."""
        held = [self.mailboxes[name] for name in self.personal.get(person, ())]
        return any(
            one.given_at < before and (one.withdrawn_at is None or before < one.withdrawn_at) for one in held
        )

    def binds(self, book: str, at: datetime, day: date) -> bool:
        """Say whether the agency had adopted a book when something happened."""
        found = self.adopted.get(book)
        return found is not None and found.at <= at and found.valid_from <= day

    def decision(self, book: str, parameter: str, at: datetime, day: date) -> Decided | None:
        """Return the decision that governs what happened then: the latest one made before it."""
        if self.listed != len(self.decided):  # decisions are only ever added
            self.decisions, self.listed = {}, len(self.decided)
            for one in self.decided.values():
                self.decisions.setdefault((one.book, one.parameter), []).append(one)
        made = self.decisions.get((book, parameter), ())
        known = [one for one in made if one.at <= at and one.valid_from <= day]
        return max(known, key=lambda one: (one.valid_from, one.at, one.entry), default=None)

    def day_changes(self, at: datetime | None = None) -> dict[date, bool]:
        """Return the latest word on each day that the agency changed, as known at an instant."""
        latest: dict[date, DayChanged] = {}
        for one in sorted(self.days.values(), key=lambda one: (one.at, one.entry)):
            if at is None or one.at <= at:
                latest[one.day] = one
        return {day: one.is_closed for day, one in latest.items()}

    def posts_of(self, person: str, at: datetime) -> list[Member]:
        """Return what a person holds at an instant, the longest held first."""
        named = [self.members[name] for name in self.holdings.get(person, ())]
        held = [one for one in named if one.holds(at)]
        return sorted(held, key=lambda one: (one.since, one.membership)) if len(held) > 1 else held

    def units_above(self, unit: str) -> list[str]:
        """Return a unit and all above it, itself first."""
        found: list[str] = []
        while unit and unit not in found:
            found.append(unit)
            unit = self.units.get(unit, "")
        return found

    def nearest(self, unit: str, at: datetime, office: Office) -> Member | None:
        """Return who is head, clerk or deputy of a unit, else of the nearest unit above it, else of any unit.

        For somebody on leave who acts for him answers; where nobody does, the next one, unless all are away.
        """
        named = [self.members[name] for name in self.leading]
        fit = [one for one in named if one.holds(at) and getattr(one, office)]
        above = self.units_above(unit)
        distance = {name: steps for steps, name in enumerate(above)}
        fit.sort(key=lambda one: (distance.get(one.unit, len(above)), one.since, one.membership))
        if not self.leaves:
            return fit[0] if fit else None
        answering = (found for one in fit if (found := self._answering(one, at)))
        return next(answering, fit[0] if fit else None)

    def _answering(self, member: Member, at: datetime) -> Member | None:
        """Return who answers for the office of a member: himself, or who acts for him and is there."""
        now = [one for one in self.leaves_of(member.person) if one.holds(at)]
        if not now:
            return member
        for one in sorted(now, key=lambda one: (one.at, one.entry)):
            held = self.posts_of(one.acting, at) if one.acting else []
            if held and not any(other.holds(at) for other in self.leaves_of(one.acting)):
                return replace(held[0], unit=member.unit)
        return None

    def dump(self) -> str:
        """Return the facts as canonical JSON."""
        plain = {
            name: {key: _plain(one) for key, one in table.items()} for name, table in self._tables().items()
        }
        return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    def _tables(self) -> dict[str, dict[str, Any]]:
        return {name: getattr(self, name) for name in TABLES}


def load(text: str) -> Facts:
    """Return the facts of their canonical JSON."""
    plain = json.loads(text)
    facts = Facts(
        adopted={key: Adopted(**_dated(one)) for key, one in plain.get("adopted", {}).items()},
        decided={key: Decided(**_dated(one)) for key, one in plain.get("decided", {}).items()},
        days={key: DayChanged(**_dated(one)) for key, one in plain.get("days", {}).items()},
        units=plain.get("units", {}),
    )
    for one in plain.get("members", {}).values():
        facts.put_member(Member(**_dated(one)))
    for one in plain.get("mailboxes", {}).values():
        facts.put_mailbox(Mailbox(**_dated(one)))
    for one in plain.get("leaves", {}).values():
        returns = tuple(Return(**_dated(back)) for back in one.pop("returns"))
        facts.put_leave(Leave(**_dated(one), returns=returns))
    return facts


TABLES = ("adopted", "decided", "days", "members", "mailboxes", "units", "leaves")
INSTANTS = {"at", "since", "until", "given_at", "withdrawn_at", "intake_at"}
DAYS = {"day", "valid_from"}


def _plain(one: Any) -> Any:
    if isinstance(one, str):
        return one
    return {key: _iso(value) for key, value in asdict(one).items()}


def _iso(value: Any) -> Any:
    if isinstance(value, tuple):
        return [{key: _iso(of) for key, of in one.items()} for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _dated(plain: dict[str, Any]) -> dict[str, Any]:
    return {key: _parsed(key, value) for key, value in plain.items()}


def _parsed(key: str, value: Any) -> Any:
    if value is not None and key in INSTANTS:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if key in DAYS else value

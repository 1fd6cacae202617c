"""The books that may bind an agency, compiled: which norm listens to which kind of event."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from congvu.base import handles
from congvu.rules.book import Book, Condition, Deadline, Norm, Value
from congvu.rules.conditions import Predicate, compile_condition
from congvu.standards.working_time import Calendar

ROLES = ("when", "fulfil", "cancel", "report", "count")


@dataclass(frozen=True, slots=True)
class Rule:
    """One norm of one version of a book, listening in one role."""

    book: Book
    norm: Norm
    condition: Condition
    holds: Predicate

    def key(self, role: str, disclosures: Mapping[str, str | None], names: Iterable[str]) -> str:
        """Return the key by which a duty and what fulfils or cancels it find each other, empty when untraceable."""
        values = [disclosures.get(name) for name in names]
        if not values or None in values:
            return ""
        return handles.derive(self.book.id, self.norm.id, role, *(value or "" for value in values))


@dataclass(frozen=True)
class Law:
    """All versions of all books, by the kinds that they listen to, and the calendar of the agency."""

    books: tuple[Book, ...]
    calendar: Calendar
    roles: Mapping[str, Mapping[str, tuple[Rule, ...]]] = field(init=False)
    by_version: Mapping[tuple[str, int], Book] = field(init=False)

    def __post_init__(self) -> None:
        roles: dict[str, dict[str, tuple[Rule, ...]]] = {role: {} for role in ROLES}
        for book in self.books:
            for norm in book.norms:
                for role in ROLES:
                    condition = getattr(norm, role)
                    if condition is not None:
                        rule = Rule(book, norm, condition, compile_condition(condition))
                        roles[role][condition.kind] = (*roles[role].get(condition.kind, ()), rule)
        object.__setattr__(self, "roles", roles)
        object.__setattr__(self, "by_version", {(book.id, book.version): book for book in self.books})

    def listening(self, role: str, kind: str, attributes: Mapping[str, Value]) -> list[Rule]:
        """Return the rules that an event of this kind and these attributes meets in a role."""
        return [rule for rule in self.roles[role].get(kind, ()) if rule.holds(attributes)]

    def windowed(self) -> list[tuple[Book, Norm]]:
        """Return the norms that owe something in daily windows."""
        return [(book, norm) for book in self.books for norm in book.norms if norm.windows]


def window_key(book: str, norm: str, bearer: str, opens: datetime) -> str:
    """Return the key of one bearer's duty in one window."""
    return handles.derive(book, norm, "window", bearer, opens.isoformat())


def due(
    deadline: Deadline, *, start: datetime, amount: int, unit: str | None, calendar: Calendar
) -> datetime:
    """Return when a deadline of so many units from `start` is over."""
    if deadline.same_day:
        return calendar.same_day(start)
    if unit == "working_minute":
        return calendar.add_working_minutes(start, amount)
    if unit == "working_hour":
        return calendar.add_working_hours(start, amount)
    if unit == "working_day":
        return calendar.add_working_days(start, amount)
    return calendar.add_months(start, amount, roll=deadline.roll)


def legal_start(
    deadline: Deadline, *, at: datetime, disclosures: Mapping[str, str | None], calendar: Calendar
) -> datetime:
    """Return the instant from which a deadline runs: the event, or the legal day that the event discloses."""
    text = disclosures.get(deadline.start) if deadline.start else None
    return calendar.midnight(date.fromisoformat(text)) if text else at

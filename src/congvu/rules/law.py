"""The books that may bind an agency, compiled: which norm listens to which kind of event."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from congvu.base import handles
from congvu.rules import feeding
from congvu.rules.book import Book, Condition, Norm, Value
from congvu.rules.conditions import Predicate, compile_condition
from congvu.standards.working_time import Calendar

TRIGGERS = ("when", "report")
KEYED = ("fulfil", "cancel", "suspend", "resume", "extend", "compensate")  # evidence finds its duty by a key
ROLES = (*TRIGGERS, *KEYED, "part", "whole", "count")
ROLE_OF = {
    "suspend.from": "suspend",
    "suspend.until": "resume",
    "extend.notice": "extend",
    "cap.part": "part",
    "cap.whole": "whole",
}
NOTHING: Mapping[str, tuple["Rule", ...]] = {}
PLACES = 4_096  # kinds of events, told apart by what the rules ask of them
OWING = {"obligation", "prohibition"}  # what else a text says owes nothing


@dataclass(frozen=True, slots=True)
class Rule:
    """One norm of one version of a book, listening in one role."""

    book: Book
    norm: Norm
    condition: Condition
    holds: Predicate
    stem: str  # of its keys: equal for two versions that say the same

    def key(self, disclosures: Mapping[str, str | None]) -> str:
        """Return the key by which a duty and its evidence in this role find each other, empty when untraceable."""
        values = [self.stem]
        for name in self.condition.same:
            value = disclosures.get(name)
            if value is None:
                return ""
            values.append(value)
        return handles.derive(*values) if len(values) > 1 else ""


Met = tuple[tuple[str, list[Rule]], ...]


@dataclass(frozen=True)
class Law:
    """All versions of all books, by the kinds that they listen to, and the calendar of the agency.

    What `is_live` judges people: it leaves out norms that need events which no channel records yet.
    """

    books: tuple[Book, ...]
    calendar: Calendar
    is_live: bool = False
    heard: Mapping[str, Mapping[str, tuple[Rule, ...]]] = field(init=False)  # by kind and role
    rules: Mapping[tuple[str, int, str], Mapping[str, Rule]] = field(init=False)
    keyed: Mapping[tuple[str, int, str], tuple[tuple[str, Rule], ...]] = field(init=False)  # what has keys
    norms: Mapping[tuple[str, int, str], Norm] = field(init=False)
    by_version: Mapping[tuple[str, int], Book] = field(init=False)
    periodic: tuple[tuple[Book, Norm], ...] = field(init=False)
    asked: Mapping[str, tuple[str, ...]] = field(init=False)  # the attributes that rules test, by kind
    known: dict[tuple[str, str], Met] = field(init=False, repr=False, compare=False)  # answers of `met`

    def __post_init__(self) -> None:
        norms = {(book.id, book.version, norm.id): norm for book in self.books for norm in book.norms}
        judged = [
            (book, norm)
            for book in self.books
            for norm in book.norms
            if not (self.is_live and feeding.waits(norm))
        ]
        rules = {(book.id, book.version, norm.id): dict(_rules(book, norm)) for book, norm in judged}
        object.__setattr__(self, "norms", norms)
        object.__setattr__(self, "rules", rules)
        keyed = {name: tuple((role, of[role]) for role in KEYED if role in of) for name, of in rules.items()}
        object.__setattr__(self, "keyed", keyed)
        object.__setattr__(self, "heard", _heard(rules.values()))
        object.__setattr__(self, "by_version", {(book.id, book.version): book for book in self.books})
        periodic = tuple((book, norm) for book, norm in judged if norm.rhythm and not norm.cap and owes(norm))
        object.__setattr__(self, "periodic", periodic)
        object.__setattr__(self, "asked", {kind: _asked(roles) for kind, roles in self.heard.items()})
        object.__setattr__(self, "known", {})

    def listening(self, role: str, kind: str, attributes: Mapping[str, Value]) -> list[Rule]:
        """Return the rules that an event of this kind and these attributes meets in a role."""
        return [rule for rule in self.heard.get(kind, NOTHING).get(role, ()) if rule.holds(attributes)]

    def met(self, kind: str, attributes: Mapping[str, Value]) -> Met:
        """Return role by role, in the order of ROLES, the rules that such an event meets.

        Attributes are few and coarse, so the answers are remembered by what is asked of them.
        """
        names = self.asked.get(kind)
        if names is None:
            return ()
        said = (
            repr([attributes.get(name) for name in names]) if names else ""
        )  # as text, for there True is no 1
        key = kind, said
        found = self.known.get(key)
        if found is None:
            if len(self.known) >= PLACES:
                self.known.clear()
            found = self.known[key] = self._met(kind, attributes)
        return found

    def _met(self, kind: str, attributes: Mapping[str, Value]) -> Met:
        return tuple(
            (role, found)
            for role, rules in self.heard.get(kind, NOTHING).items()
            if (found := [rule for rule in rules if rule.holds(attributes)])
        )

    def rule(self, book: str, version: int, norm: str, role: str) -> Rule | None:
        """Return what listens in a role for a duty of this norm of this version."""
        return self.rules.get((book, version, norm), {}).get(role)

    @property
    def capped(self) -> bool:
        """Say whether any book caps a share."""
        return any("whole" in roles for roles in self.heard.values())

    def windowed(self) -> list[tuple[Book, Norm]]:
        """Return the norms that owe something in daily windows."""
        return [(book, norm) for book, norm in self.periodic if norm.windows]


def owes(norm: Norm) -> bool:
    """Say whether anything can be owed by a norm: recommendations, permissions, powers and effects owe nothing."""
    return norm.kind in OWING and norm.not_applicable is None


def period_key(book: str, norm: str, bearer: str, opens: datetime, role: str = "window") -> str:
    """Return the key of one bearer's duty in one window or period."""
    return handles.derive(book, norm, role, bearer, opens.isoformat())


def _rules(book: Book, norm: Norm) -> Iterable[tuple[str, Rule]]:
    for key, condition in norm.conditions.items():
        role = ROLE_OF.get(key, key)
        if role == "count" or owes(norm):
            stem = handles.derive(book.id, norm.id, role, repr(condition))
            yield role, Rule(book, norm, condition, compile_condition(condition), stem)


def _heard(named: Iterable[Mapping[str, Rule]]) -> dict[str, dict[str, tuple[Rule, ...]]]:
    """Return rules by kind and role; of versions that listen for the same evidence of the same matter, one."""
    found: dict[str, dict[str, tuple[Rule, ...]]] = {}
    seen: set[str] = set()
    rules = list(named)
    for role in ROLES:
        for rule in (one[role] for one in rules if role in one):
            is_of_matter = role not in (*TRIGGERS, "count") and rule.norm.rhythm is None
            if not (is_of_matter and rule.stem in seen):
                seen.add(rule.stem)
                of_kind = found.setdefault(rule.condition.kind, {})
                of_kind[role] = (*of_kind.get(role, ()), rule)
    return found


def _asked(roles: Mapping[str, Iterable[Rule]]) -> tuple[str, ...]:
    tested = {test.attribute for rules in roles.values() for rule in rules for test in rule.condition.tests}
    return tuple(sorted(tested))

"""When a person is away, and who acts meanwhile, as the agency recorded it (vi: nghỉ phép; kk: демалыс; ru: отпуск).

What is recorded later never makes it worse for the person: leave granted afterwards takes its days out of every term
of the person's own, an early return only out of those that began when it was known.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from congvu.standards.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Leave ends earlier than granted: at `until` the person is back."""

    until: datetime
    at: datetime
    entry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """A person is away from `since` until before `until`; `acting` is who answers for the office, if anybody."""

    leave: str
    person: str
    acting: str
    since: datetime
    until: datetime
    at: datetime
    entry: str
    returns: tuple[Return, ...] = ()

    def period(self, known_at: datetime | None = None) -> Period:
        """Return when the person is away by what was known at an instant; empty (its end first) when withdrawn."""
        known = [one for one in self.returns if known_at is None or one.at <= known_at]
        last = max(known, key=lambda one: (one.at, one.entry), default=None)
        return self.since, min(self.until, last.until) if last else self.until

    def covers(self, begin: datetime, end: datetime) -> bool:
        """Say whether, by all that is known, the person is away for the whole of a period."""
        since, until = self.period()
        return since <= begin and end <= until

    def holds(self, at: datetime) -> bool:
        """Say whether, by all that is known, the person is away at an instant."""
        since, until = self.period()
        return since <= at < until


def away(
    leaves: Iterable[Leave], *, start: datetime, opened_at: datetime, is_before: bool
) -> tuple[Period, ...]:
    """Return the periods in which no time runs for a term of a person's own that starts then.

    Of a term that counts back from `start` only leave counts that was granted when the duty opened.
    """
    found = []
    for one in leaves:
        since, until = one.period(opened_at)
        touches = one.at <= opened_at if is_before else start < until
        if since < until and touches:
            found.append((since, until))
    return tuple(sorted(found))

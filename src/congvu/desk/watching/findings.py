"""What of the facts an operator must look at: a closed list of sorts, each with its severity."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from congvu.desk.watching.facts import WATCH, Facts, is_clerk_seen
from congvu.ledger import full_checks
from congvu.ledger.models import Log
from congvu.ledger.witnesses import policy as policies
from congvu.ledger.witnesses.queries import Attendance
from congvu.standards.quorums import MalformedPolicyError

Verdict = Literal["holds", "look", "stop"]
CODES: Final[dict[Verdict, int]] = {"holds": 0, "look": 1, "stop": 2}  # exit status, and value of the metric

SEALED = "sealed"
OWN_CONFLICT = "own_conflict"
NEIGHBOR_CONFLICT = "neighbor_conflict"
DAMAGE = "damage"
CHECK_FAILED = "check_failed"
CHECK_OVERDUE = "check_overdue"
WAITING = "waiting"
DISK_FULL = "disk_full"
DISK_LOW = "disk_low"
POLICY_UNMET = "policy_unmet"
POLICY_UNREADABLE = "policy_unreadable"
WITNESS_SILENT = "witness_silent"
HEAD_UNCOMPARED = "head_uncompared"
CHORE_FAILED = "chore_failed"
CLOCK = "clock"
OUTCOMES_MISSING = "outcomes_missing"
CLERK_SILENT = "clerk_silent"
SORTS = (
    *(SEALED, OWN_CONFLICT, DAMAGE, DISK_FULL, WAITING, CLERK_SILENT, NEIGHBOR_CONFLICT, POLICY_UNMET),
    *(POLICY_UNREADABLE, WITNESS_SILENT, HEAD_UNCOMPARED, CHECK_FAILED, CHECK_OVERDUE, DISK_LOW),
    *(CHORE_FAILED, CLOCK, OUTCOMES_MISSING),
)
SHARED = frozenset({DISK_FULL, DISK_LOW, NEIGHBOR_CONFLICT, HEAD_UNCOMPARED, POLICY_UNREADABLE})
STOP = frozenset({SEALED, OWN_CONFLICT, DAMAGE, DISK_FULL, WAITING, CLERK_SILENT})

SLOW = timedelta(minutes=10)  # in which whatever waits should long be in the log
SILENT = timedelta(minutes=30)
REFUSALS = 8  # in a row: a quarter of an hour, by the pauses between them
COMPARED = timedelta(days=1)
CLOCK_SHOWN = timedelta(days=1)
_CLOCK = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to look at: its sort, what it is about, and the fact that shows it; `since` when that is known."""

    sort: str
    about: str = ""
    fact: str = ""
    since: datetime | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Return what makes it the same as an earlier one."""
        return self.sort, self.about


def findings(found: Facts) -> list[Finding]:
    """Return what must be looked at, the gravest first."""
    rows = [
        *_ledger(found),
        *_logs(found),
        *_witnesses(found),
        *_conflicts(found),
        *_disks(found),
        *_chores(found),
        *_mail(found),
    ]
    return sorted(rows, key=lambda one: (SORTS.index(one.sort), one.about))


def verdict(sorts: Iterator[str]) -> Verdict:
    """Return the worst of some sorts."""
    seen = set(sorts)
    if seen & STOP:
        return "stop"
    return "look" if seen else "holds"


def _ledger(found: Facts) -> Iterator[Finding]:
    if found.ledger is not None and found.ledger.sealed:
        yield Finding(sort=SEALED, fact=found.ledger.sealed)
    since = found.waiting.since
    if since is not None and found.now - since > SLOW:
        yield Finding(sort=WAITING, fact=str(found.waiting.entries), since=since)
    if found.ledger is not None and not is_clerk_seen(found.clerk_at, found.now):
        yield Finding(sort=CLERK_SILENT, since=found.clerk_at)


def _logs(found: Facts) -> Iterator[Finding]:
    for one in found.logs:
        check, about = one.check, one.log.origin
        if check is None:
            continue
        if one.damage:
            yield Finding(sort=DAMAGE, about=about, fact=one.damage, since=check.tried_at)
        elif check.failure:
            yield Finding(sort=CHECK_FAILED, about=about, fact=check.failure, since=check.tried_at)
        if one.is_check_overdue:
            yield Finding(sort=CHECK_OVERDUE, about=about, since=check.done_at)


def _witnesses(found: Facts) -> Iterator[Finding]:
    if found.policy_fault:
        yield Finding(sort=POLICY_UNREADABLE, fact=found.policy_fault[:300])
        return
    silent = [one for one in found.attendances if is_silent(one, found)]
    for one in silent:
        yield Finding(sort=WITNESS_SILENT, about=one.name, fact=one.error, since=one.cosigned_at)
    if found.standing is not None and not found.standing.is_met and not _can_be_met(silent):
        seen = [one.cosigned_at for one in silent if one.cosigned_at]
        yield Finding(sort=POLICY_UNMET, about=found.standing.origin, since=min(seen, default=None))


def is_silent(one: Attendance, found: Facts) -> bool:
    """Say whether a witness has not cosigned for so long that this is no pause between two tries."""
    if not one.lag or not one.url:
        return False
    if one.failures >= REFUSALS:
        return True
    newest = found.newest
    known = (one.asked_at, one.next_at, newest.log.signed_at if newest else None)
    last = max((at for at in known if at is not None), default=found.now)
    return found.now - last > SILENT


def _can_be_met(silent: list[Attendance]) -> bool:
    """Say whether those who are not silent are enough."""
    marks = {one.witness for one in silent}
    try:
        policy = policies.current()
    except MalformedPolicyError:
        return True  # told already
    return policy.is_met([one.key for one in policy.witnesses if policies.mark(one.key) not in marks])


def _conflicts(found: Facts) -> Iterator[Finding]:
    own = set(
        Log.objects.filter(agency=found.agency.handle, origin__in=[one.origin for one in found.proven])
        .order_by()
        .values_list("origin", flat=True)
    )
    seen: set[str] = set()
    for one in found.proven:
        if one.origin not in seen:
            seen.add(one.origin)
            sort = OWN_CONFLICT if one.origin in own else NEIGHBOR_CONFLICT
            yield Finding(sort=sort, about=one.origin, fact=one.sort, since=one.found_at)
    for asked in found.unproven:
        about = f"{asked.origin} ({asked.told_by})"
        if found.now - asked.asked_at > COMPARED and about not in seen:
            seen.add(about)
            yield Finding(sort=HEAD_UNCOMPARED, about=about, fact=str(asked.size), since=asked.asked_at)


def _disks(found: Facts) -> Iterator[Finding]:
    for one in found.disks:
        if one.is_full:
            yield Finding(sort=DISK_FULL, about=one.name)
        elif one.is_low:
            yield Finding(sort=DISK_LOW, about=one.name)


def _chores(found: Facts) -> Iterator[Finding]:
    for one in found.chores:
        if not one.failure or one.name == WATCH or full_checks.is_of_a_check(one):
            continue
        if one.name == _CLOCK:
            if abs(found.now - one.tried_at) < CLOCK_SHOWN:
                yield Finding(sort=CLOCK, fact=one.failure, since=one.tried_at)
            continue
        since = one.done_at or one.tried_at
        yield Finding(sort=CHORE_FAILED, about=one.name, fact=one.failure, since=since)


def _mail(found: Facts) -> Iterator[Finding]:
    for one in found.uneven_days:
        fact = f"{one.missing} + {one.doubled}"
        yield Finding(
            sort=OUTCOMES_MISSING, about=one.day.isoformat(), fact=fact, since=one.closed_at or one.counted_at
        )

"""When each log is hashed again from its first entry to its root, and what came of it the last time.

Logs are checked at night, in the agency's zone: the newest log each night, large ones and those of past years each
week. A machine that is off at night checks when it is on. A check that was cut short begins anew: half of an old one
proves nothing about what the disk has lost since.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from congvu.ledger import chores
from congvu.ledger.models import Chore, Ledger, Log

NIGHT = range(1, 5)  # hours
DAILY = timedelta(hours=20)
WEEKLY = timedelta(days=6, hours=12)
LARGE = 5_000_000  # entries; some ten seconds of one core for a million
PATIENCE = 2  # times the pause, after which no night is waited for
ENDED = "ended: "  # how a failure begins that says nothing about the log


def due(now: datetime) -> Iterator[tuple[Ledger, Log]]:
    """Yield the logs that are to be checked now."""
    for ledger in Ledger.objects.order_by("slug"):
        is_night = now.astimezone(ZoneInfo(ledger.zone)).hour in NIGHT
        logs = Log.objects.filter(agency=ledger.agency, size__gt=0).order_by("-name")
        known = last(ledger.agency)
        for place, log in enumerate(logs):
            row = known.get(log.name)
            rest = pause(log, is_newest=place == 0)
            age = None if row is None else abs(now - row.tried_at)  # a clock may have been set back
            if age is None or age >= PATIENCE * rest or (is_night and age >= rest):
                yield ledger, log


def pause(log: Log, *, is_newest: bool) -> timedelta:
    """Return how long a check of a log is good for."""
    return DAILY if is_newest and log.size < LARGE else WEEKLY


def is_overdue(log: Log, row: Chore | None, *, is_newest: bool, now: datetime) -> bool:
    """Say whether a log was not checked for so long that something keeps it from being checked."""
    if row is None or row.done_at is None:
        return False  # what keeps failing says so itself
    return now - row.done_at > 2 * PATIENCE * pause(log, is_newest=is_newest)


def last(agency: str) -> dict[str, Chore]:
    """Return the last check of each log of an agency."""
    rows = Chore.objects.filter(agency=agency, name__startswith=_name(""))
    return {one.name.removeprefix(_name("")): one for one in rows}


def note(log: Log, faults: Sequence[str], *, now: datetime) -> None:
    """Keep the result of a whole check: nothing, or sentences about what was found."""
    if not faults:
        chores.done(log.agency, _name(log.name), now=now)
        return
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    room = chores.LONGEST - len(more)
    chores.failed(log.agency, _name(log.name), faults[0][:room] + more, now=now)


def note_end(log: Log, status: int, *, now: datetime) -> None:
    """Keep that a check came to no result, so that the next one is tried in its own time."""
    chores.failed(log.agency, _name(log.name), f"{ENDED}status {status}", now=now)


def is_of_a_check(row: Chore) -> bool:
    """Say whether a chore is the check of a log."""
    return row.name.startswith(_name(""))


def found_damage(row: Chore | None) -> str:
    """Return what the last check found wrong; empty when nothing, or when there was no result."""
    return "" if row is None or row.failure.startswith(ENDED) else row.failure


def _name(log: str) -> str:
    return f"full_check_{log}"

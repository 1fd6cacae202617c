"""How the evidence of one agency stands, from what is kept: no table is counted, no log is read through."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from congvu.desk.watching import disks
from congvu.desk.watching.disks import Disk
from congvu.directory.models import Agency
from congvu.ledger import full_checks, waiting
from congvu.ledger.gossip import queries as gossip
from congvu.ledger.gossip.queries import Proven, Unproven
from congvu.ledger.models import Chore, Ledger, Log, TimeStamp
from congvu.ledger.neighbors.queries import Known, neighbors
from congvu.ledger.timestamping import asking
from congvu.ledger.waiting import Waiting
from congvu.ledger.witnesses import queries as witnesses
from congvu.ledger.witnesses.queries import Attendance, Standing
from congvu.mail.models import Transfer
from congvu.mail.outcomes import queries as outcomes
from congvu.mail.outcomes.models import MailDay
from congvu.standards import closings
from congvu.standards.closings import Closing

MOST = 100  # neighbors, and days of mail, that are looked at
WATCH = "watch"  # the chore that says that the clerk works
QUEUE = 10_000  # letters that are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFacts:
    """How one year's log stands; `check` is its last full check, `stamp` its last time stamp."""

    log: Log
    check: Chore | None
    stamp: TimeStamp | None
    is_newest: bool
    is_check_overdue: bool

    @property
    def damage(self) -> str:
        """Return what the last check found wrong."""
        return full_checks.found_damage(self.check)

    @property
    def closing(self) -> Closing | None:
        """Return how the log was closed before its year was over, if it was."""
        return closings.read(self.log.closing) if self.log.closing else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that the operator's page rests on; `ledger` is None before the agency has one."""

    agency: Agency
    now: datetime
    ledger: Ledger | None
    logs: Sequence[LogFacts]
    newest_entry_at: datetime | None
    waiting: Waiting
    standing: Standing | None
    attendances: Sequence[Attendance]
    policy_fault: str
    neighbors: Sequence[Known]
    proven: Sequence[Proven]
    unproven: Sequence[Unproven]
    chores: Sequence[Chore]
    disks: Sequence[Disk]
    uneven_days: Sequence[MailDay]
    clerk_at: datetime | None
    has_time_authority: bool

    @property
    def newest(self) -> LogFacts | None:
        """Return the newest log."""
        return self.logs[0] if self.logs else None


def facts(agency: Agency, now: datetime) -> Facts:
    """Gather how an agency's evidence stands."""
    handle = agency.handle
    chores = list(Chore.objects.filter(agency=handle).order_by("name"))
    return Facts(
        agency=agency,
        now=now,
        ledger=Ledger.objects.filter(agency=handle).first(),
        logs=_logs(handle, now),
        newest_entry_at=waiting.newest_at(handle),
        waiting=waiting.outbox(handle),
        standing=next(iter(witnesses.standings(handle)), None),
        attendances=witnesses.attendances(handle),
        policy_fault=witnesses.policy_fault(),
        neighbors=neighbors(limit=MOST),
        proven=_concerning(handle),
        unproven=gossip.unproven(),
        chores=chores,
        disks=disks.disks(disks.day_of(now)),
        uneven_days=list(outcomes.troubled(agency)[:MOST]),
        clerk_at=next((one.done_at for one in chores if one.name == WATCH), None),
        has_time_authority=bool(asking.addresses()),
    )


def queued_letters() -> int:
    """Return how many letters of the installation wait for the relay, up to a bound."""
    return Transfer.objects.filter(state=Transfer.State.QUEUED)[:QUEUE].count()


def is_clerk_seen(since: datetime | None, now: datetime) -> bool:
    """Say whether the clerk has said lately that it works."""
    return since is not None and abs(now.astimezone(UTC) - since) < timedelta(minutes=5)


def _logs(agency: str, now: datetime) -> list[LogFacts]:
    checks, found = full_checks.last(agency), []
    for place, log in enumerate(Log.objects.filter(agency=agency).order_by("-name")):
        check, is_newest = checks.get(log.name), place == 0
        found.append(
            LogFacts(
                log=log,
                check=check,
                stamp=TimeStamp.objects.filter(agency=agency, log=log).order_by("-size").first(),
                is_newest=is_newest,
                is_check_overdue=full_checks.is_overdue(log, check, is_newest=is_newest, now=now),
            )
        )
    return found


def _concerning(agency: str) -> list[Proven]:
    """Return the proven conflicts but those of closed logs, and of other agencies here, who see them themselves."""
    proven = gossip.conflicts()
    if not proven:
        return []
    logs = Log.objects.filter(origin__in={one.origin for one in proven})
    others = set(logs.exclude(agency=agency, closing="").values_list("origin", flat=True))
    closed = {one.origin for one in neighbors() if one.closing}
    return [one for one in proven if one.origin not in others | closed]

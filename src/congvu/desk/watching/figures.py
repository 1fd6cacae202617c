"""The figures of the operator's page for a monitoring system: no person, no mailbox, no address of anybody."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from congvu.desk.watching import queries
from congvu.desk.watching.disks import day_of, disks
from congvu.desk.watching.facts import Facts, facts, queued_letters
from congvu.desk.watching.findings import CODES, SORTS, STOP, findings, verdict
from congvu.desk.watching.prometheus import Family
from congvu.directory.queries import agencies

Sample = tuple[dict[str, str], float]


def families(now: datetime) -> list[Family]:
    """Return every metric of the installation; docs/reference/metrics.md names them."""
    found = [facts(agency, now) for agency in agencies()]
    return [
        *_logs(found, now),
        *_agencies(found, now),
        *_witnesses(found, now),
        *_incidents(found),
        *_installation(now),
    ]


def _logs(found: Sequence[Facts], now: datetime) -> Iterator[Family]:
    newest = [(_of(one) | {"year": one.newest.log.name}, one, one.newest) for one in found if one.newest]
    yield _gauge(
        "congvu_ledger_entries",
        "Entries in the newest log of an agency.",
        [(labels, log.log.size) for labels, _, log in newest],
    )
    yield _gauge(
        "congvu_ledger_signed_entries",
        "Entries that the last signed checkpoint covers.",
        [(labels, log.log.signed_size) for labels, _, log in newest],
    )
    yield _gauge(
        "congvu_ledger_checkpoint_age_seconds",
        "Age of the last signed checkpoint.",
        _ages(now, ((labels, log.log.signed_at) for labels, _, log in newest)),
    )
    yield _gauge(
        "congvu_ledger_last_entry_timestamp_seconds",
        "When the newest entry was recorded, in Unix time.",
        [
            (labels, one.newest_entry_at.timestamp())
            for labels, one, _ in newest
            if one.newest_entry_at is not None
        ],
    )
    yield _gauge(
        "congvu_ledger_full_check_age_seconds",
        "Time since the last full check that found the log whole.",
        _ages(now, ((labels, log.check.done_at if log.check else None) for labels, _, log in newest)),
    )
    yield _gauge(
        "congvu_ledger_time_stamp_age_seconds",
        "Time since a time authority stamped a checkpoint.",
        _ages(now, ((labels, log.stamp.at if log.stamp else None) for labels, _, log in newest)),
    )


def _agencies(found: Sequence[Facts], now: datetime) -> Iterator[Family]:
    yield _gauge(
        "congvu_ledger_sealed",
        "1 while nothing may be recorded.",
        [(_of(one), bool(one.ledger and one.ledger.sealed)) for one in found],
    )
    yield _gauge(
        "congvu_ledger_outbox_entries",
        "Recorded entries that wait for the sequencer, up to 10000.",
        [(_of(one), one.waiting.entries) for one in found],
    )
    yield _gauge(
        "congvu_ledger_outbox_age_seconds",
        "How long the oldest of them has waited; 0 when none does.",
        [(_of(one), _seconds(now - (one.waiting.since or now))) for one in found],
    )
    yield _gauge(
        "congvu_clerk_age_seconds",
        "Time since the clerk last looked at the evidence.",
        _ages(now, ((_of(one), one.clerk_at) for one in found)),
    )
    yield _gauge(
        "congvu_chore_failed",
        "1 for what is done again and again and failed the last time.",
        [(_of(one) | {"chore": row.name}, bool(row.failure)) for one in found for row in one.chores],
    )


def _witnesses(found: Sequence[Facts], now: datetime) -> Iterator[Family]:
    rows = [(_of(one) | {"witness": row.name}, row) for one in found for row in one.attendances]
    yield _gauge(
        "congvu_witness_lag_entries",
        "Signed entries that a witness has not cosigned.",
        [(labels, row.lag) for labels, row in rows],
    )
    yield _gauge(
        "congvu_witness_failures",
        "Answers in a row that were no cosignature.",
        [(labels, row.failures) for labels, row in rows],
    )
    yield _gauge(
        "congvu_witness_cosignature_age_seconds",
        "Time since a witness last cosigned; absent when it never did.",
        _ages(now, ((labels, row.cosigned_at) for labels, row in rows)),
    )
    yield _gauge(
        "congvu_witness_policy_met",
        "1 while the last signed checkpoint is cosigned as the policy asks.",
        [(_of(one), one.standing.is_met) for one in found if one.standing and one.standing.is_awaited],
    )


def _incidents(found: Sequence[Facts]) -> Iterator[Family]:
    seen = {one.agency.slug: [row.sort for row in findings(one)] for one in found}
    yield _gauge(
        "congvu_evidence_verdict",
        "0: all of it holds, 1: look at it, 2: stop.",
        [({"agency": slug}, CODES[verdict(iter(sorts))]) for slug, sorts in seen.items()],
    )
    yield _gauge(
        "congvu_incidents_open",
        "What an operator must look at now, by sort; severity stop or look.",
        [
            (
                {"agency": slug, "sort": sort, "severity": "stop" if sort in STOP else "look"},
                sorts.count(sort),
            )
            for slug, sorts in seen.items()
            for sort in SORTS
        ],
    )
    yield Family(
        "congvu_incidents_total",
        "counter",
        "Incidents that were ever kept.",
        [(_of(one), queries.total(one.agency)) for one in found],
    )


def _installation(now: datetime) -> Iterator[Family]:
    rows = disks(day_of(now))
    for name, text, values in (
        ("congvu_disk_free_bytes", "Free room on a disk that holds evidence.", [one.free for one in rows]),
        ("congvu_disk_size_bytes", "Size of a disk that holds evidence.", [one.size for one in rows]),
        ("congvu_disk_free_inodes", "Files that can still be made on it.", [one.free_inodes for one in rows]),
        ("congvu_disk_growth_bytes_per_day", "Growth over the last month.", [one.per_day for one in rows]),
    ):
        known = zip(rows, values, strict=True)
        yield _gauge(
            name, text, [({"place": one.places[0]}, value) for one, value in known if value is not None]
        )
    waiting = queued_letters()
    yield _gauge("congvu_mail_queue_letters", "Letters to others that wait, up to 10000.", [({}, waiting)])


def _gauge(name: str, text: str, samples: Iterable[Sample]) -> Family:
    return Family(name, "gauge", text, list(samples))


def _of(one: Facts) -> dict[str, str]:
    return {"agency": one.agency.slug}


def _ages(now: datetime, rows: Iterable[tuple[dict[str, str], datetime | None]]) -> list[Sample]:
    return [(labels, _seconds(now - since)) for labels, since in rows if since is not None]


def _seconds(span: timedelta) -> float:
    return max(0.0, round(span.total_seconds(), 3))

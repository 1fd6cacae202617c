"""Keeping stamps: a file first, then its row and its evidence."""

from collections.abc import Sequence
from datetime import datetime

from congvu.base.database import atomic
from congvu.ledger import log_keys
from congvu.ledger.actions import record
from congvu.ledger.events import CheckpointStamped, StampsRenewed
from congvu.ledger.models import Log, TimeStamp
from congvu.ledger.store import Folder
from congvu.ledger.timestamping import asking, queries, records
from congvu.ledger.timestamping.asking import NotAStampError
from congvu.ledger.timestamping.records import Kept
from congvu.standards import checkpoints
from congvu.standards import evidence_records as ers

MOST_AT_ONCE = 5_000  # records that one renewal serves


def stamp(log: Log, *, digest: str, now: datetime) -> TimeStamp:
    """Have the last signed checkpoint of a log stamped, unless it is. Raises RefusedError, NoAuthorityError."""
    size, folder = log.signed_size, Folder.of_log(log)
    if size in records.sizes(folder):
        known = TimeStamp.objects.filter(agency=log.agency, log=log, size=size).first()
        return known or register(log, size, now=now)
    note = checkpoints.bare(log.checkpoint, key=log_keys.verifier(log.origin, folder)).encode()
    token = asking.stamp(note, digest=digest, believed=asking.certificates())
    first = ers.Stamp(digest=digest, way=(), token=token.data)
    records.write(folder, Kept(size=size, note=note, record=ers.Record(chains=((first,),))))
    return register(log, size, now=now)


def register(log: Log, size: int, *, now: datetime) -> TimeStamp:
    """Take a checkpoint's record, which is on disk, into the books. Raises NotAStampError, BrokenRecordError."""
    kept = records.read(Folder.of_log(log), size)
    tokens = queries.verified(log, kept, believed=asking.certificates())
    with atomic():
        made, _ = TimeStamp.objects.update_or_create(
            agency=log.agency,
            log=log,
            size=size,
            defaults={
                "at": tokens[0].at,
                "until": tokens[-1].until,
                "stamps": len(tokens),
                "digest": kept.record.last.digest,
            },
        )
        apart = abs(int((tokens[0].at - now).total_seconds()))
        event = CheckpointStamped(year=log.year, number=log.number, size=size, seconds_apart=apart)
        record(event, agency=log.agency, at=now, disclosures={})
    return made


def renew(agency: str, rows: Sequence[TimeStamp], *, digest: str, now: datetime) -> int:
    """Have records stamped anew by one token, those of another digest with a new chain; return how many.

    Raises RefusedError, NoAuthorityError; NotAStampError or BrokenRecordError when a record no longer holds, which
    is then not covered up by a new stamp.
    """
    rows, believed = rows[:MOST_AT_ONCE], asking.certificates()
    places = [Folder.of_log(row.log) for row in rows]
    all_kept = [records.read(place, row.size) for place, row in zip(places, rows, strict=True)]
    for row, kept in zip(rows, all_kept, strict=True):
        queries.verified(row.log, kept, believed=believed)
    tree = ers.tree([_about(kept, digest) for kept in all_kept], digest=digest)
    token = asking.stamp(tree.data, digest=digest, believed=believed)
    if any(row.digest == digest and token.until <= row.until for row in rows):
        raise NotAStampError(
            "the authority's certificate ends no later than those of the stamps to be renewed"
        )
    for row, place, kept, way in zip(rows, places, all_kept, tree.ways, strict=True):
        grown = _grown(kept, ers.Stamp(digest=digest, way=way, token=token.data))
        queries.verified(row.log, grown, believed=believed)
        records.write(place, grown)
    with atomic():
        for row, kept in zip(rows, all_kept, strict=True):
            row.until, row.digest, row.stamps = token.until, digest, sum(map(len, kept.record.chains)) + 1
            row.save(update_fields=["until", "digest", "stamps"])
        record(StampsRenewed(records=len(rows)), agency=agency, at=now, disclosures={})
    return len(rows)


def _about(kept: Kept, digest: str) -> bytes:
    if kept.record.last.digest == digest:
        return kept.record.last.token
    return ers.renewal(kept.record.chains, kept.note, digest=digest)


def _grown(kept: Kept, stamp_: ers.Stamp) -> Kept:
    chains = kept.record.chains
    is_same = kept.record.last.digest == stamp_.digest
    grown = (*chains[:-1], (*chains[-1], stamp_)) if is_same else (*chains, (stamp_,))
    return Kept(size=kept.size, note=kept.note, record=ers.Record(chains=grown))

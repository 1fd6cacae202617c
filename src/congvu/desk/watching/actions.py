"""Keeping incidents: when each began and ended, who was told, and who took note of it."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from congvu.base.database import atomic, lazily
from congvu.desk.events import IncidentAcknowledged
from congvu.desk.watching import disks, policies, queries
from congvu.desk.watching.findings import Finding
from congvu.desk.watching.models import DiskDay, Incident
from congvu.desk.watching.queries import Untold
from congvu.directory.models import Agency
from congvu.directory.policies import NotAllowedError
from congvu.directory.queries import Seat
from congvu.ledger.actions import record

LONGEST = 1_000  # characters of a note


class NoIncidentError(Exception):
    """The agency has no such incident."""


class AlreadyAcknowledgedError(Exception):
    """Somebody has taken note of it before."""


class NoNoteError(Exception):
    """An acknowledgement says what was found or done, in at most so many characters as are kept."""


def observe(  # no-evidence: what is seen follows from the facts; acknowledging it leaves some
    agency: Agency, found: Sequence[Finding], *, now: datetime
) -> int:
    """Open what is new, and end what is no longer so; return how much changed."""
    known = {(one.sort, one.about): one for one in queries.open_incidents(agency)}
    new = [one for one in found if one.key not in known]
    ended = [row for key, row in known.items() if key not in {one.key for one in found}]
    if not new and not ended:
        return 0
    with atomic():
        for one in new:
            _open(agency, one, now)
        Incident.objects.filter(pk__in=[row.pk for row in ended]).update(ended_at=now)
    return len(new) + len(ended)


def acknowledge(*, by: Seat, incident: str, note: str, now: datetime) -> Incident:
    """Take note of an incident, with a sentence.

    Raises NotAllowedError, NoNoteError, NoIncidentError, AlreadyAcknowledgedError, ReadOnlyError.
    """
    if not policies.may_acknowledge(by):
        raise NotAllowedError
    if not 0 < len(note.strip()) <= LONGEST:
        raise NoNoteError
    with atomic():
        row = queries.incident(by.agency, incident)
        if row is None:
            raise NoIncidentError(incident)
        if row.acknowledged_at is not None:
            raise AlreadyAcknowledgedError(incident)
        row.acknowledged_at, row.acknowledged_by, row.note = now, by.person, note.strip()
        row.save(update_fields=["acknowledged_at", "acknowledged_by", "note"])
        event = IncidentAcknowledged(sort=row.sort, is_over=row.ended_at is not None)
        digest = sha256(row.note.encode()).hexdigest()
        told = {"actor": by.person.handle, "incident": row.handle, "note": digest}
        record(event, agency=by.agency.handle, at=now, disclosures=told)
    return row


def note_told(told: Untold, *, now: datetime) -> None:  # no-evidence: the letter leaves it, in mail
    """Keep that a letter has said this."""
    with atomic():
        here = [one.pk for one in (*told.begun, *told.standing)]
        gone = [one.pk for one in told.over] + [one.pk for one in told.begun if one.ended_at is not None]
        Incident.objects.filter(pk__in=here).update(told_at=now)
        Incident.objects.filter(pk__in=gone).update(end_told_at=now)


def keep_disk_days(*, now: datetime) -> int:  # no-evidence: how full disks are is no act of anybody
    """Keep how much of each disk is used, once a day; return of how many."""
    day = disks.day_of(now)
    unseen = [(one.places[0], one.used) for one in disks.unseen(day) if one.used is not None]
    if unseen:
        with lazily(), atomic():
            DiskDay.objects.filter(day__lt=day - 2 * disks.REACH).delete()
            for place, used in unseen:
                DiskDay.objects.get_or_create(place=place, day=day, defaults={"used": used})
    return len(unseen)


def _open(agency: Agency, found: Finding, now: datetime) -> None:
    """Open an incident, or open again the one that seemed to be over."""
    back = queries.lately_ended(agency, found, now)
    if back is not None and back.acknowledged_at is None:
        back.ended_at, back.end_told_at = None, None
        back.save(update_fields=["ended_at", "end_told_at"])
        return
    Incident.objects.create(
        agency=agency, sort=found.sort, about=found.about, fact=found.fact[:300], opened_at=now
    )

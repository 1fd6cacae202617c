"""Letting whoever acts during a leave read what comes to a personal mailbox, and closing it again."""

import hashlib
from datetime import datetime

from congvu.base.database import atomic
from congvu.directory import queries as directory
from congvu.directory.models import Leave
from congvu.directory.policies import below
from congvu.directory.queries import Seat
from congvu.ledger.actions import record
from congvu.ledger.events import Event
from congvu.mail import events
from congvu.mail.actions.mailboxes import boxes_of
from congvu.mail.arranging.models import Delegation
from congvu.mail.models import Mailbox
from congvu.mail.policies import NotAllowedError
from congvu.mail.queries import delegating
from congvu.mail.queries.routes import Route, route

LONGEST = 1_000


class NobodyActsError(Exception):
    """No person acts during the leave, or it is over."""


class NoReasonError(Exception):
    """Who opens somebody else's mailbox says why."""


class NoAddressError(Exception):
    """The person on leave has no mailbox."""


class AlreadyOpenError(Exception):
    """Whoever acts reads the mailbox already."""


def standing(seat: Seat, leave: Leave) -> str:
    """Return as what a seat may decide about a leave's mailbox: owner, head; "" for nobody.

    A head opens no mailbox to themselves, and an administrator's charge is not over people's mail.
    """
    if leave.agency_id != seat.agency.pk:
        return ""
    if leave.person_id == seat.person.pk:
        return "owner"
    held = directory.held_between(seat.agency, leave.person, leave.valid_from, leave.valid_to)
    units = {one.post.unit_id for one in held}
    is_head = seat.has("head") and bool(units) and units <= {one.pk for one in below(seat)}
    return "head" if is_head and leave.acting_id != seat.person.pk and not _acts_for(seat, leave) else ""


def delegate(*, seat: Seat, leave: Leave, reason: str = "", now: datetime) -> Delegation:
    """Let whoever acts read what comes to the mailbox on the days of a leave.

    Raises NotAllowedError, NobodyActsError, NoReasonError, NoAddressError or AlreadyOpenError.
    """
    by, words = standing(seat, leave), reason.strip()[:LONGEST]
    if not by:
        raise NotAllowedError
    if by == "head" and not words:
        raise NoReasonError
    if leave.acting is None or leave.valid_to <= seat.on:
        raise NobodyActsError
    way = _way(leave, now)
    with atomic():
        if delegating.of_leave(leave):
            raise AlreadyOpenError
        box = boxes_of([way], at=now)[way.key]
        opened = Delegation.objects.create(
            agency=seat.agency,
            mailbox=box,
            leave=leave,
            person=leave.acting,
            by=seat.person,
            reason=words if by == "head" else "",
            opened_at=now,
        )
        _record(seat, opened, events.MailboxDelegated(by=by), now)
    return opened


def close(*, seat: Seat, held: Delegation, now: datetime) -> None:
    """Close a mailbox to whoever acts: its holder, a head, or the reader decides. Raises NotAllowedError."""
    is_delegate = held.person_id == seat.person.pk and held.agency_id == seat.agency.pk
    by = standing(seat, held.leave) or ("delegate" if is_delegate else "")
    if not by:
        raise NotAllowedError
    with atomic():
        if Delegation.objects.filter(pk=held.pk, closed_at=None).update(closed_at=now):
            _record(seat, held, events.DelegationClosed(by=by), now)


def _acts_for(seat: Seat, leave: Leave) -> bool:
    return seat.leave is not None and seat.leave.person_id == leave.person_id


def _way(leave: Leave, now: datetime) -> Route:
    address = directory.personal_addresses(leave.agency, leave.person).first()
    way = route(address, now=now) if address else None
    if way is None or way.kind != Mailbox.Kind.PERSONAL:
        raise NoAddressError
    return way


def _record(seat: Seat, held: Delegation, event: Event, now: datetime) -> None:
    disclosures = {
        "mailbox": held.mailbox.handle,
        "address": held.mailbox.address.handle,
        "actor": seat.person.handle,
        "person": held.person.handle,
        "leave": held.leave.handle,
    }
    if held.reason:
        disclosures["reason"] = hashlib.sha256(held.reason.encode()).hexdigest()
    record(event, agency=seat.agency.handle, at=now, disclosures=disclosures)

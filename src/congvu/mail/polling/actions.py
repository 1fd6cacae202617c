"""Mailboxes elsewhere: which are looked into, and what was found there, each message once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from congvu.base import blobs
from congvu.base.database import atomic
from congvu.base.keeping import kept
from congvu.directory.models import Address
from congvu.ledger.actions import record
from congvu.ledger.events import Event
from congvu.mail import events, headers, messages
from congvu.mail.actions import answers, evidence, journaling, meetings, origins, refusing, statements
from congvu.mail.actions.delivering import Copy, copies, delivered, item, lay_in, steps
from congvu.mail.actions.evidence import Step
from congvu.mail.actions.mailboxes import Boxes, boxes_of
from congvu.mail.addresses import normal
from congvu.mail.authentication.findings import Findings
from congvu.mail.identity import WAYS
from congvu.mail.models import Item, Message
from congvu.mail.parcels import Letter, Parcel, SecrecyMarkError, unsealed
from congvu.mail.polling import troubles
from congvu.mail.polling.models import PolledMailbox
from congvu.mail.polling.server import Place
from congvu.mail.polling.troubles import TroubleError
from congvu.mail.queries import identities
from congvu.mail.queries.routes import Route, route

PAUSE = timedelta(seconds=60)  # between two visits
LONGEST_PAUSE = timedelta(hours=1)  # to a server that fails again and again


class PolledAlreadyError(Exception):
    """This folder is looked into for this address already."""


def start_polling(*, address: Address, place: Place, now: datetime) -> PolledMailbox:
    """Look into a folder from now on, for what comes to an address. Raises PolledAlreadyError."""
    row = PolledMailbox(
        agency=address.agency,
        address=address,
        host=place.host,
        port=place.port,
        starttls=place.starttls,
        authority=place.authority,
        user=place.user,
        folder=place.folder,
        began_at=now,
        next_at=now,
    )
    same = PolledMailbox.objects.filter(agency=address.agency, address=address, host=place.host)
    if same.filter(user=place.user, folder=place.folder).exists():
        raise PolledAlreadyError
    row.blob = blobs.put(place.password.encode())
    try:
        with atomic():
            row.save(force_insert=True)
            _record(row, events.PollingStarted(box=address.kind), now)
    except BaseException:
        blobs.destroy(row.blob)
        raise
    return row


def end_polling(*, row: PolledMailbox, now: datetime) -> None:
    """Look into a folder no more; the password is destroyed, what was found stays."""
    with atomic():
        _record(row, events.PollingEnded(box=row.address.kind), now)
        PolledMailbox.objects.filter(pk=row.pk).delete()
    blobs.destroy(row.blob)


def begin_again(
    row: PolledMailbox, *, validity: int
) -> None:  # no-evidence: a position, what is found is recorded
    """Forget the position, because the server has numbered its messages anew; what is known is known again."""
    row.validity, row.last_uid = validity, 0
    row.save(update_fields=["validity", "last_uid"])


def pass_over(
    row: PolledMailbox, uid: int, *, is_lost: bool
) -> None:  # no-evidence: nothing was taken, `mail poll list` counts it
    """Go on behind a message that is not taken; `is_lost` when it is for its size, or because it is gone."""
    row.last_uid, row.skipped = uid, row.skipped + is_lost
    row.save(update_fields=["last_uid", "skipped"])


def close_visit(
    row: PolledMailbox, *, trouble: str, is_more: bool, now: datetime
) -> None:  # no-evidence: when the next visit is due
    """Note how a visit went, and when the next is due: at once for more, later and later after failures."""
    row.failures = row.failures + 1 if trouble else 0
    row.trouble, row.looked_at = trouble, now
    row.next_at = now + min(PAUSE * 2 ** min(row.failures, 10), LONGEST_PAUSE)
    if not trouble:
        row.next_at = now if is_more else now + PAUSE
    row.save(update_fields=["failures", "trouble", "looked_at", "next_at"])


def take(row: PolledMailbox, uid: int, raw: bytes, *, findings: Findings | None, now: datetime) -> None:
    """Record a message that was found, unless it came before by any way, and go on behind it.

    A crash in between finds it again and knows it. A mark of state secrecy leaves the fact alone. Raises TroubleError.
    """
    way = route(row.address, now=now)
    if row.address.withdrawn_at is not None:
        raise TroubleError(troubles.ADDRESS)
    try:
        letter = unsealed(
            Parcel(
                channel="poll",
                mail_from=_reverse_path(raw),
                recipients=(way.email,),
                raw=raw,
                at=now,
                findings=findings,
            )
        )
    except SecrecyMarkError as error:
        refusing.note_refusal(
            channel="poll", mark=error.mark, author=None, mail_from="", recipients=(way.email,), at=now
        )
    else:
        _keep(letter, way)
    pass_over(row, uid, is_lost=False)


def _keep(letter: Letter, way: Route) -> None:
    parts = copies(letter, {normal(way.email): way})
    with kept([letter.raw], rows=Message.objects) as stored, atomic():
        boxes = boxes_of([way], at=letter.parcel.at)
        before = identities.known([journaling.key(part) for part in parts], channels=WAYS)
        if before:
            evidence.keep(_found_again(next(iter(before.values())), way, boxes, at=letter.parcel.at))
        else:
            _lay_in(parts, stored, boxes)
    if before:
        blobs.destroy(stored[0])


def _lay_in(parts: Sequence[Copy], stored: Sequence[str], boxes: Boxes) -> None:
    laid = lay_in(parts, stored, boxes)
    origins.keep(laid)
    statements.note(laid)
    meetings.note(laid)
    statements.put_away([one.message for one in laid])
    evidence.keep([*(step for one in laid for step in steps(one)), *answers.note_bounces(laid)])


def _found_again(message: Message, way: Route, boxes: Boxes, *, at: datetime) -> list[Step]:
    """Return what a find adds to what is known: that a message lies in this box, too."""
    box = boxes[way.key]
    there = Item.objects.filter(mailbox=box, message=message).select_related(
        "message__agency", "mailbox__address__agency"
    )
    one = there.first()
    if one is None:
        one = item(message, box, at=at)
        one.save(force_insert=True)
        return [delivered(message, way, box, at=at)]
    if journaling.is_awaited(one):
        return journaling.arrived(one, way, at=at)
    return []


def _reverse_path(raw: bytes) -> str:
    """Return the envelope sender as the other server has written it down, else the author's address."""
    fields = headers.fields(headers.split(raw)[0])
    written = headers.first(fields, "return-path").strip()
    if written:
        return written.strip("<> ")[:320]
    author = messages.read(raw).from_
    return author.address[:320] if author else "unknown"


def _record(row: PolledMailbox, event: Event, now: datetime) -> None:
    disclosures = {"address": row.address.handle, "host": row.host, "user": row.user, "folder": row.folder}
    record(event, agency=row.agency.handle, at=now, disclosures=disclosures)

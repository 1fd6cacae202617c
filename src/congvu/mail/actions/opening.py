"""Looking into boxes: checking a mailbox, opening a message."""

from datetime import datetime

from congvu.base.database import atomic
from congvu.directory.queries import Seat, email
from congvu.ledger.actions import record
from congvu.mail import events
from congvu.mail.actions import evidence
from congvu.mail.actions.evidence import Step
from congvu.mail.actions.mailboxes import boxes_of
from congvu.mail.arranging.models import DelegateReading
from congvu.mail.models import Check, Item, Mailbox, Receipt
from congvu.mail.policies import NotAllowedError, is_withheld, may_handle
from congvu.mail.queries import delegating, places
from congvu.mail.queries.places import Place


class RecalledError(Exception):
    """The sender took the message back."""


def check_mailbox(*, seat: Seat, place: Place, now: datetime) -> Mailbox:
    """Record that a person opened a box's inbox, at most once a minute; return the box, opened if need be.

    Windows begin and end on whole minutes, so one entry a minute loses nothing.
    """
    minute = now.replace(second=0, microsecond=0)
    if place.box and Check.objects.filter(mailbox=place.box, person=seat.person, minute=minute).exists():
        return place.box
    with atomic():
        box = boxes_of([place.route], at=now)[place.route.key]
        last, is_first = Check.objects.get_or_create(
            agency=seat.agency, mailbox=box, person=seat.person, defaults={"minute": minute}
        )
        if is_first or last.minute != minute:
            last.minute = minute
            last.save(update_fields=["minute"])
            _record_check(seat, place, box, now)
    return box


def open_box(
    *, seat: Seat, place: Place, now: datetime
) -> Mailbox:  # no-evidence: the address was given with it
    """Return the mailbox of a place, opened if nothing came yet. Raises NotAllowedError."""
    if not any(one.route.key == place.route.key for one in places.places(seat, now=now)):
        raise NotAllowedError
    if place.box:
        return place.box
    with atomic():
        return boxes_of([place.route], at=now)[place.route.key]


def open_message(*, seat: Seat, item: Item, now: datetime) -> Item:
    """Note that a person first opened an item; what was sent from the box is nobody's receipt.

    Raises NotAllowedError, or RecalledError when the message was recalled before anybody opened it.
    """
    delegation = delegating.by_which(seat, item)
    if delegation:
        return _open_for(seat, item, now)
    if not may_handle(seat, item, now=now):
        raise NotAllowedError
    if item.opened_at is not None or item.folder == Item.Folder.SENT:
        return item
    with atomic():
        item.message.refresh_from_db(fields=["recalled_at"])
        if is_withheld(item):
            raise RecalledError
        if Item.objects.filter(pk=item.pk, opened_at=None).update(opened_at=now):
            evidence.keep([_opened(seat, item, now)])
    item.opened_at = now
    return item


def _open_for(seat: Seat, item: Item, now: datetime) -> Item:
    """Note that a delegate opened an item, once a minute; its holder has not opened it by that."""
    minute = now.replace(second=0, microsecond=0)
    with atomic():
        item.message.refresh_from_db(fields=["recalled_at"])
        if is_withheld(item):
            raise RecalledError
        if not DelegateReading.objects.filter(item=item, person=seat.person, at__gte=minute).exists():
            DelegateReading.objects.create(agency=seat.agency, item=item, person=seat.person, at=now)
            disclosures = {
                "message": item.message.handle,
                "digest": item.message.digest,
                "mailbox": item.mailbox.handle,
                "address": item.mailbox.address.handle,
                "actor": seat.person.handle,
            }
            event = events.MessageOpenedByDelegate()
            record(event, agency=seat.agency.handle, at=now, disclosures=disclosures)
    return item


def _opened(seat: Seat, item: Item, now: datetime) -> Step:
    box = item.mailbox
    return Step(
        message=item.message,
        step=Receipt.Step.OPENED,
        event=events.MessageOpened(box=box.kind, through="browser"),
        at=now,
        recipient=email(box.address),
        disclosures={"mailbox": box.handle, "address": box.address.handle, "actor": seat.person.handle},
    )


def _record_check(seat: Seat, place: Place, box: Mailbox, now: datetime) -> None:
    disclosures = {"mailbox": box.handle, "address": place.route.address.handle, "actor": seat.person.handle}
    if place.route.unit:
        disclosures["unit"] = place.route.unit.handle
    record(events.MailboxChecked(box=place.kind), agency=seat.agency.handle, at=now, disclosures=disclosures)

"""Acknowledging: the event, and the short reply that tells the sender."""

from datetime import datetime
from zoneinfo import ZoneInfo

from congvu.base import blobs
from congvu.base.blobs import BlobMissingError
from congvu.base.database import atomic
from congvu.directory.queries import Seat, email
from congvu.mail import compose, messages
from congvu.mail.actions import evidence
from congvu.mail.actions.accepting import store
from congvu.mail.actions.answers import acknowledged
from congvu.mail.actions.opening import RecalledError
from congvu.mail.addresses import Mailbox, is_address
from congvu.mail.models import Item
from congvu.mail.parcels import Letter, Parcel, unsealed
from congvu.mail.policies import NotAllowedError, may_handle

BY_PRESS = "press"


class AlreadyAcknowledgedError(Exception):
    """The item was acknowledged before."""


class NothingOwedError(Exception):
    """The item owes no acknowledgement: it is automatic, imported, handed over, or one's own."""


def acknowledge(*, seat: Seat, item: Item, now: datetime) -> Item:
    """Acknowledge an item and tell its sender by a short reply marked Auto-Submitted (RFC 3834).

    Raises NotAllowedError, RecalledError, NothingOwedError or AlreadyAcknowledgedError.
    """
    if not may_handle(seat, item, now=now):
        raise NotAllowedError
    reply = _reply(seat, item, now)
    with atomic():
        current = Item.objects.select_related("message", "mailbox").get(pk=item.pk)
        _check(current)
        item.acknowledged_at, item.acknowledged_by = now, BY_PRESS
        item.save(update_fields=["acknowledged_at", "acknowledged_by"])
        evidence.keep([acknowledged(item, actor=seat.person.handle)])
        if reply:
            store([reply])
    return item


def _check(item: Item) -> None:
    if item.acknowledged_at is not None:
        raise AlreadyAcknowledgedError
    if not item.owes_acknowledgement:
        raise NothingOwedError
    if item.message.recalled_at is not None:
        raise RecalledError


def _reply(seat: Seat, item: Item, now: datetime) -> Letter | None:
    """Return the short reply; None when the message names nobody to whom it could go."""
    to = item.message.reply_address or item.message.sender_address
    if not is_address(to) or not item.owes_acknowledgement:
        return None
    own = email(item.mailbox.address)
    try:
        raw = compose.build_acknowledgement(
            _reading(item),
            sender=Mailbox(seat.person.full_name, own),
            message_id=compose.new_message_id(domain=seat.agency.domain),
            at=now.astimezone(ZoneInfo(seat.agency.zone)),
            language=seat.agency.language,
        )
    except ValueError:  # the header names nobody in a form that may be written back
        return None
    return unsealed(
        Parcel(channel="web", mail_from=own, recipients=(to,), raw=raw, at=now, author=seat.person)
    )


def _reading(item: Item) -> messages.Reading:
    try:
        return messages.read(blobs.get(item.message.blob))
    except BlobMissingError:
        return messages.read(b"")

"""Sending a signed receipt (RFC 2634) for a message whose sender asks for one."""

from datetime import datetime

from congvu.base import blobs, handles
from congvu.directory.queries import Seat, email
from congvu.mail import compose, messages
from congvu.mail.actions import opening, signing_keys
from congvu.mail.actions.accepting import post
from congvu.mail.addresses import Mailbox
from congvu.mail.models import Item, Message
from congvu.mail.parcels import Parcel
from congvu.mail.smime import names, signed_receipts, signing
from congvu.mail.smime.signed_receipts import NothingAskedError


class AlreadyReceiptedError(Exception):
    """A signed receipt for the message was sent from this box before."""


def sign_receipt(*, seat: Seat, item: Item, passphrase: str, now: datetime) -> Message:
    """Sign that a message was received and send that to its sender, once.

    Raises as `signing_keys.opened`, NotAllowedError, RecalledError, NothingAskedError or AlreadyReceiptedError.
    """
    opening.open_message(seat=seat, item=item, now=now)
    raw, own = blobs.get(item.message.blob), email(item.mailbox.address)
    reading, asked = messages.read(raw), signed_receipts.asked(raw)
    if asked is None or reading.from_ is None or not _is_asked_by_sender(asked.to, reading.from_.address):
        raise NothingAskedError
    name = handles.derive(item.handle, "signed-receipt")
    message_id = f"{name}@{seat.agency.domain}"
    if Message.objects.filter(agency=seat.agency, message_id=message_id).exists():
        raise AlreadyReceiptedError
    key = signing_keys.opened(seat=seat, passphrase=passphrase, address=own, now=now)
    answered, references = compose.thread(reading)
    shell = compose.Draft(
        sender=Mailbox(seat.person.full_name, own),
        to=(Mailbox("", reading.from_.address),),
        message_id=message_id,
        subject=compose.reply_subject(reading.subject),
        text="",
        in_reply_to=answered,
        references=references,
        automatic="auto-replied",
    )
    signed = signed_receipts.make(raw, key=key, at=now)
    whole = signing.carrying(compose.build(shell, at=now), signed, kind="signed-receipt")
    recipients = (reading.from_.address,)
    return post(
        Parcel(channel="web", mail_from=own, recipients=recipients, raw=whole, at=now, author=seat.person)
    )


def _is_asked_by_sender(to: tuple[str, ...], sender: str) -> bool:
    """Tell whether the receipt goes to the sender; nobody may have receipts sent to somebody else."""
    return any(names.same(one, sender) for one in to)

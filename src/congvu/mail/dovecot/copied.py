"""Letters of which the mail server sent a copy: what its log says of their delivery, whichever comes first."""

from datetime import datetime

from congvu.mail.actions import journaling
from congvu.mail.actions.evidence import Step
from congvu.mail.dovecot.models import ImapCopy
from congvu.mail.models import Item, Message
from congvu.mail.queries.routes import route

OWN_FIELDS = 2_000  # octets by which the mail server's copy and ours may differ


def saved(copy: ImapCopy, *, now: datetime) -> list[Step]:  # no-evidence: its caller records the steps
    """Return the delivery of a message whose copy came before; inside the transaction that reads the log."""
    if not copy.message_id or copy.item_id is not None:
        return []
    rows = Item.objects.filter(
        mailbox=copy.mailbox, message__message_id=copy.message_id, message__channel=journaling.CHANNEL
    ).select_related("message__agency", "mailbox__address__agency", "mailbox__person", "mailbox__unit")
    one = next((row for row in rows if _fits(copy, row.message) and not journaling.is_delivered(row)), None)
    if one is None:
        return []
    ImapCopy.objects.filter(pk=copy.pk).update(item=one)
    return journaling.arrived(one, route(one.mailbox.address, now=now), at=now)


def told(one: Item) -> datetime | None:  # no-evidence: its caller records the step
    """Return when the log told that the message of an item was delivered, and link both; None when it has not."""
    if not one.message.message_id:
        return None
    rows = ImapCopy.objects.filter(mailbox=one.mailbox, message_id=one.message.message_id, item=None)
    copy = next((row for row in rows.order_by("id") if _fits(row, one.message)), None)
    if copy is None:
        return None
    ImapCopy.objects.filter(pk=copy.pk).update(item=one)
    return copy.saved_at


def _fits(copy: ImapCopy, message: Message) -> bool:
    return message.size - message.size // 10 - OWN_FIELDS <= copy.size <= message.size + OWN_FIELDS

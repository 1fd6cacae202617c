"""What the rows of a message say of its recipients: queue, gate, boxes and receipts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from congvu.directory.queries import email
from congvu.mail import timeouts
from congvu.mail.lmtp.models import Handing
from congvu.mail.models import Item, Message, Receipt, Transfer
from congvu.mail.outcomes import tracks
from congvu.mail.outcomes.tracks import Track

_OPEN_AT_GATE = frozenset({Handing.State.OPEN, Handing.State.PARKED})


@dataclass(slots=True, kw_only=True)
class Seen:
    """One message: how often it was taken over, its receipts, and its recipients."""

    submissions: int = 0
    receipts: list[Receipt] = field(default_factory=list)
    tracks: list[Track] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class _Rows:
    """All rows about one message."""

    receipts: list[Receipt] = field(default_factory=list)
    transfers: dict[str, Transfer] = field(default_factory=dict)
    handings: dict[str, Handing] = field(default_factory=dict)
    boxes: set[str] = field(default_factory=set)


def seen(messages: Sequence[Message], *, now: datetime) -> Mapping[int, Seen]:
    """Return what is known of messages, by key, as it was at `now`; a fixed number of questions."""
    found = _collected([one.pk for one in messages], now)
    return {one.pk: _seen(one, found[one.pk], now) for one in messages}


def _collected(keys: Sequence[int], now: datetime) -> Mapping[int, _Rows]:
    found: defaultdict[int, _Rows] = defaultdict(_Rows)
    wanted = [*tracks.STEPS, Receipt.Step.ACCEPTED]
    for receipt in Receipt.objects.filter(message__in=keys, step__in=wanted, at__lte=now).order_by(
        "at", "id"
    ):
        found[receipt.message_id].receipts.append(receipt)
    for transfer in Transfer.objects.filter(message__in=keys):
        found[transfer.message_id].transfers[transfer.recipient] = transfer
    for handing in Handing.objects.filter(message__in=keys):
        found[handing.message_id].handings[handing.recipient] = handing
    items = Item.objects.filter(message__in=keys).exclude(folder=Item.Folder.SENT)
    for item in items.select_related("mailbox__address__agency"):
        found[item.message_id].boxes.add(email(item.mailbox.address))
    return found


def _seen(message: Message, found: _Rows, now: datetime) -> Seen:
    steps: defaultdict[str, list[str]] = defaultdict(list)
    for one in found.receipts:
        if one.step != Receipt.Step.ACCEPTED:
            steps[one.recipient].append(one.step)
    owed = {*found.transfers, *found.handings, *found.boxes}
    ends = {one: end for one in owed if (end := _ends(message, one, found))}
    return Seen(
        submissions=sum(one.step == Receipt.Step.ACCEPTED for one in found.receipts),
        receipts=found.receipts,
        tracks=[
            Track(
                recipient=one,
                steps=tuple(steps[one]),
                is_awaited=one in ends and now < ends[one],
                is_overdue=one in ends and now >= ends[one],
                is_owed=one in owed,
                lacks_item=Receipt.Step.DELIVERED in steps[one] and one not in found.boxes,
            )
            for one in _in_order([*owed, *steps])
        ],
    )


def _in_order(recipients: Iterable[str]) -> list[str]:
    return sorted(set(recipients))


def _ends(message: Message, recipient: str, found: _Rows) -> datetime | None:
    """Return until when a recipient's last word is still to come in time; None when nothing is to come."""
    transfer, handing = found.transfers.get(recipient), found.handings.get(recipient)
    if transfer and transfer.state == Transfer.State.QUEUED:
        return message.accepted_at + timeouts.QUEUE
    if transfer and transfer.state == Transfer.State.RELAYED and transfer.next_at:
        return transfer.next_at + timeouts.LATE
    return handing.intended_at + timeouts.GATE if handing and handing.state in _OPEN_AT_GATE else None

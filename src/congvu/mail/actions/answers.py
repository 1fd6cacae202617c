"""What a new message says about an older one: a reply acknowledges it, a report tells that it did not arrive."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from congvu.directory.queries import email
from congvu.mail import events
from congvu.mail.actions.delivering import Laid
from congvu.mail.actions.evidence import Step
from congvu.mail.addresses import normal
from congvu.mail.bounces.reports import Bounce, Failure
from congvu.mail.models import Item, Message, Receipt, Transfer
from congvu.mail.parcels import Letter

BY_REPLY = "reply"


def acknowledge_by_reply(laid: Sequence[Laid]) -> list[Step]:  # no-evidence: its caller records the steps
    """Acknowledge what a person's reply to its sender answers; inside the reply's transaction."""
    replies = [one for one in laid if one.sender and _answers(one.copy.letter) and not one.message.automatic]
    if not replies:
        return []
    waiting = Item.objects.filter(
        mailbox__in={one.sender.pk for one in replies if one.sender},
        message__message_id__in={_answers(one.copy.letter) for one in replies},
        owes_acknowledgement=True,
        acknowledged_at=None,
        message__recalled_at=None,
    ).select_related("message__agency", "mailbox__address__agency")
    done: list[Item] = []
    steps = []
    for item in waiting:
        reply = next((one for one in replies if _acknowledges(one, item)), None)
        if reply:
            item.acknowledged_at = reply.message.accepted_at
            item.acknowledged_by = BY_REPLY
            done.append(item)
            steps.append(acknowledged(item, actor=_actor(reply)))
    Item.objects.bulk_update(done, ["acknowledged_at", "acknowledged_by"])
    return steps


def acknowledged(item: Item, *, actor: str) -> Step:
    """Return the step of an item that has just been acknowledged; `actor` is a person's handle, "" unknown."""
    box = item.mailbox
    disclosures = {"mailbox": box.handle, "address": box.address.handle}
    if actor:
        disclosures["actor"] = actor
    return Step(
        message=item.message,
        step=Receipt.Step.ACKNOWLEDGED,
        event=events.MessageAcknowledged(by=item.acknowledged_by),
        at=item.acknowledged_at or item.arrived_at,
        recipient=email(box.address),
        disclosures=disclosures,
    )


def note_bounces(laid: Sequence[Laid]) -> list[Step]:  # no-evidence: its caller records the steps
    """Take delivery reports about our own messages: what failed is marked so; inside the report's transaction.

    A report counts only with the envelope id that our relay alone was given, and at the address that sent.
    """
    steps: list[Step] = []
    for one in laid:
        bounce = one.copy.letter.bounce
        message = _reported(one, bounce) if bounce and bounce.envelope_id else None
        if bounce and message:
            said = {normal(part.recipient): part for part in bounce.failures if part.action != "delayed"}
            rows = Transfer.objects.filter(message=message, recipient__in=said, state__in=_OPEN)
            for row in rows.select_related("message__agency"):
                steps += _take(row, said[row.recipient], at=one.message.accepted_at)
    return steps


_STATE = Transfer.State
_OPEN = (_STATE.QUEUED, _STATE.RELAYED, _STATE.UNANSWERED, _STATE.PASSED)  # what a report may still settle
_SERVED = {
    "delivered": (_STATE.CONFIRMED, Receipt.Step.CONFIRMED),
    "relayed": (_STATE.PASSED, Receipt.Step.PASSED),
    "expanded": (_STATE.PASSED, Receipt.Step.PASSED),
}


def _take(row: Transfer, part: Failure, *, at: datetime) -> Iterable[Step]:
    """Take over what a report says of one recipient; each recipient comes to one outcome.

    A report may be here before what the relay said, or in its place when the one who asked it died: nobody else
    was told the envelope id, so the relay has the message, and it is not sent again.
    """
    if part.action == "failed":
        row.state, row.next_at, row.reason = Transfer.State.FAILED, None, part.reason
        row.answer = part.diagnostic[:1_000]
        row.save(update_fields=["state", "next_at", "reason", "answer"])
        yield failure(row, at=at)
    elif row.state != _STATE.PASSED:
        if row.state == _STATE.QUEUED:
            yield handed_over(row, at=at)
        state, step = _SERVED[part.action]
        row.state, row.next_at, row.reason = state, None, ""
        row.save(update_fields=["state", "next_at", "reason"])
        yield Step(
            message=row.message,
            step=step,
            event=events.MessageConfirmed(how=part.action),
            at=at,
            recipient=row.recipient,
            disclosures={"recipient_address": row.recipient},
        )


def handed_over(row: Transfer, *, at: datetime) -> Step:
    """Return the step of a transfer that the relay took over."""
    return Step(
        message=row.message,
        step=Receipt.Step.RELAYED,
        event=events.MessageRelayed(to="relay"),
        at=at,
        recipient=row.recipient,
        disclosures={"recipient_address": row.recipient},
    )


def failure(row: Transfer, *, at: datetime) -> Step:
    """Return the step of a transfer that has just failed."""
    return Step(
        message=row.message,
        step=Receipt.Step.FAILED,
        event=events.MessageFailed(reason=row.reason),
        at=at,
        recipient=row.recipient,
        disclosures={"recipient_address": row.recipient},
    )


def _reported(report: Laid, bounce: Bounce) -> Message | None:
    """Return the message of ours that a report is about, if it came to the address that sent it."""
    given = Transfer.objects.filter(handle=bounce.envelope_id)
    sent = given.filter(message__sender__address__in=[box.address_id for box in report.boxes])
    row = sent.select_related("message__agency").first()
    return row.message if row else None


def _answers(letter: Letter) -> str:
    return letter.reading.in_reply_to


def _acknowledges(reply: Laid, item: Item) -> bool:
    """Tell whether a reply is one to this item, from its box and to who sent it."""
    asked = {normal(one) for one in (item.message.sender_address, item.message.reply_address) if one}
    return (
        reply.sender is not None
        and reply.sender.pk == item.mailbox_id
        and _answers(reply.copy.letter) == item.message.message_id
        and bool(asked & set(reply.copy.letter.recipients))
    )


def _actor(reply: Laid) -> str:
    return reply.message.author.handle if reply.message.author else ""

"""How far a message came to each recipient: our steps, what other sides say of it, and what is still open."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from congvu.directory.models import Agency
from congvu.directory.queries import email
from congvu.ledger import queries as ledger
from congvu.mail.addresses import domain
from congvu.mail.certified import pec, vocabulary
from congvu.mail.certified.models import SIGNED, AwaitedReceipt, Statement
from congvu.mail.certified.vocabulary import Evidence
from congvu.mail.lmtp.models import Handing
from congvu.mail.models import Item, Mailbox, Message, Receipt, Signature, Transfer
from congvu.mail.queries import duties, receipts

GIVEN_UP = timedelta(days=5)  # as mail.relay gives up
_REPORTED = (Receipt.Step.CONFIRMED, Receipt.Step.PASSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of ours: its receipt, whether its proof is ready, ETSI's name for it, and why when it is a bad one."""

    receipt: Receipt
    is_proven: bool
    event: Evidence | None
    reason: str = ""
    said: Statement | None = None  # what the other side said, when that is the step

    @property
    def is_bad(self) -> bool:
        """Tell whether the message did not get on by this step."""
        return self.receipt.step in {"failed", "expired", "overdue", "missing"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What another side says. standing: valid, invalid, cannot_be_determined, waiting or unsigned."""

    statement: Statement
    standing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """What is still to come. what: queued, receipt, report or acknowledgement; `until` None when nobody has said."""

    what: str
    until: datetime | None


@dataclass(slots=True, kw_only=True)
class Course:
    """All of this for one recipient; recipient "" stands for the message as a whole."""

    recipient: str
    steps: list[Step] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    open: Open | None = None


def courses(message: Message, boxes: Sequence[Mailbox]) -> list[Course]:
    """Return the courses that a reader of these boxes may see, the message's own first: all for its sender."""
    rows = receipts.visible(message, boxes)
    is_sender = receipts.sees_all_steps(message, boxes)
    known = _recipients(message, boxes, rows, is_sender=is_sender)
    found = {one: Course(recipient=one) for one in ("", *known)}
    for step in _steps(message, rows):
        found[step.receipt.recipient].steps.append(step)
    for hint in _hints(message, is_sender=is_sender):
        found[hint.statement.recipient if hint.statement.recipient in found else ""].hints.append(hint)
    for recipient, one in _open(message, known, is_sender=is_sender).items():
        found[recipient].open = one
    return [one for one in found.values() if one.steps or one.hints or one.open]


def _recipients(
    message: Message, boxes: Sequence[Mailbox], rows: Iterable[Receipt], *, is_sender: bool
) -> list[str]:
    """Return whose courses are shown, in the order in which the message was addressed."""
    sent = Transfer.objects.filter(message=message).order_by("id").values_list("recipient", flat=True)
    own = [email(one.address) for one in boxes]
    addressed = list(sent) if is_sender else [one for one in sent if one in own]
    return list(dict.fromkeys([*addressed, *(row.recipient for row in rows if row.recipient)]))


def _steps(message: Message, rows: Sequence[Receipt]) -> list[Step]:
    proven = {one.id for one in ledger.entries([row.entry for row in rows], agency=message.agency.handle)}
    reasons = _reasons(message)
    houses = set(Agency.objects.values_list("domain", flat=True))
    said = {one.entry: one for one in Statement.objects.filter(message=message).exclude(entry="")}
    return [
        Step(
            receipt=row,
            is_proven=row.entry in proven,
            event=vocabulary.of_step(row.step, side=_side(row, message, houses)),
            reason=reasons.get(row.recipient, "") if row.step in {"failed", "parked"} else "",
            said=said.get(row.entry),
        )
        for row in rows
    ]


def _side(row: Receipt, message: Message, houses: Collection[str]) -> str:
    if row.step == Receipt.Step.ACCEPTED:
        return "sent" if message.sender_id else "received"
    name = domain(row.recipient)
    if name == message.agency.domain:
        return vocabulary.HERE
    return vocabulary.HOUSE if name in houses else vocabulary.OTHER


def _reasons(message: Message) -> dict[str, str]:
    rows: list[tuple[str, str]] = []
    for table in (Handing, Transfer):
        rows += table.objects.filter(message=message).exclude(reason="").values_list("recipient", "reason")
    return dict(rows)


def _hints(message: Message, *, is_sender: bool) -> list[Hint]:
    """Return what is said of a message; to a recipient only what the message says of itself."""
    rows = Statement.objects.filter(message=message).select_related("carrier").order_by("carrier_id", "id")
    if not is_sender:
        rows = rows.filter(carrier=message)
    believed = set(
        Receipt.objects.filter(message=message, step__in=_REPORTED).values_list("recipient", flat=True)
    )
    found = [one for one in rows if one.scheme != Statement.Scheme.DSN or one.recipient not in believed]
    signatures = Signature.objects.filter(message__in={one.carrier_id for one in found})
    states = {one.message_id: one.state for one in signatures}
    hints = [Hint(statement=one, standing=_standing(one, states)) for one in found]
    best = {_key(one): one for one in sorted(hints, key=_weight)}
    return sorted(best.values(), key=lambda one: one.statement.pk)


def _standing(one: Statement, states: Mapping[int, str]) -> str:
    if one.scheme not in SIGNED or not one.is_covered:
        return "unsigned"
    return states.get(one.carrier_id, "unsigned")


def _key(one: Hint) -> tuple[str, str, str]:
    return one.statement.scheme, one.statement.word, one.statement.recipient


def _weight(one: Hint) -> tuple[bool, int]:
    """Put what a valid signature covers last, so that of the same thing said twice it is what stays."""
    return one.standing == Signature.State.VALID, -one.statement.pk


def _open(message: Message, recipients: Sequence[str], *, is_sender: bool) -> dict[str, Open]:
    found = _acknowledgements(message, recipients)
    if is_sender:
        found |= _transfers(message)
        awaited = AwaitedReceipt.objects.filter(message=message, due_at__isnull=False)
        found |= {one.recipient: Open(what="receipt", until=one.due_at) for one in awaited}
    return found


def _acknowledgements(message: Message, recipients: Sequence[str]) -> dict[str, Open]:
    """Return whose acknowledgement is awaited, until when the rules say; a message that was recalled awaits none."""
    items = Item.objects.filter(message=message, owes_acknowledgement=True, acknowledged_at=None)
    if message.recalled_at is not None:
        return {}
    rows = list(items.select_related("message", "mailbox__address__agency", "mailbox__person"))
    due = duties.to_acknowledge(message.agency, rows)
    shown = [(email(one.mailbox.address), one) for one in rows]
    return {
        address: Open(what="acknowledgement", until=due[one.pk].due_at if one.pk in due else None)
        for address, one in shown
        if address in recipients
    }


def _transfers(message: Message) -> dict[str, Open]:
    state = Transfer.State
    waiting = Transfer.objects.filter(message=message, state__in=(state.QUEUED, state.RELAYED))
    return {
        one.recipient: Open(what="queued", until=message.accepted_at + GIVEN_UP)
        if one.state == state.QUEUED
        else Open(what="report", until=one.next_at)
        for one in waiting
        if one.state == state.QUEUED or one.next_at
    }


def is_transport(hint: Hint) -> bool:
    """Tell whether a hint only says that the message itself came through certified mail."""
    return hint.statement.word == pec.TRANSPORT

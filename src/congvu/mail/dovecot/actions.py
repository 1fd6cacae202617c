"""What the mail server's log says, taken over: where messages lie, and who fetched, opened or inspected them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr

from congvu.base.database import atomic
from congvu.directory.models import Agency
from congvu.directory.queries import email
from congvu.ledger.events import Event
from congvu.mail import events
from congvu.mail.actions import evidence, handing, journaling
from congvu.mail.actions.evidence import Step
from congvu.mail.actions.mailboxes import boxes_of
from congvu.mail.dovecot.behavior import Act
from congvu.mail.dovecot.models import ImapCopy, LogPosition
from congvu.mail.dovecot.records import Record
from congvu.mail.dovecot.tail import Position
from congvu.mail.lmtp.models import Handing
from congvu.mail.models import Item, Mailbox, Message, Receipt
from congvu.mail.policies import is_withheld
from congvu.mail.queries.routes import route, routes

DELIVERING = {"lmtp", "lda"}
GRACE = timedelta(seconds=15)  # for the mail server to end a delivery whose gate has died
AGAIN = timedelta(hours=24)  # an administrator who reads the same message again within this is noted once
OWN_FIELDS = 2_000  # octets that the mail server may put before a message


def take_over(
    acts: Sequence[Act], *, path: str, before: Position, after: Position, state: dict[str, Any], now: datetime
) -> bool:
    """Take over what was read between two positions; False when somebody else has read on meanwhile.

    Position and evidence are one transaction: every line counts once, however often reading is interrupted.
    """
    with atomic():
        kept = LogPosition.objects.get_or_create(path=path)[0]
        if (kept.inode, kept.offset, kept.head) != (before.inode, before.offset, before.head):
            return False
        desk = _Desk(now)
        for act in acts:
            desk.take(act)
        evidence.keep(desk.steps)
        kept.inode, kept.offset, kept.head = after.inode, after.offset, after.head
        kept.state, kept.read_at = state, now
        kept.save()
    return True


def resolve(*, life: str, now: datetime, has_log: bool) -> int:
    """Close the questions that a dead gate, or a silent mail server, left open; return how many."""
    left = Handing.objects.filter(state=Handing.State.OPEN, asked_at__lt=now - GRACE).exclude(life=life)
    rows = list(left.select_related("message"))
    if rows:
        handing.resolve(rows, _deliveries(rows) if has_log else {}, now=now)
    return len(rows)


def _deliveries(rows: Iterable[Handing]) -> dict[int, str]:
    """Find in what the log said the deliveries of rows: saved since, of this Message-ID and size, and nobody else's."""
    found: dict[int, str] = {}
    for row in rows:
        size = row.message.size
        saved = ImapCopy.objects.filter(
            mailbox=row.mailbox_id,
            message_id=row.message.message_id,
            saved_at__gte=row.asked_at,
            size__range=(size - size // 10 - 200, size + OWN_FIELDS),
        ).order_by("id")
        taken = set(
            Handing.objects.filter(session__in=saved.values("session")).values_list("session", flat=True)
        ) | set(found.values())
        session = next((one.session for one in saved if one.session not in taken), "")
        if session:
            found[row.pk] = session
    return found


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


def _copied_before(
    copy: ImapCopy, *, now: datetime
) -> list[Step]:  # no-evidence: its caller records the steps
    """Return the delivery of a message whose copy came before; inside the transaction that reads the log."""
    if not copy.message_id or copy.item_id is not None:
        return []
    rows = Item.objects.filter(mailbox=copy.mailbox, message__message_id=copy.message_id).select_related(
        "message__agency", "mailbox__address__agency", "mailbox__person", "mailbox__unit"
    )
    one = next((row for row in rows if _fits(copy, row.message) and journaling.is_awaited(row)), None)
    if one is None:
        return []
    ImapCopy.objects.filter(pk=copy.pk).update(item=one)
    return journaling.arrived(one, route(one.mailbox.address, now=now), at=now)


def _fits(copy: ImapCopy, message: Message) -> bool:
    return message.size - message.size // 10 - OWN_FIELDS <= copy.size <= message.size + OWN_FIELDS


class _Desk:
    """Takes acts one after the other, inside one transaction."""

    def __init__(self, now: datetime) -> None:
        self.steps: list[Step] = []
        self._now = now
        self._noted: set[tuple[int, str]] = set()  # of this transaction, whose steps are written at its end
        self._boxes: dict[str, Mailbox | None] = {}
        self._domains = list(Agency.objects.values_list("domain", flat=True))
        self._deeds: dict[str, Callable[[Mailbox, Act], None]] = {
            "saved": self._saved,
            "copied": self._copied,
            "expunged": self._expunged,
            "renamed": self._renamed,
            "dropped": self._dropped,
            "fetched": self._fetched,
            "opened": self._opened,
            "inspected": self._inspected,
        }

    def take(self, act: Act) -> None:  # no-evidence: whoever makes the desk writes its steps
        """Take one act; a user who has no official mailbox is nobody's business."""
        box = self._box(act.user)
        if box is not None:
            self._deeds[act.deed](box, act)

    def _box(self, user: str) -> Mailbox | None:
        """Return the mailbox of a user of the mail server, who is named by address, or by its local part.

        It is opened where the log tells of its first letter before a copy of that letter has come.
        """
        if user not in self._boxes:
            single = len(self._domains) == 1 and user
            name = user if "@" in user else f"{user}@{self._domains[0]}" if single else ""
            way = routes([name], now=self._now).get(name) if name else None
            is_own = way is not None and way.kind != Mailbox.Kind.HAND_OVER
            self._boxes[user] = boxes_of([way], at=self._now)[way.key] if way and is_own else None
        return self._boxes[user]

    def _saved(self, box: Mailbox, act: Act) -> None:
        if act.record and act.record.service in DELIVERING:
            copy = self._put(box, act, act.record, session=act.record.session, item=None)
            self.steps += _copied_before(copy, now=self._now)

    def _copied(self, box: Mailbox, act: Act) -> None:
        """Follow a message into another folder: the log does not say which UID it had before."""
        if act.record is None:
            return
        same = ImapCopy.objects.filter(
            mailbox=box, folder=act.record.source, message_id=act.record.message_id, size=act.record.size
        )
        source = same.select_related("item").first()
        if source:
            self._put(box, act, act.record, session=source.session, item=source.item)

    def _put(self, box: Mailbox, act: Act, said: Record, *, session: str, item: Item | None) -> ImapCopy:
        copy, _ = ImapCopy.objects.update_or_create(
            agency=box.agency,
            mailbox=box,
            folder=act.box[:255],
            uid=act.uid,
            defaults={
                "session": session[:120],
                "message_id": said.message_id[:998],
                "size": said.size,
                "saved_at": self._now,
                "item": item,
            },
        )
        return copy

    def _expunged(self, box: Mailbox, act: Act) -> None:
        ImapCopy.objects.filter(mailbox=box, folder=act.box, uid=act.uid).delete()

    def _renamed(self, box: Mailbox, act: Act) -> None:
        """Rename a folder and those below it; the hierarchy is told by a slash or a dot."""
        old = act.record.source if act.record else act.box
        below = Q(folder=old) | Q(folder__startswith=f"{old}/") | Q(folder__startswith=f"{old}.")
        ImapCopy.objects.filter(below, mailbox=box).update(
            folder=Concat(Value(act.box), Substr(F("folder"), len(old) + 1))
        )

    def _dropped(self, box: Mailbox, act: Act) -> None:
        ImapCopy.objects.filter(mailbox=box, folder=act.box).delete()

    def _fetched(self, box: Mailbox, act: Act) -> None:
        item = self._item(box, act)
        if item and not self._is_noted(item, Receipt.Step.FETCHED):
            event = events.MessageFetched(box=box.kind, through=act.through)
            self._note(item, Receipt.Step.FETCHED, event, act.at or self._now)

    def _opened(self, box: Mailbox, act: Act) -> None:
        """Note the first reading; who reads a mailbox of several persons through IMAP, the log cannot tell."""
        item = self._item(box, act)
        at = act.at or self._now
        if item is None or is_withheld(item):
            return
        if Item.objects.filter(pk=item.pk, opened_at=None).update(opened_at=at):
            actor = {"actor": box.person.handle} if box.person else {}
            event = events.MessageOpened(box=box.kind, through="imap")
            self._note(item, Receipt.Step.OPENED, event, at, **actor)

    def _inspected(self, box: Mailbox, act: Act) -> None:
        item, at = self._item(box, act), act.at or self._now
        if item and not self._is_noted(item, Receipt.Step.INSPECTED, since=at - AGAIN):
            event = events.MessageInspected(box=box.kind, through=act.through)
            self._note(item, Receipt.Step.INSPECTED, event, at)

    def _is_noted(self, item: Item, step: Receipt.Step, *, since: datetime | None = None) -> bool:
        """Tell whether a step was recorded for an item, or is about to be."""
        if (item.pk, step) in self._noted:
            return True
        rows = Receipt.objects.filter(message=item.message, step=step, recipient=email(item.mailbox.address))
        return (rows.filter(at__gt=since) if since else rows).exists()

    def _item(self, box: Mailbox, act: Act) -> Item | None:
        """Return what lies at a place: known already, or by its delivery, or by a Message-ID that stands once."""
        copy = ImapCopy.objects.filter(mailbox=box, folder=act.box, uid=act.uid).first()
        if copy is None:
            return None
        items = Item.objects.filter(mailbox=box).exclude(folder=Item.Folder.SENT)
        items = items.select_related("message__agency", "mailbox__address__agency", "mailbox__person")
        if copy.item_id is None:
            copy.item = self._linked(items, copy)
            if copy.item:
                copy.save(update_fields=["item"])
        return items.filter(pk=copy.item.pk).first() if copy.item else None

    def _linked(self, items: Any, copy: ImapCopy) -> Item | None:
        given = Handing.objects.filter(session=copy.session, mailbox=copy.mailbox_id).exclude(session="")
        exact = items.filter(message__in=given.values("message")).first()
        if exact or not copy.message_id:
            return exact  # type: ignore[no-any-return]  # items of a manager
        same = list(items.filter(message__message_id=copy.message_id)[:2])
        return same[0] if len(same) == 1 else None

    def _note(self, item: Item, step: Receipt.Step, event: Event, at: datetime, **more: str) -> None:
        box = item.mailbox
        self._noted.add((item.pk, step))
        self.steps.append(
            Step(
                message=item.message,
                step=step,
                event=event,
                at=at,
                recipient=email(box.address),
                disclosures={"mailbox": box.handle, "address": box.address.handle, **more},
            )
        )

"""What filters do with letters: pure matching, and the placing of items that are about to be laid in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from congvu.base.fold import fold
from congvu.base.rows import Remembered, marks
from congvu.mail.arranging.models import MailFilter
from congvu.mail.models import Item, Message

_FILTERS = Remembered(MailFilter.objects.all)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a filter asks of a letter, as folded texts; an empty one asks nothing."""

    sender: str
    recipient: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a letter says of itself, as folded texts."""

    sender: str
    recipient: str
    subject: str


def asked(rule: MailFilter) -> Asked:
    """Fold what a filter asks."""
    return Asked(
        sender=_folded(rule.sender), recipient=_folded(rule.recipient), subject=_folded(rule.subject)
    )


def said(message: Message) -> Said:
    """Fold what a letter says."""
    people = (f"{name} {address}" for name, address, _field in message.recipients)
    return Said(
        sender=_folded(f"{message.sender_name} {message.sender_address}"),
        recipient=_folded(", ".join(people)),
        subject=_folded(message.subject),
    )


def fits(wanted: Asked, letter: Said) -> bool:
    """Tell whether a letter contains everything that a filter asks; a filter that asks nothing fits nothing."""
    texts = (
        (wanted.sender, letter.sender),
        (wanted.recipient, letter.recipient),
        (wanted.subject, letter.subject),
    )
    return any(one for one, _ in texts) and all(one in text for one, text in texts)


def sort_in(items: Sequence[Item]) -> None:
    """Place items that are not stored yet as the filters of their boxes say; what they owe stays as it is."""
    rules = _rules({one.mailbox_id for one in items if one.folder == Item.Folder.INBOX})
    for item in items if rules else ():
        held = rules.get(item.mailbox_id, []) if item.folder == Item.Folder.INBOX else []
        letter = said(item.message) if held else None
        chosen = next((rule for rule, wanted in held if letter and fits(wanted, letter)), None)
        if chosen:
            place(item, chosen)


def place(item: Item, rule: MailFilter) -> None:
    """Put an item where a filter says, in memory."""
    if rule.folder_id is not None:
        item.folder, item.filed_in_id = Item.Folder.FILED, rule.folder_id
    item.flagged = item.flagged or rule.flags


def _rules(boxes: Iterable[int]) -> dict[int, list[tuple[MailFilter, Asked]]]:
    wanted = sorted(set(boxes))
    found = _FILTERS.find(f"is_on AND mailbox_id IN ({marks(wanted)})", wanted) if wanted else []
    rows = sorted(found, key=lambda one: (one.mailbox_id, one.position, one.pk))
    return {
        box: [(one, asked(one)) for one in held] for box, held in groupby(rows, lambda row: row.mailbox_id)
    }


def _folded(text: str) -> str:
    return " ".join(fold(text).split())

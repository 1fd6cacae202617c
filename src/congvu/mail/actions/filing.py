"""Putting things away in one's own box, and taking them out again."""

from datetime import datetime

from congvu.base.database import atomic
from congvu.directory.queries import Seat
from congvu.mail.models import Item
from congvu.mail.policies import NotAllowedError, may_read

LONGEST = 80


class NotFiledError(Exception):
    """The item does not lie among what was filed."""


class SentError(Exception):
    """What was sent stays among what was sent."""


def file(*, seat: Seat, item: Item, under: str, now: datetime) -> Item:  # no-evidence: personal setting
    """Put an item away under a heading. Raises NotAllowedError or SentError."""
    return _move(seat, item, Item.Folder.FILED, " ".join(under.split())[:LONGEST], now)


def unfile(*, seat: Seat, item: Item, now: datetime) -> Item:  # no-evidence: personal setting
    """Put a filed item back into the inbox. Raises NotAllowedError or NotFiledError."""
    if item.folder != Item.Folder.FILED:
        raise NotFiledError
    return _move(seat, item, Item.Folder.INBOX, "", now)


def _move(seat: Seat, item: Item, folder: Item.Folder, under: str, now: datetime) -> Item:
    if not may_read(seat, item.mailbox, now=now):
        raise NotAllowedError
    if item.folder == Item.Folder.SENT:
        raise SentError
    with atomic():
        item.folder, item.filed_under = folder, under
        item.save(update_fields=["folder", "filed_under"])
    return item

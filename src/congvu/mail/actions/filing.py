"""Putting things away in one's own box, and taking them out again; one or many, and back to where they lay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from congvu.base.database import atomic
from congvu.directory.queries import Seat
from congvu.mail.actions.folders import folder_named
from congvu.mail.arranging.models import MailFolder
from congvu.mail.models import Item
from congvu.mail.policies import NotAllowedError, may_read

MANY = 200  # items moved at once


class NotFiledError(Exception):
    """The item does not lie among what was filed."""


class SentError(Exception):
    """What was sent stays among what was sent."""


class OtherBoxError(Exception):
    """A folder takes what lies in its own box only."""


class TooManyItemsError(Exception):
    """More items than are moved at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where an item lies: in the inbox, or among what was filed, in a folder or in none. All are handles or words."""

    item: str
    folder: str
    filed_in: str = ""


def file(*, seat: Seat, item: Item, under: str, now: datetime) -> Item:  # no-evidence: personal setting
    """Put an item away in the folder of a name, made if need be. Raises NotAllowedError or SentError."""
    _check(seat, [item], now)
    with atomic():
        _lay(item, Item.Folder.FILED, folder_named(item.mailbox, under, at=now))
    return item


def unfile(*, seat: Seat, item: Item, now: datetime) -> Item:  # no-evidence: personal setting
    """Put a filed item back into the inbox. Raises NotAllowedError or NotFiledError."""
    if item.folder != Item.Folder.FILED:
        raise NotFiledError
    _check(seat, [item], now)
    with atomic():
        _lay(item, Item.Folder.INBOX, None)
    return item


def move(
    *, seat: Seat, items: Sequence[Item], folder: str, filed_in: MailFolder | None = None, now: datetime
) -> list[Spot]:  # no-evidence: personal setting
    """Move items to the inbox or among what was filed; return where those lay that moved.

    Raises NotAllowedError, SentError, OtherBoxError or TooManyItemsError; then nothing moves.
    """
    _check(seat, items, now)
    if filed_in and any(one.mailbox_id != filed_in.mailbox_id for one in items):
        raise OtherBoxError
    target = (folder, filed_in.pk if filed_in else None)
    moving = [one for one in items if (one.folder, one.filed_in_id) != target]
    before = [spot(one) for one in moving]
    with atomic():
        for one in moving:
            _lay(one, Item.Folder(folder), filed_in)
    return before


def put_back(
    *, seat: Seat, items: Sequence[Item], spots: Sequence[Spot], now: datetime
) -> int:  # no-evidence: personal setting
    """Put items back to where they lay; return how many. What lay in a folder that is gone is filed without one."""
    _check(seat, items, now)
    wanted = {one.item: one for one in spots}
    named = MailFolder.objects.filter(handle__in=[one.filed_in for one in spots if one.filed_in])
    folders = {(one.mailbox_id, one.handle): one for one in named}
    with atomic():
        for item in items:
            was = wanted[item.handle]
            _lay(item, Item.Folder(was.folder), folders.get((item.mailbox_id, was.filed_in)))
    return len(items)


def flag(
    *, seat: Seat, items: Sequence[Item], is_flagged: bool, now: datetime
) -> int:  # no-evidence: personal setting
    """Mark items, or take the mark off; return how many changed. Raises NotAllowedError or TooManyItemsError."""
    _check(seat, items, now, may_be_sent=True)
    with atomic():
        rows = Item.objects.filter(pk__in=[one.pk for one in items]).exclude(flagged=is_flagged)
        return rows.update(flagged=is_flagged)


def spot(item: Item) -> Spot:
    """Return where an item lies."""
    return Spot(item=item.handle, folder=item.folder, filed_in=item.filed_in.handle if item.filed_in else "")


def _check(seat: Seat, items: Sequence[Item], now: datetime, *, may_be_sent: bool = False) -> None:
    if len(items) > MANY:
        raise TooManyItemsError
    if not all(may_read(seat, box, now=now) for box in {one.mailbox for one in items}):
        raise NotAllowedError
    if not may_be_sent and any(one.folder == Item.Folder.SENT for one in items):
        raise SentError


def _lay(item: Item, folder: Item.Folder, filed_in: MailFolder | None) -> None:
    item.folder, item.filed_in = folder, filed_in
    item.save(update_fields=["folder", "filed_in"])

"""Rows of a list: an item with what hangs on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from congvu.mail.models import Item
from congvu.mail.policies import is_withheld
from congvu.mail.queries import answering
from congvu.mail.queries.answering import Answering
from congvu.rules.duties import Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An item as a list shows it."""

    item: Item
    duty: Duty | None = None
    answering: Answering | None = None

    @property
    def is_withheld(self) -> bool:
        """Tell whether nothing of the message may be shown."""
        return is_withheld(self.item)

    @property
    def is_sent(self) -> bool:
        """Tell whether the row shows recipients instead of a sender."""
        return self.item.folder == Item.Folder.SENT

    @property
    def is_unread(self) -> bool:
        """Tell whether nobody has opened it."""
        item = self.item
        came = item.folder != Item.Folder.SENT and item.message.channel != "import"
        return came and item.opened_at is None and not self.is_withheld

    @property
    def asks(self) -> bool:
        """Tell whether the sender still waits for an acknowledgement."""
        item = self.item
        return item.owes_acknowledgement and item.acknowledged_at is None and item.message.recalled_at is None


def rows(items: Sequence[Item], duties: Mapping[int, Duty]) -> list[Row]:
    """Return the rows of items with their duties, by the item's key, and with who answers what is shared."""
    found = answering.of(items)
    return [Row(item=one, duty=duties.get(one.pk), answering=found.get(one.pk)) for one in items]

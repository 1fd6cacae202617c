# writes: for the disposal that records it
"""Taking an entry's salts and values away for ever."""

from collections.abc import Collection

from congvu.base import keys
from congvu.base.database import atomic
from congvu.ledger.models import Disclosure


def remove(entries: Collection[str], *, agency: str) -> None:
    """Destroy keys and rows of entries' disclosures; the entries stay in the log, as tombstones.

    Keys go first: after a crash in between a row is left that nobody can read, and it is removed the next time.
    """
    with atomic():
        rows = Disclosure.objects.filter(agency=agency, entry__in=entries)
        keys.destroy_many(entries)
        rows.delete()

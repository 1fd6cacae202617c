"""What the desk keeps of records: which letter told somebody of late duties."""

from collections.abc import Collection, Sequence

from congvu.desk.models import LateNotice
from congvu.ledger.disposal.holders import Marked
from congvu.ledger.readers import Entry


class Notices:
    """The note that somebody was told, which names the letter."""

    name = "desk"
    kinds: frozenset[str] = frozenset()

    def gather(self, entries: Sequence[Entry], marked: Marked) -> None:
        """Do nothing: the letter is marked in mail."""

    def follow(self, marked: Marked) -> None:
        """Mark the notes about marked letters."""
        rows = LateNotice.objects.filter(agency__handle=marked.agency).values_list("handle", "message")
        marked.subjects.update([handle for handle, letter in rows.iterator() if letter in marked.subjects])

    def forget(  # writes: what a disposal destroys, which records it
        self, names: Collection[str], *, agency: str
    ) -> None:
        """Delete notes."""
        LateNotice.objects.filter(agency__handle=agency, handle__in=names).delete()

    def clean(self, marked: Marked) -> None:
        """Do nothing: notes are found by their names."""

    def traces(self, marked: Marked) -> dict[str, int]:
        """Return the notes that still name anything marked."""
        rows = LateNotice.objects.filter(agency__handle=marked.agency).values_list("handle", "message")
        left = sum(any(map(marked.is_named, row)) for row in rows.iterator())
        return {"notices": left} if left else {}

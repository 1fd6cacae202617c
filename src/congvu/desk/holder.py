"""What the desk keeps of records: which letter told somebody of late duties."""

from collections.abc import Collection

from congvu.desk.models import LateNotice
from congvu.ledger.disposal.holders import Holder, Marked


class Notices(Holder):
    """The note that somebody was told, which names the letter."""

    name = "desk"

    def follow(self, marked: Marked) -> None:
        """Mark the notes about marked letters."""
        rows = LateNotice.objects.filter(agency__handle=marked.agency).values_list("handle", "message")
        marked.subjects.update([handle for handle, letter in rows.iterator() if letter in marked.subjects])

    def forget(  # writes: what a disposal destroys, which records it
        self, names: Collection[str], *, agency: str
    ) -> None:
        """Delete notes."""
        LateNotice.objects.filter(agency__handle=agency, handle__in=names).delete()

    def traces(self, marked: Marked) -> dict[str, int]:
        """Return the notes that still name anything marked."""
        rows = LateNotice.objects.filter(agency__handle=marked.agency).values_list("handle", "message")
        return {"notices": marked.count(rows.iterator())}

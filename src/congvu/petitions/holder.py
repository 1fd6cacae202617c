"""What petitions keep of records, as a disposal destroys it: the petition with every row about it, who asked, files."""

from collections.abc import Collection, Sequence

from congvu.base import keys
from congvu.base.chunks import chunked
from congvu.ledger.disposal.holders import CHUNK, Holder, Marked
from congvu.ledger.readers import Entry
from congvu.petitions.models import Attachment, Link, Petition, Rating, Reporter, Step, Term, Token
from congvu.petitions.post import Letter

_OWNED = (Attachment, Rating, Term, Token, Step)


class Petitions(Holder):
    """A petition goes whole; what was merged into it stands for itself."""

    name = "petitions"
    kinds = frozenset({"petitions.petition.received"})

    def gather(self, entries: Sequence[Entry], marked: Marked) -> None:
        """Mark the petitions that entries are evidence of."""
        said = (one.disclosures.get("petition") for one in entries if one.kind in self.kinds)
        marked.subjects.update(one for one in said if one)

    def follow(self, marked: Marked) -> None:
        """Mark the names of all rows about marked petitions, and their files."""
        for some in chunked(sorted(marked.subjects), CHUNK):
            rows = Petition.objects.filter(agency__handle=marked.agency, handle__in=some)
            for table in (Reporter, Step, Attachment, Token):
                marked.subjects.update(
                    table.objects.filter(petition__in=rows).values_list("handle", flat=True)
                )
            for blob, shown in Attachment.objects.filter(petition__in=rows).values_list(
                "blob", "public_blob"
            ):
                marked.blobs.update(one for one in (blob, shown) if one)

    def forget(  # writes: what a disposal destroys, which records it
        self, names: Collection[str], *, agency: str
    ) -> None:
        """Delete petitions and every row about them; the keys of who asked go first."""
        rows = Petition.objects.filter(agency__handle=agency, handle__in=names)
        reporters = Reporter.objects.filter(petition__in=rows)
        keys.destroy_many(list(reporters.values_list("handle", flat=True)))
        reporters.delete()
        Link.objects.filter(petition__in=rows).delete()
        Link.objects.filter(other__in=rows).delete()
        Letter.objects.filter(petition__in=rows).delete()
        for table in _OWNED:
            table.objects.filter(petition__in=rows).delete()
        Petition.objects.filter(agency__handle=agency, merged_into__in=rows).update(merged_into=None)
        rows.delete()

    def traces(self, marked: Marked) -> dict[str, int]:
        """Return the rows that still name anything marked."""
        return {
            table.__name__.lower(): marked.count(rows.iterator())
            for table, columns in (
                (Petition, ("handle", "message")),
                (Reporter, ("handle",)),
                (Step, ("handle", "entry", "data")),
                (Attachment, ("handle",)),
                (Rating, ("entry",)),
                (Token, ("handle",)),
                (Letter, ("message",)),
            )
            for rows in [table.objects.filter(agency__handle=marked.agency).values_list(*columns)]
        }

"""What petitions keep of records, as a disposal destroys it.

A petition goes with every row about it, who asked, files, the letters that told the citizen, and what search knows.
"""

from collections.abc import Collection, Sequence

from congvu.base import keys
from congvu.base.chunks import chunked
from congvu.ledger.disposal.holders import CHUNK, Holder, Marked
from congvu.ledger.readers import Entry
from congvu.petitions.access import Access
from congvu.petitions.models import (
    Attachment,
    Link,
    Petition,
    Rating,
    Reporter,
    Step,
    Term,
    Token,
    UnsentPetition,
)
from congvu.petitions.post import Letter
from congvu.petitions.queries.register import folder
from congvu.petitions.readers import ReleasedWords
from congvu.petitions.voices import Voice

_OWNED = (Access, Attachment, Rating, Term, Token, Step, Voice)


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
            told = Step.objects.filter(petition__in=rows).exclude(told_at=None)
            marked.subjects.update(told.exclude(message="").values_list("message", flat=True))
            for table in (Reporter, Step, Attachment, Access, Token, UnsentPetition):
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
        """Delete petitions and every row about them, the keys of who asked first; forget which letters they came by."""
        rows = Petition.objects.filter(agency__handle=agency, handle__in=names)
        reporters = Reporter.objects.filter(petition__in=rows)
        keys.destroy_many(list(reporters.values_list("handle", flat=True)))
        reporters.delete()
        Link.objects.filter(petition__in=rows).delete()
        Link.objects.filter(other__in=rows).delete()
        Letter.objects.filter(petition__in=rows).delete()
        Step.objects.filter(repeats__petition__in=rows).update(repeats=None)
        for table in _OWNED:
            table.objects.filter(petition__in=rows).delete()
        UnsentPetition.objects.filter(petition__in=rows).delete()
        Petition.objects.filter(agency__handle=agency, merged_into__in=rows).update(merged_into=None)
        rows.delete()
        Letter.objects.filter(agency__handle=agency, message__in=names).delete()
        for named in (Petition, Step):
            named.objects.filter(agency__handle=agency, message__in=names).update(message="")

    def traces(self, marked: Marked) -> dict[str, int]:
        """Return the rows that still name anything marked."""
        return {
            table.__name__.lower(): marked.count(rows.iterator())
            for table, columns in (
                (Petition, ("handle", "message")),
                (Reporter, ("handle",)),
                (Step, ("handle", "entry", "data", "message")),
                (Attachment, ("handle",)),
                (Access, ("handle",)),
                (Rating, ("entry",)),
                (Token, ("handle",)),
                (Letter, ("message",)),
                (UnsentPetition, ("handle",)),
            )
            for rows in [table.objects.filter(agency__handle=marked.agency).values_list(*columns)]
        }


class Search(Holder):
    """The search of the register, in which removed words stay until its files are written anew."""

    name = "petitions.search"

    def clean(self, marked: Marked) -> None:
        """Write the index anew from the petitions that are left."""
        if marked.subjects and folder().exists():
            ReleasedWords().write_anew()

    def traces(self, marked: Marked) -> dict[str, int]:
        """Return how much of the marked petitions, or of any removed one, is in the index's files."""
        found = ReleasedWords().traces(marked.subjects) if marked.subjects and folder().exists() else 0
        return {"petitions.search": found}

"""What conduct keeps of records: reports, and what people said about duties."""

from collections.abc import Collection, Sequence

from congvu.conduct.models import Confirmation, Finding, Report, Statement
from congvu.ledger.disposal.holders import Holder, Marked
from congvu.ledger.readers import Entry


class Words(Holder):
    """Reports with their answers; what was said and decided about a duty goes with the duty."""

    name = "conduct"
    kinds = frozenset({"conduct.report.made"})

    def gather(self, entries: Sequence[Entry], marked: Marked) -> None:
        """Mark the reports that entries are evidence of."""
        said = (one.disclosures.get("report") for one in entries if one.kind in self.kinds)
        marked.subjects.update(one for one in said if one)

    def follow(self, marked: Marked) -> None:
        """Mark findings about marked duties."""
        rows = Finding.objects.filter(agency__handle=marked.agency).values_list("handle", "obligation")
        found = [handle for handle, duty in rows.iterator() if duty in marked.subjects]
        marked.subjects.update(found)

    def forget(  # writes: what a disposal destroys, which records it
        self, names: Collection[str], *, agency: str
    ) -> None:
        """Delete reports, findings, and what was said about them."""
        findings = Finding.objects.filter(agency__handle=agency, handle__in=names)
        Statement.objects.filter(agency__handle=agency, finding__in=findings).delete()
        findings.delete()
        Report.objects.filter(agency__handle=agency, handle__in=names).delete()

    def clean(self, marked: Marked) -> None:  # writes: what a disposal destroys, which records it
        """Take marked duties out of the lists behind confirmed counts; the counts stay."""
        for row in Confirmation.objects.filter(agency__handle=marked.agency).iterator():
            kept = {
                figure: [one for one in duties if not marked.is_named(one)]
                for figure, duties in row.duties.items()
            }
            if kept != row.duties:
                row.duties = kept
                row.save(update_fields=["duties"])

    def traces(self, marked: Marked) -> dict[str, int]:
        """Return the rows that still name anything marked."""
        return {
            table.__name__.lower(): marked.count(rows.iterator())
            for table, columns in (
                (Report, ("handle", "entry", "answer_entry")),
                (Finding, ("handle", "obligation")),
                (Statement, ("entry",)),
                (Confirmation, ("duties",)),
            )
            for rows in [table.objects.filter(agency__handle=marked.agency).values_list(*columns)]
        }

"""What the rules keep of records: duties, waiting evidence, figures, and what trials of drafts wrote down."""

from collections.abc import Collection, Iterator, Sequence

from django.db.models import Model, Q

from congvu.ledger.disposal.holders import Holder, Marked
from congvu.rules.models import Obligation, Occurrence, ReplayDifference, Unmatched

_NAMED = (  # columns of a duty that hold names of entries, or of what they speak of
    *("trigger", "subject", "fulfilled_by", "annulled_by", "excused_by", "confirmed_by", "compensated_by"),
    *("fulfil_key", "cancel_key", "suspend_key", "resume_key", "extend_key", "compensate_key", "course"),
)


class Duties(Holder):
    """Duties follow from evidence, and go with it. Their names follow from it too, so that they are sought as well."""

    name = "rules"

    def follow(self, marked: Marked) -> None:
        """Mark every duty that a marked entry opened, closed or changed, or that is about a marked subject."""
        marked.subjects.update(_duties(marked))

    def forget(  # writes: a projection, like a reader's
        self, names: Collection[str], *, agency: str
    ) -> None:
        """Delete duties, waiting evidence and figures."""
        Obligation.objects.filter(agency__handle=agency, handle__in=names).delete()
        Unmatched.objects.filter(Q(key__in=names) | Q(entry__in=names), agency__handle=agency).delete()
        Occurrence.objects.filter(agency__handle=agency, entry__in=names).delete()

    def clean(self, marked: Marked) -> None:  # writes: a projection, like a reader's
        """Delete what trials of drafts wrote down about marked duties."""
        ReplayDifference.objects.filter(
            agency__handle=marked.agency, pk__in=list(_differences(marked))
        ).delete()

    def traces(self, marked: Marked) -> dict[str, int]:
        """Return the rows that still name anything marked."""
        return {
            "duties": sum(1 for _ in _duties(marked)),
            "waiting": _count(Unmatched, ("key", "entry"), marked),
            "figures": _count(Occurrence, ("entry",), marked),
            "trials": sum(1 for _ in _differences(marked)),
        }


def _duties(marked: Marked) -> Iterator[str]:
    rows = Obligation.objects.filter(agency__handle=marked.agency).values_list("handle", *_NAMED)
    for row in rows.iterator():
        if any(value and marked.is_named(value) for value in row):
            yield row[0]


def _differences(marked: Marked) -> Iterator[int]:
    rows = ReplayDifference.objects.filter(agency__handle=marked.agency).values_list("pk", "body")
    yield from (key for key, body in rows.iterator() if marked.is_named(body))


def _count(table: type[Model], columns: Sequence[str], marked: Marked) -> int:
    rows = table._base_manager.filter(agency__handle=marked.agency)  # noqa: SLF001 -- Django's public name
    return marked.count(rows.values_list(*columns).iterator())

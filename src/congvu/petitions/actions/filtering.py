"""An official's own views of the queue, kept under a name."""

from congvu.base import handles
from congvu.base.database import atomic
from congvu.directory.queries import Seat
from congvu.petitions.models import SavedFilter

MOST = 50
LONGEST_NAME, LONGEST_QUERY = 80, 1000


class TakenNameError(Exception):
    """Another filter of the person has this name."""


class TooManyFiltersError(Exception):
    """A person keeps MOST filters."""


def save_filter(*, by: Seat, name: str, query: str) -> SavedFilter:  # no-evidence: personal setting
    """Keep a view; one of the same name is replaced. Raises TooManyFiltersError."""
    with atomic():
        own = SavedFilter.objects.filter(agency=by.agency, person=by.person)
        if own.exclude(name=name).count() >= MOST:
            raise TooManyFiltersError
        row, _is_new = SavedFilter.objects.update_or_create(
            agency=by.agency,
            person=by.person,
            name=name,
            defaults={"query": query},
            create_defaults={"query": query, "handle": handles.new()},
        )
    return row


def rename_filter(row: SavedFilter, *, name: str) -> SavedFilter:  # no-evidence: personal setting
    """Call a view by another name. Raises TakenNameError."""
    with atomic():
        others = SavedFilter.objects.filter(agency=row.agency, person=row.person, name=name)
        if others.exclude(pk=row.pk).exists():
            raise TakenNameError(name)
        row.name = name
        row.save(update_fields=["name"])
    return row


def delete_filter(row: SavedFilter) -> None:  # no-evidence: personal setting
    """Forget a view; what it showed stays."""
    with atomic():
        row.delete()

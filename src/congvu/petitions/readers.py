"""Reading the ledger: what an official released is found by everyone, and new rules move open time limits.

The released words lie in an index of their own, apart from that of letters.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from congvu.base.chunks import chunked
from congvu.base.search import Document, Index
from congvu.directory.models import Agency
from congvu.ledger.readers import Entry
from congvu.petitions.models import Petition
from congvu.petitions.queries import published
from congvu.petitions.queries.register import EVERYONE, KIND, folder
from congvu.petitions.reckoning import Reckoning
from congvu.petitions.words import CONFIDENTIAL, OPEN
from congvu.rules import events as rules

CHANGING = frozenset(
    one.kind
    for one in (
        rules.BookAdopted,
        rules.BookPublished,
        rules.BookWithdrawn,
        rules.ParameterDecided,
        rules.DayClosed,
    )
)
_AT_ONCE = 1_000
_COLUMNS = (
    *("handle", "number", "received_at", "public_content", "public_place", "service__needs_place"),
    *("service__code", "unit__code", "area__code", "state", "was_disputed", "is_late"),
    *("latitude", "shows_point", "is_public", "sort", "service__is_confidential"),
)


class _Row(NamedTuple):
    """What is read of a petition: _COLUMNS."""

    handle: str
    number: str
    received_at: datetime
    words: str
    place: str
    has_place: bool
    service: str
    unit: str | None
    area: str | None
    state: str
    was_disputed: bool
    is_late: bool | None
    latitude: float | None
    shows_point: bool
    is_public: bool
    sort: str
    is_confidential: bool

    @property
    def is_released(self) -> bool:
        """Return whether everyone may read its words."""
        may = self.is_public and not self.is_confidential and self.sort not in CONFIDENTIAL
        return may and bool(self.words)


class NewRules:
    """Notes that the rules changed, so that the time limits of open petitions are reckoned anew."""

    name = "petitions.rules"

    def prepare(self, entries: Sequence[Entry]) -> None:
        """Do nothing: what is noted is a row."""

    def apply(self, entries: Sequence[Entry]) -> None:
        """Note the last entry that changed the rules; a reckoning that is under way begins anew."""
        changed = [one for one in entries if one.kind in CHANGING]
        if changed:
            last = changed[-1]
            Reckoning.objects.update_or_create(
                agency=Agency.objects.get(handle=last.agency),
                defaults={"log": last.log, "index": last.index, "reckoned": 0},
            )

    def reset(self, *, agency: str) -> None:
        """Forget a reckoning: what is read again asks for it again."""
        Reckoning.objects.filter(agency__handle=agency).delete()


class ReleasedWords:
    """Feeds released petitions to the index as they stand now; reading the same entries twice changes nothing."""

    name = "petitions.search"

    def apply(self, entries: Sequence[Entry]) -> None:
        """Do nothing: the index is no table, and was brought up to these entries by `prepare`."""

    def prepare(self, entries: Sequence[Entry]) -> None:
        """Put the petitions of these entries into the index, or take them out."""
        asked = {
            one.disclosures["petition"]
            for one in entries
            if one.kind.startswith("petitions.") and "petition" in one.disclosures
        }
        if not asked:
            return
        agencies = Agency.objects.filter(handle__in={one.agency for one in entries})
        found = [one for agency in agencies for one in documents(agency, asked)]
        if not found and not folder().exists():
            return
        with Index(folder()).writing() as writer:
            for gone in asked - {one.key for one in found}:
                writer.remove(gone)
            writer.put(found)

    def reset(self, *, agency: str) -> None:
        """Take every petition of an agency out of the index, to be fed again."""
        with Index(folder()).writing() as writer:
            for handle in Petition.objects.filter(agency__handle=agency).values_list("handle", flat=True):
                writer.remove(handle)

    def write_anew(self) -> None:
        """Write the whole index anew from what is released, without the words of what is gone."""
        with Index(folder()).rewriting() as writer:
            for agency in Agency.objects.all():
                keys = published.released(published.register(agency)).order_by("pk")
                for some in chunked(keys.values_list("handle", flat=True).iterator(), _AT_ONCE):
                    writer.put(documents(agency, some))

    def traces(self, handles: Iterable[str]) -> int:
        """Return how many of these petitions are found, and how many files hold words of removed ones."""
        return Index(folder()).traces(handles)


def documents(agency: Agency, handles: Iterable[str]) -> list[Document]:
    """Return what is found of those petitions of an agency of which words are released, and no others.

    They are fetched by handle alone: with more to go by, a database without statistics takes a longer way.
    """
    rows = Petition.objects.filter(handle__in=list(handles)).values_list("agency_id", *_COLUMNS)
    zone = ZoneInfo(agency.zone)
    found = (_Row(*row) for owner, *row in rows if owner == agency.pk)
    return [_document(agency, row, zone) for row in found if row.is_released]


def _document(agency: Agency, row: _Row, zone: ZoneInfo) -> Document:
    day = row.received_at.astimezone(zone)
    marks = {
        "service": row.service,
        "unit": row.unit,
        "area": row.area if row.has_place else "",
        "state": row.state,
        "year": day.year,
        "month": day.month,
        "disputed": "yes" if row.was_disputed else "",
        "late": "yes" if row.is_late else "",
        "open": "yes" if row.state in OPEN else "",
        "placed": "yes" if row.has_place and row.shows_point and row.latitude is not None else "",
    }
    return Document(
        kind=KIND,
        key=row.handle,
        agency=agency.handle,
        readers=[EVERYONE],
        at=row.received_at,
        text="\n".join([row.words, row.place if row.has_place else "", row.number]),
        marks=[f"{name}={value}" for name, value in marks.items() if value],
    )

"""What everyone may know of petitions: which there are, how they stand, and what an official released."""

from collections.abc import Collection, Iterator, Sequence
from math import cos, radians
from typing import Any, Final, NamedTuple

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from congvu.directory.models import Agency
from congvu.petitions.models import Attachment, Petition, Service, Step
from congvu.petitions.words import CONFIDENTIAL, State

CLOSED: Final = (State.CLOSED, State.REFUSED, State.REDIRECTED, State.MERGED)
ENDS: Final = {
    "petition.closed": State.CLOSED,
    "petition.refused": State.REFUSED,
    "petition.redirected": State.REDIRECTED,
    "petition.merged": State.MERGED,
}
RELATED: Final = ("service", "unit", "area", "merged_into")
METERS: Final = 111_320  # of one degree along a meridian
_CHUNK: Final = 2_500


class Place(NamedTuple):
    """Where a petition is, as far as everyone may know; `area` is a key, the point is in degrees (WGS 84)."""

    words: str = ""
    area: int | None = None
    latitude: float | None = None
    longitude: float | None = None


def register(agency: Agency) -> QuerySet[Petition]:
    """Return the petitions of the public register. Confidential services are left out by key: no join leads there."""
    hidden = Service.objects.filter(agency=agency, is_confidential=True).values("pk")
    rows = Petition.objects.filter(agency=agency, is_public=True)
    return rows.exclude(sort__in=CONFIDENTIAL).exclude(service__in=hidden)


def requests(agency: Agency) -> QuerySet[Petition]:
    """Return the register, each row with `said`: the last words that an official gave in public."""
    said = (
        Step.objects.filter(petition=OuterRef("pk"), is_public=True).exclude(text="").order_by("-at", "-pk")
    )
    return register(agency).select_related(*RELATED).annotate(said=Subquery(said.values("text")[:1]))


def last_words(row: Petition) -> str:
    """Return the words that `requests` found about a petition, empty when nobody said any."""
    return str(row.__dict__.get("said") or "")


def released(rows: QuerySet[Petition]) -> QuerySet[Petition]:
    """Return those of which an official released words."""
    return rows.exclude(public_content="")


def placed(rows: QuerySet[Petition]) -> QuerySet[Petition]:
    """Return those that are released, and whose service asks where."""
    homes = Service.objects.filter(needs_place=False).values("pk")  # there a place would be the citizen's own
    return released(rows).exclude(service__in=homes)


def place(row: Any, *, asks_where: bool) -> Place:
    """Return what everyone may know of where a petition is, or a row of its columns; nothing of a citizen's home."""
    if not (row.public_content and asks_where):
        return Place()
    if not row.shows_point:
        return Place(row.public_place, row.area_id)
    return Place(row.public_place, row.area_id, row.latitude, row.longitude)


def near(rows: QuerySet[Petition], *, latitude: float, longitude: float, meters: float) -> QuerySet[Petition]:
    """Return those released within a distance, reckoned on a flat map: 0.1 % off at 50 km, short of the poles."""
    high, stretch = meters / METERS, max(cos(radians(latitude)), 0.01)
    wide = high / stretch
    north, east = F("latitude") - latitude, (F("longitude") - longitude) * stretch
    box = Q(latitude__range=(latitude - high, latitude + high))
    box &= Q(longitude__range=(longitude - wide, longitude + wide))
    rows = placed(rows).filter(box, shows_point=True).annotate(away=north * north + east * east)
    return rows.filter(away__lte=high * high)


def walked(rows: QuerySet[Petition], columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield these columns of all rows, `pk` first, in the order in which they came, without a long transaction."""
    last = 0
    while part := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", *columns)[:_CHUNK]):
        yield from part
        last = part[-1][0]


def steps(agency: Agency) -> QuerySet[Step]:
    """Return what was done in public about petitions of the register; of stages nothing, they repeat the steps."""
    rows = Step.objects.filter(
        agency=agency,
        is_public=True,
        petition__is_public=True,
        petition__service__is_confidential=False,
    )
    rows = rows.exclude(petition__sort__in=CONFIDENTIAL).exclude(kind__startswith="stage.")
    return rows.select_related("petition")


def pictures(petitions: Collection[Petition]) -> dict[int, list[Attachment]]:
    """Return the pictures that everyone may see, by petition, in the order in which they came."""
    found: dict[int, list[Attachment]] = {}
    rows = Attachment.objects.filter(petition__in=petitions, media_type__startswith="image/").exclude(
        public_blob=""
    )
    for row in rows.order_by("pk"):
        found.setdefault(row.petition_id, []).append(row)
    return found

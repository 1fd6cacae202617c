"""The public register: which petitions there are, how they stand, and what an official released of them.

Never what the citizen wrote, never who asked, never a confidential service. A place shows once words are released, and
only where the service asks for one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.utils.functional import Promise

from congvu.base.texts import Texts
from congvu.directory.models import Agency, Unit
from congvu.petitions import numbers
from congvu.petitions.models import Area, Attachment, Petition, Service, Step
from congvu.petitions.queries import published
from congvu.petitions.queries.outlines import outlines
from congvu.petitions.queries.petitions import last_end, repeated
from congvu.petitions.queries.register import ANSWERED_LATE, OVERDUE, SIZE, Asked, is_overdue, page, span
from congvu.petitions.web import words
from congvu.petitions.web.due import ends_with_day, last_day
from congvu.petitions.words import DISPUTABLE, OPEN, State
from congvu.ui.words import by_name

__all__ = [
    "ANSWERED_LATE",
    "OVERDUE",
    "SIZE",
    "Asked",
    "Choice",
    "Listed",
    "Picture",
    "Register",
    "Shown",
    "StepShown",
    "listed",
    "opened",
    "outlines",
    "petition",
    "registers",
    "span",
    "states",
]

Word = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A service, unit or area by its code. `group` only of a service."""

    code: str
    name: Texts
    group: Texts = field(default_factory=dict)
    has_place: bool = False  # a service that asks where


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """One agency's register, with what its filters offer."""

    slug: str
    name: Texts
    domain: str
    zone: str
    language: str
    demonstration: bool
    since: int  # year
    services: tuple[Choice, ...]
    units: tuple[Choice, ...]
    areas: tuple[Choice, ...]
    agency: Agency = field(repr=False)
    by_key: Mapping[str, Mapping[int, Choice]] = field(repr=False)  # of service, unit, area


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A petition as everyone sees it. `words` and the place are empty until an official released them."""

    number: str
    service: Choice
    unit: Choice | None
    area: Choice | None
    state: str
    state_word: Word
    tone: str
    received_at: datetime
    updated_at: datetime
    due_at: datetime | None
    promised_on: date | None
    answered_at: datetime | None
    closed_at: datetime | None
    is_late: bool | None
    is_overdue: bool
    was_disputed: bool
    score: int | None
    endorsements: int
    words: str
    place: str
    latitude: float | None
    longitude: float | None

    @property
    def due_on(self) -> date | None:
        """Return the last day of a term that ends with a day, in the active zone; of one in hours none."""
        return last_day(self.due_at) if self.due_at is not None and ends_with_day(self.due_at) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """What was done in public: what it is called, by which unit, and the words that were said."""

    at: datetime
    word: Word
    unit: Texts | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that an official released; of what was asked, or of the answer."""

    handle: str
    width: int | None
    height: int | None
    is_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One petition whole; `goes_on_in` is the number of the one that it was merged into."""

    petition: Listed
    steps: tuple[StepShown, ...]
    pictures: tuple[Picture, ...]
    goes_on_in: str
    is_open: bool
    dispute: Word  # what its citizen may say against its end; empty where there is none


def registers() -> list[tuple[str, Texts]]:
    """Return the agencies that answer citizens: slug and name."""
    serving = Service.objects.filter(is_confidential=False).values("agency")
    rows = by_name(Agency.objects.filter(pk__in=serving))
    return [(row.slug, row.name) for row in rows]


def opened(slug: str) -> Register | None:
    """Return an agency's register, None where there is no such agency."""
    agency = Agency.objects.filter(slug=slug).first()
    if agency is None:
        return None
    services = Service.objects.filter(agency=agency, is_confidential=False).order_by("position", "code")
    units = Unit.objects.filter(agency=agency).order_by("code")
    areas = by_name(Area.objects.filter(agency=agency).defer("rings"))
    by_key: dict[str, dict[int, Choice]] = {
        "service": {
            row.pk: Choice(code=row.code, name=row.name, group=row.group, has_place=row.needs_place)
            for row in services
        },
        "unit": {row.pk: Choice(code=row.code, name=row.name) for row in units},
        "area": {row.pk: Choice(code=row.code, name=row.name) for row in areas},
    }
    first = published.register(agency).order_by("received_at").values_list("received_at", flat=True).first()
    return Register(
        slug=agency.slug,
        name=agency.name,
        domain=agency.domain,
        zone=agency.zone,
        language=agency.language,
        demonstration=agency.demonstration,
        since=(first or agency.founded_at).year,
        services=tuple(by_key["service"].values()),
        units=tuple(by_key["unit"].values()),
        areas=tuple(by_key["area"].values()),
        agency=agency,
        by_key=by_key,
    )


def listed(
    register: Register, asked: Asked, *, after: str = "", size: int = SIZE, now: datetime
) -> list[Listed]:
    """Return a page of the register, the newest first, behind the petition that `after` names."""
    rows = page(register.agency, asked, after=after, size=size, now=now)
    return [_listed(register, row, now) for row in rows]


def petition(register: Register, number: str, *, now: datetime) -> Shown | None:
    """Return one petition of the register by its number, None when there is none that everyone may see."""
    rows = published.register(register.agency).select_related("merged_into__service")
    row = rows.filter(number=numbers.read(number) or "").first()
    if row is None:
        return None
    into = row.merged_into
    is_seen = into is not None and into.is_public and not into.service.is_confidential
    own = published.pictures([row]).get(row.pk, [])
    seen = Q(pk__in=published.steps(register.agency).filter(petition=row)) | Q(kind="petition.disputed")
    done = Step.objects.filter(seen, petition=row).select_related("unit").order_by("at", "pk")
    return Shown(
        petition=_listed(register, row, now),
        steps=tuple(_step(one) for one in done),
        pictures=tuple(_picture(one) for one in [*own, *repeated(row)]),
        goes_on_in=into.number if into is not None and is_seen else "",
        is_open=row.state in OPEN,
        dispute=words.DISPUTES.get(last_end(row), "") if row.state in DISPUTABLE else "",
    )


def states() -> list[tuple[str, Word]]:
    """Return the states of a petition, in words."""
    return [(state, words.STATES[state][0]) for state in State.values]


def _listed(register: Register, row: Petition, now: datetime) -> Listed:
    word, tone = words.STATES[row.state]
    service = register.by_key["service"][row.service_id]
    place = published.place(row, asks_where=service.has_place)
    return Listed(
        number=row.number,
        service=service,
        unit=register.by_key["unit"].get(row.unit_id or 0),
        area=register.by_key["area"].get(place.area or 0),
        state=row.state,
        state_word=word,
        tone=tone,
        received_at=row.received_at,
        updated_at=row.updated_at,
        due_at=row.due_at,
        promised_on=row.promised_on,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        is_late=row.is_late,
        is_overdue=is_overdue(row, now),
        was_disputed=row.was_disputed,
        score=row.score,
        endorsements=row.endorsements,
        words=row.public_content,
        place=place.words,
        latitude=place.latitude,
        longitude=place.longitude,
    )


def _step(row: Step) -> StepShown:
    return StepShown(
        at=row.at,
        word=words.step(row.kind, row.data.get("outcome", "")),
        unit=row.unit.name if row.unit else None,
        text=row.text
        if row.is_public
        else "",  # everyone may know that it was disputed, not what the citizen said
    )


def _picture(row: Attachment) -> Picture:
    return Picture(handle=row.handle, width=row.width, height=row.height, is_answer=row.step_id is not None)

"""What an official's day and a unit's page show: duties, windows, mail; a fixed number of queries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from congvu.conduct import queries as conduct
from congvu.conduct.queries import Card, Figures
from congvu.directory.models import Agency
from congvu.directory.policies import may_withdraw
from congvu.directory.queries import Seat
from congvu.mail.models import Item
from congvu.mail.outcomes import queries as outcomes
from congvu.mail.outcomes.models import MailDay
from congvu.mail.queries import items, places
from congvu.petitions.models import Petition
from congvu.petitions.policies import may_take_in
from congvu.petitions.queries import queue
from congvu.petitions.queries.petitions import whole
from congvu.petitions.queries.queue import Asked
from congvu.petitions.words import State
from congvu.rules import queries as rules
from congvu.rules.duties import Duty, Status, WindowToday
from congvu.rules.models import Obligation, Standing
from congvu.rules.standing import facts_of, law_of

DUE = 50
NEWEST = 5
NEXT = 5
RECENT = timedelta(days=7)
LATELY = timedelta(days=14)
MISSED: tuple[Status, ...] = ("late", "compensated", "breached", "reported")


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A duty beside the letter that set it off, when the official can read it."""

    card: Card
    item: Item | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowShown:
    """A window of today with what the official owes in it: personally and for mailboxes."""

    window: WindowToday
    owed: tuple[Owed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The first of many, and how many there are."""

    owed: tuple[Owed, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What lies unread in the official's own box."""

    unread: int
    newest: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """The petitions of citizens that a person answers, the next due first, and how many there are.

    For who sends them to units also how many wait for that, and which of these is due next.
    """

    rows: list[Petition]
    total: int
    unsent: int = 0
    next_unsent: Petition | None = None


def windows(seat: Seat, *, now: datetime) -> list[WindowShown]:
    """Return today's windows with the official's duties in them."""
    today = rules.windows_today(seat.agency, now)
    if not today:
        return []
    rows = _owed(seat).filter(is_window=True, opened_at__in={one.opens_at for one in today})
    shown = _shown(seat, _duties(seat.agency, rows, DUE), now=now)
    return [
        WindowShown(
            window=one,
            owed=tuple(
                owed
                for owed in shown
                if (owed.card.duty.norm, owed.card.duty.opened_at) == (one.norm, one.opens_at)
            ),
        )
        for one in today
    ]


def is_working_day(seat: Seat) -> bool:
    """Return whether the agency works on the seat's day, by its calendar and its own closures."""
    standing = Standing.objects.filter(agency=seat.agency).first()
    calendar = facts_of(seat.agency, standing).calendar(law_of(seat.agency).calendar)
    return calendar.is_working_day(seat.on)


def due(seat: Seat, *, now: datetime) -> Slice:
    """Return what is open with a due time, the most urgent first; windows are shown elsewhere."""
    rows = _pending(seat).filter(due_at__isnull=False, is_window=False)
    return _slice(seat, rows.order_by("due_at", "opened_at"), DUE, now)


def undecided(seat: Seat, *, now: datetime) -> Slice:
    """Return what is open without a due time, because the agency has not decided one; the newest first."""
    rows = _pending(seat).filter(due_at=None, is_reported=False)
    return _slice(seat, rows.order_by("-opened_at"), NEWEST, now)


def recent(seat: Seat, *, now: datetime) -> Slice:
    """Return what was found late or missed in the last days, the latest first."""
    seen = rules.as_of(agency=seat.agency.handle)
    if seen is None:
        return Slice(owed=(), total=0)
    rows = Obligation.objects.none()
    for status in MISSED:
        rows |= _owed(seat).filter(rules.in_status(status, seen), opened_at__gte=now - RECENT)
    return _slice(seat, rows.order_by(F("due_at").desc(nulls_first=True), "-opened_at"), NEWEST, now)


def post(seat: Seat, *, now: datetime) -> Post:
    """Return how many letters are unread in the official's own box, and the newest of them."""
    own = places.own_place(seat, now=now)
    box = own.box if own else None
    rows = items.unseen(box)
    return Post(unread=rows.count(), newest=tuple(rows[:NEWEST]))


def requests(seat: Seat, *, now: datetime) -> Requests:
    """Return the petitions that were given to a person, or to somebody on leave for whom they act."""
    rows = queue.found(seat, Asked(tab="mine"), now=now)
    shown, total = whole(rows[:NEXT]), rows.count()
    if not may_take_in(seat):
        return Requests(rows=shown, total=total)
    unsent = queue.found(seat, Asked(state=State.RECEIVED), now=now)
    first = whole(unsent[:1])
    return Requests(rows=shown, total=total, unsent=unsent.count(), next_unsent=first[0] if first else None)


def uneven(seat: Seat) -> list[MailDay]:
    """Return for who administers mail the days of late in which outcomes are missing or stand twice."""
    if not may_withdraw(seat):
        return []
    return list(outcomes.troubled(seat.agency).filter(day__gte=seat.on - LATELY))


def people(
    agency: Agency, *, units: Collection[str], since: datetime, until: datetime
) -> list[tuple[str, Figures]]:
    """Return names and figures of everyone who owed something in units (handles), in the order of names.

    Duties that nobody answers personally stand last, without a name.
    """
    found = conduct.figures(agency, units=units, since=since, until=until)
    names = conduct.full_names([one.person for one in found if one.person])
    rows = [(names.get(one.person, ""), one) for one in found]
    return sorted(rows, key=lambda row: (not row[0], row[0]))


def findings(
    agency: Agency, *, units: Collection[str], since: datetime, limit: int
) -> tuple[list[Card], int]:
    """Return the latest findings in units (handles) with their people and replies, and how many there are."""
    page = rules.obligations_of_unit(
        units, agency=agency.handle, statuses=(*MISSED, "excused"), since=since, limit=limit
    )
    return conduct.cards(page.duties, agency=agency), page.total


def _owed(seat: Seat) -> QuerySet[Obligation]:
    return Obligation.objects.filter(agency=seat.agency, person=seat.person.handle)


def _pending(seat: Seat) -> QuerySet[Obligation]:
    seen = rules.as_of(agency=seat.agency.handle)
    return _owed(seat).filter(rules.in_status("pending", seen)) if seen else Obligation.objects.none()


def _slice(seat: Seat, rows: QuerySet[Obligation], limit: int, now: datetime) -> Slice:
    return Slice(owed=tuple(_shown(seat, _duties(seat.agency, rows, limit), now=now)), total=rows.count())


def _duties(agency: Agency, rows: QuerySet[Obligation], limit: int) -> list[Duty]:
    seen = rules.as_of(agency=agency.handle)
    return [rules.duty_of(row, seen) for row in rows[:limit]] if seen else []


def _shown(seat: Seat, duties: Sequence[Duty], *, now: datetime) -> list[Owed]:
    cards = conduct.cards(duties, agency=seat.agency)
    letters = [duty.trigger_subject for duty in duties if duty.trigger_subject]
    found = items.of_messages(places.boxes(seat, now=now), letters) if letters else []
    by_letter = {one.message.handle: one for one in found}
    return [Owed(card=card, item=by_letter.get(card.duty.trigger_subject or "")) for card in cards]

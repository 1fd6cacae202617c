"""Mail that the agency's own server keeps: recorded before that server is asked, and again when it has answered."""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet

from congvu.base import blobs
from congvu.base.database import atomic
from congvu.base.keeping import kept
from congvu.base.rows import insert
from congvu.ledger.actions import ReadOnlyError
from congvu.ledger.events import Event
from congvu.mail import events, reasons
from congvu.mail.actions import (
    answers,
    evidence,
    journaling,
    meetings,
    origins,
    refusing,
    statements,
)
from congvu.mail.actions.delivering import Copy, accepted, copies, delivered, item, lay_in
from congvu.mail.actions.evidence import Step
from congvu.mail.actions.mailboxes import Boxes, boxes_of
from congvu.mail.addresses import normal
from congvu.mail.arranging import sorting
from congvu.mail.door.envelope import Verdict
from congvu.mail.examining import Examined, Rejection
from congvu.mail.lmtp.delivery import Outcome
from congvu.mail.lmtp.models import Handing
from congvu.mail.models import Item, Mailbox, Message, Receipt
from congvu.mail.parcels import Letter, Parcel, SecrecyMarkError, unsealed
from congvu.mail.queries import identities
from congvu.mail.queries.routes import Route, routes

LONGEST_ANSWER = 1_000
GIVE_UP = timedelta(
    days=6
)  # whoever handed it in has given up by then (Postfix: maximal_queue_lifetime, five days)
INTERRUPTED = "interrupted"
_RELATED = ("message__agency", "mailbox__address__agency", "mailbox__person", "mailbox__unit")
STORED = Verdict(250, "2.0.0 Stored")
BUSY = Verdict(451, "4.3.0 This very message is being delivered, please try again later")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message at the gate: `raw` begins with our Received field, `came` is the SHA-256 of the bytes before that.

    What was examined counts the first time it comes; what is under way goes on, whatever a name server says today.
    """

    mail_from: str
    recipients: tuple[str, ...]
    raw: bytes
    came: str
    at: datetime
    examined: Examined = field(default_factory=Examined)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What is to be asked of the mail server: `asked` has a row for each recipient, None for strangers.

    `known` has the answers that need no question. Recipients stand as they were written.
    """

    raw: bytes
    known: Mapping[str, Verdict] = field(default_factory=dict)
    asked: Mapping[str, "Asked | None"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A recipient of whom the mail server is asked, and where its mail goes."""

    row: Handing
    way: Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the mail server said about one recipient, and when."""

    asked: Asked
    outcome: Outcome
    at: datetime


@dataclass(slots=True, kw_only=True)
class _Case:
    """An arrival on its way to become an intent."""

    arrival: Arrival
    raw: bytes
    rows: dict[str, Handing]  # of earlier attempts, by recipient
    fresh: list[str]  # recipients of ours that are here for the first time
    ways: Mapping[str, Route]
    letter: Letter | None = None
    made: dict[str, Handing] = field(default_factory=dict)
    copied: dict[int, Message] = field(default_factory=dict)  # by agency, what came as a copy before


def take_in(
    arrivals: Sequence[Arrival], *, answered: Sequence[Answered] = (), life: str
) -> list[Intent | Verdict]:
    """Record that messages are going to be handed on, and what was said about others; all is on disk, or nothing.

    What came before is known again by its bytes and goes on where it stood. Every `came` stands once. A mark of
    state secrecy is refused, and what the policy does not let in, with evidence. Raises ReadOnlyError or the
    storage's error.
    """
    at = arrivals[0].at
    found = routes({one for arrival in arrivals for one in arrival.recipients}, now=at)
    cases = [_opened(one, found, earlier) for one, earlier in _with_earlier(arrivals)]
    whole = [one for one in cases if isinstance(one, _Case)]
    _record(whole, found, answered=answered, life=life, at=at)
    return [_intent(one) if isinstance(one, _Case) else one for one in cases]


def settle(answered: Sequence[Answered]) -> None:
    """Record what the mail server said; only what is still open is answered."""
    if answered:
        with atomic():
            evidence.keep(_settled(answered))


def resolve(rows: Sequence[Handing], sessions: Mapping[int, str], *, now: datetime) -> None:
    """Close questions that a dead gate left open: `sessions` names those that the server's log shows as delivered.

    The others are parked: whoever handed them in asks again, and nobody was told that they arrived.
    """
    with atomic():
        known = list(_open_rows().filter(pk__in=[row.pk for row in rows]))
        ways = routes({row.recipient for row in known}, now=now)
        asked = [Asked(row=row, way=ways.get(row.recipient) or _way(row.mailbox)) for row in known]
        said = [Answered(asked=one, outcome=_looked_up(one.row, sessions), at=now) for one in asked]
        evidence.keep(_settled(said))


def give_up(*, now: datetime) -> int:
    """Close what was parked and never asked again: not delivered, for want of time; return how many."""
    late = Handing.objects.filter(state=Handing.State.PARKED, asked_at__lt=now - GIVE_UP)
    if not late.exists():
        return 0
    with atomic():
        rows = list(late.select_related("message__agency"))
        for row in rows:
            row.state, row.reason = Handing.State.FAILED, reasons.EXPIRED
        Handing.objects.bulk_update(rows, ["state", "reason"])
        evidence.keep([_failed(row, now) for row in rows])
    return len(rows)


def _with_earlier(arrivals: Sequence[Arrival]) -> Iterable[tuple[Arrival, dict[str, Handing]]]:
    rows = Handing.objects.filter(came__in=[one.came for one in arrivals])
    by_bytes: dict[str, dict[str, Handing]] = {}
    found = rows.select_related(*_RELATED) if rows.exists() else ()  # seldom: joining so much takes its time
    for row in found:
        by_bytes.setdefault(row.came, {})[row.recipient] = row
    return ((one, by_bytes.get(one.came, {})) for one in arrivals)


def _opened(arrival: Arrival, found: Mapping[str, Route], rows: dict[str, Handing]) -> _Case | Verdict:
    """Open what is new; of what came before, the bytes that were kept are handed on, not these."""
    raw = blobs.get(next(iter(rows.values())).message.blob) if rows else arrival.raw
    ours = dict.fromkeys(normal(one) for one in arrival.recipients if one in found)
    case = _Case(
        arrival=arrival,
        raw=raw,
        rows=rows,
        fresh=[one for one in ours if one not in rows],
        ways={normal(one): way for one, way in found.items()},
    )
    if not case.fresh:
        return case
    if arrival.examined.rejection and not rows:
        return _rejected(arrival, arrival.examined.rejection)
    parcel = Parcel(
        channel="gate",
        mail_from=arrival.mail_from,
        recipients=tuple(case.fresh),
        raw=raw,
        at=arrival.at,
        findings=arrival.examined.findings,
    )
    try:
        case.letter = unsealed(parcel)
    except SecrecyMarkError as error:
        refusing.note_refusal(
            channel="gate",
            mark=error.mark,
            author=None,
            mail_from=arrival.mail_from,
            recipients=case.fresh,
            at=arrival.at,
        )
        return refusing.VERDICT
    return case


def _rejected(arrival: Arrival, rejection: Rejection) -> Verdict:
    with contextlib.suppress(ReadOnlyError):  # refused all the same
        refusing.note_rejected(
            rejection, channel="gate", raw=arrival.raw, recipients=arrival.recipients, at=arrival.at
        )
    return rejection.verdict


def _record(
    cases: Sequence[_Case],
    found: Mapping[str, Route],
    *,
    answered: Sequence[Answered],
    life: str,
    at: datetime,
) -> None:
    routed = {normal(one): route for one, route in found.items()}
    parts = [(case, part) for case in cases if case.letter for part in copies(case.letter, routed)]
    copied = identities.known([journaling.key(part) for _, part in parts], channels=[journaling.CHANNEL])
    for case, part in parts:
        before = copied.get(journaling.key(part))
        if before:
            case.copied[part.agency.pk] = before
    new = [(case, part) for case, part in parts if _earlier_message(case, part) is None]
    with kept([case.raw for case, _ in new], rows=Message.objects) as stored, atomic():
        if identities.known([journaling.key(part) for _, part in new], channels=[journaling.CHANNEL]):
            raise journaling.CameMeanwhileError
        boxes = boxes_of([routed[one] for case in cases for one in case.fresh], at=at)
        laid = lay_in([part for _, part in new], stored, boxes, is_held=True)
        origins.keep(laid)
        statements.note(laid)
        meetings.note(laid)
        messages = {id(one.copy): one.message for one in laid}
        for case, part in parts:
            message = messages.get(id(part)) or _earlier_message(case, part)
            case.made |= _handings(case, part, message, boxes=boxes, routed=routed, life=life)
        made = [row for case in cases for row in case.made.values()]
        insert(made, keyed=True)
        again = [row for case in cases for row in case.rows.values() if _is_asked_again(row, case)]
        Handing.objects.filter(pk__in=[row.pk for row in again]).update(
            state=Handing.State.OPEN, life=life, asked_at=at
        )
        here = [
            (Asked(row=row, way=routed[row.recipient]), at)
            for row in made
            if row.state == Handing.State.DELIVERED
        ]
        steps = [*map(accepted, laid), *_lay_into_boxes(here), *answers.note_bounces(laid)]
        evidence.keep([*steps, *_settled(answered)])


def _earlier_message(case: _Case, part: Copy) -> Message | None:
    """Return the message that an earlier attempt has left, or a copy that Postfix sent besides."""
    rows = (row.message for row in case.rows.values() if row.agency_id == part.agency.pk)
    return next(rows, None) or case.copied.get(part.agency.pk)


def _handings(
    case: _Case,
    part: Copy,
    message: Message | None,
    *,
    boxes: Boxes,
    routed: Mapping[str, Route],
    life: str,
) -> dict[str, Handing]:
    """Return a row for each new recipient of a part; what goes to a hand-over box stays in the house."""
    assert message is not None  # noqa: S101 -- for the type checker: a part is new, or its message is there
    return {
        one: Handing(
            agency=part.agency,
            message=message,
            mailbox=boxes[routed[one].key],
            recipient=one,
            came=case.arrival.came,
            state=_first_state(routed[one]),
            life=life,
            asked_at=case.arrival.at,
            intended_at=case.arrival.at,
        )
        for one in case.fresh
        if routed[one].agency.pk == part.agency.pk
    }


def _first_state(way: Route) -> Handing.State:
    """Tell where a recipient begins: after its holder left, an address is no account of the mail server any more."""
    is_kept_here = way.kind == Mailbox.Kind.HAND_OVER
    return Handing.State.DELIVERED if is_kept_here else Handing.State.OPEN


def _is_asked_again(row: Handing, case: _Case) -> bool:
    asked = {normal(one) for one in case.arrival.recipients}
    return row.state == Handing.State.PARKED and row.recipient in asked


def _intent(case: _Case) -> Intent:
    """Say what is to be asked, and what is known already."""
    known: dict[str, Verdict] = {}
    asked: dict[str, Asked | None] = {}
    for one in case.arrival.recipients:
        row = case.made.get(normal(one)) or case.rows.get(normal(one))
        if row is None:
            asked[one] = None
        elif row.state == Handing.State.PARKED or (
            row.state == Handing.State.OPEN and normal(one) in case.made
        ):
            row.state = Handing.State.OPEN
            asked[one] = Asked(row=row, way=case.ways.get(normal(one)) or _way(row.mailbox))
        else:
            known[one] = _known(row)
    return Intent(raw=case.raw, known=known, asked=asked)


def _known(row: Handing) -> Verdict:
    if row.state == Handing.State.DELIVERED:
        return STORED
    return BUSY if row.state == Handing.State.OPEN else Verdict(550, f"5.0.0 {row.answer or row.reason}")


def _settled(answered: Sequence[Answered]) -> list[Step]:
    """Write what was said and return its steps; what somebody else has closed meanwhile stays as it is."""
    was = {one.asked.row.pk: one.asked.row.reason for one in answered}
    with connection.cursor() as cursor:
        closed = [one for one in answered if _written(one, cursor)]
    there = [one for one in closed if one.asked.row.state == Handing.State.DELIVERED]
    steps = _lay_into_boxes([(one.asked, one.at) for one in there])
    for one in closed:
        row = one.asked.row
        if row.state == Handing.State.FAILED:
            steps.append(_failed(row, one.at))
        elif row.state == Handing.State.PARKED and was[row.pk] != row.reason:  # once, not at every attempt
            steps.append(_parked(row, one.at))
    return steps


def _written(one: Answered, cursor: CursorWrapper) -> bool:
    """Write one answer, if the question is still open."""
    row, outcome = one.asked.row, one.outcome
    row.state, row.answer = _STATES[outcome.state], outcome.text[:LONGEST_ANSWER]
    row.session = outcome.session or row.session
    is_told = outcome.state in {"failed", "parked"}
    row.reason = (outcome.reason or reasons.word(outcome.status)) if is_told else ""
    row.life = "" if outcome.state == "unknown" else row.life
    cursor.execute(
        "UPDATE mail_handing SET state = %s, reason = %s, answer = %s, session = %s, life = %s"
        " WHERE id = %s AND state = 'open'",
        [row.state, row.reason, row.answer, row.session, row.life, row.pk],
    )
    return bool(cursor.rowcount == 1)


_STATES = {
    "delivered": Handing.State.DELIVERED,
    "failed": Handing.State.FAILED,
    "parked": Handing.State.PARKED,
    "unknown": Handing.State.OPEN,
}


def _lay_into_boxes(there: Sequence[tuple[Asked, datetime]]) -> list[Step]:
    """Lay what the mail server took into the boxes that pages show, once for each box."""
    if not there:
        return []
    wanted = {(one.row.mailbox_id, one.row.message_id): (one.row, at) for one, at in there}
    present: set[tuple[object, object]] = set(
        Item.objects.filter(message__in={message for _, message in wanted}).values_list("mailbox", "message")
    )
    fresh = [item(row.message, row.mailbox, at=at) for key, (row, at) in wanted.items() if key not in present]
    sorting.sort_in(fresh)
    insert(fresh)
    statements.put_away([one.message for one in fresh])
    return [delivered(one.row.message, one.way, one.row.mailbox, at=at) for one, at in there]


def _way(box: Mailbox) -> Route:
    """Return the route that a box had when it was opened, for an address that was withdrawn meanwhile."""
    return Route(address=box.address, kind=box.kind, person=box.person, unit=box.unit)


def _open_rows() -> QuerySet[Handing]:
    return Handing.objects.filter(state=Handing.State.OPEN).select_related(*_RELATED)


def _looked_up(row: Handing, sessions: Mapping[int, str]) -> Outcome:
    if row.pk in sessions:
        return Outcome(recipient=row.recipient, state="delivered", session=sessions[row.pk])
    return Outcome(recipient=row.recipient, state="parked", reason=INTERRUPTED)


def _parked(row: Handing, at: datetime) -> Step:
    return _step(row, Receipt.Step.PARKED, events.MessageParked(reason=row.reason), at)


def _failed(row: Handing, at: datetime) -> Step:
    return _step(row, Receipt.Step.FAILED, events.MessageFailed(reason=row.reason), at)


def _step(row: Handing, step: Receipt.Step, event: Event, at: datetime) -> Step:
    return Step(
        message=row.message,
        step=step,
        event=event,
        at=at,
        recipient=row.recipient,
        disclosures={"recipient_address": row.recipient},
    )

"""Proposing, approving, beginning and verifying a destruction: people's part, never one person's alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from congvu.base import doorbell, handles
from congvu.base.database import atomic
from congvu.ledger import queries as ledger
from congvu.ledger.actions import record
from congvu.ledger.disposal import events, queries
from congvu.ledger.disposal.holders import offered
from congvu.ledger.disposal.models import Disposal, Objection
from congvu.ledger.events import Event

State, Step = Disposal.State, Disposal.Step
MOST = 1_000  # entries named one by one
LONGEST = {"basis": 300, "reason": 4_000}  # characters


class NothingChosenError(Exception):
    """Neither kinds with a period nor entries were chosen, or both, or there is nothing of the kind."""


class NotOfferedError(Exception):
    """Nobody gives up all that is kept of this kind, so that it cannot be destroyed alone; the argument names it."""


class AlreadyDestroyedError(Exception):
    """The disclosures of an entry are gone already; the argument names it."""


class PeriodError(Exception):
    """The period ends before it begins, or has not ended yet."""


class NoReasonError(Exception):
    """A legal basis or a reason is missing, or too long."""


class NotCountedError(Exception):
    """How much was chosen is still being counted."""


class SamePersonError(Exception):
    """Nobody approves what they proposed themselves."""


class OtherPersonError(Exception):
    """Nobody takes back what somebody else proposed."""


class WrongStateError(Exception):
    """The disposal has gone on meanwhile; the argument is its state."""


class AlreadyObjectedError(Exception):
    """Everybody objects once to a disposal."""


class HeldError(Exception):
    """A hold covers what is to be destroyed."""


class NotVerifiedError(Exception):
    """A holder still has something, or has not answered, or copies outside may still live."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is to be destroyed: kinds in a period with an exclusive end, or entries by their ids; and why."""

    kinds: Sequence[str] = ()
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    entries: Sequence[str] = ()
    basis: str
    reason: str


def propose(choice: Choice, *, agency: str, by: str, at: datetime) -> Disposal:
    """Propose to destroy records.

    Raises NothingChosenError, NotOfferedError, PeriodError, NoReasonError, AlreadyDestroyedError, or the ledger's
    EntryMissingError (also for another agency's entry) or PendingError.
    """
    _check(choice, agency=agency, at=at)
    entries = list(dict.fromkeys(choice.entries))
    with atomic():
        made = Disposal(
            handle=handles.new(),
            agency=agency,
            kinds=sorted(set(choice.kinds)),
            begins_at=choice.begins_at,
            ends_at=choice.ends_at,
            entries=entries,
            basis=choice.basis.strip(),
            reason=choice.reason.strip(),
            proposed_by=by,
            proposed_at=at,
        )
        said = {"basis": made.basis, "reason": made.reason, "kinds": " ".join(made.kinds)}
        if made.begins_at and made.ends_at:
            said |= {"begins_at": made.begins_at.isoformat(), "ends_at": made.ends_at.isoformat()}
        event = events.DisposalProposed(choice="entries" if entries else "period")
        _record(made, event, by=by, at=at, **said | ({"entries": " ".join(entries)} if entries else {}))
        transaction.on_commit(doorbell.ring)
    return made


def approve(handle: str, *, agency: str, by: str, at: datetime, objections: int = 0) -> Disposal:
    """Approve a proposal, knowing so many objections.

    Raises SamePersonError, WrongStateError (also for an objection that was not seen), NotCountedError,
    NothingChosenError or HeldError.
    """
    with atomic():
        found = _in_state(handle, agency, State.PROPOSED)
        if queries.objections(found).count() != objections:
            raise WrongStateError(found.state)
        if found.proposed_by == by:
            raise SamePersonError
        if found.chosen is None:
            raise NotCountedError
        if found.chosen == 0:
            raise NothingChosenError
        if queries.holding(found):
            raise HeldError
        found.state, found.decided_by, found.decided_at = State.APPROVED, by, at
        _record(found, events.DisposalApproved(chosen=found.chosen), by=by, at=at)
    return found


def decline(handle: str, *, agency: str, by: str, reason: str, at: datetime) -> Disposal:
    """Refuse a proposal, or an approved one that has not begun. Raises WrongStateError or NoReasonError."""
    check_text("reason", reason)
    with atomic():
        found = _in_state(handle, agency, State.PROPOSED, State.APPROVED)
        _end(found, State.DECLINED, events.DisposalDeclined(), by=by, reason=reason, at=at)
    return found


def withdraw(handle: str, *, agency: str, by: str, reason: str, at: datetime) -> Disposal:
    """Take one's own proposal back before the destruction begins.

    Raises OtherPersonError, WrongStateError or NoReasonError.
    """
    check_text("reason", reason)
    with atomic():
        found = _in_state(handle, agency, State.PROPOSED, State.APPROVED)
        if found.proposed_by != by:
            raise OtherPersonError
        _end(found, State.WITHDRAWN, events.DisposalWithdrawn(), by=by, reason=reason, at=at)
    return found


def object_to(handle: str, *, agency: str, by: str, reason: str, at: datetime) -> Objection:
    """Ask that records be kept; what was approved already is decided anew, with the objection in sight.

    Raises WrongStateError once the destruction began, AlreadyObjectedError or NoReasonError.
    """
    check_text("reason", reason)
    with atomic():
        found = _in_state(handle, agency, State.PROPOSED, State.APPROVED)
        if queries.objections(found).filter(person=by).exists():
            raise AlreadyObjectedError
        if found.state == State.APPROVED:
            found.state, found.decided_by, found.decided_at = State.PROPOSED, "", None
            found.evidence.pop("approved", None)  # the log keeps it; it counts no more
            found.save()
        text = reason.strip()
        said = {"disposal": found.handle, "actor": by, "reason": text}
        entry = record(events.DisposalObjected(), agency=agency, at=at, disclosures=said)
        made = Objection(agency=agency, disposal=found, person=by, text=text, at=at, entry=entry)
        made.save()
    return made


def begin(handle: str, *, agency: str, by: str, at: datetime) -> Disposal:
    """Let an approved destruction begin, or go on after a hold was lifted. Raises WrongStateError or HeldError."""
    with atomic():
        found = _in_state(handle, agency, State.APPROVED, State.EXECUTING)
        if found.state == State.EXECUTING and not found.is_held:
            raise WrongStateError(found.state)
        if queries.holding(found):
            raise HeldError
        found.is_held = False
        if found.state == State.APPROVED:
            found.state, found.step = State.EXECUTING, Step.GATHER
            found.begun_by, found.begun_at = by, at
        _record(found, events.DisposalBegun(), by=by, at=at)
        transaction.on_commit(doorbell.ring)
    return found


def ask_again(handle: str, *, agency: str) -> Disposal:  # no-evidence: nothing is decided; the answers are
    """Have everything destroyed again that is still found, and all holders asked anew. Raises WrongStateError."""
    with atomic():
        found = _in_state(handle, agency, State.EXECUTED)
        found.state, found.step, found.done = State.EXECUTING, Step.DESTROY, 0
        found.save()
        transaction.on_commit(doorbell.ring)
    return found


def state_copies(
    handle: str, *, agency: str, by: str, until: date, text: str, today: date, at: datetime
) -> Disposal:
    """Say until when copies outside may live (exclusive; today: there are none), and how that is known.

    The last word counts. Raises WrongStateError or NoReasonError.
    """
    check_text("reason", text)
    with atomic():
        found = _in_state(handle, agency, State.EXECUTING, State.EXECUTED)
        found.copies_until, found.copies_text, found.copies_by = until, text.strip(), by
        days = max(0, (until - today).days)
        _record(found, events.CopiesStated(days=days), by=by, at=at, reason=found.copies_text)
    return found


def verify(handle: str, *, agency: str, by: str, today: date, at: datetime) -> Disposal:
    """Close a disposal of which nobody holds anything any more. Raises WrongStateError or NotVerifiedError."""
    with atomic():
        found = _in_state(handle, agency, State.EXECUTED)
        if not is_verifiable(found, today=today, at=at):
            raise NotVerifiedError
        found.state, found.verified_by, found.verified_at = State.VERIFIED, by, at
        holders = queries.answers(found).count() + 1  # and the person who spoke for copies outside
        _record(found, events.DisposalVerified(holders=holders), by=by, at=at)
    return found


def is_verifiable(one: Disposal, *, today: date, at: datetime) -> bool:
    """Return whether every holder answered that it has nothing, and copies outside have ended.

    A clock that stands before the destruction is believed nothing.
    """
    if (
        one.executed_at is None
        or at < one.executed_at
        or one.copies_until is None
        or one.copies_until > today
    ):
        return False
    answers = list(queries.answers(one).values_list("traces", flat=True))
    return bool(answers) and not any(answers)


def _check(choice: Choice, *, agency: str, at: datetime) -> None:
    for name in ("basis", "reason"):
        check_text(name, getattr(choice, name))
    if bool(choice.entries) == bool(choice.kinds) or len(choice.entries) > MOST:
        raise NothingChosenError
    known = set(offered())
    if choice.entries:
        for entry in choice.entries:
            found = ledger.entry(entry, agency=agency)
            if found.kind not in known:
                raise NotOfferedError(entry)
            if found.destroyed:
                raise AlreadyDestroyedError(entry)
        return
    if unknown := set(choice.kinds) - known:
        raise NotOfferedError(min(unknown))
    if not choice.begins_at or not choice.ends_at or not choice.begins_at < choice.ends_at <= at:
        raise PeriodError


def check_text(name: str, text: str) -> None:
    """Raise NoReasonError unless a text says something, and no more than is kept."""
    if not 0 < len(text.strip()) <= LONGEST[name]:
        raise NoReasonError(name)


def _in_state(handle: str, agency: str, *states: str) -> Disposal:
    found = queries.disposal(handle, agency=agency)
    if found.state not in states:
        raise WrongStateError(found.state)
    return found


def _end(one: Disposal, state: str, event: Event, *, by: str, reason: str, at: datetime) -> None:
    """Let a disposal end before anything is destroyed, with why."""
    one.state, one.decided_by, one.decided_at, one.refusal = state, by, at, reason.strip()
    _record(one, event, by=by, at=at, reason=one.refusal)


def _record(one: Disposal, event: Event, *, by: str, at: datetime, **said: str) -> None:
    """Record what was decided, and keep the row with the entry's id."""
    disclosures = {"disposal": one.handle, "actor": by, **said}
    step = event.kind.replace("ledger.", "").replace("disposal.", "")
    one.evidence[step] = record(event, agency=one.agency, at=at, disclosures=disclosures)
    one.save()

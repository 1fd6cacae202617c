"""What people do about a duty: its bearer replies, somebody above excuses or confirms. No program calls these."""

from collections.abc import Sequence
from datetime import datetime

from congvu.base.database import atomic
from congvu.conduct.events import CauseWord, FindingConfirmed, FindingExcused, FindingReplied
from congvu.conduct.models import Finding, Statement
from congvu.conduct.policies import Reach, reach
from congvu.conduct.wording import digest
from congvu.directory.queries import Seat
from congvu.ledger.actions import record
from congvu.ledger.events import Event
from congvu.rules import queries as rules
from congvu.rules.duties import Duty

LONGEST = 4000  # characters of a reply or a reason
DECIDABLE = {"late", "compensated", "breached", "reported", "excused"}


class DutyMissingError(Exception):
    """There is no such duty, or the seat may not know of it."""


class NotBearerError(Exception):
    """Somebody else answers for this duty."""


class OwnFindingError(Exception):
    """Nobody decides about their own duty."""


class NotAboveError(Exception):
    """The seat does not stand above the person whose duty it is."""


class NothingToDecideError(Exception):
    """The duty is open, was met in time or no longer applies."""


class NoReasonError(Exception):
    """A reply or a decision says nothing."""


class TooLongError(Exception):
    """A reply or a reason is longer than LONGEST."""


def reply(*, by: Seat, obligation: str, text: str, at: datetime) -> Finding:
    """Record what the bearer says about a duty; possible before and after any decision.

    Raises DutyMissingError, NotBearerError, NoReasonError or TooLongError.
    """
    words, power = said(text), reach(by)
    duty = _duty(power, obligation)
    if not power.is_own(duty.bearer_person):
        raise NotBearerError(obligation)
    with atomic():
        finding = _finding(by, duty)
        if finding.state == Finding.State.OPEN:
            finding.state = Finding.State.REPLIED
            finding.save(update_fields=["state"])
        _state(finding, by, FindingReplied(), Statement.Kind.REPLIED, words, "", at)
    return finding


def excuse(*, by: Seat, obligation: str, reason: str, cause: CauseWord, at: datetime) -> Finding:
    """Excuse a duty with a reason and a confirmed cause; a later decision replaces it, both stay.

    Raises DutyMissingError, OwnFindingError, NotAboveError, NothingToDecideError, NoReasonError or TooLongError.
    """
    return excuse_many(by=by, obligations=[obligation], reason=reason, cause=cause, at=at)[0]


def excuse_many(
    *, by: Seat, obligations: Sequence[str], reason: str, cause: CauseWord, at: datetime
) -> list[Finding]:
    """Excuse several duties for one reason, such as an outage; all of them or none. Raises as `excuse` does."""
    words, power = said(reason), reach(by)
    duties = [decidable(power, one) for one in obligations]
    with atomic():
        return [_decide(by, one, FindingExcused(cause=cause), words, cause, at) for one in duties]


def confirm(*, by: Seat, obligation: str, reason: str, at: datetime) -> Finding:
    """Confirm, with a reason, that a duty was late or missed without excuse; one at a time. Raises as `excuse`."""
    words = said(reason)
    duty = decidable(reach(by), obligation)
    with atomic():
        return _decide(by, duty, FindingConfirmed(), words, "", at)


def said(text: str) -> str:
    """Return a text as it will be kept; raises NoReasonError when it says nothing, TooLongError."""
    words = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not words:
        raise NoReasonError
    if len(words) > LONGEST:
        raise TooLongError(len(words))
    return words


def decidable(power: Reach, obligation: str) -> Duty:
    """Return a duty about which the seat may decide now.

    Raises DutyMissingError, OwnFindingError, NotAboveError or NothingToDecideError.
    """
    duty = _duty(power, obligation)
    if power.is_own(duty.bearer_person):
        raise OwnFindingError(obligation)
    if not power.may_decide(duty.bearer_person, duty.bearer_unit):
        raise NotAboveError(obligation)
    if duty.status not in DECIDABLE:
        raise NothingToDecideError(duty.status)
    return duty


def _decide(by: Seat, duty: Duty, event: Event, words: str, cause: str, at: datetime) -> Finding:
    finding = _finding(by, duty)
    finding.state = Finding.State.EXCUSED if isinstance(event, FindingExcused) else Finding.State.CONFIRMED
    finding.cause = cause
    finding.save(update_fields=["state", "cause"])
    _state(finding, by, event, Statement.Kind(finding.state), words, cause, at)
    return finding


def _duty(power: Reach, obligation: str) -> Duty:
    duty = rules.obligation(obligation, agency=power.seat.agency.handle)
    if duty is None or not power.may_read(duty.bearer_person, duty.bearer_unit):
        raise DutyMissingError(obligation)
    return duty


def _finding(by: Seat, duty: Duty) -> Finding:
    found, _ = Finding.objects.get_or_create(
        agency=by.agency,
        obligation=duty.handle,
        defaults={
            "person": duty.bearer_person or "",
            "unit": duty.bearer_unit or "",
            "opened_at": duty.opened_at,
        },
    )
    return found


def _state(
    finding: Finding, by: Seat, event: Event, kind: Statement.Kind, words: str, cause: str, at: datetime
) -> None:
    disclosures = {"obligation": finding.obligation, "actor": by.person.handle, "digest": digest(words)}
    entry = record(event, agency=by.agency.handle, at=at, disclosures=disclosures)
    Statement.objects.create(
        agency=by.agency,
        finding=finding,
        kind=kind,
        text=words,
        cause=cause,
        by=by.person,
        at=at,
        entry=entry,
    )

"""Time: taking a complaint on, more time with reasons, and standing still while the citizen is asked."""

from datetime import datetime

from congvu.directory.queries import Seat
from congvu.petitions.actions.steps import Line, WrongStateError, in_hand, reach, take, words
from congvu.petitions.events import (
    AcceptanceDecided,
    ExtensionDecided,
    ExtensionNotified,
    TermResumed,
    TermSuspended,
)
from congvu.petitions.models import Petition
from congvu.petitions.policies import may_answer, may_decide, require
from congvu.petitions.words import OPEN, STATUTORY, State


class NotStatutoryError(Exception):
    """Reports and feedback are answered; only what the law names is taken on by decision."""


def accept(
    petition: Petition, *, text: str, complexity: str, is_remote: bool, by: Seat, at: datetime
) -> Petition:
    """Take a complaint, denunciation, request or appeal on, and tell the citizen; from now its term runs.

    complexity: plain, complex, specially_complex. Raises NotAllowedError, NotStatutoryError or WrongStateError.
    """
    with in_hand(petition, OPEN) as found:
        require(allowed=may_decide(by, found))
        if found.sort not in STATUTORY:
            raise NotStatutoryError(found.sort)
        found.complexity, found.is_remote = complexity, is_remote
        begin_work(found, at=at)
        line = Line(text=text.strip(), unit=found.unit, is_public=True, tells=True)
        take(found, acceptance(found, accepted=True), by=by.person, at=at, line=line)
    return found


def begin_work(petition: Petition, *, at: datetime, tells: bool = False) -> None:
    """Let a petition in hand that waited for work be in progress; with `tells` the citizen gets a letter about it."""
    if petition.state in {State.RECEIVED, State.ASSIGNED}:
        petition.state = State.IN_PROGRESS
        reach(petition, "in_progress", at=at, tells=tells)


def go_on(petition: Petition) -> None:  # no-evidence: the step that ends the waiting is recorded
    """Let a petition in hand that waited for its citizen be as it was: a dispute stays one until it is answered."""
    petition.state = State.DISPUTED if petition.was_disputed else State.IN_PROGRESS


def acceptance(petition: Petition, *, accepted: bool) -> AcceptanceDecided:
    """Return the event that a petition in hand is taken on, or not."""
    return AcceptanceDecided(
        sort=petition.sort,
        about=petition.about,
        instance=petition.instance,
        complexity=petition.complexity,
        accepted=accepted,
        remote=petition.is_remote,
    )


def extend(petition: Petition, *, reason: str, is_told: bool, by: Seat, at: datetime) -> Petition:
    """Take more time, as far as the law gives it, with reasons that the citizen reads.

    Raises NotAllowedError, EmptyError, TooLongError or WrongStateError.
    """
    said = words(reason)
    with in_hand(petition, OPEN) as found:
        require(allowed=may_decide(by, found))
        event = ExtensionDecided(sort=found.sort, notified=is_told)
        step = take(found, event, by=by.person, at=at, line=Line(text=said, is_public=True, tells=True))
        reach(found, "extended", at=at)
        if is_told:
            take(found, ExtensionNotified(), by=by.person, at=at, disclosures={"extension": step.handle})
    return found


def suspend(petition: Petition, *, question: str, by: Seat, at: datetime) -> Petition:
    """Ask the citizen something without which the work cannot go on.

    Time stands still only where the law says so. Raises NotAllowedError, EmptyError, TooLongError or WrongStateError.
    """
    said = words(question)
    with in_hand(petition, OPEN) as found:
        require(allowed=may_answer(by, found))
        if found.state == State.WAITING:
            raise WrongStateError(found.state)
        found.state = State.WAITING
        take(found, TermSuspended(), by=by.person, at=at, line=Line(text=said, is_public=True, tells=True))
    return found


def resume(petition: Petition, *, text: str, by: Seat, at: datetime) -> Petition:
    """Go on with a petition whose citizen was asked. Raises NotAllowedError or WrongStateError."""
    with in_hand(petition, (State.WAITING,)) as found:
        require(allowed=may_answer(by, found))
        go_on(found)
        take(found, TermResumed(), by=by.person, at=at, line=Line(text=text.strip(), is_public=True))
    return found

"""Answering: progress with a day, the result, a refusal with reasons; and closing, never in silence."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from congvu.base.keeping import kept
from congvu.directory.queries import Seat, legal_day
from congvu.petitions.actions.attaching import attach, disclosed
from congvu.petitions.actions.receiving import TooManyFilesError
from congvu.petitions.actions.steps import Line, in_hand, merged_in_hand, reach, require_unmarked, take, words
from congvu.petitions.actions.timing import acceptance, begin_work
from congvu.petitions.events import AnswerGiven, PetitionClosed, PetitionRefused, StageNotified, TermNotified
from congvu.petitions.models import Attachment, Petition, Step
from congvu.petitions.policies import may_answer, may_refuse, may_write_to, require
from congvu.petitions.submissions import MOST_FILES, File
from congvu.petitions.words import OPEN, STATUTORY, State


class PastDayError(Exception):
    """A day is promised that is over."""


class NoProofError(Exception):
    """A result is claimed, and neither a file nor words say what shows it."""


class NoAnswerError(Exception):
    """A petition without a result or a refusal cannot be closed."""


def promise(
    petition: Petition, *, on: date, text: str, by: Seat, files: Sequence[File] = (), at: datetime
) -> Petition:
    """Tell the citizen how far things are and on which day they will be done (outcome `dated_progress`).

    Raises NotAllowedError, EmptyError, TooLongError, PastDayError, TooManyFilesError or WrongStateError.
    """
    said = words(text)
    _check(files)
    if on < legal_day(by.agency, at):
        raise PastDayError(on)
    with (
        kept([one.data for one in files], rows=Attachment.objects) as blobs,
        in_hand(petition, OPEN) as found,
    ):
        require(allowed=may_answer(by, found))
        found.promised_on = on
        begin_work(found, at=at)
        step = _answer(found, said, by, at, promised_on=on, files=files)
        attach(found, files, blobs, step=step, is_public=found.is_public)
    return found


def answer(
    petition: Petition, *, text: str, proof: str, by: Seat, files: Sequence[File] = (), at: datetime
) -> Petition:
    """Give the result, with what shows it: files, or `proof` in words. What was merged into it is answered as well.

    Raises NotAllowedError, EmptyError, TooLongError, NoProofError, TooManyFilesError or WrongStateError.
    """
    said, shown_by = words(text), words(proof) if proof.strip() else ""
    if not shown_by and not files:
        raise NoProofError
    _check(files)
    with (
        kept([one.data for one in files], rows=Attachment.objects) as blobs,
        in_hand(petition, OPEN) as found,
    ):
        require(allowed=may_answer(by, found))
        _conclude(found, at)
        step = _answer(found, said, by, at, proof=shown_by, files=files)
        attach(found, files, blobs, step=step, is_public=found.is_public)
        for other in merged_in_hand(found):
            other.answered_at = other.answered_at or at
            _answer(other, said, by, at, proof=shown_by or found.number, repeats=step)
    return found


def refuse(petition: Petition, *, reason: str, by: Seat, is_told: bool, at: datetime) -> Petition:
    """Refuse a petition with its reasons: before it went to a unit who takes in, afterwards the unit's head.

    Whose petition was merged into it is told the same. Raises NotAllowedError, EmptyError, TooLongError or
    WrongStateError.
    """
    said = words(reason)
    with in_hand(petition, OPEN) as found:
        require(allowed=may_refuse(by, found))
        found.state, found.closed_at = State.REFUSED, at
        stage = _refuse(found, said, by, at)
        if is_told:
            event, step = StageNotified(stage="answered"), stage.data["step"]
            take(found, event, by=by.person, at=at, disclosures={"step": step})
        for other in merged_in_hand(found):
            _refuse(other, said, by, at)
    return found


def close(petition: Petition, *, by: Seat, at: datetime) -> Petition:
    """Close a petition that has its result, and tell the citizen; never one without, or whose answer is disputed.

    Raises NotAllowedError, NoAnswerError or WrongStateError.
    """
    with in_hand(petition, (State.ANSWERED,)) as found:
        require(allowed=may_answer(by, found))
        if not Step.objects.filter(petition=found, kind="answer.given", data__outcome="result").exists():
            raise NoAnswerError
        found.state, found.closed_at = State.CLOSED, at
        take(found, PetitionClosed(), by=by.person, at=at, line=Line(is_public=True, tells=True))
        reach(found, "closed", at=at)
    return found


def tell_term(petition: Petition, *, by: Seat, at: datetime) -> Petition:
    """Record that the citizen was told by when the answer is due. Raises NotAllowedError or WrongStateError."""
    with in_hand(petition, OPEN) as found:
        require(allowed=may_write_to(by, found))
        take(found, TermNotified(), by=by.person, at=at, line=Line(is_public=True))
    return found


def _refuse(petition: Petition, reason: str, by: Seat, at: datetime) -> Step:
    """Record a refusal, and the decision and the answer that it is where such are owed; return the stage."""
    if petition.sort in STATUTORY and not _is_accepted(petition):
        line = Line(data={"outcome": "declined"})
        take(petition, acceptance(petition, accepted=False), by=by.person, at=at, line=line)
    event = PetitionRefused(sort=petition.sort, reasons=True)
    take(petition, event, by=by.person, at=at, line=Line(text=reason, is_public=True, tells=True))
    if petition.unit is not None:
        said, line = _digest(reason), Line(data={"outcome": "refusal"}, unit=petition.unit)
        take(petition, AnswerGiven(outcome="refusal"), by=by.person, at=at, disclosures=said, line=line)
    return reach(petition, "answered", at=at)


def _is_accepted(petition: Petition) -> bool:
    return Step.objects.filter(petition=petition, kind="acceptance.decided").exists()


def _check(files: Sequence[File]) -> None:
    if len(files) > MOST_FILES:
        raise TooManyFilesError(len(files))
    require_unmarked(filenames=[one.name for one in files])


def _digest(text: str) -> dict[str, str]:
    return {"digest": hashlib.sha256(text.encode()).hexdigest()}


def _conclude(petition: Petition, at: datetime) -> None:
    """Say that a petition is answered."""
    petition.answered_at = petition.answered_at or at
    petition.state = State.ANSWERED
    reach(petition, "answered", at=at)


def _answer(
    petition: Petition,
    text: str,
    by: Seat,
    at: datetime,
    *,
    promised_on: date | None = None,
    proof: str = "",
    files: Sequence[File] = (),
    repeats: Step | None = None,
) -> Step:
    outcome = "dated_progress" if promised_on else "result"
    data, said = {"outcome": outcome}, _digest(text) | disclosed(files)
    if promised_on:
        data["promised_on"] = said["promised_on"] = promised_on.isoformat()
    if proof:
        data["proof"] = proof
        said["proof"] = hashlib.sha256(proof.encode()).hexdigest()
    return take(
        petition,
        AnswerGiven(outcome=outcome),
        by=by.person,
        at=at,
        disclosures=said,
        line=Line(text=text, data=data, unit=petition.unit, is_public=True, tells=True, repeats=repeats),
    )

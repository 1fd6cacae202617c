"""Answering: progress with a day, the result, a refusal with reasons; and closing, never in silence."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from congvu.base import handles
from congvu.base.keeping import kept
from congvu.directory.queries import Seat, legal_day
from congvu.petitions.actions.receiving import TooManyFilesError
from congvu.petitions.actions.steps import Line, in_hand, reach, take, words
from congvu.petitions.events import AnswerGiven, PetitionClosed, PetitionRefused, StageNotified, TermNotified
from congvu.petitions.models import Attachment, Petition, Step
from congvu.petitions.policies import may_answer, may_refuse, may_write_to, require
from congvu.petitions.submissions import MOST_FILES, File
from congvu.petitions.words import OPEN, State


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
    if on < legal_day(by.agency, at):
        raise PastDayError(on)
    with (
        kept([one.data for one in files], rows=Attachment.objects) as blobs,
        in_hand(petition, OPEN) as found,
    ):
        require(allowed=may_answer(by, found))
        found.promised_on = on
        if found.state in {State.RECEIVED, State.ASSIGNED}:
            found.state = State.IN_PROGRESS
            reach(found, "in_progress", at=at)
        step = _answer(found, "dated_progress", words(text), by, at, promised_on=on)
        show(step, files, blobs)
    return found


def answer(
    petition: Petition, *, text: str, proof: str, by: Seat, files: Sequence[File] = (), at: datetime
) -> Petition:
    """Give the result, with what shows it: files, or `proof` in words. What was merged into it is answered as well.

    Raises NotAllowedError, EmptyError, TooLongError, NoProofError, TooManyFilesError or WrongStateError.
    """
    said, shown_by = words(text), proof.strip()
    if not shown_by and not files:
        raise NoProofError
    with (
        kept([one.data for one in files], rows=Attachment.objects) as blobs,
        in_hand(petition, OPEN) as found,
    ):
        require(allowed=may_answer(by, found))
        _conclude(found, at)
        show(_answer(found, "result", said, by, at, proof=shown_by), files, blobs)
        for one in Petition.objects.filter(agency=found.agency_id, merged_into=found):
            with in_hand(one, (State.MERGED,)) as other:
                other.answered_at = other.answered_at or at
                _answer(other, "result", said, by, at, proof=shown_by)
    return found


def refuse(petition: Petition, *, reason: str, by: Seat, is_told: bool, at: datetime) -> Petition:
    """Refuse a petition with its reasons: before it went to a unit the clerk, afterwards the unit's head.

    Raises NotAllowedError, EmptyError, TooLongError or WrongStateError.
    """
    said = words(reason)
    with in_hand(petition, OPEN) as found:
        require(allowed=may_refuse(by, found))
        found.state, found.closed_at = State.REFUSED, at
        event = PetitionRefused(sort=found.sort, reasons=True)
        take(found, event, by=by.person, at=at, line=Line(text=said, is_public=True, tells=True))
        if found.unit is not None:
            _answer(found, "refusal", said, by, at)
        if is_told:
            _told(found, by, at)
    return found


def close(petition: Petition, *, by: Seat, at: datetime) -> Petition:
    """Close a petition that has its result; never one that was not answered, or whose answer is disputed.

    Raises NotAllowedError, NoAnswerError or WrongStateError.
    """
    with in_hand(petition, (State.ANSWERED,)) as found:
        require(allowed=may_answer(by, found))
        if not Step.objects.filter(petition=found, kind="answer.given", data__outcome="result").exists():
            raise NoAnswerError
        found.state, found.closed_at = State.CLOSED, at
        take(found, PetitionClosed(), by=by.person, at=at, line=Line(is_public=True))
        reach(found, "closed", at=at)
    return found


def tell_term(petition: Petition, *, by: Seat, at: datetime) -> Petition:
    """Record that the citizen was told by when the answer is due. Raises NotAllowedError or WrongStateError."""
    with in_hand(petition, OPEN) as found:
        require(allowed=may_write_to(by, found))
        take(found, TermNotified(), by=by.person, at=at, line=Line(is_public=True))
    return found


def show(  # no-evidence: the answer that they belong to is recorded
    step: Step, files: Sequence[File], blobs: Sequence[str]
) -> None:
    """Write down the files of an answer, inside the open transaction; everyone may see them with the answer."""
    if len(files) > MOST_FILES:
        raise TooManyFilesError(len(files))
    Attachment.objects.bulk_create(
        Attachment(
            agency=step.agency,
            handle=handles.new(),
            petition=step.petition,
            step=step,
            name=one.name[-200:],
            media_type=one.media_type,
            size=len(one.data),
            width=one.width,
            height=one.height,
            blob=blob,
            public_blob=blob if step.petition.is_public else "",
        )
        for one, blob in zip(files, blobs, strict=True)
    )


def _conclude(petition: Petition, at: datetime) -> None:
    """Say that a petition is answered."""
    petition.answered_at = petition.answered_at or at
    petition.state = State.ANSWERED
    reach(petition, "answered", at=at)


def _answer(
    petition: Petition,
    outcome: str,
    text: str,
    by: Seat,
    at: datetime,
    *,
    promised_on: date | None = None,
    proof: str = "",
) -> Step:
    data, said = {"outcome": outcome}, {"digest": hashlib.sha256(text.encode()).hexdigest()}
    if promised_on:
        data["promised_on"] = said["promised_on"] = promised_on.isoformat()
    if proof:
        data["proof"] = proof
    return take(
        petition,
        AnswerGiven(outcome=outcome),
        by=by.person,
        at=at,
        disclosures=said,
        line=Line(text=text, data=data, unit=petition.unit, is_public=True, tells=True),
    )


def _told(petition: Petition, by: Seat, at: datetime) -> None:
    take(petition, StageNotified(stage="answered"), by=by.person, at=at, disclosures={"step": "answered"})

"""What citizens do about their own petition, with its secret and no account: reply, dispute, rate; others: me too."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from congvu.base.keeping import kept
from congvu.petitions.actions.attaching import attach, disclosed
from congvu.petitions.actions.steps import Line, WrongStateError, in_hand, take, words
from congvu.petitions.actions.timing import go_on
from congvu.petitions.events import (
    AnswerRated,
    PetitionAdded,
    PetitionDisputed,
    PetitionEndorsed,
    TermResumed,
)
from congvu.petitions.models import Attachment, Petition, Rating
from congvu.petitions.policies import is_confidential
from congvu.petitions.queries import voices
from congvu.petitions.queries.petitions import last_end
from congvu.petitions.submissions import File, Who
from congvu.petitions.voices import Voice
from congvu.petitions.words import DISPUTABLE, OPEN, State


class BadScoreError(Exception):
    """A score is not a whole number from 1 to 5."""


def reply(petition: Petition, *, text: str, at: datetime) -> Petition:
    """Answer what the agency asked; its work goes on. Raises EmptyError, TooLongError or WrongStateError."""
    said = words(text)
    with in_hand(petition, (State.WAITING,)) as found:
        go_on(found)
        found.wrote_at = found.wrote_at or at
        take(found, TermResumed(), at=at, disclosures=_digest(said), line=Line(text=said))
    return found


def add(
    petition: Petition, *, text: str, files: Sequence[File] = (), message: str = "", at: datetime
) -> Petition:
    """Write more about a petition; where the agency waits for it, its work goes on. EmptyError, TooLongError.

    `message` is the handle of the letter by which it came.
    """
    said, data = words(text), [one.data for one in files]
    with kept(data, rows=Attachment.objects) as blobs, in_hand(petition, State.values) as found:
        is_awaited, found.wrote_at = found.state == State.WAITING, found.wrote_at or at
        if is_awaited:
            go_on(found)
        event, line = TermResumed() if is_awaited else PetitionAdded(), Line(text=said, message=message)
        step = take(found, event, at=at, line=line, disclosures=_digest(said) | disclosed(files))
        attach(found, files, blobs, step=step)
    return found


def dispute(petition: Petition, *, text: str, at: datetime) -> Petition:
    """Say that the end to which a petition came is not right: it is open again, and goes its own way.

    Raises EmptyError, TooLongError or WrongStateError.
    """
    said = words(text)
    with in_hand(petition, DISPUTABLE) as found:
        found.state, found.closed_at, found.was_disputed = State.DISPUTED, None, True
        found.merged_into = None
        found.disputed_ends = " ".join(dict.fromkeys([*found.disputed_ends.split(), last_end(found)]))
        take(found, PetitionDisputed(), at=at, disclosures=_digest(said), line=Line(text=said))
    return found


def rate(petition: Petition, *, score: int, text: str = "", at: datetime) -> Rating:
    """Rate an answer from 1 to 5, with words if one likes; the last rating counts.

    Raises BadScoreError, TooLongError, SecrecyError or WrongStateError.
    """
    if score not in range(1, 6):
        raise BadScoreError(score)
    said = words(text) if text.strip() else ""
    with in_hand(petition, (*DISPUTABLE, State.DISPUTED)) as found:
        found.score = score
        step = take(found, AnswerRated(score=score), at=at, line=Line(text=said))
        return Rating.objects.create(
            agency=found.agency, petition=found, score=score, text=step.text, at=at, entry=step.entry
        )


def endorse(petition: Petition, *, who: Who | None = None, word: str = "", at: datetime) -> Petition:
    """Say that one has the same request; a voice that is known again is not counted again, and nobody is told.

    It is known by contact, without one by the `word` of a browser or of a call. Raises WrongStateError, also where
    nobody else may know of the petition.
    """
    with in_hand(petition, OPEN) as found:
        if is_confidential(found):
            raise WrongStateError(found.state)
        known = voices.digests(found, who=who or Who(), word=word)
        if not voices.is_counted(found, known):
            found.endorsements += 1
            take(found, PetitionEndorsed(), at=at)
        marks = [Voice(agency=found.agency, petition=found, digest=one) for one in known]
        Voice.objects.bulk_create(marks, ignore_conflicts=True)
    return found


def _digest(text: str) -> dict[str, str]:
    return {"digest": hashlib.sha256(text.encode()).hexdigest()}

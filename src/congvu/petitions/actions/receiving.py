"""Taking a petition in, by whatever channel it came."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from congvu.base import handles, keys, rows
from congvu.base.database import atomic
from congvu.base.fold import fold
from congvu.base.keeping import kept
from congvu.directory.models import Person
from congvu.directory.queries import legal_day
from congvu.petitions import keys as secrets
from congvu.petitions import places
from congvu.petitions.actions import sending
from congvu.petitions.actions.attaching import attach, disclosed
from congvu.petitions.actions.steps import (
    CITIZEN,
    PROGRAM,
    Line,
    Move,
    begin,
    require_unmarked,
    to_stage,
    words,
)
from congvu.petitions.attributes import checked
from congvu.petitions.events import PetitionReceived, PetitionRegistered
from congvu.petitions.models import Area, Attachment, Petition, Reporter
from congvu.petitions.submissions import MOST_FILES, Submission
from congvu.petitions.words import CONFIDENTIAL

SUBJECT = 200  # characters


class ServiceClosedError(Exception):
    """The service takes nothing at present."""


class NoReporterError(Exception):
    """The law asks who is asking, and the petition does not say."""


class PlaceNeededError(Exception):
    """The service asks where, and the petition does not say."""


class FutureDayError(Exception):
    """The petition is said to have come on a day that has not come yet."""


class TooManyFilesError(Exception):
    """More files than MOST_FILES."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A petition that was taken in, with the citizen's secret, which is shown this once."""

    petition: Petition
    key: str


def receive(submission: Submission, *, by: Person | None = None, at: datetime) -> Received:
    """Take a petition in, number it, and send it to the unit at once where the service says so.

    `by` is the official who wrote it down. Raises ServiceClosedError, EmptyError, TooLongError, SecrecyError,
    NoReporterError, PlaceNeededError, FutureDayError, TooManyFilesError, NoPlaceError, OutsideError or BadAnswersError;
    nothing is kept then.
    """
    content, area = _check(submission, at)
    answers = checked(submission.service, submission.answers)
    unit = sending.unit_at_once(submission, area, at=at)
    key = secrets.fresh()
    reporter, seal = _sealed(submission, key)
    data = [one.data for one in submission.files]
    with kept(data, rows=Attachment.objects) as blobs, atomic(shared=True):
        petition = _petition(submission, content, answers, area, key, at)
        moves = _moves(petition, submission, by, at)
        if unit is not None:
            moves += sending.at_once(petition, unit, has_address=submission.who.has_mailbox)
        begin(petition, moves, at=at, keys=[(reporter.handle, seal)])
        reporter.petition = petition
        rows.insert([reporter])
        attach(petition, submission.files, blobs)
    return Received(petition=petition, key=key)


def _check(given: Submission, at: datetime) -> tuple[str, Area | None]:
    if not given.service.is_open:
        raise ServiceClosedError(given.service.code)
    content = words(given.content)
    require_unmarked(
        subject=given.subject,
        filenames=[one.name for one in given.files],
        lines=[given.place, *map(str, given.answers.values())],
    )
    if not given.service.allows_anonymous and not given.who.is_reachable:
        raise NoReporterError
    if given.received_on and given.received_on > legal_day(given.service.agency, at):
        raise FutureDayError(given.received_on)
    if len(given.files) > MOST_FILES:
        raise TooManyFilesError(len(given.files))
    located = given.latitude is not None and given.longitude is not None
    if given.service.needs_place and not (located or given.place.strip()):
        raise PlaceNeededError
    if given.latitude is None or given.longitude is None:
        return content, None
    return content, places.area_at(given.service.agency, given.latitude, given.longitude)


def _petition(
    given: Submission,
    content: str,
    answers: dict[str, Any],
    area: Area | None,
    key: str,
    at: datetime,
) -> Petition:
    agency = given.service.agency
    return Petition(
        agency=agency,
        handle=handles.new(),
        key_digest=secrets.digest(key),
        service=given.service,
        sort=given.service.sort,
        channel=given.channel,
        urgency=given.urgency or given.service.urgency,
        competence=given.competence,
        complexity=given.complexity,
        about=given.about,
        instance=given.instance,
        is_anonymous=not given.who.name,
        is_threat=given.is_threat,
        language=given.language,
        subject=" ".join(given.subject.split())[:SUBJECT],
        content=content,
        folded=fold(f"{given.subject} {given.place} {content}"),
        is_public=not given.service.is_confidential and given.service.sort not in CONFIDENTIAL,
        answers=answers,
        latitude=given.latitude,
        longitude=given.longitude,
        place=" ".join(given.place.split())[:300],
        area=area,
        received_at=at,
        updated_at=at,
        message=given.message,
        api_key=given.api_key,
    )


def _sealed(given: Submission, secret: str) -> tuple[Reporter, bytes]:
    """Return who asks, of a petition that is yet to be written, and the key that seals it."""
    handle, key = handles.new(), keys.fresh()
    text = json.dumps({**asdict(given.who), "secret": secret}, ensure_ascii=False)
    sealed = keys.seal(key, handle, text.encode())
    return Reporter(agency=given.service.agency, handle=handle, sealed=sealed), key


def _moves(petition: Petition, given: Submission, by: Person | None, at: datetime) -> list[Move]:
    received = PetitionReceived(
        sort=petition.sort,
        channel=petition.channel,
        about=petition.about,
        instance=petition.instance,
        urgency=petition.urgency,
        competence=petition.competence,
        complexity=petition.complexity,
        anonymous=petition.is_anonymous,
        threat=petition.is_threat,
    )
    said = {
        "received_on": (given.received_on or legal_day(petition.agency, at)).isoformat(),
        "digest": hashlib.sha256(petition.content.encode()).hexdigest(),
        **disclosed(given.files),
    }
    told = Line(is_public=True, tells=given.who.has_mailbox)
    return [
        Move(event=received, by=by or CITIZEN, line=Line(is_public=True), disclosures=said),
        Move(event=PetitionRegistered(coupon=True), by=PROGRAM, line=told),
        to_stage("registered"),
    ]

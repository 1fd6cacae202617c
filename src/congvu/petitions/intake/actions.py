"""Making petitions of letters: what a person wrote becomes one, or is added to one; the letter stays where it is."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from congvu.base import blobs
from congvu.base.blobs import BlobDamagedError, BlobMissingError
from congvu.base.database import atomic
from congvu.directory.actions.addresses import let_receive_citizens
from congvu.directory.models import Address
from congvu.directory.policies import Actor, NotAllowedError, actor, require_administrator
from congvu.directory.queries import legal_day
from congvu.ledger.actions import record
from congvu.mail import messages
from congvu.mail.addresses import normal
from congvu.mail.models import Message
from congvu.mail.queries.absence import is_doubtful
from congvu.petitions import numbers
from congvu.petitions.actions import citizens
from congvu.petitions.actions.receiving import (
    FutureDayError,
    NoReporterError,
    PlaceNeededError,
    ServiceClosedError,
    receive,
)
from congvu.petitions.actions.refusing import noted
from congvu.petitions.actions.steps import LONGEST, SecrecyError
from congvu.petitions.attributes import BadAnswersError
from congvu.petitions.events import MailIntakeClosed, MailIntakeOpened
from congvu.petitions.media.refusals import RefusedFileError
from congvu.petitions.media.stripping import strip
from congvu.petitions.models import Petition, Service
from congvu.petitions.post import Letter, MailIntake
from congvu.petitions.queries.petitions import by_number, reporter, secret
from congvu.petitions.submissions import MOST_FILES, File, Submission, Who
from congvu.petitions.words import Channel

IN_A_DAY = 20  # letters of one sender that are taken in: beyond, a person looks at them
HIDDEN = "…"
REFUSALS = (
    *(ServiceClosedError, NoReporterError, PlaceNeededError, FutureDayError),
    *(SecrecyError, BadAnswersError),
)
_NUMBER = re.compile(r"\b\d{2}-\d{6,9}-\d\b")


class AlreadyOpenError(Exception):
    """The address takes petitions in already."""


def open_intake(address: Address, *, service: Service, by: Actor, at: datetime) -> MailIntake:
    """Let the letters to an address become petitions of a service; never those to somebody's own.

    From now on its box is opened by whoever receives citizens alone, for any letter may be a denunciation.

    Raises NotAllowedError or AlreadyOpenError.
    """
    require_administrator(by, address.agency)
    if address.kind == Address.Kind.PERSONAL or service.agency_id != address.agency_id:
        raise NotAllowedError
    with atomic():
        if MailIntake.objects.filter(agency=address.agency, address=address, closed_at=None).exists():
            raise AlreadyOpenError(address.local_part)
        said = {"actor": actor(by), "address": address.handle}
        record(MailIntakeOpened(), agency=address.agency.handle, at=at, disclosures=said)
        let_receive_citizens(address)
        return MailIntake.objects.create(
            agency=address.agency, address=address, service=service, opened_at=at
        )


def close_intake(intake: MailIntake, *, by: Actor, at: datetime) -> None:
    """Let the letters to an address be letters again; its box stays with those who open it. Raises NotAllowedError."""
    require_administrator(by, intake.agency)
    with atomic():
        if MailIntake.objects.filter(pk=intake.pk, closed_at=None).update(closed_at=at):
            said = {"actor": actor(by), "address": intake.address.handle}
            record(MailIntakeClosed(), agency=intake.agency.handle, at=at, disclosures=said)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A letter that can be read, with the files in it that can be shown."""

    message: Message
    subject: str
    words: str
    files: Sequence[File]


def take_in(letter: Letter, *, at: datetime) -> Letter:
    """Make of a waiting letter what it is: a petition, words to one, or something that a person must look at.

    The letter's state and what it became are written together; the same letter never becomes two petitions. Raises
    BusyError when its files cannot be looked at just now.
    """
    opened = _opened(letter)  # files take long, and nobody else waits for them
    with atomic():
        letter = Letter.objects.select_for_update().select_related("agency").get(pk=letter.pk)
        if letter.state == Letter.State.WAITING:
            letter.state, letter.petition = _become(letter, opened, at)
            letter.save()
    return letter


def _opened(letter: Letter) -> _Opened | None:
    """Return a letter opened; None where its bytes are gone. Of what a program wrote no file is looked at."""
    message = Message.objects.filter(agency=letter.agency_id, handle=letter.message).first()
    if message is None:
        return None
    try:
        raw = blobs.get(message.blob)
    except (BlobMissingError, BlobDamagedError):
        return None
    read = messages.read(raw)
    files = [] if message.automatic else _files(read, raw)
    return _Opened(message=message, subject=read.subject, words=_words(read), files=files)


def _become(letter: Letter, opened: _Opened | None, at: datetime) -> tuple[str, Petition | None]:
    """Return what a letter is, and the petition of which it speaks."""
    state = Letter.State
    if opened is None:
        return state.HELD, None
    message = opened.message
    if message.automatic or not message.sender_address:
        return state.AUTOMATIC, None
    if not opened.words or is_doubtful(message) or _is_too_many(letter, message):
        return state.HELD, None
    known = _spoken_of(message)
    return _added(known, opened, at) if known else _taken(letter, opened, at)


def _added(petition: Petition, opened: _Opened, at: datetime) -> tuple[str, Petition]:
    said, message = _without_secret(opened.words, petition), opened.message.handle
    try:
        with noted(petition.agency, channel=Channel.EMAIL, petition=petition, at=at):
            added = citizens.add(petition, text=said, files=opened.files, message=message, at=at)
    except SecrecyError:
        return Letter.State.HELD, petition
    return Letter.State.ADDED, added


def _taken(letter: Letter, opened: _Opened, at: datetime) -> tuple[str, Petition | None]:
    intakes = MailIntake.objects.filter(
        agency=letter.agency_id, address=letter.address_id, opened_at__lte=letter.at
    )
    found = intakes.select_related("service__agency", "service__unit").order_by("-opened_at").first()
    if found is None or _is_own(opened.message):
        return Letter.State.HELD, None
    try:
        with noted(letter.agency, channel=Channel.EMAIL, at=at):
            return Letter.State.TAKEN, receive(_submission(found.service, opened), at=at).petition
    except REFUSALS:  # before anything was written
        return Letter.State.HELD, None


def _spoken_of(message: Message) -> Petition | None:
    """Return the petition whose number stands in the subject, if its own citizen wrote."""
    for typed in _NUMBER.findall(message.subject):
        found = by_number(typed, agency=message.agency) if numbers.read(typed) else None
        who = reporter(found) if found else None
        if who and who.email and normal(who.email) == normal(message.sender_address):
            return found
    return None


def _without_secret(text: str, petition: Petition) -> str:
    """Return words without the citizen's secret, which stands in the letter of ours that they may quote."""
    key = secret(petition)
    return re.sub(r"[-\s>]*".join(key), HIDDEN, text, flags=re.IGNORECASE) if key else text


def _words(read: messages.Reading) -> str:
    """Return what the person wrote; a letter whose text is its subject alone counts as that."""
    return (read.text.strip() or read.subject.strip())[:LONGEST]


def _is_own(message: Message) -> bool:
    return message.sender_address.lower().endswith(f"@{message.agency.domain.lower()}")


def _is_too_many(letter: Letter, message: Message) -> bool:
    since = letter.at - timedelta(days=1)
    done = (Letter.State.TAKEN, Letter.State.ADDED)
    taken = Letter.objects.filter(agency=letter.agency_id, state__in=done, at__gt=since)
    senders = Message.objects.filter(
        agency=letter.agency_id, sender_address__iexact=message.sender_address, accepted_at__gt=since
    )
    return senders.filter(handle__in=taken.values("message")).count() >= IN_A_DAY


def _submission(service: Service, opened: _Opened) -> Submission:
    message = opened.message
    return Submission(
        service=service,
        channel=Channel.EMAIL,
        subject=opened.subject,
        content=opened.words,
        language=service.agency.language,
        who=Who(name=message.sender_name or message.sender_address, email=message.sender_address),
        files=opened.files,
        message=message.handle,
        received_on=legal_day(service.agency, message.accepted_at),
    )


def _files(read: messages.Reading, raw: bytes) -> list[File]:
    """Return the pictures and documents that can be shown; whatever else came stays in the letter."""
    found = []
    for one in read.attachments[:MOST_FILES]:
        name, declared, data = messages.attachment(raw, index=one.index)
        with suppress(RefusedFileError):
            found.append(strip(data, declared_type=declared).named(name))
    return found

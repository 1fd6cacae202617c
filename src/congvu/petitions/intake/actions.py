"""Making petitions of letters: what a person wrote becomes one, or is added to one; the letter stays where it is."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from congvu.base import blobs
from congvu.base.blobs import BlobDamagedError, BlobMissingError
from congvu.base.confined.asking import BusyError
from congvu.base.database import atomic
from congvu.directory.models import Address
from congvu.directory.policies import Actor, actor, require_administrator
from congvu.directory.queries import legal_day
from congvu.ledger.actions import record
from congvu.mail import messages
from congvu.mail.addresses import normal
from congvu.mail.models import Message
from congvu.mail.queries.absence import is_doubtful
from congvu.petitions import numbers
from congvu.petitions.actions import citizens
from congvu.petitions.actions.receiving import (
    NoReporterError,
    PlaceNeededError,
    SecrecyError,
    ServiceClosedError,
    receive,
)
from congvu.petitions.actions.steps import LONGEST
from congvu.petitions.attributes import BadAnswersError
from congvu.petitions.events import MailIntakeClosed, MailIntakeOpened
from congvu.petitions.media.refusals import RefusedFileError
from congvu.petitions.media.stripping import strip
from congvu.petitions.models import Petition, Service
from congvu.petitions.post import Letter, MailIntake
from congvu.petitions.queries.petitions import by_number, reporter
from congvu.petitions.submissions import MOST_FILES, File, Submission, Who

IN_A_DAY = 20  # letters of one sender that become petitions: beyond, a person looks at them
REFUSALS = (ServiceClosedError, NoReporterError, PlaceNeededError, SecrecyError, BadAnswersError)
_NUMBER = re.compile(r"\b\d{2}-\d{6,9}-\d\b")


class AlreadyOpenError(Exception):
    """The address takes petitions in already."""


def open_intake(address: Address, *, service: Service, by: Actor, at: datetime) -> MailIntake:
    """Let the letters to an address become petitions of a service. NotAllowedError, AlreadyOpenError."""
    require_administrator(by, address.agency)
    with atomic():
        if MailIntake.objects.filter(agency=address.agency, address=address, closed_at=None).exists():
            raise AlreadyOpenError(address.local_part)
        said = {"actor": actor(by), "address": address.handle}
        record(MailIntakeOpened(), agency=address.agency.handle, at=at, disclosures=said)
        return MailIntake.objects.create(
            agency=address.agency, address=address, service=service, opened_at=at
        )


def close_intake(intake: MailIntake, *, by: Actor, at: datetime) -> None:
    """Let the letters to an address be letters again. Raises NotAllowedError; nothing when it is closed."""
    require_administrator(by, intake.agency)
    with atomic():
        if MailIntake.objects.filter(pk=intake.pk, closed_at=None).update(closed_at=at):
            said = {"actor": actor(by), "address": intake.address.handle}
            record(MailIntakeClosed(), agency=intake.agency.handle, at=at, disclosures=said)


def take_in(letter: Letter, *, at: datetime) -> Letter:
    """Make of a waiting letter what it is: a petition, words to one, or something that a person must look at.

    The letter's state and what it became are written together; the same letter never becomes two petitions.
    """
    message = Message.objects.filter(agency=letter.agency_id, handle=letter.message).first()
    raw = _raw(message) if message else None
    with atomic():
        letter = Letter.objects.select_for_update().select_related("agency").get(pk=letter.pk)
        if letter.state != Letter.State.WAITING:
            return letter
        if message is None or raw is None:
            letter.state = Letter.State.HELD
        else:
            _become(letter, message, messages.read(raw), raw, at)
        letter.save()
    return letter


def _raw(message: Message) -> bytes | None:
    try:
        return blobs.get(message.blob)
    except (BlobMissingError, BlobDamagedError):
        return None


def _become(letter: Letter, message: Message, read: messages.Reading, raw: bytes, at: datetime) -> None:
    if message.automatic or not message.sender_address:
        letter.state = Letter.State.AUTOMATIC
        return
    known = _spoken_of(message)
    if known is not None:
        letter.petition = citizens.add(known, text=_words(read), at=at) if _words(read) else known
        letter.state = Letter.State.ADDED
        return
    intake = MailIntake.objects.filter(
        agency=letter.agency_id, address=letter.address_id, opened_at__lte=letter.at
    )
    found = intake.select_related("service__agency").order_by("-opened_at").first()
    if found is None or not _words(read) or _is_too_many(letter, message) or _is_own(message):
        letter.state = Letter.State.HELD
        return
    try:
        with atomic():
            letter.petition = receive(_submission(found.service, message, read, raw), at=at).petition
    except REFUSALS:
        letter.state = Letter.State.HELD
    else:
        letter.state = Letter.State.TAKEN


def _spoken_of(message: Message) -> Petition | None:
    """Return the petition whose number stands in the subject, if its own citizen wrote."""
    for typed in _NUMBER.findall(message.subject):
        found = by_number(typed, agency=message.agency) if numbers.read(typed) else None
        who = reporter(found) if found else None
        if who and who.email and normal(who.email) == normal(message.sender_address):
            return None if is_doubtful(message) else found
    return None


def _words(read: messages.Reading) -> str:
    """Return what the person wrote; a letter whose text is its subject alone counts as that."""
    return (read.text.strip() or read.subject.strip())[:LONGEST]


def _is_own(message: Message) -> bool:
    return message.sender_address.lower().endswith(f"@{message.agency.domain.lower()}")


def _is_too_many(letter: Letter, message: Message) -> bool:
    since = letter.at - timedelta(days=1)
    taken = Letter.objects.filter(agency=letter.agency_id, state=Letter.State.TAKEN, at__gt=since)
    senders = Message.objects.filter(
        agency=letter.agency_id, sender_address__iexact=message.sender_address, accepted_at__gt=since
    )
    return senders.filter(handle__in=taken.values("message")).count() >= IN_A_DAY


def _submission(service: Service, message: Message, read: messages.Reading, raw: bytes) -> Submission:
    return Submission(
        service=service,
        channel="email",
        subject=read.subject,
        content=_words(read),
        language=service.agency.language,
        who=Who(name=message.sender_name or message.sender_address, email=message.sender_address),
        files=list(_files(read, raw)),
        message=message.handle,
        received_on=legal_day(service.agency, message.accepted_at),
    )


def _files(read: messages.Reading, raw: bytes) -> Iterator[File]:
    """Yield the pictures and documents that can be shown; whatever else came stays in the letter."""
    for one in read.attachments[:MOST_FILES]:
        name, declared, data = messages.attachment(raw, index=one.index)
        try:
            kept = strip(data, declared_type=declared)
        except (RefusedFileError, BusyError):
            continue
        yield File(
            name=name, media_type=kept.media_type, data=kept.data, width=kept.width, height=kept.height
        )

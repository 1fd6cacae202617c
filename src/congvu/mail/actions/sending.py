"""Sending what was written in the browser, by the same path as every other message."""

from dataclasses import dataclass
from datetime import datetime

from congvu.base import blobs
from congvu.base.blobs import BlobMissingError
from congvu.base.database import atomic
from congvu.directory.queries import Seat, email
from congvu.mail import compose, messages
from congvu.mail.actions import drafts, limiting, refusing, signing_keys
from congvu.mail.actions.accepting import store
from congvu.mail.actions.drafts import LIMIT, TooLargeError, Written
from congvu.mail.addresses import Mailbox
from congvu.mail.meetings import inviting, writing
from congvu.mail.meetings.inviting import NoMeetingTimeError
from congvu.mail.models import Draft, DraftFile, Message
from congvu.mail.parcels import Letter, Parcel, SecrecyMarkError, unsealed
from congvu.mail.policies import NotAllowedError, may_write_from
from congvu.mail.queries.book import Recipients, understand
from congvu.mail.smime import keys, signed_receipts, tokens
from congvu.mail.smime import signing as seal

MANY = 500  # recipients of one message


class NoRecipientError(Exception):
    """The message names nobody to whom it could go."""


class TooManyRecipientsError(Exception):
    """The message names more recipients than one message may have."""


class UnknownRecipientError(Exception):
    """Some recipients are no addresses, or have no mailbox here; the argument names them."""

    def __init__(self, unknown: tuple[str, ...]) -> None:
        super().__init__(unknown)
        self.unknown = unknown


class NotSentError(Exception):
    """The message was kept as a draft and not sent; `reason` is why."""

    def __init__(self, draft: Draft, reason: Exception) -> None:
        super().__init__(draft.handle)
        self.draft = draft
        self.reason = reason


UNSIGNED = (
    signing_keys.NoKeyError,
    signing_keys.NotYourCertificateError,
    signing_keys.NotInForceError,
    keys.WrongPassphraseError,
    keys.NotAKeyError,
    tokens.NoModuleError,
)
MISTAKES = (
    limiting.LimitReachedError,
    limiting.SendingStoppedError,
    *UNSIGNED,
    NoRecipientError,
    TooManyRecipientsError,
    UnknownRecipientError,
    TooLargeError,
    NoMeetingTimeError,
    compose.HeaderInjectionError,
    compose.NotAnAddressError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """That the sender's own key signs, with what opens it; recipients may be asked for a signed receipt."""

    passphrase: str
    asks_receipt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Directions:
    to: Recipients
    cc: Recipients

    @property
    def boxes(self) -> tuple[Mailbox, ...]:
        return self.to.boxes + self.cc.boxes


def send_written(
    *, seat: Seat, written: Written, now: datetime, signing: Signing | None = None, client: str = ""
) -> Message:
    """Keep what was typed as a draft, then send it.

    Raises what `drafts.keep` raises, SecrecyMarkError, or NotSentError with the draft that is still there.
    A refusal for a mark of state secrecy is evidence, and nothing is kept.
    """
    try:
        draft = drafts.keep(seat=seat, written=written, now=now)
    except SecrecyMarkError as error:
        _note(seat, email(written.sender), error, now)
        raise
    try:
        return send(seat=seat, draft=draft, now=now, signing=signing, client=client)
    except MISTAKES as error:
        raise NotSentError(draft, error) from error


def send(
    *, seat: Seat, draft: Draft, now: datetime, signing: Signing | None = None, client: str = ""
) -> Message:
    """Send a draft and return the message as it lies among what was sent.

    Raises NotAllowedError, NoRecipientError, UnknownRecipientError, TooManyRecipientsError, TooLargeError,
    SecrecyMarkError, DraftGoneError when another press has sent it, ReadOnlyError, one of UNSIGNED,
    LimitReachedError or SendingStoppedError. `client` is the network address from which it is sent.
    """
    may_write = may_write_from(seat, draft.mailbox.address, answers=draft.answers, now=now)
    if draft.author_id != seat.person.pk or not may_write:
        raise NotAllowedError
    directions = _directions(seat, draft, now)
    recipients = [one.address for one in directions.boxes]
    limiting.check(agency=seat.agency, person=seat.person, recipients=recipients, client=client, now=now)
    files = list(DraftFile.objects.filter(draft=draft).order_by("id"))
    if sum(one.size for one in files) > LIMIT:
        raise TooLargeError
    try:
        letter = _letter(seat, draft, directions, files, now, signing)
    except SecrecyMarkError as error:
        drafts.discard(seat=seat, draft=draft)
        _note(seat, email(draft.mailbox.address), error, now)
        raise
    except BlobMissingError:
        drafts.still_there(draft)  # sent by another press, its files are gone as well
        raise
    with atomic():
        drafts.still_there(draft)
        message = store([letter])[0]
        drafts.remove(draft)
    for one in files:
        blobs.destroy(one.blob)
    return message


def _directions(seat: Seat, draft: Draft, now: datetime) -> _Directions:
    found = _Directions(
        to=understand(draft.to, agency=seat.agency, now=now),
        cc=understand(draft.cc, agency=seat.agency, now=now),
    )
    if found.to.unknown or found.cc.unknown:
        raise UnknownRecipientError(found.to.unknown + found.cc.unknown)
    if not found.boxes:
        raise NoRecipientError
    if len(found.boxes) > MANY:
        raise TooManyRecipientsError
    return found


def _letter(
    seat: Seat,
    draft: Draft,
    directions: _Directions,
    files: list[DraftFile],
    now: datetime,
    signing: Signing | None,
) -> Letter:
    own = email(draft.mailbox.address)
    in_reply_to, references = _thread(draft)
    sender = Mailbox(seat.person.full_name, own)
    meeting = inviting.invitation(draft, organizer=sender, attendees=directions.boxes, agency=seat.agency)
    built = compose.Draft(
        sender=sender,
        to=directions.to.boxes,
        cc=directions.cc.boxes,
        message_id=compose.message_id_of(draft.handle, domain=seat.agency.domain),
        subject=draft.subject,
        text=inviting.text(draft, meeting, language=seat.agency.language) if meeting else draft.body,
        calendar=writing.request(meeting, at=now) if meeting else b"",
        method="REQUEST" if meeting else "",
        files=tuple(
            compose.File(filename=one.name, content_type=one.content_type, content=blobs.get(one.blob))
            for one in files
        ),
        communication=draft.communication,
        in_reply_to=in_reply_to,
        references=references,
        forwarded=(blobs.get(draft.forwards.blob),) if draft.forwards else (),
    )
    return unsealed(
        Parcel(
            channel="web",
            mail_from=own,
            recipients=tuple(one.address for one in directions.boxes),
            raw=_raw(seat, built, now, signing),
            at=now,
            author=seat.person,
        )
    )


def _raw(seat: Seat, built: compose.Draft, now: datetime, chosen: Signing | None) -> bytes:
    """Write a message, and sign it with the sender's own key where that is chosen."""
    raw = compose.build(built, at=now)
    if chosen is None:
        return raw
    own = built.sender.address
    key = signing_keys.opened(seat=seat, passphrase=chosen.passphrase, address=own, now=now)
    asked = (signed_receipts.request(message_id=built.message_id, to=own),) if chosen.asks_receipt else ()
    return seal.sign(raw, key=key, at=now, attributes=asked)


def _thread(draft: Draft) -> tuple[str, tuple[str, ...]]:
    if draft.answers is None:
        return "", ()
    return compose.thread(messages.read(blobs.get(draft.answers.blob)))


def _note(seat: Seat, own: str, error: SecrecyMarkError, now: datetime) -> None:
    refusing.note_refusal(
        channel="web", mark=error.mark, author=seat.person, mail_from=own, recipients=(), at=now
    )

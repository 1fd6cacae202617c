"""Taking responsibility for messages: stored, delivered and evidenced in one transaction for a whole batch."""

import contextlib
import logging
from collections.abc import Sequence

from congvu.base.database import atomic, is_lost, is_storage_full
from congvu.base.keeping import kept
from congvu.directory.models import Account, Person
from congvu.ledger.actions import ReadOnlyError
from congvu.mail.actions import answers, evidence, meetings, origins, refusing, statements
from congvu.mail.actions.delivering import Copy, copies, lay_in, steps
from congvu.mail.actions.mailboxes import boxes_of
from congvu.mail.door.envelope import Envelope, Verdict
from congvu.mail.models import Message
from congvu.mail.parcels import Letter, Parcel, SecrecyMarkError, unsealed
from congvu.mail.queries.routes import Route, routes

log = logging.getLogger(__name__)

TEMPORARY = Verdict(451, "4.3.0 Not stored, please try again later")
READ_ONLY = Verdict(451, "4.3.2 The evidence store takes nothing at present, please try again later")
FULL = Verdict(452, "4.3.1 No room to store the message, please try again later")
GONE = Verdict(451, "4.2.1 A mailbox was withdrawn while the message came, please try again")
NOBODY = Verdict(550, "5.1.1 None of the recipients has a mailbox here")


class NobodyError(Exception):
    """None of the recipients has a mailbox here, and the sender is not one of ours."""


class RecipientGoneError(Exception):
    """A mailbox that the door had promised to serve was withdrawn before the message was stored."""


def accept(envelopes: Sequence[Envelope], /) -> list[Verdict]:
    """Store a batch from the mail door; everything with a positive verdict is on disk when this returns.

    A bad message gets its own verdict and does not hold up the others. On a full disk nothing is stored.
    """
    authors = _authors(envelopes)
    return deliver([_parcel(one, authors) for one in envelopes])


def deliver(parcels: Sequence[Parcel]) -> list[Verdict]:
    """Store parcels together, or one by one when together they fail, and say what became of each."""
    opened = [_open(one) for one in parcels]
    letters = [one for one in opened if isinstance(one, Letter)]
    verdicts = iter(_store_or_divide(letters))
    return [next(verdicts) if isinstance(one, Letter) else one for one in opened]


def post(parcel: Parcel) -> Message:
    """Store one parcel that the house itself hands in; return the message of its sender, else of its recipient.

    Nothing is kept after SecrecyMarkError, NobodyError, RecipientGoneError, ReadOnlyError or the storage's error.
    """
    return store([unsealed(parcel)])[0]


def store(letters: Sequence[Letter]) -> list[Message]:
    """Store letters in one transaction; return for each the first of its messages.

    Bytes are on disk before the rows that name them. An exception leaves no row and no evidence.
    """
    parts, found = _divide(letters)
    with kept([part.letter.raw for part in parts], rows=Message.objects) as stored, atomic():
        boxes = boxes_of(found.values(), at=letters[0].parcel.at)
        laid = lay_in(parts, stored, boxes)
        origins.keep(laid)
        statements.note(laid)
        meetings.note(laid)
        statements.put_away([one.message for one in laid])
        done = [step for one in laid for step in steps(one)]
        evidence.keep([*done, *answers.acknowledge_by_reply(laid), *answers.note_bounces(laid)])
    first = {id(one.copy.letter): one.message for one in reversed(laid)}
    return [first[id(letter)] for letter in letters]


def _divide(letters: Sequence[Letter]) -> tuple[list[Copy], dict[str, Route]]:
    at = letters[0].parcel.at
    asked = {one for letter in letters for one in letter.recipients}
    found = routes(asked | {one.parcel.mail_from for one in letters if one.parcel.mail_from}, now=at)
    return [part for one in letters for part in _parts(one, found)], found


def _parts(letter: Letter, found: dict[str, Route]) -> list[Copy]:
    """Divide a letter; from outside every recipient must be there, or none is promised anything."""
    parts = copies(letter, found)
    if not parts:
        raise NobodyError
    if parts[0].sender is None and not found.keys() >= set(letter.recipients):
        raise RecipientGoneError
    return parts


def _store_or_divide(letters: Sequence[Letter]) -> list[Verdict]:
    if not letters:
        return []
    try:
        return [_taken(one) for one in store(letters)]
    except Exception as error:
        if is_storage_full(error):
            return [FULL] * len(letters)
        if is_lost(error):  # part of the batch again would be twice in the house, if it was stored after all
            log.exception("A batch was not stored: the database was lost")
            return [TEMPORARY] * len(letters)
        if len(letters) > 1:
            return [verdict for one in letters for verdict in _store_or_divide([one])]
        return [_refusal(error)]


def _taken(message: Message) -> Verdict:
    return Verdict(250, f"2.0.0 Stored as {message.handle}")


def _refusal(error: Exception) -> Verdict:
    if isinstance(error, ReadOnlyError):
        return READ_ONLY
    if isinstance(error, NobodyError):
        return NOBODY
    if isinstance(error, RecipientGoneError):
        return GONE
    log.error("A message was not stored", exc_info=error)
    return TEMPORARY


def _open(parcel: Parcel) -> Letter | Verdict:
    try:
        return unsealed(parcel)
    except SecrecyMarkError as error:
        with contextlib.suppress(ReadOnlyError):  # refused all the same
            _note(parcel, error)
        return refusing.VERDICT
    except Exception:
        log.exception("A message could not be read")
        return TEMPORARY


def _note(parcel: Parcel, error: SecrecyMarkError) -> None:
    refusing.note_refusal(
        channel=parcel.channel,
        mark=error.mark,
        author=parcel.author,
        mail_from=parcel.mail_from,
        recipients=parcel.recipients,
        at=parcel.at,
    )


def _authors(envelopes: Sequence[Envelope]) -> dict[str, Person]:
    wanted = {one.sender.account for one in envelopes if one.sender}
    if not wanted:
        return {}
    rows = Account.objects.filter(handle__in=wanted).select_related("person")
    return {account.handle: account.person for account in rows}


def _parcel(envelope: Envelope, authors: dict[str, Person]) -> Parcel:
    return Parcel(
        channel=envelope.channel,
        mail_from=envelope.mail_from,
        recipients=envelope.recipients,
        raw=envelope.raw,
        at=envelope.received_at,
        author=authors.get(envelope.sender.account) if envelope.sender else None,
        findings=envelope.findings,
        judged=envelope.judged,
    )

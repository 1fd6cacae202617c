"""Sending a receipt as a message: only when a person asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from congvu.base.texts import pick
from congvu.directory.queries import Seat, email
from congvu.ledger import queries as ledger
from congvu.mail import compose, receipt_letters
from congvu.mail.actions import sending
from congvu.mail.actions.accepting import store
from congvu.mail.addresses import Mailbox, normal
from congvu.mail.certified import seals
from congvu.mail.models import Item, Message
from congvu.mail.parcels import Parcel, unsealed
from congvu.mail.policies import NotAllowedError, may_read, may_write_from
from congvu.mail.queries import courses, places, receipts
from congvu.mail.queries.book import understand
from congvu.mail.queries.courses import Step
from congvu.mail.receipt_letters import Proved
from congvu.mail.smime import signing

MANY = 50  # steps of one receipt message


class NothingProvedError(Exception):
    """No step that is asked for has its proof yet."""


class TooManyStepsError(Exception):
    """More steps are asked for than one message may carry; choose one recipient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be sent: to whom, about which recipient ("" for all), in what language, how many particulars."""

    to: str
    about: str
    language: str
    is_full: bool


def send(*, seat: Seat, item: Item, wish: Wish, now: datetime) -> Message:
    """Send the proofs of a message's steps to one address, signed with the agency's certificate when there is one.

    Raises NotAllowedError, NothingProvedError, TooManyStepsError, UnknownRecipientError, NoRecipientError,
    TooManyRecipientsError, SecrecyMarkError.
    """
    if not may_read(seat, item.mailbox, now=now) or not is_known(item):
        raise NotAllowedError
    address = item.mailbox.address if _may_write(seat, item, now) else seat.address
    if address is None or not may_write_from(seat, address, now=now):
        raise NotAllowedError
    to = _to(seat, wish, now)
    proved = [_proved(one, seat, wish) for one in steps(seat=seat, item=item, about=wish.about, now=now)]
    raw = _raw(seat, item.message, proved, own=email(address), to=to, wish=wish, now=now)
    parcel = Parcel(
        channel="web",
        mail_from=email(address),
        recipients=(normal(to.address),),
        raw=raw,
        at=now,
        author=seat.person,
    )
    return store([unsealed(parcel)])[0]


def is_known(item: Item) -> bool:
    """Tell whether a person has seen the message, whose subject the receipt names."""
    return item.folder == Item.Folder.SENT or item.opened_at is not None


def steps(*, seat: Seat, item: Item, about: str, now: datetime) -> list[Step]:
    """Return the proved steps that would be sent. Raises NothingProvedError, TooManyStepsError."""
    shown = courses.courses(item.message, places.boxes(seat, now=now))
    chosen = [one for one in shown if not about or one.recipient in {"", about}]
    found = [step for one in chosen for step in one.steps if step.is_proven]
    if not found:
        raise NothingProvedError
    if len(found) > MANY:
        raise TooManyStepsError
    return found


def _may_write(seat: Seat, item: Item, now: datetime) -> bool:
    return may_write_from(seat, item.mailbox.address, now=now)


def _to(seat: Seat, wish: Wish, now: datetime) -> Mailbox:
    understood = understand(wish.to, agency=seat.agency, now=now)
    if understood.unknown:
        raise sending.UnknownRecipientError(understood.unknown)
    if not understood.boxes:
        raise sending.NoRecipientError
    if len(understood.boxes) > 1:
        raise sending.TooManyRecipientsError
    return understood.boxes[0]


def _proved(step: Step, seat: Seat, wish: Wish) -> Proved:
    disclose = None if wish.is_full else receipts.needed(step.receipt)
    bundle = ledger.prove(step.receipt.entry, agency=seat.agency.handle, disclose=disclose)
    return Proved(step=step, bundle=bundle)


def _raw(
    seat: Seat,
    message: Message,
    proved: Sequence[Proved],
    *,
    own: str,
    to: Mailbox,
    wish: Wish,
    now: datetime,
) -> bytes:
    """Write the message; under a seal it is From the address that the certificate names."""
    sealed = seals.seal(seat.agency, now=now)
    sender = (
        Mailbox(pick(seat.agency.name, wish.language)[0], sealed[1])
        if sealed
        else Mailbox(seat.person.full_name, own)
    )
    draft = receipt_letters.draft(
        message, proved, sender=sender, to=to, language=wish.language, is_sealed=sealed is not None
    )
    raw = compose.build(draft, at=now.astimezone(ZoneInfo(seat.agency.zone)))
    return signing.sign(raw, key=sealed[0], at=now) if sealed else raw

"""What is known of a message's signature: as it was found when the message came, and as it is found now."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from congvu.base import blobs
from congvu.base.blobs import BlobDamagedError, BlobMissingError
from congvu.mail import mime
from congvu.mail.addresses import normal
from congvu.mail.models import Message, Signature, Transfer
from congvu.mail.revocations import queries as revocations
from congvu.mail.smime import names, signed_receipts, trust, verdicts, verifying
from congvu.mail.smime.tracing import Traces
from congvu.mail.smime.trust import Trust
from congvu.mail.smime.verdicts import Verdict
from congvu.mail.smime.verifying import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A verdict just found; `confirms` is the message whose receipt was signed (RFC 2634).

    `tried` are digests of the authorities' statements that were at hand.
    """

    verdict: Verdict
    is_receipt: bool = False
    confirms: Message | None = None
    traces: Traces = field(default_factory=Traces)
    tried: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a page says of a signature.

    `verdict` is what holds: what is found now, or what was found on arrival where today nothing more can be found.
    `on_arrival` is there when the two differ. `row` is None for a message that was not checked on arrival yet.
    """

    verdict: Verdict
    on_arrival: Verdict | None = None
    row: Signature | None = None
    is_receipt: bool = False
    confirms: Message | None = None


def row_of(message: Message) -> Signature | None:
    """Return what was kept of the check of a message on its arrival; None before it, and without a signature."""
    return Signature.objects.filter(agency=message.agency, message=message).first()


def trusted() -> Trust:
    """Return what signatures are checked against."""
    return trust.load(trust.own_folder())


def confirmations(message: Message) -> list[Signature]:
    """Return the signed receipts for a message that were found valid, the oldest first."""
    rows = Signature.objects.filter(agency=message.agency, confirms=message, state=Signature.State.VALID)
    return list(rows.select_related("message").order_by("id"))


def check(message: Message, *, trusted: Trust, now: datetime) -> Checked | None:
    """Check the signature of a stored message; None when it has none."""
    try:
        raw = blobs.get(message.blob)
    except (BlobMissingError, BlobDamagedError):
        return Checked(verdict=Verdict(at=message.accepted_at, reasons=("fault",)))
    return _checked(message, raw, trusted, now)


def _checked(message: Message, raw: bytes, trusted: Trust, now: datetime) -> Checked | None:
    """Check with what the administrator gave, then with what authorities said about the certificates that were met."""
    found = _once(message, raw, trusted, now)
    if found is None or not found.traces.links:
        return found
    told = revocations.statements(message.agency, found.traces.links, signature=row_of(message))
    if not told:
        return found
    fetched = revocations.known(told)
    lists, answers = (*trusted.known.lists, *fetched.lists), (*trusted.known.answers, *fetched.answers)
    more = replace(trusted, known=replace(trusted.known, lists=lists, answers=answers))
    again = _once(message, raw, more, now)
    return replace(again, tried=frozenset(one.digest for one in told)) if again else None


def _once(message: Message, raw: bytes, trusted: Trust, now: datetime) -> Checked | None:
    traces, receipt = Traces(), signed_receipts.carried(raw)
    if receipt is not None:
        case = Case(trust=trusted, at=message.accepted_at, now=now, traces=traces)
        return _receipt(message, raw, receipt, case)
    verdict = verifying.verify(raw, trust=trusted, at=message.accepted_at, now=now, traces=traces)
    return Checked(verdict=verdict, traces=traces) if verdict else None


def _receipt(message: Message, raw: bytes, receipt: bytes, case: Case) -> Checked:
    """Check a signed receipt against the message that it is for: one of ours, that went to who confirms it."""
    author = names.author(mime.entity(raw).fields)
    original = _original(message, signed_receipts.identifier(receipt))
    if original is None or author is None or not _went_to(original, author):
        return Checked(verdict=Verdict(at=message.accepted_at, reasons=("no_such_message",)), is_receipt=True)
    try:
        sent = blobs.get(original.blob)
    except (BlobMissingError, BlobDamagedError):
        return Checked(verdict=Verdict(at=message.accepted_at, reasons=("fault",)), is_receipt=True)
    verdict = signed_receipts.verify(receipt, author=author, original=sent, case=case)
    return Checked(verdict=verdict, is_receipt=True, confirms=original, traces=case.traces)


def _original(message: Message, identifier: bytes) -> Message | None:
    rows = Message.objects.filter(agency=message.agency, sender__isnull=False)
    return rows.filter(message_id=identifier.decode(errors="replace") or "-").first()


def _went_to(original: Message, address: str) -> bool:
    return Transfer.objects.filter(message=original, recipient=normal(address)).exists()


def known(message: Message, raw: bytes, *, now: datetime) -> Known | None:
    """Return what is known of the signature of a message whose bytes are at hand; None when it has none."""
    checked = _checked(message, raw, trusted(), now)
    if checked is None:
        return None
    fresh = checked.verdict
    row = row_of(message)
    kept = verdicts.from_data(row.found) if row and row.found else None
    if kept is None:
        return Known(verdict=fresh, row=row, is_receipt=checked.is_receipt, confirms=checked.confirms)
    is_lost = fresh.status == "cannot_be_determined" and kept.status != "cannot_be_determined"
    stands = kept if is_lost else fresh
    return Known(
        verdict=stands,
        on_arrival=kept if stands.reasons != kept.reasons else None,
        row=row,
        is_receipt=checked.is_receipt,
        confirms=checked.confirms,
    )

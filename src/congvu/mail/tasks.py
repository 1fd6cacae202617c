"""What runs beside the pages: the queue of mail to others, and the check of signatures."""

import logging
from datetime import datetime, timedelta

from django.conf import settings

from congvu.base import blobs, derived
from congvu.base.blobs import BlobDamagedError, BlobMissingError
from congvu.directory.models import Agency
from congvu.directory.queries import agencies, email
from congvu.mail import relay, signing
from congvu.mail.actions import expiring, missing, signatures, transferring, vacation
from congvu.mail.models import Message, Transfer
from congvu.mail.previews import keeping
from congvu.mail.queries import tls_rules, transfers
from congvu.mail.queries.signatures import trusted
from congvu.mail.relay import Outcome, Relay
from congvu.mail.revocations import queries as revocations
from congvu.rules import queries as rules

log = logging.getLogger(__name__)
NO_RELAY = "no relay is set"
JUDGED_LATE = timedelta(hours=1)
_looked: dict[str, datetime] = {}  # up to where each agency's duties were looked at by this process


def run_queue(now: datetime) -> int:
    """Hand all mail that is due to the agency's relay; return how many recipients were tried.

    Without a relay everything waits, until `give_up`. A state changes after the relay's answer: a crash sends again,
    never loses.
    """
    configured = relay_settings()
    if configured is None:
        return 0
    tried = 0
    for message, rows in transfers.due(now).items():
        taken = transferring.claim(rows, now=now)
        if taken:
            transferring.note_outcomes(message, taken, _send(message, taken, configured, now), now=now)
            tried += len(taken)
    return tried


def give_up(now: datetime) -> int:
    """Give up what has waited as long as mail may while no relay was set; return how many recipients.

    With a relay this follows from its attempts. The sender is told either way, so that nothing waits in silence.
    """
    if relay_settings() is not None:
        return 0
    given_up = 0
    for message, rows in transfers.due(now, taken_before=now - relay.GIVE_UP).items():
        taken = transferring.claim(rows, now=now)
        said = [
            Outcome(recipient=one.recipient, state="permanent", code=0, status="4.4.7", text=NO_RELAY)
            for one in taken
        ]
        transferring.note_outcomes(message, taken, said, now=now)
        given_up += len(taken)
    return given_up


def check_signatures(now: datetime) -> int:
    """Check the signatures of mail that came; return how many were checked."""
    return signatures.check_waiting(trusted=trusted(), now=now, sorts=revocations.sorts())


def watch_receipts(now: datetime) -> int:
    """Record whose receipts and acknowledgements did not come in time; return how many."""
    missed = missing.note_missed(now=now)
    return missed + sum(_watch_acknowledgements(one, now) for one in agencies())


def _watch_acknowledgements(agency: Agency, now: datetime) -> int:
    """Look at what fell due since the last look, and an hour before it for what was judged late."""
    seen, last = rules.as_of(agency=agency.handle), _looked.get(agency.handle)
    if seen is None or seen == last:
        return 0
    expired = expiring.note_expired(agency, since=last - JUDGED_LATE if last else None, now=now)
    _looked[agency.handle] = seen
    return expired


def answer_absences(now: datetime) -> int:
    """Tell who wrote to somebody away; return how many were told."""
    return vacation.answer_absent(now=now)


def forget_previews(now: datetime) -> int:
    """Remove pages of files that were drawn long ago, or before too many others; return of how many letters."""
    return derived.forget_before(now - keeping.DAYS) + derived.forget_above(keeping.MOST)


def relay_settings() -> Relay | None:
    """Return the relay of the settings, None when there is none."""
    if not settings.CONGVU_RELAY_HOST:
        return None
    return Relay(
        host=settings.CONGVU_RELAY_HOST,
        port=settings.CONGVU_RELAY_PORT,
        hostname=settings.CONGVU_HOST,
        starttls=settings.CONGVU_RELAY_STARTTLS,
        user=settings.CONGVU_RELAY_USER,
        password=settings.CONGVU_RELAY_PASSWORD,
    )


def _send(message: Message, rows: list[Transfer], configured: Relay, now: datetime) -> tuple[Outcome, ...]:
    """Send one message, signed, in a transaction for each way that its recipients' domains ask for."""
    try:
        raw = signing.signed(relay.with_crlf(blobs.get(message.blob)), message, now=now)
    except (BlobMissingError, BlobDamagedError):
        log.exception("A message in the queue has lost its bytes")
        return tuple(
            Outcome(recipient=one.recipient, state="permanent", code=554, status="5.6.0", text="")
            for one in rows
        )
    asked = tls_rules.ways(message.agency, [one.recipient for one in rows])
    outcomes: list[Outcome] = []
    for way in sorted(set(asked.values())):
        chosen = [one for one in rows if asked[one.recipient] == way]
        outcomes += relay.send(
            raw,
            mail_from=_reverse_path(message),
            recipients=[one.recipient for one in chosen],
            relay=configured,
            envelope_id=chosen[0].handle,  # which nobody else learns, so its reports are believed
            way=way,
        )
    return tuple(outcomes)


def _reverse_path(message: Message) -> str:
    """Return the envelope sender; automatic mail has none, so that nothing answers it (RFC 3834, 4)."""
    if message.automatic or message.sender is None:
        return ""
    return email(message.sender.address)

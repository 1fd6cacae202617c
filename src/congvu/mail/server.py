"""The mail door's process: SMTP wired to the house behind it."""

import asyncio
import contextlib
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections, connections

from congvu.base import clock
from congvu.directory import queries as directory
from congvu.directory.actions.application_passwords import verify
from congvu.directory.credentials import application_digest
from congvu.directory.models import Account, Address, Agency, ApplicationPassword
from congvu.ledger.actions import ReadOnlyError
from congvu.mail import certificate, examining
from congvu.mail.actions import limiting, refusing
from congvu.mail.addresses import domain, normal
from congvu.mail.authentication import judging
from congvu.mail.authentication.findings import Findings
from congvu.mail.door.envelope import Envelope, Office, Refusal, Rejection, Sender, Verdict
from congvu.mail.door.limits import Limits, Listener, is_loopback
from congvu.mail.door.server import Door
from congvu.mail.dovecot.follow import follow
from congvu.mail.examining import Examined, Examiner
from congvu.mail.gate.client import is_signed_in
from congvu.mail.gate.desk import Handed
from congvu.mail.gate.server import Gate, Journal, LmtpServer
from congvu.mail.lmtp.endpoints import endpoint
from congvu.mail.queries.places import places
from congvu.mail.queries.routes import Route, routes

REMEMBERED = 5.0  # seconds for which our domains, and addresses that take mail, are taken as known
REPEATED = 60.0  # seconds
TAKEN = Verdict(250, "2.1.5 OK")
UNKNOWN = Verdict(550, "5.1.1 There is no such mailbox here")
WITHDRAWN = Verdict(550, "5.1.6 This mailbox has been withdrawn")
SIGN_IN_AGAIN = Verdict(421, "4.7.0 Your right to send has changed since you signed in: sign in again")


def serve(stop: threading.Event, ready: Callable[[], None]) -> None:
    """Take mail until told to stop; what was answered with 250 is on disk."""
    opened: list[Door | LmtpServer] = [door()]
    before = gate() if settings.CONGVU_LMTP else None
    opened += [one for one in (before, journal() if settings.CONGVU_JOURNAL else None) if one]
    for one in opened:
        one.open()
    reader = _reader(stop, before)
    ready()
    stop.wait()
    for one in reversed(opened):
        one.close()
    if reader:
        reader.join()
    connections.close_all()


def door(*, ports: tuple[int, int] | None = None) -> Door:
    """Return the door, not yet open: mail from others, and submission by our own; port 0 lets the system choose."""
    incoming, submission = ports or (settings.CONGVU_SMTP_PORT, settings.CONGVU_SUBMISSION_PORT)
    host = settings.CONGVU_SMTP_ADDRESS
    tls = certificate.context(now=clock.now())
    return Door(
        office=office(),
        listeners=[
            Listener(channel="mx", host=host, port=incoming, tls=tls),
            _submission(host, submission, tls),
        ],
        hostname=settings.CONGVU_HOST,
        limits=Limits(message=settings.CONGVU_MESSAGE_LIMIT),
    )


def gate() -> Gate:
    """Return the gate before the agency's own mail server, not yet open. Raises EndpointError."""
    return Gate(
        where=endpoint(settings.CONGVU_LMTP),
        mail_server=endpoint(settings.CONGVU_DELIVERY_LMTP),
        hostname=settings.CONGVU_HOST,
        limits=Limits(message=settings.CONGVU_MESSAGE_LIMIT),
        examine=GateExamination(),
    )


def journal() -> Journal:
    """Return the door for copies of what the agency's own mail server took over, not yet open. Raises EndpointError."""
    return Journal(
        where=endpoint(settings.CONGVU_JOURNAL),
        hostname=settings.CONGVU_HOST,
        limits=Limits(message=settings.CONGVU_MESSAGE_LIMIT),
        judge=GateExamination().judge,
    )


def _reader(stop: threading.Event, before: Gate | None) -> threading.Thread | None:
    """Start to read the mail server's log, where there is a mail server; return the thread."""
    path = Path(settings.CONGVU_DOVECOT_LOG) if settings.CONGVU_DOVECOT_LOG else None
    if before is None and path is None:
        return None
    words = {"path": path, "life": before.life if before else ""}
    thread = threading.Thread(target=follow, args=(stop,), kwargs=words, name="mail-log")
    thread.start()
    return thread


def office() -> Office:
    """Return what the door asks of the house."""
    return Office(
        authenticate=authenticate,
        recipient=Recipients(),
        accept=accept,
        is_ours=OurDomains(),
        refused=refused,
        rejected=Rejections(),
        examine=Examination(),
    )


def authenticate(username: str, password: str, peer: str) -> Sender | None:
    """Return the sender behind an application password, with the addresses that its agency lets write from."""
    close_old_connections()
    now = clock.now()
    account = verify(username, password, now, client=peer)
    if account is None:
        return None
    agency = _agency(account, password)
    own = [one for one in _sending(account) if one.agency == agency]
    return Sender(account=account.handle, addresses=frozenset(one.email for one in own), since=now)


def is_entitled(sender: Sender) -> bool:
    """Tell whether a sender may still write as when signing in: in post, account open, no password revoked since."""
    close_old_connections()
    account = Account.objects.filter(handle=sender.account, is_active=True).select_related("person").first()
    if account is None or not sender.addresses.issubset(one.email for one in _sending(account)):
        return False
    revoked = ApplicationPassword.objects.filter(account=account, revoked_at__isnull=False)
    return not (revoked.filter(revoked_at__gte=sender.since) if sender.since else revoked).exists()


def recipient(address: str, *, sender: Sender | None) -> Verdict:
    """Say whether mail for an address is taken; to others only signed-in senders may write."""
    close_old_connections()
    if routes([address], now=clock.now()):
        return TAKEN
    name = domain(address)
    if sender is not None and not Agency.objects.filter(domain=name).exists():
        return TAKEN
    local_part = normal(address).rpartition("@")[0]
    known = Address.objects.filter(agency__domain=name, local_part=local_part).exists()
    return WITHDRAWN if known else UNKNOWN


def accept(envelopes: Sequence[Envelope], /) -> Sequence[Verdict]:
    """Store a batch; called in the door's one committing thread."""
    close_old_connections()
    return limiting.accept(envelopes)


def refused(refusal: Refusal) -> None:
    """Record that the door refused a message for its mark of state secrecy."""
    close_old_connections()
    refusing.note_door_refusal(refusal)


class Rejections:
    """Notes what signed-in senders could not hand in; of the same again and again, once a minute."""

    def __init__(self) -> None:
        self._noted: dict[tuple[str, str], float] = {}

    def __call__(self, rejection: Rejection, /) -> None:
        """Record a rejection."""
        present, key = time.monotonic(), (rejection.sender.account, rejection.verdict.text)
        self._noted = {one: at for one, at in self._noted.items() if present - at < REPEATED}
        if key not in self._noted:
            self._noted[key] = present
            close_old_connections()
            refusing.note_rejection(rejection)


class Recipients:
    """Tells whether mail for an address is taken, asking again every few seconds; storing asks anew in any case.

    A signed-in sender is looked at again as often, so that an open connection outlives neither post nor password.
    """

    def __init__(self) -> None:
        self._taken: set[tuple[str, bool]] = set()
        self._entitled: set[Sender] = set()
        self._until = 0.0

    def __call__(self, address: str, /, *, sender: Sender | None) -> Verdict:
        """Return the verdict on an address; only a yes is remembered, so that a new address works at once."""
        present = time.monotonic()
        if present >= self._until:
            self._taken.clear()
            self._entitled.clear()
            self._until = present + REMEMBERED
        if sender is not None and sender not in self._entitled:
            if not is_entitled(sender):
                return SIGN_IN_AGAIN
            self._entitled.add(sender)
        asked = (address, sender is not None)
        if asked in self._taken:
            return TAKEN
        verdict = recipient(address, sender=sender)
        if verdict is TAKEN:
            self._taken.add(asked)
        return verdict


class Examination:
    """Finds where mail from outside comes from, and looks at files; what is refused is recorded."""

    def __init__(self) -> None:
        self._examine = Examiner()

    async def __call__(self, envelope: Envelope, /) -> Envelope | Verdict:
        """Return the envelope with what was found, or a refusal."""
        arrival = judging.Arrival(
            raw=envelope.raw,
            peer=envelope.peer,
            helo=envelope.helo,
            mail_from=envelope.mail_from,
            at=envelope.received_at,
        )
        found = await self._examine(arrival, is_foreign=envelope.channel == "mx")
        if found.rejection is None:
            return replace(envelope, findings=found.findings)
        if envelope.channel == "mx":
            await asyncio.to_thread(rejected, envelope, found.rejection)
        return found.rejection.verdict


class GateExamination:
    """The same for mail at the gate, if anybody of ours is to get it: private mail is not looked at."""

    def __init__(self) -> None:
        self._examine = Examiner()
        self._is_taken = Recipients()

    async def __call__(self, handed: Handed, at: datetime, /) -> Examined:
        """Return what was found; nothing when it was nothing of ours, or could not be examined."""
        if not await asyncio.to_thread(self._concerns_us, handed.recipients):
            return Examined()
        return await self._examine(_arrival(handed, at), is_foreign=not is_signed_in(handed.raw))

    async def judge(self, handed: Handed, at: datetime, /) -> Findings | None:
        """Return where a copied message comes from; None for what our own people wrote."""
        if is_signed_in(handed.raw):
            return None
        return await self._examine.origin(_arrival(handed, at))

    def _concerns_us(self, recipients: Sequence[str]) -> bool:
        return any(self._is_taken(one, sender=None) is TAKEN for one in recipients)


def _arrival(handed: Handed, at: datetime) -> judging.Arrival:
    who = handed.client
    return judging.Arrival(raw=handed.raw, peer=who.peer, helo=who.helo, mail_from=handed.mail_from, at=at)


def rejected(envelope: Envelope, rejection: examining.Rejection) -> None:
    """Record that the policy did not let a message in; it is refused all the same where nothing can be recorded."""
    close_old_connections()
    with contextlib.suppress(ReadOnlyError):
        refusing.note_rejected(
            rejection,
            channel=envelope.channel,
            raw=envelope.raw,
            recipients=envelope.recipients,
            at=envelope.received_at,
        )


class OurDomains:
    """Tells whether a domain is ours, asking the directory again every few seconds."""

    def __init__(self) -> None:
        self._known: frozenset[str] = frozenset()
        self._until = 0.0
        self._asking = ThreadPoolExecutor(1, "mail-domains")  # the loop's own thread may not ask the database

    def __call__(self, name: str) -> bool:
        """Return whether mail for a domain, in lower case, is for us."""
        present = time.monotonic()
        if present >= self._until:
            self._known = self._asking.submit(_our_domains).result()
            self._until = present + REMEMBERED
        return name in self._known


def _our_domains() -> frozenset[str]:
    return frozenset(domain(f"@{one}") for one in Agency.objects.values_list("domain", flat=True))


def _agency(account: Account, password: str) -> Agency:
    """Return the agency in which an application password was issued: it opens no other."""
    held = directory.open_application_passwords(account)
    return held.get(digest=application_digest(password)).agency


def _sending(account: Account) -> list[Route]:
    now = clock.now()
    return [
        place.route
        for seat in directory.seats(account, now)
        for place in places(seat, now=now)
        if place.may_send
    ]


def _submission(host: str, port: int, tls: ssl.SSLContext) -> Listener:
    """Return the listener for our own people.

    Passwords come in the clear only on this machine, and only where that was asked for: on an agency's machine
    something may forward the network to the port.
    """
    is_wanted = settings.CONGVU_SMTP_PLAIN_AUTH or _is_demonstration()
    is_plain_auth = is_wanted and is_loopback(host)
    return Listener(channel="submission", host=host, port=port, tls=tls, is_plain_auth=is_plain_auth)


def _is_demonstration() -> bool:
    """Tell whether there are agencies here, and all of them demonstrations."""
    return set(Agency.objects.values_list("demonstration", flat=True)) == {True}

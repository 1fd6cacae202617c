"""From the last dot to the answer: look at the message, store it with the others that wait, say so."""

import asyncio
import functools
import logging
import secrets
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from congvu.mail import addresses, mime
from congvu.mail.door import answers, inspection, syntax
from congvu.mail.door.committer import Committer
from congvu.mail.door.envelope import Envelope, Office, Refusal, Verdict
from congvu.mail.door.limits import Limits
from congvu.mail.door.wire import Allowance

HEAVY = 128 << 10  # octets from which a message is looked at outside the loop

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What all connections share."""

    hostname: str
    office: Office
    limits: Limits
    committer: Committer
    allowance: Allowance
    reading: Executor  # one thread: recipients, heavy inspections, refusals
    credentials: Executor  # checks passwords, which is slow on purpose


async def take_in(envelope: Envelope, house: House, *, protocol: str) -> Verdict:
    """Look at a message as it was received, and store it; the verdict comes after it is on disk."""
    loop = asyncio.get_running_loop()
    look = functools.partial(_look, envelope, house, protocol)
    found = await loop.run_in_executor(house.reading, look) if len(envelope.raw) > HEAVY else look()
    if isinstance(found, Envelope):
        found = await _examined(found, house)
    if isinstance(found, Envelope):
        return await house.committer.commit(found)
    if isinstance(found, Verdict):
        return found
    try:
        await loop.run_in_executor(house.reading, house.office.refused, found)
    except Exception:  # noqa: BLE001 -- logged, and the client gets a temporary no
        _log.exception("a refusal left no evidence")
        return answers.TROUBLE
    return answers.STATE_SECRET


async def _examined(envelope: Envelope, house: House) -> Envelope | Verdict:
    """Look at what takes its time: whoever waits for it holds up nobody else."""
    if house.office.examine is None:
        return envelope
    try:
        return await house.office.examine(envelope)
    except Exception:  # noqa: BLE001 -- logged, and the message is taken as one that was not examined
        _log.exception("a message was not examined")
        return envelope


def _look(envelope: Envelope, house: House, protocol: str) -> Envelope | Verdict | Refusal:
    """Return the message with our Received field and taken apart, or why it is not taken."""
    head = mime.entity(envelope.raw)
    verdict = inspection.fault(head, envelope.raw) or _origin_fault(head, envelope, house.office.is_ours)
    if verdict:
        return verdict
    stamped = _stamped(head, envelope, house.hostname, protocol)
    tree = mime.take_apart(stamped.raw)
    mark = inspection.secrecy_mark(tree)
    if mark:
        return Refusal(
            channel=envelope.channel,
            sender=envelope.sender,
            mark=mark,
            at=envelope.received_at,
            recipients=envelope.recipients,
        )
    return replace(stamped, judged=tree)


def _origin_fault(head: mime.Part, envelope: Envelope, is_ours: Callable[[str], bool]) -> Verdict | None:
    if envelope.sender:
        return inspection.sender_fault(head, envelope.sender)
    return inspection.stranger_fault(head, is_ours)


def _stamped(head: mime.Part, envelope: Envelope, hostname: str, protocol: str) -> Envelope:
    token, raw = secrets.token_hex(8), envelope.raw
    if envelope.sender:
        message_id = f"{token}@{addresses.domain(envelope.mail_from)}"
        raw = inspection.complete(head, raw, at=envelope.received_at, message_id=message_id)
    field = syntax.received(
        by=hostname,
        origin="" if envelope.sender else f"{envelope.helo} ({syntax.literal(envelope.peer)})",
        protocol=protocol,
        token=token,
        recipients=envelope.recipients,
        at=envelope.received_at,
    )
    return replace(envelope, raw=field + raw)

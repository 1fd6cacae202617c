"""What the gate does with a message: record the intent, ask the mail server, record the outcome, answer. RFC 2033."""

import hashlib
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from congvu.base import clock
from congvu.base.database import is_storage_full
from congvu.mail import headers
from congvu.mail.actions import handing
from congvu.mail.actions.handing import Answered, Arrival, Asked, Intent
from congvu.mail.door import answers, syntax
from congvu.mail.door.envelope import Verdict
from congvu.mail.door.inspection import MANY_HOPS
from congvu.mail.examining import Examined
from congvu.mail.gate.batches import Batches, Weight
from congvu.mail.gate.client import Client
from congvu.mail.lmtp.delivery import MailServer, Outcome

Job = Arrival | tuple[Answered, ...]
Done = Intent | Verdict | None

UNKNOWN = Verdict(451, "4.4.2 The mail server did not answer, please try again later")
_HOP = b"\nreceived:"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A message as it was handed in, without a trace of ours."""

    helo: str
    peer: str
    mail_from: str
    recipients: tuple[str, ...]
    raw: bytes
    client: Client = field(default_factory=Client)


Examine = Callable[[Handed, datetime], Awaitable[Examined]]


class Desk:
    """One life of the gate: what it has asked and not recorded is looked up by the next one."""

    def __init__(
        self,
        *,
        life: str,
        hostname: str,
        server: MailServer,
        batches: Batches[Job, Done],
        examine: Examine | None = None,
    ) -> None:
        self._life = life
        self._hostname = hostname
        self._server = server
        self._batches = batches
        self._examine = examine

    async def take(self, handed: Handed) -> list[Verdict]:
        """Hand a message on; return one verdict for each recipient, in order. Never raises."""
        verdict = fault(handed.raw)
        if verdict:
            return [verdict] * len(handed.recipients)
        try:
            found = await self._batches.do(await self._arrival(handed, clock.now()))
        except Exception as error:  # noqa: BLE001 -- logged by the writer; nothing was acknowledged
            verdict = answers.NO_ROOM if is_storage_full(error) else answers.TROUBLE
            return [verdict] * len(handed.recipients)
        if not isinstance(found, Intent):
            return [found or answers.TROUBLE] * len(handed.recipients)
        said = dict(found.known) | await self._ask(handed, found)
        return [said[one] for one in handed.recipients]

    async def _arrival(self, handed: Handed, at: datetime) -> Arrival:
        trace = syntax.received(
            by=self._hostname,
            origin=f"{handed.helo} ({syntax.literal(handed.peer)})" if handed.peer else handed.helo,
            protocol="LMTP",
            token=secrets.token_hex(8),
            recipients=(),  # of others who get the same bytes nobody learns
            at=at,
        )
        return Arrival(
            mail_from=handed.mail_from,
            recipients=handed.recipients,
            raw=trace + handed.raw,
            came=hashlib.sha256(handed.raw).hexdigest(),
            at=at,
            examined=await self._examined(handed, at),
        )

    async def _examined(self, handed: Handed, at: datetime) -> Examined:
        """Look at a message before it is recorded: who waits for it holds up nobody else."""
        if self._examine is None:
            return Examined()
        try:
            return await self._examine(handed, at)
        except Exception:  # noqa: BLE001 -- logged, and the message is taken as one that was not examined
            _log.exception("a message was not examined")
            return Examined()

    async def _ask(self, handed: Handed, intent: Intent) -> dict[str, Verdict]:
        """Ask the mail server, and record what it said before anybody hears it."""
        if not intent.asked:
            return {}
        outcomes = await self._server.deliver(
            intent.raw, mail_from=handed.mail_from, recipients=list(intent.asked)
        )
        at = clock.now()
        rows = tuple(
            Answered(asked=asked, outcome=outcomes[one], at=at)
            for one, asked in intent.asked.items()
            if asked is not None
        )
        try:
            if rows:
                await self._batches.do(rows)
        except Exception:  # noqa: BLE001 -- logged by the writer; who handed it in asks again
            return _unrecorded(intent.asked, outcomes)
        return {one: _verdict(outcome) for one, outcome in outcomes.items()}


def write(jobs: Sequence[Job], *, life: str) -> list[Done]:
    """Write intents and outcomes of a batch in one transaction."""
    arrivals = [one for one in jobs if isinstance(one, Arrival)]
    answered = [row for one in jobs if not isinstance(one, Arrival) for row in one]
    if not arrivals:
        handing.settle(answered)
        return [None] * len(jobs)
    found = iter(handing.take_in(arrivals, answered=answered, life=life))
    return [next(found) if isinstance(one, Arrival) else None for one in jobs]


def weight(job: Job) -> Weight:
    """Return what a job weighs; the same bytes twice do not share a batch."""
    return Weight(len(job.raw), job.came) if isinstance(job, Arrival) else Weight()


def fault(raw: bytes) -> Verdict | None:
    """Find what no message may have: NUL in its header, or too many hops (RFC 5321, 6.3)."""
    head = headers.split(raw)[0]
    if b"\0" in head:
        return answers.NUL_IN_HEADER
    return answers.LOOP if (b"\n" + head.lower()).count(_HOP) > MANY_HOPS else None


def _unrecorded(asked: Mapping[str, Asked | None], outcomes: Mapping[str, Outcome]) -> dict[str, Verdict]:
    """Answer for recipients of ours that nothing is known to be recorded: the next attempt looks it up."""
    return {one: _verdict(outcomes[one]) if row is None else answers.TROUBLE for one, row in asked.items()}


def _verdict(outcome: Outcome) -> Verdict:
    """Say what the mail server said; what it calls full for good is said to pass, so that the message waits."""
    if outcome.state == "unknown" or not outcome.code:
        return UNKNOWN
    text = outcome.text.replace("\n", " ")[:400]
    if outcome.state == "parked" and outcome.code >= 500:  # noqa: PLR2004 -- RFC 5321, 4.2.1
        return Verdict(452, f"4{outcome.status[1:]} {text}")
    return Verdict(outcome.code, f"{outcome.status} {text}")

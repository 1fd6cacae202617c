"""The door for copies: whose name each copy carries, and what is answered. Postfix: recipient_bcc_maps."""

import hashlib
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from congvu.base import clock
from congvu.base.database import is_storage_full
from congvu.mail.actions import journaling
from congvu.mail.actions.journaling import Journaled
from congvu.mail.authentication.findings import Findings
from congvu.mail.door import answers, syntax
from congvu.mail.door.envelope import Verdict
from congvu.mail.dovecot import actions as dovecot
from congvu.mail.gate.batches import Batches, Weight
from congvu.mail.gate.desk import Handed, fault
from congvu.mail.parcels import Parcel

DOMAIN = "congvu-journal.invalid"  # RFC 2606: nobody can own it
NO_COPY = Verdict(550, f"5.1.1 This door takes copies only, for addresses that end in .{DOMAIN}")

Judge = Callable[[Handed, datetime], Awaitable[Findings | None]]

_log = logging.getLogger(__name__)


class JournalDesk:
    """Takes copies; a no goes to nobody, because Postfix reports nothing of the copies that it adds."""

    def __init__(self, *, hostname: str, batches: Batches[Journaled, Verdict], judge: Judge | None) -> None:
        self._hostname = hostname
        self._batches = batches
        self._judge = judge

    async def take(self, handed: Handed) -> list[Verdict]:
        """Record a copy; return one verdict for each recipient, in order. Never raises."""
        meant = [_meant(one) for one in handed.recipients]
        recipients = tuple(one for one in meant if one)
        verdict = fault(handed.raw) or (await self._recorded(handed, recipients) if recipients else NO_COPY)
        return [verdict if one else NO_COPY for one in meant]

    async def _recorded(self, handed: Handed, recipients: tuple[str, ...]) -> Verdict:
        at = clock.now()
        try:
            return await self._batches.do(await self._journaled(handed, recipients, at))
        except Exception as error:  # noqa: BLE001 -- logged by the writer; nothing was acknowledged
            return answers.NO_ROOM if is_storage_full(error) else answers.TROUBLE

    async def _journaled(self, handed: Handed, recipients: tuple[str, ...], at: datetime) -> Journaled:
        """Put our Received field before the bytes; it names nobody, because others get the same bytes."""
        trace = syntax.received(
            by=self._hostname,
            origin=f"{handed.helo} ({syntax.literal(handed.peer)})" if handed.peer else handed.helo,
            protocol="LMTP",
            token=secrets.token_hex(8),
            recipients=(),
            at=at,
        )
        parcel = Parcel(
            channel=journaling.CHANNEL,
            mail_from=handed.mail_from,
            recipients=recipients,
            raw=trace + handed.raw,
            at=at,
            findings=await self._findings(handed, at),
        )
        return Journaled(parcel=parcel, came=hashlib.sha256(handed.raw).hexdigest())

    async def _findings(self, handed: Handed, at: datetime) -> Findings | None:
        try:
            return await self._judge(handed, at) if self._judge else None
        except Exception:  # noqa: BLE001 -- logged, and the copy is taken as one that was not judged
            _log.exception("the origin of a copy was not judged")
            return None


def write(jobs: Sequence[Journaled]) -> list[Verdict]:
    """Write the copies of a batch in one transaction."""
    return journaling.take_in(jobs, told=dovecot.told)


def weight(job: Journaled) -> Weight:
    """Return what a copy weighs; the same bytes twice do not share a batch."""
    return Weight(len(job.parcel.raw), job.came)


def _meant(address: str) -> str:
    """Return for whom a copy was made, "" when it is none."""
    bare, dot, _ = (
        address[: -len(DOMAIN)].rpartition(".") if address.lower().endswith(f".{DOMAIN}") else ("", "", "")
    )
    return bare if dot and "@" in bare else ""

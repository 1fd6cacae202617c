"""Looking at a message before it is taken: what its files are, and where it comes from; what may not enter."""

import asyncio
from dataclasses import dataclass
from typing import Literal

from django.conf import settings

from congvu.mail import guarding
from congvu.mail.authentication import judging, resolving
from congvu.mail.authentication.findings import Asked, Findings, Result
from congvu.mail.authentication.judging import Arrival
from congvu.mail.door import answers
from congvu.mail.door.envelope import Verdict
from congvu.mail.guarding import HarmfulFileError

Reason = Literal["origin", "file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a message does not enter; `detail` is the author's domain, or what a file is."""

    verdict: Verdict
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What was found about a message."""

    findings: Findings | None = None
    rejection: Rejection | None = None


class Examiner:
    """Looks at files, and asks the domain name system; refuses only what the settings say."""

    def __init__(self) -> None:
        self._resolver = resolving.resolver(settings.CONGVU_DNS)

    async def __call__(self, arrival: Arrival, *, is_foreign: bool) -> Examined:
        """Examine a message; of what our own people hand in only the files."""
        try:
            if guarding.is_wanted():
                await asyncio.to_thread(guarding.refuse_message, arrival.raw)
        except HarmfulFileError as error:
            return Examined(
                rejection=Rejection(verdict=harmful(error), reason="file", detail=str(error.concern))
            )
        if not is_foreign:
            return Examined()
        found = await self.origin(arrival)
        return Examined(findings=found, rejection=rejection(found))

    async def origin(self, arrival: Arrival) -> Findings:
        """Find where a message comes from."""
        return await judging.judge(arrival, resolving.Asker(self._resolver))


def harmful(error: HarmfulFileError) -> Verdict:
    """Return the answer to a message with a file that the agency's policy refuses."""
    name = error.name.encode("ascii", "replace").decode()
    known = f" ({error.findings.virus.encode('ascii', 'replace').decode()})" if error.findings.virus else ""
    return Verdict(550, f"5.7.1 The file {name} is not taken here: {error.concern.replace('_', ' ')}{known}")


def rejection(found: Findings) -> Rejection | None:
    """Return why mail is refused: it fails, its author's domain asks for that, and so does the agency."""
    is_wanted = settings.CONGVU_DMARC == "refuse" and found.asked == Asked.REJECT
    if not is_wanted or found.dmarc != Result.FAIL:
        return None
    return Rejection(verdict=answers.NOT_FROM_THERE, reason="origin", detail=found.author_domain)

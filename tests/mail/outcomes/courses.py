"""Letters to others on random courses: relays that say yes, no or nothing, reports of every sort at any time, clerks that die.

`Course(dice, …).run()` leads some letters through days of it, and then lets time pass until nothing may be awaited.
"""

import os
import random
import signal
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import connection

from congvu.base import handles
from congvu.mail import relay, timeouts
from congvu.mail.actions import recalling, transferring
from congvu.mail.actions.accepting import accept
from congvu.mail.models import Message, Transfer
from congvu.mail.outcomes import tasks
from congvu.mail.queries import transfers
from tests.mail.letters import NOW, incoming, submitted

ACTIONS = ("failed", "delivered", "relayed", "expanded", "delayed")
ANSWERS = {"relayed": (250, "2.0.0"), "permanent": (550, "5.1.1"), "temporary": (451, "4.3.0")}
PAUSES = (0.02, 1, 5, 30, 70)  # hours that pass between two steps
STEPS = 25
REPORT = """From: postmaster@dan.example\r
To: {to}\r
Subject: Report\r
Message-ID: <{own}@dan.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary=b\r
\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; dan.example\r
Original-Envelope-Id: {envelope}\r
\r
{parts}\r
--b--\r
"""
PART = "Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"


class Course:
    """One random history; the same dice lead to the same."""

    def __init__(self, dice: random.Random, *, sender, colleague: str, deaths: bool) -> None:
        self.now = NOW
        self._dice, self._sender, self._colleague, self._deaths = dice, sender, colleague, deaths
        self._sent = 0

    def run(self) -> datetime:
        """Do what the dice say, then bring everything to its end; return the last instant."""
        acts = (
            self._send,
            self._send,
            self._relay,
            self._relay,
            self._report,
            self._report,
            self._recall,
            self._settle,
        )
        for _ in range(STEPS):
            self._dice.choice(acts)()
            self.now += timedelta(hours=self._dice.choice(PAUSES))
        for _ in range(20):  # attempts come seldom towards the end of five days
            self.now += timedelta(hours=12)
            self._relay()
        self.now += timeouts.QUEUE + timeouts.answer_within() + timeouts.LATE
        tasks.settle(self.now)
        return self.now

    def _send(self) -> None:
        outside = [f"d{number}@dan.example" for number in range(self._dice.randrange(1, 4))]
        inside = [self._colleague] if self._dice.random() < 0.3 else []
        self._sent += 1
        named = f"{self._sent}@ubnd.example"
        [verdict] = accept([submitted(self._sender, *inside, *outside, message_id=named, at=self.now)])
        assert verdict.code == 250, verdict

    def _relay(self) -> None:
        """Let the relay answer for what is due; sometimes who asked dies before it is written, and a report is first."""
        for message, rows in transfers.due(self.now).items():
            taken = transferring.claim(rows, now=self.now)
            said = [_outcome(row, self._dice.choice(list(ANSWERS))) for row in taken]
            if self._dice.random() < 0.2:
                self._report(taken)
            if self._dice.random() < 0.8:
                transferring.note_outcomes(message, taken, said, now=self.now)

    def _report(self, rows: Sequence[Transfer] = ()) -> None:
        """Have a report come, about anybody's recipients or nobody's, once or twice."""
        known = list(rows) or list(Transfer.objects.order_by("pk"))
        chosen = self._dice.sample(known, min(len(known), self._dice.randrange(1, 4)))
        envelope = chosen[0].handle if chosen and self._dice.random() < 0.9 else handles.new()
        parts = [(row.recipient, self._dice.choice(ACTIONS)) for row in chosen] or [
            ("x@dan.example", "failed")
        ]
        letter = self._letter(envelope, parts)
        accept([letter] * self._dice.choice((1, 1, 2)))

    def _letter(self, envelope: str, parts: Sequence[tuple[str, str]]):
        to = f"{self._sender.address.local_part}@{self._sender.agency.domain}"
        told = "".join(
            PART.format(recipient=one, action=action, status="5.1.1" if action == "failed" else "2.0.0")
            for one, action in parts
        )
        data = REPORT.format(to=to, own=handles.new(), envelope=envelope, parts=told).encode()
        return replace(incoming(to, mail_from="", data=data), received_at=self.now)

    def _recall(self) -> None:
        mine = list(
            Message.objects.filter(sender__isnull=False, channel="submission", recalled_at=None).order_by(
                "pk"
            )
        )
        if mine:
            recalling.recall(seat=self._sender, message=self._dice.choice(mine), now=self.now)

    def _settle(self) -> None:
        """Do the clerk's work; sometimes it dies in the middle."""
        if self._deaths and self._dice.random() < 0.7:
            _die(lambda: tasks.settle(self.now), after=self._dice.uniform(0, 0.05))
        if self._dice.random() < 0.7:
            tasks.settle(self.now)


def _outcome(row: Transfer, word: str) -> relay.Outcome:
    code, status = ANSWERS[word]
    return relay.Outcome(recipient=row.recipient, state=word, code=code, status=status, text="")


def _die(work, *, after: float) -> None:
    """Let another process work and kill it so many seconds after it began."""
    connection.close()
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)

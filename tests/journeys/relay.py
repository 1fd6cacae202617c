"""The agency's relay: a real SMTP server that takes everything and keeps it."""

import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope


@dataclass(slots=True)
class Relay:
    """What was taken, with its envelope, and where the server listens."""

    taken: list[tuple[Envelope, EmailMessage]] = field(default_factory=list)
    port: int = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: ARG002, N802 -- aiosmtpd calls it so
        """Keep one message."""
        message = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append((envelope, message))
        return "250 2.0.0 taken"


@contextmanager
def listening(port: int) -> Iterator[Relay]:
    """Run the relay in a thread of its own."""
    relay = Relay(port=port)
    server = Controller(relay, hostname="127.0.0.1", port=port)
    server.start()
    yield relay
    server.stop()

"""A real Dovecot, and a gate of the house before it."""

import smtplib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.peers import dovecot
from bench.peers.dovecot import Dovecot
from congvu.mail.door.limits import Limits
from congvu.mail.gate.server import Gate
from congvu.mail.lmtp.endpoints import Endpoint
from tests import requires
from tests.mail.letters import raw


class Lmtp(smtplib.LMTP):
    """A client that hears one answer for each recipient, as RFC 2033 has it."""

    def hand_in(
        self, *recipients: str, data: bytes, mail_from="dung@dan.example"
    ) -> dict[str, tuple[int, str]]:
        self.ehlo_or_helo_if_needed()
        said = {}
        assert self.mail(mail_from)[0] == 250
        for one in recipients:
            code, text = self.rcpt(one)
            said[one] = (code, text.decode())
        taken = [one for one, (code, _) in said.items() if code == 250]
        self.putcmd("DATA")
        assert self.getreply()[0] == 354
        self.send(data.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        for one in taken:
            code, text = self.getreply()
            said[one] = (code, text.decode())
        return said


@pytest.fixture
def imap(request) -> Iterator[Dovecot]:
    """Dovecot in a folder of its own; `@pytest.mark.parametrize("imap", [{"quota": "4k"}], indirect=True)` changes it."""
    why = dovecot.missing()
    if why:
        requires.missing(why)
    with (
        tempfile.TemporaryDirectory(prefix="congvu-") as folder,  # others may enter it, and its path is short
        Dovecot(Path(folder) / "dovecot", **getattr(request, "param", {})) as running,
    ):
        yield running


@pytest.fixture
def opened(data_folder, agency) -> Iterator:
    """Open gates before a mail server, one after the other: `opened(port, limits=None)` -> Gate."""
    gates: list[Gate] = []

    def before(port: int, *, limits: Limits | None = None) -> Gate:
        gate = Gate(
            where=Endpoint(host="127.0.0.1", port=0),
            mail_server=Endpoint(host="127.0.0.1", port=port),
            hostname="gate.example",
            limits=limits,
        )
        gate.open()
        gates.append(gate)
        return gate

    yield before
    for gate in gates:
        gate.close()


@pytest.fixture
def gate(opened, imap) -> Gate:
    """The gate before Dovecot."""
    return opened(imap.ports["lmtp"])


def hand_in(gate: Gate, *recipients: str, data: bytes | None = None, **fields) -> dict[str, tuple[int, str]]:
    """Hand one letter in; return what was said about each recipient."""
    fields.setdefault("to", ", ".join(recipients))
    with Lmtp("127.0.0.1", gate.port(), local_hostname="postfix.example") as client:
        return client.hand_in(*recipients, data=data or raw(**fields))
